import { describe, expect, it } from "vitest";
import { formatters, type Report } from "../../src/index.ts";
import { HOSTILE, hostileReport, reportOf } from "../support/reports.ts";

const report = hostileReport();

/** Markdown without its code spans, in which nothing is read. */
const outsideCode = (text: string): string => text.replace(/(`+)(?!`)[^\n]*?[^`]\1(?!`)/g, "");

/** What must not be in a format whatever the project's text is, with why. */
const FORBIDDEN: Readonly<Record<keyof typeof formatters, readonly (readonly [string, RegExp])[]>> = {
  text: [["steers the terminal", /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/]],
  github: [
    ["steers the terminal", /[\u0000-\u0008\u000b-\u001f\u202a-\u202e]/],
    ["is a command of the project's", /^::(?!(?:error|warning|notice) (?:file=|title=pgbouncer-audit::))/m],
    ["is a line that is no command", /^(?!::)./m],
    ["ends a property", /file=[^:]*::error/],
  ],
  markdown: [
    ["steers the terminal", /[\u0000-\u0008\u000b-\u001f\u202a-\u202e]/],
    ["is HTML of the project's", /<(?:script|img|h1|evil)/],
    ["mentions somebody, or an issue, or links", /@octocat|#1\b|(?<!\\)\]\(javascript|https:\/\/example/],
  ],
  html: [["runs", /<script>alert|<img|<evil|onerror="/]],
  json: [],
  sarif: [],
  gitlab: [],
  junit: [["is no XML", /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/]],
};

describe.each(Object.keys(formatters) as (keyof typeof formatters)[])("%s", (name) => {
  const text = formatters[name](report);

  it("holds nothing of the project's that is active", () => {
    const read = name === "markdown" ? outsideCode(text) : text;
    for (const [what, pattern] of FORBIDDEN[name]) expect(pattern.exec(read)?.[0], what).toBeUndefined();
  });

  it("is well-formed Unicode", () => {
    expect(Buffer.from(text, "utf8").toString("utf8") === text).toBe(true);
  });

  it("is the same again", () => {
    expect(formatters[name](report) === text).toBe(true);
  });
});

describe("JSON and SARIF", () => {
  it("give hostile text back as it was, but for half characters", () => {
    const back = JSON.parse(formatters.json(report)) as Report;
    for (const text of HOSTILE) expect(back.reasons).toContain(text);
  });
});

describe("GitHub's annotations", () => {
  it("are a line each, whatever lines the project's text has", () => {
    const open = report.findings.filter(({ suppressed }) => suppressed === null).length;
    expect(formatters.github(report).trimEnd().split("\n")).toHaveLength(open + 1);
  });

  it("begin with what is surest", () => {
    const lines = formatters.github(reportOf("tenant-api")).split("\n");
    const levels = lines.map((line) => /^::(\w+)/.exec(line)?.[1] ?? "");
    expect(levels.indexOf("warning")).toBeGreaterThan(levels.lastIndexOf("error"));
    expect(lines.at(-2)).toMatch(/^::notice title=pgbouncer-audit::not-ready for transaction mode/);
  });
});

describe("Markdown", () => {
  const size = (text: string): number => Math.max(text.length, Buffer.byteLength(text));

  it("begins with the mark that finds the comment again", () => {
    expect(formatters.markdown(report).split("\n")[0]).toBe("<!-- pgbouncer-audit -->");
  });

  it("fits a comment, whatever the size of the report", () => {
    const findings = Array.from({ length: 5_000 }, (_, index) =>
      report.findings.slice(index % report.findings.length).slice(0, 1),
    ).flat();
    expect(size(formatters.markdown(report))).toBeLessThan(60_000);
    expect(size(formatters.markdown({ ...report, findings }))).toBeLessThan(60_000);
    expect(size(formatters.markdown(reportOf("tenant-api")))).toBeLessThan(20_000);
  });

  it("closes what it opens", () => {
    const text = outsideCode(formatters.markdown(report));
    expect(text.match(/^<details>$/gm)?.length).toBe(text.match(/^<\/details>$/gm)?.length);
    expect(text.match(/<summary>/g)?.length).toBe(text.match(/<\/summary>/g)?.length);
  });

  it("has all parts of an audit report", () => {
    const text = formatters.markdown(reportOf("pooler-deployment"));
    for (const part of [
      "NOT READY",
      "Scope",
      "Coverage:",
      "Before the pooler is switched on",
      "Findings:",
      "Connections (",
      "Deployment checks (",
      "Method and limits",
      "signed off by",
    ])
      expect(text).toContain(part);
  });
});
