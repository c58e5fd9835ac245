import { describe, expect, it } from "vitest";
import { analyzeProject } from "../../analyzers/index.ts";
import { describe as describeSites } from "../support/call-sites.ts";
import { parseSource } from "../support/parse.ts";

/** The call sites of a program of two files, one of them empty: an editor, which has one file, does not say so much. */
function callSitesIn(code: string): string[] {
  const files = new Map([
    ["/load.ts", code],
    ["/other.ts", ""],
  ]);
  return describeSites(
    analyzeProject({
      sourceFiles: [...files.keys()],
      sqlFiles: [],
      load: (filename) => parseSource(filename, files.get(filename) ?? ""),
      resolve: () => undefined,
    }),
  );
}

describe("a tag of which nobody knows what it is", () => {
  const toolkit = `import { connect } from "@acme/toolkit";`;

  it("sends SQL where somebody waits for it", () => {
    const code = `${toolkit}
      export async function load() {
        const sql = await connect();
        const reserved = await sql.reserve();
        await reserved\`create temporary table batch (id int)\`;
        await reserved\`insert into batch values (\${1})\`;
      }`;
    expect(callSitesIn(code)).toEqual([
      "create temporary table batch (id int) | unknown | unknown | simple",
      "insert into batch values ($) | unknown | unknown | extended",
    ]);
  });

  it("does not where the text is no SQL, or where the tag of a package makes a text", () => {
    const code = `${toolkit}
      import dedent from "dedent";
      export async function load() {
        const page = await connect();
        await page.html\`<select></select>\`;
        await page.graph\`query { users { id } }\`;
        await page.shell\`set -e\`;
        return dedent\`select 1\`;
      }`;
    expect(callSitesIn(code)).toEqual([]);
  });
});
