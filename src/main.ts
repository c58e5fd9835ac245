#!/usr/bin/env node
import { readSync } from "node:fs";
import { ConfigurationError } from "../analyzers/index.ts";
import { runCommand } from "./commands/command.ts";
import { startProgress } from "./progress.ts";
import { wantsColor } from "./surroundings.ts";
import { writeAll } from "./write-all.ts";
import { writingReason } from "./write-whole.ts";

const isInteractive = process.stderr.isTTY && (process.env["CI"] ?? "") === "";

/** Writes a question to standard error and reads a line of the terminal. */
function ask(question: string): string {
  writeAll(2, question);
  const bytes = Buffer.alloc(1024);
  return bytes.toString("utf8", 0, readSync(0, bytes)).trim();
}

function main(): number {
  try {
    return runCommand(process.argv.slice(2), {
      out: (text) => {
        try {
          writeAll(1, text);
        } catch (error) {
          throw new ConfigurationError(`Standard output cannot be written: ${writingReason(error)}.`);
        }
      },
      error: (text) => {
        try {
          writeAll(2, text);
        } catch {
          // What cannot be written cannot be said either; the exit code says it.
        }
      },
      cwd: process.cwd(),
      colorOut: wantsColor(process.stdout.isTTY, process.env),
      ...(process.stdout.isTTY ? { width: process.stdout.columns } : {}),
      ...(isInteractive ? { progress: startProgress } : {}),
      ...(isInteractive && process.stdin.isTTY ? { ask } : {}),
    });
  } catch (error) {
    // Anything that is not the user's mistake is ours, and keeps its stack.
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    writeAll(2, `pgbouncer-audit failed; this is a bug: ${stack}\n`);
    return 2;
  }
}

process.exitCode = main();
