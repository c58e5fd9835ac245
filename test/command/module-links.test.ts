import { describe, expect, it } from "vitest";
import { makeDefiners, moduleLinks } from "../../src/module-links.ts";

describe("the links of a module", () => {
  it.each([
    [
      'import a, { b as c, type D } from "./x";',
      [
        ["b", "c"],
        ["D", "D"],
        ["default", "default"],
      ],
    ],
    ['import * as all from "./x";', [["*", "all"]]],
    [
      'import type {\n  A,\n  B,\n} from "./x";',
      [
        ["A", "A"],
        ["B", "B"],
      ],
    ],
    ['const { a } = require("./x");', [["*", "*"]]],
    ['const a = await import("./x");', [["*", "*"]]],
    ['import "./x";', []],
  ])("%s", (text, names) => {
    expect(moduleLinks(text).imports).toEqual([{ specifier: "./x", names }]);
  });

  it.each([
    ["export const a = 1; export async function b() {} export default c;", ["a", "b", "default"]],
    [
      "export abstract class A {} export enum B {} export const enum C {} export function* d() {}",
      ["A", "B", "C", "d"],
    ],
    ["const a = 1, b = 2; export { a, b as c };", ["a", "c"]],
    ["export const { a, b } = make();", ["*"]],
    ["module.exports = { a };", ["*"]],
  ])("%s exports names of its own", (text, own) => {
    expect(moduleLinks(text).own).toEqual(own);
  });
});

describe("where a name is defined", () => {
  const definersIn = (files: Readonly<Record<string, string>>) =>
    makeDefiners(
      (path) => (files[path] === undefined ? undefined : moduleLinks(files[path])),
      (_, specifier) => (specifier.startsWith("./") ? specifier.slice(2) : undefined),
    );

  it("is followed through files that pass it on, by its name", () => {
    const of = definersIn({
      index: 'export * from "./db"; export { text as words } from "./text"; export * as all from "./text";',
      db: "export const pool = 1;",
      text: "export const text = 2;",
    });
    expect([...of("index", "pool")]).toEqual(["db"]);
    expect([...of("index", "words")]).toEqual(["text"]);
    expect([...of("index", "all")]).toEqual(["text"]);
    expect([...of("index", "*")]).toEqual(["db", "text", "index"]);
  });

  it("is the file itself for a package's names, and for what is not understood", () => {
    const of = definersIn({
      index: 'export { Pool } from "pg"; export * from "kysely"; export * from "./other";',
      other: "",
    });
    expect([...of("index", "Pool")]).toEqual(["index"]);
    expect([...of("index", "sql")]).toEqual(["index"]);
  });

  it("ends in circles, and where many ways lead to the same files", () => {
    const layers = 40;
    const files = Object.fromEntries(
      Array.from({ length: layers }, (_, layer) =>
        ["a", "b"].map((side) => [
          `${side}${String(layer)}`,
          layer === layers - 1
            ? 'export const deep = 1; export * from "./a0";'
            : `export * from "./a${String(layer + 1)}"; export * from "./b${String(layer + 1)}";`,
        ]),
      ).flat() as [string, string][],
    );
    expect([...definersIn(files)("a0", "deep")]).toEqual([`a${String(layers - 1)}`, `b${String(layers - 1)}`]);
  });
});
