import { posix } from "node:path";
import type { SqlFile } from "../source/parsed-file.ts";
import { alternatives, knownText, type TextValue, type Value } from "../source/values.ts";

/** Longer files are data, not queries. */
const MAX_LENGTH = 200_000;

/** The path in a text, or the part of it after what is not known (`__dirname`); without `./` and `../`. */
function knownPath(value: TextValue): string | undefined {
  const last = value.segments.findLastIndex((segment) => segment.kind !== "text");
  const words = value.segments
    .slice(last + 1)
    .map((segment) => (segment.kind === "text" ? segment.value : ""))
    .join("");
  const path = posix.normalize(words.replaceAll("\\", "/")).replace(/^(?:\.{1,2}\/|\/)+/, "");
  return path.toLowerCase().endsWith(".sql") ? path : undefined;
}

/**
 * Looks up `.sql` files of the project by the paths that programs read them by. A path is relative to a folder that is often not known;
 * it means the file whose own path ends like it, if there is one only, and before others one near the file that reads it.
 */
export function makeSqlFiles(files: readonly SqlFile[]): (path: Value, from: string) => Value | undefined {
  const names = files.map((file) => ({ file, name: file.filename.replaceAll("\\", "/") }));
  return (path, from) => {
    const folder = posix.dirname(from.replaceAll("\\", "/"));
    for (const member of alternatives(path)) {
      const words = member.kind === "text" ? knownPath(member) : undefined;
      if (words === undefined) continue;
      const fitting = names.filter(({ name }) => name === words || name.endsWith(`/${words}`));
      const found =
        fitting.find(({ name }) => name === posix.join(folder, words)) ??
        (fitting.length === 1 ? fitting[0] : undefined);
      if (found === undefined || found.file.text.length > MAX_LENGTH) continue;
      const { filename, text } = found.file;
      return knownText(text, { file: filename, range: { start: 0, end: text.length } });
    }
    return undefined;
  };
}
