const indent = (code: string, depth: number): string =>
  code
    .split("\n")
    .map((line) => (line === "" ? line : " ".repeat(depth) + line))
    .join("\n");

/** A module that runs `body` with a pool. */
export const withPool = (body: string): string => `import { Pool } from "pg";

const pool = new Pool();

export async function run() {
${indent(body, 2)}
}
`;

/** A module that runs `body` with one checked-out client, outside a transaction. */
export const withClient = (body: string): string =>
  withPool(`const client = await pool.connect();
try {
${indent(body, 2)}
} finally {
  client.release();
}`);

/** A module that runs `body` with one checked-out client, between BEGIN and COMMIT; `result` is what it returns after COMMIT: `rows`. */
export const inTransaction = (body: string, result?: string): string =>
  withPool(`const client = await pool.connect();
try {
  await client.query("BEGIN");
${indent(body, 2)}
  await client.query("COMMIT");${result === undefined ? "" : `\n  return ${result};`}
} catch (error) {
  await client.query("ROLLBACK");
  throw error;
} finally {
  client.release();
}`);
