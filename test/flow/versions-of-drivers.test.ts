import { describe, expect, test } from "vitest";
import { analyseFiles, findingsOf } from "../support/deployment.ts";

const pool = (options = ""): string =>
  `import { createPool } from "slonik";
export const connect = (url: string, limit?: number | "DISABLE_TIMEOUT") => createPool(url${options});`;

/** What a project with this pool and this version of slonik is told: `rule | confidence`. */
function told(code: string, range?: string, name = "slonik"): string[] {
  const files = { "/p/a.ts": code.replaceAll('"slonik"', `"${name}"`) };
  const manifest = { "/p/package.json": JSON.stringify({ dependencies: { [name]: range } }) };
  return findingsOf(range === undefined ? files : { ...files, ...manifest }).map((line) =>
    line.replace(/ \/p\/a.ts:\d+ .*? \|/, " |"),
  );
}

const timeout = "no-startup-parameter | certain";
const timeouts = [timeout, timeout];

describe("what only some versions of a driver do", () => {
  test.each([
    ["~23.9.0", []],
    ["25.0.0", []],
    ["^26.0.0", timeouts],
    ["^38.0.0", timeouts],
    ["^40.2.6", ["no-discard | certain", ...timeouts]],
    ["^49.10.9", ["no-discard | certain", ...timeouts]],
    [">=38", ["no-discard | likely", ...timeouts]],
  ])("slonik %s", (range, expected) => {
    expect(told(pool(), range)).toEqual(expected);
    expect(told(pool(), range, "@acme/slonik")).toEqual(expected);
  });

  test("is likely, with the condition, where the version is not known", () => {
    const likely = "no-startup-parameter | likely";
    expect(told(pool())).toEqual(["no-discard | likely", likely, likely]);
    const { findings } = analyseFiles({ "/p/a.ts": pool() });
    expect(findings.map(({ evidence }) => evidence.at(-1)?.message)).toEqual([
      "only by slonik from 40.0.0 on; which version is installed is not known",
      "only by slonik from 25.1.0 on; which version is installed is not known",
      "only by slonik from 25.1.0 on; which version is installed is not known",
    ]);
  });
});

describe("two parameters that are sent at one place", () => {
  const messages = (options: string): string[] =>
    analyseFiles({
      "/p/a.ts": pool(options),
      "/p/package.json": JSON.stringify({ dependencies: { slonik: "^38.0.0" } }),
    }).findings.map(({ message, confidence }) => `${message.slice(0, message.indexOf("` ") + 1)} ${confidence}`);

  test("are both named", () => {
    expect(messages("").sort()).toEqual([
      "`idle_in_transaction_session_timeout` certain",
      "`statement_timeout` certain",
    ]);
  });

  test("also when one of them may be turned off, which says nothing of the other one", () => {
    expect(messages(", { statementTimeout: limit, maximumPoolSize: 3 }").sort()).toEqual([
      "`idle_in_transaction_session_timeout` certain",
      "`statement_timeout` likely",
    ]);
    expect(messages(', { statementTimeout: "DISABLE_TIMEOUT" }')).toEqual([
      "`idle_in_transaction_session_timeout` certain",
    ]);
  });
});
