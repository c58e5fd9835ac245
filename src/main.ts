#!/usr/bin/env node
import { writeSync } from "node:fs";
import spinner from "yocto-spinner";
import { runCommand, wantsColor } from "./command.ts";

/** Writes all of a text, however the stream is connected. A reader that has gone away (`| head`) is no error. */
function write(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length;) {
    try {
      done += writeSync(descriptor, bytes, done);
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === "EAGAIN") continue;
      if (code === "EPIPE") return;
      throw error;
    }
  }
}

const isInteractive = process.stderr.isTTY && (process.env["CI"] ?? "") === "";

process.exitCode = (() => {
  try {
    return runCommand(process.argv.slice(2), {
      out: (text) => {
        write(1, text);
      },
      error: (text) => {
        write(2, text);
      },
      cwd: process.cwd(),
      colorOut: wantsColor(process.stdout.isTTY, process.env),
      ...(isInteractive
        ? {
            progress: (message: string) => {
              const display = spinner({ text: message, stream: process.stderr }).start();
              return {
                update: (next: string) => {
                  display.text = next;
                },
                stop: () => {
                  display.stop();
                },
              };
            },
          }
        : {}),
    });
  } catch (error) {
    // Anything that is not the user's mistake is ours, and keeps its stack.
    write(
      2,
      `pgbouncer-audit failed; this is a bug: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return 2;
  }
})();
