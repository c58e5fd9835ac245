import { expect, it } from "vitest";
import { snippetOf } from "../../src/report/snippet.ts";
import { codeFrame } from "../../src/reporters/code-frame.ts";

const place = (line: number, column: number, endLine: number, endColumn: number) => ({
  path: "a.ts",
  line,
  column,
  endLine,
  endColumn,
});

const frameOf = (text: string, at: ReturnType<typeof place>): string[] => codeFrame(snippetOf(text, at), at);

it("marks the range, one line above it", () => {
  expect(frameOf("one\ntwo\nthree four\n", place(3, 7, 3, 11))).toEqual([
    "  2 | two",
    "> 3 | three four",
    "    |       ^^^^",
  ]);
});

it("shows a part of a long line, around the place", () => {
  const [, marked = "", marker = ""] = frameOf(`x\n${"a".repeat(5000)}SET${"b".repeat(5000)}`, place(2, 5001, 2, 5004));
  expect(marked.length).toBeLessThan(160);
  expect(marked.slice(marker.indexOf("^"), marker.lastIndexOf("^") + 1)).toBe("SET");
});

it("shows the first lines of a long range", () => {
  const frame = frameOf(
    Array.from({ length: 20 }, (_, index) => `line ${String(index + 1)}`).join("\n"),
    place(2, 1, 19, 3),
  );
  expect(frame.filter((line) => line.startsWith(">"))).toHaveLength(4);
});

it("has nothing to show for a place that is not in the text", () => {
  expect(frameOf("", place(3, 1, 3, 2))).toEqual([]);
});

it("does not count the CR of a line end", () => {
  expect(frameOf("one\r\ntwo\r\n", place(2, 1, 2, 4))).toEqual(["  1 | one", "> 2 | two", "    | ^^^"]);
});
