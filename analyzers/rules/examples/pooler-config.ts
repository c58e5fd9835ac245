import type { Rule } from "../../model.ts";

/** Deployment files that are reported, each beside its nearest neighbour that is not. */
export const poolerConfigExamples: Rule["examples"] = { reported: [], unreported: [] };
