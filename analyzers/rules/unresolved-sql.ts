import type { Problem, Rule, SqlCallSite } from "../model.ts";
import { withPool } from "./example-code.ts";

function check(site: SqlCallSite): readonly Problem[] {
  if (site.resolution === "resolved" || site.connection.driver === "sql-file") return [];
  const hole = site.text.find((segment) => segment.kind === "hole");
  if (hole?.kind !== "hole") return [];
  const partly = site.resolution === "partial";
  return [
    {
      messageId: partly ? "partly" : "unresolved",
      data: { sink: site.sink, reason: hole.reason },
      location: partly ? hole.location : site.location,
      effect: "silent",
      severity: "info",
      confidence: partly ? "possible" : "certain",
      breaksOn: [],
    },
  ];
}

/** SQL that the analysis could not read. */
export const unresolvedSql: Rule = {
  id: "unresolved-sql",
  summary: "SQL that could not be resolved: nothing was checked here",
  explanation: `The text of this query is built from something that the analysis does not know: a parameter of an exported function, a value
read at run time, a builder it does not understand. It may be harmless or the worst \`SET\` of the program. So it is counted, and too much
of it makes the verdict of the audit *inconclusive*.

A part that stands where PostgreSQL wants a name or a value (\`SELECT * FROM \${table}\`) changes nothing of what the statement is, and
is not reported.`,
  remedies: `- Write the SQL where it is sent, with bind values for what varies.
- Read what is sent there, once, and say so in a comment that disables this rule.`,
  messages: {
    unresolved: {
      message: "The SQL that `{{sink}}` sends could not be resolved: {{reason}}.",
      remedy: "Read what is sent here; nothing was checked.",
    },
    partly: {
      message: "Part of the SQL that `{{sink}}` sends could not be resolved: {{reason}}.",
      remedy: "Read what may be sent here; the rest was checked.",
    },
  },
  recommended: false,
  checkCallSite: check,
  examples: {
    reported: [
      {
        title: "a parameter of an exported function",
        code: `import { Pool } from "pg";

const pool = new Pool();

export const run = (sql: string) => pool.query(sql);
`,
        args: ["SELECT 1 AS one"],
        intends: [{ one: 1 }],
        reports: [{ messageId: "unresolved", at: "pool.query(sql)", severity: "info" }],
      },
      {
        title: "read at run time",
        code: withPool(`await pool.query(process.env.WARM_UP_SQL ?? "");`),
        environment: { WARM_UP_SQL: "SELECT count(*) FROM orders" },
        reports: [{ messageId: "unresolved", at: `pool.query(process.env.WARM_UP_SQL ?? "")` }],
      },
      {
        title: "a text that begins with something unknown",
        code: `import { Pool } from "pg";

const pool = new Pool();

export const run = (prefix: string) => pool.query(\`\${prefix} SELECT 1\`);
`,
        args: ["/* warm up */"],
        intends: [{ "?column?": 1 }],
        reports: [{ messageId: "unresolved", at: "pool.query(`${prefix} SELECT 1`)" }],
      },
      {
        title: "a query object of the caller's",
        code: `import { Pool, type QueryConfig } from "pg";

const pool = new Pool();

export const run = (query: QueryConfig) => pool.query(query);
`,
        args: [{ text: "SELECT name FROM users WHERE id = $1", values: [1] }],
        intends: [{ name: "Ada" }],
        reports: [{ messageId: "unresolved", at: "pool.query(query)" }],
      },
      {
        title: "a clause that is not known",
        code: `import { Pool } from "pg";

const pool = new Pool();

export const run = (where: string) => pool.query(\`SELECT * FROM orders \${where}\`);
`,
        args: ["WHERE tenant = '42'"],
        intends: [{ id: 2, tenant: "42", total: 20, done: false }],
        reports: [{ messageId: "partly", at: "where", confidence: "possible" }],
      },
      {
        title: "a function that is not known",
        code: `import { Pool } from "pg";

const pool = new Pool();

export const run = (lock: string) => pool.query(\`SELECT \${lock}(1)\`);
`,
        args: ["abs"],
        intends: [{ abs: 1 }],
        reports: [{ messageId: "partly", at: "lock", confidence: "possible" }],
      },
    ],
    unreported: [
      {
        title: "a name that is not known",
        code: `import { Pool } from "pg";

const pool = new Pool();

export const run = (table: string, id: number) => pool.query(\`SELECT * FROM \${table} WHERE id = $1\`, [id]);
`,
        args: ["users", 2],
        intends: [{ id: 2, name: "Grace" }],
      },
      {
        title: "a constant",
        code: `import { Pool } from "pg";\n\nconst pool = new Pool();\nconst SQL = "SELECT " + "1";\n\nexport const run = () => pool.query(SQL);\n`,
        intends: [{ "?column?": 1 }],
      },
      {
        title: "either of two texts",
        code: `import { Pool } from "pg";

const pool = new Pool();

export const run = (all: boolean) => pool.query(all ? "SELECT * FROM orders" : "SELECT * FROM orders LIMIT 10");
`,
        args: [false],
        intends: [
          { id: 1, tenant: "41", total: 10, done: false },
          { id: 2, tenant: "42", total: 20, done: false },
        ],
      },
      {
        title: "every caller is seen",
        code: `import { Pool } from "pg";

const pool = new Pool();
const query = (text: string) => pool.query(text);

export const run = () => query("SELECT 1");
`,
        intends: [{ "?column?": 1 }],
      },
      {
        title: "values in quotes",
        code: `import { Pool } from "pg";

const pool = new Pool();

export const run = (name: string) => pool.query(\`SELECT * FROM users WHERE name = '\${name}'\`);
`,
        args: ["Ada"],
        intends: [{ id: 1, name: "Ada" }],
      },
      {
        title: "queries of something else",
        code: `export const run = (client: { query(text: string): void }, text: string) => {
  client.query(text);
};
`,
        notRun: "it reaches no database",
      },
    ],
  },
};
