import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Of so many files one reaches the database, as in the backends that were counted. */
const ONE_IN = 16;
const FILES_PER_FOLDER = 100;

/** Writes a project of so many files into a new folder: services that import one another, and a repository with SQL now and then. */
export function generateProject(files: number): string {
  const root = mkdtempSync(join(tmpdir(), "pgbouncer-audit-bench-"));
  write(root, "package.json", '{ "dependencies": { "pg": "^8.0.0" } }');
  write(
    root,
    "src/db.ts",
    'import { Pool } from "pg";\nexport const pool = new Pool({ connectionString: process.env.DATABASE_URL });\n',
  );
  for (let index = 0; index < files - 1; index++)
    write(root, pathOf(index), index % ONE_IN === 0 ? repository(index) : service(index));
  return root;
}

const pathOf = (index: number): string =>
  `src/part-${String(Math.floor(index / FILES_PER_FOLDER))}/file-${String(index)}.ts`;

function write(root: string, path: string, text: string): void {
  const file = join(root, path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text);
}

const repository = (index: number): string => `import { pool } from "../db";

export interface Row${String(index)} {
  id: number;
  name: string;
}

export async function find${String(index)}(id: number): Promise<Row${String(index)} | undefined> {
  const { rows } = await pool.query<Row${String(index)}>("SELECT id, name FROM table_${String(index)} WHERE id = $1", [id]);
  return rows[0];
}

export async function rename${String(index)}(id: number, name: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    await client.query("SET LOCAL statement_timeout = '5s'");
    await client.query("UPDATE table_${String(index)} SET name = $2 WHERE id = $1", [id, name]);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  } finally {
    client.release();
  }
}
`;

const service = (index: number): string => {
  const [own, other] = [String(index), index - (index % ONE_IN)];
  const isNear = Math.floor(index / FILES_PER_FOLDER) === Math.floor(other / FILES_PER_FOLDER);
  const calls = isNear && index % 5 === 0;
  return `${calls ? `import { find${String(other)} } from "./file-${String(other)}";\n` : ""}
/** What service ${own} is asked for. */
export interface Request${own} {
  readonly id: number;
  readonly tags: readonly string[];
  readonly limits?: { readonly from: number; readonly to: number };
}

export type Answer${own} = { readonly kind: "found"; readonly names: string[] } | { readonly kind: "missing"; readonly reason: string };

const weights = new Map<string, number>([${Array.from({ length: 12 }, (_, at) => `["w${String(at)}", ${String(at * index)}]`).join(", ")}]);

export class Service${own} {
  readonly #seen = new Set<number>();

  constructor(private readonly options: { readonly retries: number; readonly label: string }) {}

  score(request: Request${own}): number {
    let total = 0;
    for (const tag of request.tags) {
      const weight = weights.get(tag) ?? 1;
      total += request.limits === undefined ? weight : Math.min(Math.max(weight, request.limits.from), request.limits.to);
    }
    return total;
  }

  async answer(request: Request${own}): Promise<Answer${own}> {
    if (this.#seen.has(request.id)) return { kind: "missing", reason: \`\${this.options.label}: \${String(request.id)} was seen\` };
    this.#seen.add(request.id);
    ${calls ? `const found = await find${String(other)}(request.id);\n    if (found === undefined) return { kind: "missing", reason: "no row" };` : ""}
    return { kind: "found", names: request.tags.map((tag) => tag.trim()).filter((tag) => tag.length > 0) };
  }
}
`;
};
