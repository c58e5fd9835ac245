import { execFileSync, spawnSync } from "node:child_process";

/** Whom to run a process as: numbers, as `spawn` wants them. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

const candidates = ["nobody", "daemon", "postgres"];
let found: User | undefined;

/**
 * Whom servers run as: undefined (ourselves) unless this process is root, which PostgreSQL and PgBouncer refuse. Throws when root finds
 * no other user.
 */
export function unprivilegedUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  found ??= candidates.map(lookUp).find((user) => user !== undefined && user.uid !== 0);
  if (!found) throw new Error(`servers refuse to run as root, and none of the users ${candidates.join(", ")} exists`);
  return found;
}

function lookUp(name: string): User | undefined {
  const [uid, gid] = ["-u", "-g"].map((option) => spawnSync("id", [option, name], { encoding: "utf8" }));
  if (uid?.status !== 0 || gid?.status !== 0) return undefined;
  // macOS prints nobody's -2 as an unsigned number; `spawn` takes signed 32-bit ones.
  return { uid: Number(uid.stdout) | 0, gid: Number(gid.stdout) | 0 };
}

/** Runs a command as the user who is to run the servers; throws what it printed when it fails. Nothing of our environment reaches it. */
export function runAs(user: User | undefined, command: string, ...args: readonly string[]): void {
  execFileSync(command, args, { ...user, cwd: "/", env: serverEnvironment(), stdio: "pipe", timeout: 30_000 });
}

/**
 * The environment of servers: PGDATA, PGPORT, LANG and the like of a developer's shell must not change what is measured. TZ spares initdb
 * its search for the system's time zone.
 */
export function serverEnvironment(): Record<string, string> {
  const kept = ["PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), LC_ALL: "C", TZ: "UTC" };
}
