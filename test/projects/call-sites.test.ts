import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { describe, expect, it } from "vitest";
import { audit } from "../../src/index.ts";
import { describeCallSite } from "../support/call-sites.ts";

const fixtures = join(import.meta.dirname, "../../fixtures");
const listed = readdirSync(fixtures).filter((project) => existsSync(join(fixtures, project, "call-sites.json")));

/** `path:line SQL | scope | state | protocol` of every call site of a project, in order of place. */
function found(project: string): string[] {
  const folder = join(fixtures, project);
  const { analysis, files } = audit({ paths: [folder] });
  return analysis.callSites
    .map((site) => {
      const { file, range } = site.location;
      const line = (files.textOf(file) ?? "").slice(0, range.start).split("\n").length;
      const path = relative(folder, file).split(sep).join("/");
      return { path, line, start: range.start, words: describeCallSite(analysis, site) };
    })
    .sort((left, right) => (left.path === right.path ? left.start - right.start : left.path < right.path ? -1 : 1))
    .map(({ path, line, words }) => `${path}:${String(line)} ${words}`);
}

describe("every call site of a project, written down by hand", () => {
  for (const project of listed) {
    it(project, () => {
      const expected = JSON.parse(readFileSync(join(fixtures, project, "call-sites.json"), "utf8")) as string[];
      expect(found(project)).toEqual(expected);
    });
  }
});
