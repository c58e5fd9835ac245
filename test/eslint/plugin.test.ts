import * as tsParser from "@typescript-eslint/parser";
import { Linter } from "eslint";
import { Linter as Linter9 } from "eslint-9";
import * as espree from "espree";
import { describe, expect, it } from "vitest";
import { rules as everyRule } from "../../analyzers/index.ts";
import plugin, { configs, meta, rules } from "../../eslint-plugin/src/index.ts";

type Config = Linter.Config;

const versions = [
  { version: "10", Engine: Linter },
  // The same API under another copy's types.
  { version: "9", Engine: Linter9 as unknown as typeof Linter },
] as const;

const withParser = (parser: unknown, config: Config, pooler?: unknown): Config[] => {
  // Whatever parser: ESLint takes any object with the methods of one.
  const languageOptions = { parser, sourceType: "module" } as NonNullable<Config["languageOptions"]>;
  return [
    {
      ...config,
      files: ["**/*.ts"],
      languageOptions,
      ...(pooler === undefined ? {} : { settings: { pgbouncer: { pooler } } }),
    },
  ];
};

const lint = (Engine: typeof Linter, code: string, config: Config[], filename = "example.ts"): Linter.LintMessage[] =>
  new Engine().verify(code, config, { filename });

/** Code that espree can parse: without types. */
/** The rules of an editor. */
const coreRules = everyRule.filter(({ judges }) => judges !== "deployment");

const isJavaScript = (code: string): boolean => {
  try {
    espree.parse(code, { ecmaVersion: "latest", sourceType: "module" });
    return true;
  } catch {
    return false;
  }
};

