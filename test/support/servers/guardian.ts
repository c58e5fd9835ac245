import { spawn } from "node:child_process";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { serverEnvironment, type User } from "./unprivileged-user.ts";

/** A program and its arguments. */
export type Command = readonly [program: string, ...args: readonly string[]];

/** What a guardian owns. */
export interface Ward {
  /** Removed with all that is in it when the guardian ends. */
  readonly folder: string;
  /** Whom the guardian and its commands run as; must be able to remove `folder`. Undefined: ourselves. */
  readonly user: User | undefined;
  /** Run to its end before the server starts; when it fails the server does not start. */
  readonly preparation?: Command;
  /** Undefined when only the folder is to be removed some time. */
  readonly server?: Command;
  /** What ends the server at once, whatever its clients do. */
  readonly stopSignal?: "QUIT" | "TERM";
}

/** A shell process that outlives us by just the time it takes to clean up. */
export interface Guardian {
  /** 0 when it could not be started, which `log` and `stop` say. */
  readonly processId: number;
  /** Whether the server ended, of itself or by `stop`. */
  ended(): boolean;
  /** What preparation and server wrote on stdout and stderr; can still be read when both are gone. */
  log(): string;
  /** Ends the server and removes the folder; done when both are gone. Throws when the folder could not be removed. */
  stop(): Promise<void>;
}

/**
 * Starts a guardian. It holds the other end of a pipe of ours, which the operating system closes when this process ends in whatever way,
 * SIGKILL included: then, as on `stop()`, it ends the server and removes the folder.
 */
export function startGuardian(ward: Ward): Guardian {
  const logFile = openSync(join(ward.folder, "log"), "a+");
  const guardian = spawn("/bin/sh", ["-c", script(ward)], {
    ...ward.user,
    cwd: "/",
    env: serverEnvironment(),
    // A session of its own: Ctrl-C in the terminal is for us, and the guardian sees it as our end.
    detached: true,
    stdio: ["pipe", logFile, logFile],
  });
  let end: number | NodeJS.Signals | Error | undefined;
  let lastLog: string | undefined;
  const finished = new Promise<void>((resolve) => {
    const finish = (how: number | NodeJS.Signals | Error) => {
      end ??= how;
      resolve();
    };
    guardian.once("exit", (code, signal) => {
      finish(code ?? signal ?? 0);
    });
    guardian.once("error", finish);
  });
  // The pipe breaks when the guardian is gone before we close it.
  guardian.stdin?.on("error", () => undefined);
  // Neither keeps a process alive whose work is done: it ends, and the guardian after it.
  guardian.unref();
  return {
    processId: guardian.pid ?? 0,
    ended: () => end !== undefined,
    log: () => lastLog ?? readWhole(logFile),
    async stop() {
      guardian.ref();
      guardian.stdin?.destroy();
      await finished;
      if (lastLog === undefined) {
        lastLog = readWhole(logFile);
        closeSync(logFile);
      }
      if (end !== 0) throw new Error(`${ward.folder} was not cleaned up (${String(end)}):\n${lastLines(lastLog)}`);
    },
  };
}

/** The last 20 lines of a log, for an error message. */
export function lastLines(log: string): string {
  return log.trimEnd().split("\n").slice(-20).join("\n");
}

/** From the open file, which can be read when its name and folder are gone. */
function readWhole(file: number): string {
  const buffer = Buffer.alloc(fstatSync(file).size);
  return buffer.toString("utf8", 0, readSync(file, buffer, 0, buffer.length, 0));
}

/**
 * POSIX sh. The signal is sent again and again, since one that comes before the server has its handlers is lost: a shell starts its
 * background processes with SIGQUIT ignored. PostgreSQL kills backends that do not end within 5 seconds; KILL comes well after that.
 */
function script({ folder, preparation, server, stopSignal = "TERM" }: Ward): string {
  return `
folder=${quote(folder)}
removeFolder() {
  for attempt in 1 2 3 4 5 6 7 8 9 10; do
    rm -rf "$folder" && exit 0
    sleep 0.2
  done
  exit 1
}
trap removeFolder EXIT
ulimit -c 0
umask 022
exec 3<&0 0</dev/null
closed() { read -r nothing <&3; }
${preparation ? `${commandLine(preparation)} 3<&- || exit 1` : ""}
${server ? supervised(server, stopSignal) : "closed"}
`;
}

function supervised(server: Command, stopSignal: string): string {
  return `
${commandLine(server)} 3<&- &
server=$!
{
  closed
  trap '' TERM
  attempt=0
  while kill -${stopSignal} $server 2>/dev/null; do
    attempt=$((attempt + 1))
    if [ $attempt -gt 200 ]; then kill -KILL $server; fi
    sleep 0.05
  done
} &
watcher=$!
wait $server
kill $watcher 2>/dev/null
wait $watcher 2>/dev/null
`;
}

function commandLine(command: Command): string {
  return command.map(quote).join(" ");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
