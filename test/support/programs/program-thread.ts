import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import ts from "typescript";
import type { Ending } from "../witness/ending.ts";
import type { Program } from "./programs.ts";

/** Runs programs of one driver in a thread of its own, which is made anew when a program does not end. */
export interface ProgramThread {
  run(program: Program, url: string): Promise<Ending>;
  stop(): Promise<void>;
}

/** How long a program may take, in ms. One that waits for an answer that never comes takes all of it. */
const PATIENCE = 15_000;

const root = join(import.meta.dirname, "..", "..", "..");
const worker = join(import.meta.dirname, "program-worker.mjs");

/** Prisma's client is generated of a schema. What it wants to download beside it migrates only, and is not needed. */
function generateClient(schema: string, folder: string): void {
  writeFileSync(join(folder, "schema.prisma"), readFileSync(schema));
  execFileSync(
    process.execPath,
    [join(root, "node_modules", "prisma", "build", "index.js"), "generate", "--schema", join(folder, "schema.prisma")],
    {
      cwd: folder,
      env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: "1" },
      stdio: "pipe",
    },
  );
}

function compile(program: Program, folder: string): string {
  const file = join(folder, `${basename(program.file, ".ts")}.mjs`);
  const { outputText } = ts.transpileModule(program.code, {
    compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
  });
  writeFileSync(file, outputText);
  return pathToFileURL(file).href;
}

/** A program says so by an export of its own. */
const changesItsThread = ({ code }: Program): boolean => code.includes("export const alone = true;");

/** Makes a thread for programs of one driver, with its files in `folder`, which must not exist yet. */
export function startProgramThread(folder: string): ProgramThread {
  mkdirSync(folder);
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const modules = new Map<string, string>();
  let thread: Worker | undefined;

  const moduleOf = (program: Program): string => {
    const schema = join(dirname(program.file), "schema.prisma");
    if (modules.size === 0 && existsSync(schema)) generateClient(schema, folder);
    const known = modules.get(program.name) ?? compile(program, folder);
    modules.set(program.name, known);
    return known;
  };
  const stop = async (): Promise<void> => {
    const ended = thread;
    thread = undefined;
    await ended?.terminate();
  };
  return {
    stop,
    async run(program, url) {
      const module = moduleOf(program);
      thread ??= new Worker(worker, { stdout: true, stderr: true, env: { PATH: process.env["PATH"] ?? "" } });
      const ending = await endingOf(thread, { module, url });
      if ("unfinished" in ending || changesItsThread(program)) await stop();
      return ending;
    },
  };
}

function endingOf(thread: Worker, job: { readonly module: string; readonly url: string }): Promise<Ending> {
  return new Promise((resolve) => {
    const end = (ending: Ending): void => {
      clearTimeout(timer);
      thread.off("message", end).off("error", fail);
      resolve(ending);
    };
    const fail = (error: unknown): void => {
      end({ error: { code: undefined, message: error instanceof Error ? error.message : String(error) } });
    };
    const timer = setTimeout(() => {
      end({ unfinished: true });
    }, PATIENCE);
    thread.on("message", end).on("error", fail);
    thread.postMessage(job);
  });
}
