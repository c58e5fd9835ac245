import type { Rule } from "../../model.ts";
import { withClient, withPool } from "../example-code.ts";

const TWICE = `const find = (id: number) =>
  pool.query({ name: "find-user", text: "SELECT name FROM users WHERE id = $1", values: [id] });
await find(1);
return await find(2);`;

/** What no-named-prepared-statement reports, and what it does not. */
export const noNamedPreparedStatementExamples: Rule["examples"] = {
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
    {
      title: "a transaction of postgres.js that is lost without an error",
      code: `import postgres from "postgres";

const sql = postgres(process.env.DATABASE_URL ?? "");

export async function run() {
  await sql.begin((tx) => tx\`INSERT INTO users (name) VALUES ('Linus')\`);
  await sql.begin((tx) => tx\`INSERT INTO orders (tenant) VALUES ('43')\`);
  return await sql\`SELECT (SELECT count(*)::int FROM users) AS users, (SELECT count(*)::int FROM orders) AS orders\`;
}
`,
      intends: [{ users: 3, orders: 3 }],
      reports: [{ messageId: "names", at: "postgres", confidence: "certain", severity: "warning" }],
    },
    {
      title: "another program uses the name for another text",
      code: `import { Client } from "pg";

const first = new Client();

export async function run() {
  await first.connect();
  const find = () => first.query({ name: "find", text: "SELECT name FROM users WHERE id = 1" });
  await find();
  for (let client = 1; client <= 6; client++) {
    const second = new Client();
    await second.connect();
    await second.query({ name: "find", text: "SELECT 'of another program' AS name" });
    await second.end();
  }
  await find();
  return await find();
}
`,
      intends: [{ name: "Ada" }],
      reports: [
        { messageId: "depends", at: `name: "find"`, confidence: "certain" },
        { messageId: "depends", at: `name: "find"`, confidence: "certain" },
      ],
    },
    {
      title: "in a transaction, and again after it",
      code: withClient(`const count = { name: "count-users", text: "SELECT count(*)::int AS users FROM users" };
await client.query("BEGIN");
await client.query(count);
await client.query("COMMIT");
return await client.query(count);`),
      intends: [{ users: 2 }],
      reports: [{ messageId: "depends", at: `name: "count-users"` }],
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
      title: "more names than a PgBouncer that tracks them keeps",
      pooler: "pgbouncer@1.25",
      code: withClient(`let sum = 0;
for (let query = 0; query <= 500; query++) {
  const number = Math.floor(query / 2) % 250;
  const { rows } = await client.query({ name: \`number-\${number}\`, text: \`SELECT \${number} AS number\` });
  sum += rows[0].number;
}
return sum;`),
      intends: 62_250,
    },
    {
      title: "one name in the schemas of two tenants, with a PgBouncer that tracks it",
      pooler: "pgbouncer@1.25",
      given: `CREATE SCHEMA one; CREATE TABLE one.names AS SELECT 'Ada' AS name;
CREATE SCHEMA two; CREATE TABLE two.names AS SELECT 'Grace' AS name`,
      code: withClient(`const names = { name: "names", text: "SELECT name FROM names" };
await client.query("BEGIN");
await client.query("SET LOCAL search_path = one");
await client.query(names);
await client.query("COMMIT");
await client.query("BEGIN");
await client.query("SET LOCAL search_path = two");
const second = await client.query(names);
await client.query("COMMIT");
return second;`),
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
};
