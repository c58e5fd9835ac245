import { describe, expect, it } from "vitest";
import { runCommand } from "../../src/commands/command.ts";
import { temporaryProject } from "./temporary-project.ts";

function run(folder: string, ...argv: string[]): { code: number; out: string; error: string } {
  const written = { out: "", error: "" };
  const code = runCommand(argv, {
    out: (text) => {
      written.out += text;
    },
    error: (text) => {
      written.error += text;
    },
    cwd: folder,
    colorOut: false,
  });
  return { code, ...written };
}

const LISTENER = `import { Client } from "pg";

const client = new Client({ connectionString: process.env.EVENTS_URL });
export const listen = () => client.query("LISTEN jobs");
`;

describe("where connections lead", () => {
  it("is declared with --direct and --pooled, which may be repeated", () => {
    const folder = temporaryProject({ "listen.ts": LISTENER });
    expect(run(folder).code).toBe(1);
    expect(run(folder, "--direct", "OTHER_URL", "--direct", "EVENTS_URL").code).toBe(0);
    expect(run(folder, "--pooled", "EVENTS_URL").code).toBe(1);
  });

  it("is not both", () => {
    const folder = temporaryProject({ "listen.ts": LISTENER });
    const { code, error } = run(folder, "--direct", "EVENTS_URL", "--pooled", "EVENTS_URL");
    expect(code).toBe(2);
    expect(error).toContain("EVENTS_URL is declared direct and pooled. Leave one of them out.");
  });

  it("is drawn as a small map, and is a condition", () => {
    const folder = temporaryProject({
      "listen.ts": LISTENER,
      "app.ts": `import { Pool } from "pg";
import type { Pool as AnyPool } from "pg";

const pool = new Pool({ connectionString: process.env.DATABASE_URL ?? "postgres://app:s3cret@localhost/app" });
const reports = new Pool({ host: "pgbouncer.internal", port: 6432 });
const schema = new Pool({ connectionString: process.env.MIGRATION_URL });
export const one = () => pool.query("SELECT 1");
export const two = () => [reports.query("SELECT 2"), reports.query("SELECT 3")];
export const three = () => schema.query("SELECT 4");
export const four = (any: AnyPool) => any.query("SELECT 5");
`,
    });
    const { out } = run(folder, "--direct", "EVENTS_URL");
    expect(out).toContain(
      [
        "Connections",
        "  pooled   pgbouncer.internal:6432 (1 connection, 2 call sites)",
        "  direct   EVENTS_URL (1 connection, 1 call site): past the pooler; keep it so",
        "  unknown  DATABASE_URL or localhost/app (1 connection, 1 call site)",
        "           MIGRATION_URL (1 connection, 1 call site)",
        "           of no known address (1 connection, 1 call site): taken to be pooled; --direct NAME says which is not",
        "           names like MIGRATION_URL often are direct",
        "",
      ].join("\n"),
    );
    expect(out).toContain("- 1 direct connection (EVENTS_URL), used at 1 place: past the pooler; keep it so");
    expect(out).toContain("READY WITH CONDITIONS");
  });

  it("is left out of the text where nothing is known of it", () => {
    const folder = temporaryProject({
      "a.ts": `import type { Pool } from "pg";\nexport const one = (pool: Pool) => pool.query("SELECT 1");\n`,
    });
    expect(run(folder).out).not.toContain("Connections");
  });

  it("is told by trace", () => {
    const folder = temporaryProject({ "listen.ts": LISTENER });
    expect(run(folder, "trace", "listen.ts:4").out).toContain("from listen.ts:3 with EVENTS_URL\n");
    const declared = run(folder, "trace", "listen.ts:4", "--direct", "EVENTS_URL").out;
    expect(declared).toContain("from listen.ts:3 with EVENTS_URL, direct\n");
    expect(declared).toContain("no rule reports anything here");
  });

  it("never tells a user, a password or a value of a query", () => {
    const urls = [
      "postgres://someb0dy:s3cret@db.internal:6432/app?password=s3cret&statement_timeout=5000",
      "postgres://someb0dy:s3/c?r#e@t@db.internal/app",
      "postgres://someb0dy:s3cret",
      "s3cret",
    ];
    const folder = temporaryProject({
      "a.ts": `import { Client } from "pg";
${urls.map((url, index) => `export const c${String(index)} = new Client("${url}");`).join("\n")}
export const d = new Client({ host: "db", user: "someb0dy", password: "s3cret", port: 5432 });
export const run = () => [${urls.map((_, index) => `c${String(index)}`).join(", ")}, d].map((c) => c.query("LISTEN jobs"));
`,
    });
    const { out: json } = run(folder, "--format", "json");
    const { connections, findings } = JSON.parse(json) as { connections: unknown[]; findings: unknown[] };
    expect(connections).toHaveLength(5);
    expect(findings.length).toBeGreaterThan(0);
    expect(JSON.stringify(connections)).not.toMatch(/s3|cret|someb0dy/);
    expect(JSON.stringify(findings.map((finding) => (finding as { evidence: unknown }).evidence))).not.toMatch(
      /s3|cret|someb0dy/,
    );
    const map = run(folder)
      .out.split("\n")
      .filter((line) => /\((\d+) connections?, /.test(line));
    expect(map.length).toBeGreaterThan(0);
    expect(map.join("\n")).not.toMatch(/s3|cret|someb0dy/);
  });

  it("shows lines of the source without user and password of a URL, and the marker in its place", () => {
    const folder = temporaryProject({
      "a.ts": `import { Pool } from "pg";
export const a = new Pool({ connectionString: "postgres://someb0dy:s3c/r@et@db/app?statement_timeout=5000" });
export const b = (user: string) => new Pool({ connectionString: \`postgres://\${user}:\${key}@db/app?lock_timeout=5000\` });
`,
    });
    const { out } = run(folder);
    const shown =
      '    > 2 | export const a = new Pool({ connectionString: "postgres://*****************@db/app?statement_timeout=5000" });';
    const marker = `${" ".repeat(shown.indexOf("statement_timeout") - 10)}${"^".repeat("statement_timeout".length)}`;
    expect(out).toContain(`${shown}\n        | ${marker}\n`);
    expect(out).toContain("postgres://${user}:${key}@db/app?lock_timeout=5000");
  });
});
