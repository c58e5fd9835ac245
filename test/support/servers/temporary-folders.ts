import { chmodSync, chownSync, mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runAs, unprivilegedUser, type User } from "./unprivileged-user.ts";

const prefix = "pgbouncer-audit-witness-";

/**
 * A fresh folder that belongs to `owner` (undefined: ourselves), who can also remove it. Servers can look in whoever owns it. Throws when no
 * temporary folder of the system lets the unprivileged user write.
 */
export function temporaryFolder(owner: User | undefined): string {
  const folder = realpathSync(mkdtempSync(join(parent(), prefix)));
  chmodSync(folder, 0o755);
  if (owner) chownSync(folder, owner.uid, owner.gid);
  return folder;
}

/** TMPDIR may be a private folder of root's, where an unprivileged user can neither enter nor remove what is its own. */
function parent(): string {
  const user = unprivilegedUser();
  if (!user) return tmpdir();
  const usable = [tmpdir(), "/tmp", "/var/tmp"].find((folder) => {
    try {
      runAs(user, "sh", "-c", 'test -w "$1" && test -x "$1"', "sh", folder);
      return true;
    } catch {
      return false;
    }
  });
  if (usable === undefined)
    throw new Error(`user ${String(user.uid)}, who is to run the servers, can write to no temporary folder`);
  return usable;
}
