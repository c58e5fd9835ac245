import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { audit, type Report } from "../../src/index.ts";

const fixtures = join(import.meta.dirname, "../../fixtures");

/** Folders of real repositories to compare on besides, separated by colons: `FILTER_ON=a:b`. */
const given = (process.env["FILTER_ON"] ?? "").split(":").filter((folder) => folder !== "");
const projects = [
  ...readdirSync(fixtures, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [join(fixtures, entry.name)] : [],
  ),
  ...given,
];

const findings = ({ findings: found }: Report): string[] =>
  found.map(({ ruleId, path, line, column, severity, confidence }) =>
    [ruleId, `${path}:${String(line)}:${String(column)}`, severity, confidence].join(" "),
  );

describe("leaving out the files whose text gives no reason to analyse them changes nothing", () => {
  it.each(projects)("%s", { timeout: 600_000 }, (folder) => {
    const filtered = audit({ paths: [folder] }).report;
    const whole = audit({ paths: [folder], everyFile: true }).report;
    expect(findings(filtered)).toEqual(findings(whole));
    expect(filtered.coverage.callSites).toEqual(whole.coverage.callSites);
  });
});
