import type { Problem, Rule, RuleContext, SqlCallSite, StatementNaming } from "../model.ts";
import { withPool } from "./example-code.ts";

const breaksOn = ["PgBouncer older than 1.21", "PgBouncer with max_prepared_statements = 0 (default before 1.24)"];

function checkNaming(naming: StatementNaming, context: RuleContext): readonly Problem[] {
  const limit = context.profile.maxPreparedStatements;
  if (limit !== "unknown" && limit > 0) return [];
  return [
    {
      messageId: limit === 0 ? "namesUntracked" : "names",
      data: { driver: naming.driver, symptom: naming.symptom, fix: naming.fix },
      location: naming.location,
      effect: naming.effect,
      severity: limit === 0 ? "error" : "warning",
      breaksOn,
    },
  ];
}

function check(site: SqlCallSite, context: RuleContext): readonly Problem[] {
  const named = site.statementName;
  const limit = context.profile.maxPreparedStatements;
  if (named === undefined || (limit !== "unknown" && limit > 0)) return [];
  const { file } = named.location;
  return [
    {
      messageId: limit === 0 ? "refused" : "depends",
      data: { name: named.name ?? "…" },
      location: named.location,
      effect: "error",
      severity: limit === 0 ? "error" : "warning",
      breaksOn,
      suggestions:
        named.removal === undefined
          ? []
          : [
              {
                message: "Drop the name: the driver prepares the statement without one.",
                edits: [{ file, range: named.removal, text: "" }],
              },
            ],
    },
  ];
}

const TWICE = `const find = (id: number) =>
  pool.query({ name: "find-user", text: "SELECT name FROM users WHERE id = $1", values: [id] });
await find(1);
return await find(2);`;

