import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runCommand } from "../../src/commands/command.ts";
import type { Report } from "../../src/index.ts";
import { temporaryProject } from "./temporary-project.ts";

/** What a run of the command came to. */
export interface Run {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** A folder to run the command in, as a user does. */
export interface Project {
  readonly folder: string;
  readonly write: (name: string, text: string) => void;
  readonly read: (name: string) => string;
  readonly remove: (name: string) => void;
  readonly run: (...argv: readonly string[]) => Run;
  /** The same, with answers for what it asks. */
  readonly runAsked: (
    answers: readonly string[],
    ...argv: readonly string[]
  ) => Run & { readonly asked: readonly string[] };
  readonly report: (...argv: readonly string[]) => Report;
}

/** Makes a project of these files. */
export function project(files: Readonly<Record<string, string>>): Project {
  const folder = temporaryProject(files);
  const runAsked: Project["runAsked"] = (answers, ...argv) => {
    let out = "";
    let error = "";
    const asked: string[] = [];
    const rest = [...answers];
    const code = runCommand(argv, {
      out: (text) => {
        out += text;
      },
      error: (text) => {
        error += text;
      },
      cwd: folder,
      colorOut: false,
      ...(answers.length === 0
        ? {}
        : {
            ask: (question: string): string => {
              asked.push(question);
              return rest.shift() ?? "";
            },
          }),
    });
    return { code, out, error, asked };
  };
  const run: Project["run"] = (...argv) => runAsked([], ...argv);
  return {
    folder,
    write: (name, text) => {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    },
    read: (name) => readFileSync(join(folder, name), "utf8"),
    remove: (name) => {
      rmSync(join(folder, name));
    },
    run,
    runAsked,
    report: (...argv) => {
      const { out, error } = run("--format", "json", ...argv);
      if (out === "") throw new Error(error);
      return JSON.parse(out) as Report;
    },
  };
}

/** A file with one finding, of no-session-set, on its third line, in the function of that name. */
export const setting = (parameter = "work_mem", name = "run"): string => `import { Pool } from "pg";
const pool = new Pool();
export const ${name} = () => pool.query("SET ${parameter} = '64MB'");
`;
