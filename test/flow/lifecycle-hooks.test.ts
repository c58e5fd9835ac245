import { describe, expect, it } from "vitest";
import { analyzeFile } from "../../analyzers/index.ts";
import { parseSource } from "../support/parse.ts";

const findings = (code: string): string[] =>
  analyzeFile(parseSource("db.ts", code)).findings.map(({ ruleId, confidence }) => `${ruleId} ${confidence}`);

const audited = (declaration: string): string => `
  import { createNamespace } from "cls-hooked";
  import { Sequelize } from "sequelize";
  ${declaration}
  const db = new Sequelize("postgres://db/app");
  db.addHook("beforeUpdate", async () => { await db.query("select set_config('audit.user', '1', true)"); });`;

describe("a callback that the driver runs with the writes of a program", () => {
  it("is in whatever transaction these are in, where transactions follow the flow of control", () => {
    const code = audited(`Sequelize.useCLS(createNamespace("app"));`);
    expect(findings(code)).toEqual(["no-set-local-outside-transaction possible"]);
  });

  it("is perhaps in one where another file may say that they do", () => {
    expect(findings(audited(""))).toEqual(["no-set-local-outside-transaction likely"]);
  });

  it("leaves a session setting behind in either case", () => {
    const code = audited(`Sequelize.useCLS(createNamespace("app"));`).replace("true)", "false)");
    expect(findings(code)).toEqual(["no-session-identity certain"]);
  });
});
