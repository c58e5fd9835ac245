import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { formatters } from "../../../src/index.ts";
import { hostileReport, reportOf } from "../../support/reports.ts";

const html = formatters.html(reportOf("tenant-api"));

const blocks = (tag: string): string[] =>
  [...html.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, "g"))].map(([, text = ""]) => text);

describe("the HTML report", () => {
  it("has its fourteen parts in order", () => {
    const titles = [...html.matchAll(/<span class="number">(\d+)<\/span> ([^<]*)/g)].map(
      ([, number, title]) => `${String(number)} ${String(title)}`,
    );
    expect(titles).toEqual([
      "1 Verdict",
      "2 Scope",
      "3 Coverage",
      "4 Before the pooler is switched on",
      "5 Findings",
      "6 SQL that was not resolved",
      "7 Connections",
      "8 Packages and tools that need a session",
      "9 How the pooler is set up",
      "10 Accepted risks",
      "11 Seen and right",
      "12 Method and limits",
      "13 Since the previous report",
      "14 Sign-off",
    ]);
  });

  it("allows its own script and style, by their hashes, and nothing else", () => {
    const policy =
      /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1]?.replaceAll("&#39;", "'") ?? "";
    const hash = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
    const [script = ""] = blocks("script");
    const [style = ""] = blocks("style");
    expect(policy.split("; ")).toEqual([
      "default-src 'none'",
      `script-src ${hash(script)}`,
      `style-src ${hash(style)}`,
      "img-src data:",
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(html).not.toMatch(/ style="| on\w+="/);
  });

  it("loads nothing", () => {
    const loaded = [...html.matchAll(/<(?:link|img|script|iframe|source|object|embed)\b[^>]*?(?:src|href)="([^"]*)"/g)];
    expect(loaded.map(([, address]) => address)).toEqual(["data:,"]);
    expect(blocks("style").join("")).toContain(".finding");
    expect(blocks("style").join("")).not.toMatch(/url\(|@import/);
  });

  it("is the same bytes for the same report", () => {
    expect(formatters.html(reportOf("tenant-api"))).toBe(html);
  });

  it("shows each finding with its place, words, code and way", () => {
    const report = reportOf("tenant-api");
    expect(html.match(/<article class="finding/g)).toHaveLength(report.findings.length);
    expect(html).toContain("<code>src/tenants.ts:16</code>");
    expect(html).toContain("<mark>set_config</mark>");
    expect(html).toContain("Nothing shows: no error, and not what was meant.");
  });

  it("keeps hostile text inert", () => {
    const hostile = formatters.html(hostileReport());
    expect(hostile.match(/<script\b/g)).toHaveLength(1);
    expect(hostile.match(/<img|<evil|<h1>x/g)).toBeNull();
    expect(hostile.match(/[\u0000-\u0008\u000b\u001b\u202a-\u202e\u2066-\u2069]/g)).toBeNull();
    const links = [...hostile.matchAll(/href="([^"]*)"/g)].map(([, address = ""]) => address);
    expect(links.filter((address) => !/^(?:#|data:,$|https:\/\/github\.com\/pgbouncer-audit\/)/.test(address))).toEqual(
      [],
    );
  });
});
