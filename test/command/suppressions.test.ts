import * as tsParser from "@typescript-eslint/parser";
import { ESLint } from "eslint";
import { describe, expect, it } from "vitest";
import pgbouncer from "../../eslint-plugin/src/index.ts";
import { project } from "./run-in.ts";

const LISTEN = `await client.query("LISTEN jobs");`;

const code = (body: string, head = ""): string => `${head}import { Client } from "pg";
const client = new Client();
export async function run() {
${body}
}
`;

/** Findings that are open in the command, and those that ESLint shows: rule and line of each. */
async function both(text: string): Promise<{ readonly command: string[]; readonly editor: string[] }> {
  const given = project({ "a.ts": text });
  const command = given
    .report()
    .findings.filter(({ suppressed }) => suppressed === null)
    .map(({ ruleId, line }) => `${ruleId} ${String(line)}`);
  const eslint = new ESLint({
    cwd: given.folder,
    overrideConfigFile: true,
    overrideConfig: [
      {
        ...pgbouncer.configs.strict,
        files: ["**/*.ts"],
        languageOptions: { parser: tsParser },
        linterOptions: { reportUnusedDisableDirectives: "off" },
      },
    ],
  });
  const [result] = await eslint.lintText(text, { filePath: "a.ts" });
  const editor = (result?.messages ?? []).map(
    ({ ruleId, line }) => `${String(ruleId).replace("pgbouncer/", "")} ${String(line)}`,
  );
  return { command, editor };
}

const silent = { command: [], editor: [] };
const same = (...findings: string[]) => ({ command: findings, editor: findings });

describe("a comment accepts a finding in both faces", () => {
  it.each([
    ["on the line before", `  // pgbouncer-ignore-next-line no-listen -- DIRECT_URL\n  ${LISTEN}`],
    ["on the same line", `  ${LISTEN} // pgbouncer-ignore no-listen -- DIRECT_URL`],
    ["as a block", `  /* pgbouncer-ignore-next-line no-listen -- DIRECT_URL */\n  ${LISTEN}`],
    ["of several lines", `  /*\n   * pgbouncer-ignore-next-line no-listen -- DIRECT_URL\n   */\n  ${LISTEN}`],
    ["with the plugin's prefix", `  // pgbouncer-ignore-next-line pgbouncer/no-listen -- DIRECT_URL\n  ${LISTEN}`],
    [
      "for two rules",
      `  // pgbouncer-ignore-next-line no-listen, no-load-library -- DIRECT_URL\n  await client.query("LISTEN jobs; LOAD 'x'");`,
    ],
    [
      "above other comments",
      `  // pgbouncer-ignore-next-line no-listen -- DIRECT_URL\n  // It listens.\n\n  ${LISTEN}`,
    ],
    [
      "above a statement of several lines",
      `  // pgbouncer-ignore-next-line no-listen -- DIRECT_URL\n  await client\n    .query(\n      \`LISTEN jobs\`\n    );`,
    ],
    ["of ESLint's", `  // eslint-disable-next-line pgbouncer/no-listen -- DIRECT_URL\n  ${LISTEN}`],
    ["of ESLint's, on the same line", `  ${LISTEN} // eslint-disable-line pgbouncer/no-listen -- DIRECT_URL`],
    [
      "of ESLint's, for a block",
      `  /* eslint-disable pgbouncer/no-listen -- DIRECT_URL */\n  ${LISTEN}\n  /* eslint-enable pgbouncer/no-listen */`,
    ],
    ["in the SQL", `  await client.query(\`\n    -- pgbouncer-ignore no-listen -- DIRECT_URL\n    LISTEN jobs\`);`],
  ])("%s", async (_, body) => {
    expect(await both(code(body))).toEqual(silent);
  });

  it("for the file", async () => {
    expect(await both(code(`  ${LISTEN}`, "// pgbouncer-ignore-file no-listen -- DIRECT_URL\n"))).toEqual(silent);
  });

  it("and no other", async () => {
    expect(
      await both(code(`  // pgbouncer-ignore-next-line no-listen -- DIRECT_URL\n  ${LISTEN}\n  ${LISTEN}`)),
    ).toEqual(same("no-listen 6"));
    expect(
      await both(
        code(
          `  /* eslint-disable pgbouncer/no-listen -- DIRECT_URL */\n  ${LISTEN}\n  /* eslint-enable pgbouncer/no-listen */\n  ${LISTEN}`,
        ),
      ),
    ).toEqual(same("no-listen 7"));
  });

  it("not without a reason, which is said", async () => {
    expect(await both(code(`  // pgbouncer-ignore-next-line no-listen\n  ${LISTEN}`))).toEqual(
      same("valid-suppression 4", "no-listen 5"),
    );
  });

  it("not after its day", async () => {
    expect(await both(code(`  // pgbouncer-ignore-next-line no-listen -- until 2020-01-31\n  ${LISTEN}`))).toEqual(
      same("valid-suppression 4", "no-listen 5"),
    );
  });

  it("not when it says nothing of a pooler", async () => {
    const { command } = await both(code(`  /* eslint-disable -- generated */\n  ${LISTEN}`));
    expect(command).toEqual(["no-listen 5"]);
  });

  it("and is reported when there is nothing to accept", async () => {
    expect(
      await both(code(`  // pgbouncer-ignore-next-line no-listen -- DIRECT_URL\n  await client.query("SELECT 1");`)),
    ).toEqual(same("valid-suppression 4"));
  });
});

describe("in the editor", () => {
  it("a comment that another file may explain is not called useless", async () => {
    const text = `import { client } from "./client.ts";\n// pgbouncer-ignore-next-line no-listen -- DIRECT_URL\nexport const run = () => client.query(process.env.TEXT);\n`;
    expect((await both(text)).editor).toEqual([]);
  });
});

describe("in files that are no code", () => {
  it("a comment accepts what is found in SQL and in deployment files", () => {
    const given = project({
      "a.sql": `-- pgbouncer-ignore no-load-library -- run by an administrator\nLOAD\n  'auto_explain';\nLOAD 'other'; -- pgbouncer-ignore no-load-library -- the same\nLOAD 'third';\n`,
      "pgbouncer.ini":
        "[databases]\napp = host=db\n[pgbouncer]\n; pgbouncer-ignore-next-line pooler-config -- the console needs it\nquery_wait_timeout = 0\nserver_lifetime = 0\npool_mode = transaction\n",
    });
    const { findings } = given.report();
    expect(
      findings
        .filter(({ severity }) => severity !== "info")
        .map(({ ruleId, path, line, suppressed }) => [ruleId, path, line, suppressed?.reason ?? null]),
    ).toEqual([
      ["no-load-library", "a.sql", 2, "run by an administrator"],
      ["no-load-library", "a.sql", 4, "the same"],
      ["no-load-library", "a.sql", 5, null],
      ["pooler-config", "pgbouncer.ini", 5, "the console needs it"],
      ["pooler-config", "pgbouncer.ini", 6, null],
    ]);
  });
});
