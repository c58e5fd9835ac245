import { type Finding, type Rule, type RuleExample, rules } from "../../../analyzers/index.ts";
import { witnessExamples } from "./witness-examples.ts";

// A suite of its own, run by harness.test.ts: what it says of its examples is what they are listed as.

const [base] = rules;
if (base === undefined) throw new Error("there are no rules");

const module = (body: string): string => `import { Pool } from "pg";
const pool = new Pool();
export async function run() {
${body}
}`;

const safe = module(`return await pool.query("SELECT 1 AS one");`);
const leaking = module(`await pool.query("SET work_mem = '64MB'");
return await pool.query("SHOW work_mem");`);

const reported = [
  { title: "a safe one that is listed as reported", code: safe, reports: [] },
  { title: "a leaking one that is listed as reported", code: leaking, reports: [] },
];
const unreported: readonly RuleExample[] = [
  { title: "a safe one that is listed as not reported", code: safe, intends: [{ one: 1 }] },
  { title: "a leaking one that is listed as not reported", code: leaking },
  { title: "one whose intention does not hold directly", code: safe, intends: [{ one: 2 }] },
];

const finding: Finding = {
  ruleId: base.id,
  messageId: "listed",
  location: { file: "example.ts", range: { start: 0, end: 0 } },
  severity: "error",
  confidence: "certain",
  effect: "leak",
  message: "",
  remedy: "",
  condition: "",
  breaksOn: [],
  evidence: [],
  suggestions: [],
};

const wrong: Rule = { ...base, examples: { reported, unreported } };

witnessExamples(18, {
  rules: [wrong],
  analyse: (example) => (reported.some(({ title }) => title === example.title) ? [finding] : []),
});