for (const { version, Engine } of versions) {
  describe(`ESLint ${version}`, () => {
    for (const rule of coreRules) {
      const config = configs.all;
      const own = (messages: Linter.LintMessage[]) =>
        messages.filter((message) => message.ruleId === `pgbouncer/${rule.id}`);

      it(`${rule.id}: examples are reported as the core reports them`, () => {
        for (const example of rule.examples.reported.filter((candidate) => candidate.language !== "sql")) {
          const messages = lint(Engine, example.code, withParser(tsParser, config, example.pooler));
          const starts = example.code.split("\n");
          const at = own(messages).map((message) => {
            const line = starts[message.line - 1] ?? "";
            return message.line === message.endLine
              ? line.slice(message.column - 1, (message.endColumn ?? 1) - 1)
              : undefined;
          });
          expect(at, example.title).toEqual(
            example.reports.map((report) => (report.at.includes("\n") ? undefined : report.at)),
          );
        }
      });

      it(`${rule.id}: examples that are right are silent`, () => {
        for (const example of rule.examples.unreported.filter((candidate) => candidate.language !== "sql")) {
          expect(own(lint(Engine, example.code, withParser(tsParser, config, example.pooler))), example.title).toEqual(
            [],
          );
        }
      });

      it(`${rule.id}: the same with espree`, () => {
        for (const example of [...rule.examples.reported, ...rule.examples.unreported].filter(
          (candidate) => candidate.language !== "sql" && isJavaScript(candidate.code),
        )) {
          const places = (parser: unknown) =>
            own(lint(Engine, example.code, withParser(parser, config, example.pooler))).map(
              (message) => `${String(message.line)}:${String(message.column)}`,
            );
          expect(places(espree), example.title).toEqual(places(tsParser));
        }
      });

      it(`${rule.id}: each suggestion removes its finding and adds none`, () => {
        for (const example of rule.examples.reported.filter((candidate) => candidate.language !== "sql")) {
          const messages = lint(Engine, example.code, withParser(tsParser, config, example.pooler));
          for (const message of own(messages)) {
            for (const { fix } of message.suggestions ?? []) {
              const changed = example.code.slice(0, fix.range[0]) + fix.text + example.code.slice(fix.range[1]);
              const again = lint(Engine, changed, withParser(tsParser, config, example.pooler));
              expect(again.some((other) => other.fatal === true)).toBe(false);
              expect(own(again).length, example.title).toBeLessThan(own(messages).length);
              expect(again.length).toBeLessThan(messages.length);
            }
          }
        }
      });
    }

    it("offers suggestions where they are proved", () => {
      const code =
        coreRules
          .find((rule) => rule.id === "no-session-set")
          ?.examples.reported.find((example) => example.title.includes("without LOCAL"))?.code ?? "";
      const [message] = lint(Engine, code, withParser(tsParser, configs.recommended));
      expect(message?.suggestions?.map((suggestion) => suggestion.desc)).toEqual([
        "Use SET LOCAL, which ends with the transaction.",
      ]);
    });

    it("says what is wrong with the settings instead of crashing", () => {
      const messages = lint(Engine, "export {};", withParser(tsParser, configs.all, "pgbounce"));
      expect(messages.map((message) => message.message)).toEqual([
        expect.stringContaining('No data of the pooler "pgbounce"'),
      ]);
    });

    it("judges by the settings of the pooler", () => {
      const code = `import { Pool } from "pg";
const pool = new Pool();
export const run = () => pool.query("SET work_mem = '1MB'");
`;
      const found = (pooler: unknown) =>
        lint(Engine, code, withParser(tsParser, configs.recommended, pooler)).map((message) => message.ruleId);
      expect(found({ kind: "pgbouncer", version: "1.25" })).toEqual(["pgbouncer/no-session-set"]);
      expect(found({ version: "1.25", poolMode: "session" })).toEqual([]);
      expect(found({ kind: "pgdog" })).toEqual([]);
    });

    it.each([
      [
        { kind: "pgbouncer", mode: "session" },
        'pooler: there is no "mode" (there are kind, version, configFile, poolMode',
      ],
      [{ poolMode: "tx" }, "pooler.poolMode: is one of transaction, session, statement"],
      [{ maxPreparedStatements: "many" }, "pooler.maxPreparedStatements: is a whole number"],
      [{ trackExtraParameters: "search_path" }, "pooler.trackExtraParameters: is a list"],
      [5, "pooler: is a text or an object"],
    ])("says what is wrong in %j", (pooler, words) => {
      const [message] = lint(Engine, "export {};", withParser(tsParser, configs.all, pooler));
      expect(message?.message).toContain(words);
    });

    it("keeps what is only possible out of recommended, and shows it in strict", () => {
      const code = `export const run = (db) => db.query("SET statement_timeout = 0");`;
      const found = (config: Config) =>
        lint(Engine, code, withParser(tsParser, config)).map((message) => message.ruleId);
      expect(found(configs.recommended)).toEqual([]);
      expect(found(configs.strict)).toEqual(["pgbouncer/no-session-set"]);
    });
  });
}

describe("the plugin", () => {
  it("is exported by name and as default", () => {
    expect(plugin.rules).toBe(rules);
    expect(plugin.meta).toBe(meta);
    expect(meta).toEqual({
      name: "eslint-plugin-pgbouncer",
      version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
      namespace: "pgbouncer",
    });
  });

  it("has every rule of the core, with a page, a schema and default options", () => {
    expect(Object.keys(rules)).toEqual(coreRules.map((rule) => rule.id));
    for (const [id, rule] of Object.entries(rules)) {
      expect(rule.meta?.docs?.url).toContain(`/rules/${id}.md`);
      expect(rule.meta?.schema).toHaveLength(1);
      expect(rule.meta?.defaultOptions).toEqual([{ minConfidence: "likely" }]);
    }
  });

  it("computes its configurations", () => {
    const ids = (config: Config) => Object.keys(config.rules ?? {});
    expect(ids(configs.recommended)).toEqual(
      coreRules.filter((rule) => rule.recommended).map((rule) => `pgbouncer/${rule.id}`),
    );
    expect(ids(configs.strict)).toEqual([...ids(configs.recommended), "pgbouncer/valid-suppression"]);
    expect(ids(configs.all)).toEqual(coreRules.map((rule) => `pgbouncer/${rule.id}`));
  });
});
