import { relative, sep } from "node:path";

/** `1 file`, `2 files`; `many` where an s does not do. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${String(count)} ${count === 1 ? one : many}`;

/** Orders texts by their UTF-16 units, the same on every machine. */
export const compareText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** The name of an absolute path in reports: relative to the root, with `/`; `.` for the root itself. */
export const displayName = (root: string, path: string): string => relative(root, path).split(sep).join("/") || ".";