/** Protocol-level statements with a name. */
export const noNamedPreparedStatement: Rule = {
  id: "no-named-prepared-statement",
  summary: "A named statement of the driver: needs a PgBouncer that tracks them",
  explanation: `With \`name\`, the driver parses a statement once per client connection and only binds it afterwards. Without tracking,
PgBouncer sends the bind to a server connection that never saw the parse: \`26000 prepared statement "x" does not exist\`, or, after another
client parsed the name there, \`42P05 prepared statement "x" already exists\`. Where two programs use one name for different texts, the
*other program's query* runs, without an error.

PgBouncer 1.21 and newer tracks named statements when \`max_prepared_statements\` is above 0; the default became 200 in 1.24. Statements
without a name are fine everywhere. After a schema change, run \`RECONNECT\`: PgBouncer keeps shared statements
(\`0A000 cached plan must not change result type\`).

Some drivers name every statement that they prepare, without being asked: postgres (postgres.js), Bun's \`SQL\`, Prisma's engine up to
version 6. They are reported where the connection is made.

Measured with postgres 3.4.9 on PgBouncer 1.18.0 with default settings: 35 to 38 of 48 \`sql.begin\` transactions were rolled back and
reported as committed, because \`commit\` too is a named statement; 5 of 24 concurrent queries never settled. All right on 1.25.2.

Measured with pg 8.23.1: 12 to 28 of 36 queries fail on PgBouncer 1.18.0 and 1.21.0 with default settings; 25 of 60 results were another
statement's; all right on 1.25.2.`,
  remedies: `- Drop \`name\`; for postgres.js and Bun, set \`prepare: false\`.
- Or run PgBouncer 1.21 or newer with \`max_prepared_statements\` above 0.`,
  messages: {
    names: {
      message:
        "{{driver}} names the statements it prepares: without PgBouncer 1.21 or newer and max_prepared_statements above 0, {{symptom}}.",
      remedy: "Set {{fix}}, or make sure of the setting (default 200 since 1.24).",
    },
    namesUntracked: {
      message: "{{driver}} names the statements it prepares, which this PgBouncer does not track: {{symptom}}.",
      remedy: "Set {{fix}}, or max_prepared_statements above 0 (PgBouncer 1.21 or newer).",
    },
    depends: {
      message:
        "The named statement `{{name}}` needs PgBouncer 1.21 or newer with max_prepared_statements above 0; without it, queries fail or another statement of that name runs.",
      remedy: "Drop `name`, or make sure of the setting (default 200 since 1.24).",
    },
    refused: {
      message:
        "The named statement `{{name}}` is not tracked by this PgBouncer: queries fail, or another statement of that name runs.",
      remedy: "Drop `name`, or set max_prepared_statements above 0 (PgBouncer 1.21 or newer).",
    },
  },
  feature: "named-statement",
  recommended: true,
  checkCallSite: check,
  checkStatementNaming: checkNaming,
  examples: {
    reported: [
      {
        title: "a query object with a name",
        code: withPool(TWICE),
        intends: [{ name: "Grace" }],
        reports: [
          {
            messageId: "depends",
            at: `name: "find-user"`,
            confidence: "certain",
            severity: "warning",
            suggestion: withPool(TWICE.replace('name: "find-user", ', "")),
          },
        ],
      },
      {
        title: "built in a variable",
        code: withPool(`const findUser = { name: "find-user", text: "SELECT * FROM users WHERE id = $1" };
return await pool.query({ ...findUser, values: [1] });`),
        intends: [{ id: 1, name: "Ada" }],
        reports: [{ messageId: "depends", at: `name: "find-user"` }],
      },
      {
        title: "on a version that does not track them",
        pooler: "pgbouncer@1.18",
        code: withPool(TWICE),
        intends: [{ name: "Grace" }],
        reports: [{ messageId: "refused", at: `name: "find-user"`, severity: "error" }],
      },
      {
        title: "1.21 with its default",
        pooler: "pgbouncer@1.21",
        code: withPool(`return await pool.query({ name: "find-user", text: "SELECT 1 AS one" });`),
        intends: [{ one: 1 }],
        reports: [{ messageId: "refused", at: `name: "find-user"`, severity: "error" }],
      },
      {
        title: "on a checked-out client",
        code: `import type { PoolClient } from "pg";

export async function find(client: PoolClient, id: number) {
  return client.query({ text: "SELECT * FROM users WHERE id = $1", values: [id], name: "find-user" });
}
`,
        caller: `import { Pool } from "pg";
import { find } from "./example.ts";

export async function run() {
  const client = await new Pool().connect();
  await find(client, 1);
  return await find(client, 2);
}
`,
        intends: [{ id: 2, name: "Grace" }],
        reports: [{ messageId: "depends", at: `name: "find-user"` }],
      },
      {
        title: "a computed name",
        code: `import { Pool } from "pg";

const pool = new Pool();

export async function run(table: string) {
  return pool.query({ name: \`all-\${table}\`, text: "SELECT 1 AS one" });
}
`,
        args: ["users"],
        intends: [{ one: 1 }],
        reports: [{ messageId: "depends", at: "name: `all-${table}`" }],
      },
      {
        title: "postgres.js names by default",
        code: `import postgres from "postgres";

const sql = postgres(process.env.DATABASE_URL ?? "", { max: 10 });

export async function run() {
  for (const name of ["Linus", "Margaret"]) await sql.begin((tx) => tx\`INSERT INTO users (name) VALUES (\${name})\`);
  return await sql\`SELECT count(*)::int AS users FROM users\`;
}
`,
        intends: [{ users: 4 }],
        reports: [{ messageId: "names", at: "postgres", confidence: "certain", severity: "warning" }],
      },
      {
        title: "postgres.js with a single client connection, on a version that does not track them",
        pooler: "pgbouncer@1.18",
        code: `import postgres from "postgres";

const sql = postgres({ max: 1 });

export async function run() {
  for (const name of ["Linus", "Margaret"]) await sql.begin((tx) => tx\`INSERT INTO users (name) VALUES (\${name})\`);
  return await sql\`SELECT count(*)::int AS users FROM users\`;
}
`,
        intends: [{ users: 4 }],
        reports: [{ messageId: "namesUntracked", at: "postgres", severity: "error" }],
      },
      {
        title: "postgres.js with settings of a caller",
        code: `import postgres from "postgres";

export const connect = (url: string, settings: postgres.Options<{}>) => postgres(url, { ...settings, max: 5 });
`,
        caller: `import { connect } from "./example.ts";

export const run = () => connect(process.env.DATABASE_URL ?? "", {})\`SELECT name FROM users WHERE id = \${1}\`;
`,
        intends: [{ name: "Ada" }],
        reports: [{ messageId: "names", at: "postgres", confidence: "possible", severity: "info" }],
      },
      {
        title: "the connection that Bun keeps ready, where it is used first",
        code: `import { sql } from "bun";

export const find = (id: number) => sql\`SELECT * FROM users WHERE id = \${id}\`;
export const count = () => sql\`SELECT count(*) FROM users\`;
`,
        notRun: "it needs Bun",
        reports: [
          {
            messageId: "names",
            at: "sql`SELECT * FROM users WHERE id = ${id}`",
            confidence: "likely",
            severity: "warning",
          },
        ],
      },
      {
        title: "kysely on postgres.js: from version 5 of its dialect",
        code: `import { Kysely } from "kysely";
import { PostgresJSDialect } from "kysely-postgres-js";
import postgres from "postgres";

export const db = new Kysely({ dialect: new PostgresJSDialect({ postgres: postgres(process.env.DATABASE_URL ?? "") }) });
`,
        notRun: "kysely-postgres-js 5 needs Node 22",
        reports: [{ messageId: "names", at: "postgres", confidence: "possible", severity: "info" }],
      },
    ],
    unreported: [
      {
        title: "bind values without a name",
        code: withPool(
          `await pool.query("SELECT * FROM users WHERE id = $1", [1]);
return await pool.query({ text: "SELECT name FROM users WHERE id = $1", values: [1] });`,
        ),
        intends: [{ name: "Ada" }],
      },
      {
        title: "a PgBouncer that tracks them",
        pooler: "pgbouncer@1.25",
        code: withPool(TWICE),
        intends: [{ name: "Grace" }],
      },
      {
        title: "postgres.js without names",
        code: `import postgres from "postgres";

const sql = postgres(process.env.DATABASE_URL ?? "", { prepare: false });

export async function run() {
  for (const name of ["Linus", "Margaret"]) await sql.begin((tx) => tx\`INSERT INTO users (name) VALUES (\${name})\`);
  return await sql\`SELECT count(*)::int AS users FROM users\`;
}
`,
        intends: [{ users: 4 }],
      },
      {
        title: "postgres.js without names by its URL",
        code: `import postgres from "postgres";

const sql = postgres("postgres://localhost:6432/app?prepare=false");

export const run = () => sql\`SELECT name FROM users WHERE id = \${1}\`;
`,
        intends: [{ name: "Ada" }],
      },
      {
        title: "postgres.js and a PgBouncer that tracks them",
        pooler: "pgbouncer@1.25",
        code: `import postgres from "postgres";

const sql = postgres(process.env.DATABASE_URL ?? "");

export async function run() {
  for (const name of ["Linus", "Margaret"]) await sql.begin((tx) => tx\`INSERT INTO users (name) VALUES (\${name})\`);
  return await sql\`SELECT count(*)::int AS users FROM users\`;
}
`,
        intends: [{ users: 4 }],
      },
      {
        title: "simple queries of Bun's have no names",
        code: `import { sql } from "bun";

export const migrate = (script: string) => sql.unsafe("CREATE TABLE IF NOT EXISTS users (id int); CREATE TABLE IF NOT EXISTS orders (id int)");
`,
        notRun: "it needs Bun",
      },
      {
        title: "an empty name",
        code: withPool(`return await pool.query({ name: "", text: "SELECT 1 AS one" });`),
        intends: [{ one: 1 }],
      },
      {
        title: "a name that is undefined",
        code: withPool(`return await pool.query({ name: undefined, text: "SELECT 1 AS one" });`),
        intends: [{ one: 1 }],
      },
      {
        title: "a name for another client",
        code: `interface Cache {
  query(options: { name: string; text: string }): Promise<unknown>;
}

export const find = (cache: Cache) => cache.query({ name: "find-user", text: "users/1" });
`,
        notRun: "it reaches no database",
      },
      {
        title: "row mode and types are no name",
        code: withPool(`return await pool.query({ text: "SELECT 1", rowMode: "array" });`),
        intends: [[1]],
      },
    ],
  },
};
