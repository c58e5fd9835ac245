/** Whether a name is written as environment variables are. */
export const isVariableName = (name: string): boolean => /^[A-Z][A-Z\d]*(?:_[A-Z\d]+)*$/.test(name) && name.length > 1;

/**
 * The variable that something imported or global is, or is a part of: `process.env.DATABASE_URL`, `env.DATABASE_URL` of a package,
 * `process.env.DATABASE_URL.hostname`. Undefined for all else.
 */
export function variableIn(module: string, path: readonly string[]): string | undefined {
  if (module === "<global>" && path[0] === "process" && path[1] === "env") return path[2];
  return path.findLast(isVariableName);
}
