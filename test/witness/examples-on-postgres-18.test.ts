import { witnessExamples } from "../support/witness/witness-examples.ts";

witnessExamples(18);
