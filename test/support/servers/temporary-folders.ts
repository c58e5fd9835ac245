import { chmodSync, chownSync, mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runAs, type User } from "./unprivileged-user.ts";

const prefix = "pgbouncer-audit-witness-";

/**
 * A fresh folder that belongs to `owner` (undefined: ourselves), who can also remove it. Others may look in: binaries that one user copied
 * are run by another. Throws when no temporary folder of the system lets `owner` do that.
 */
export function temporaryFolder(owner: User | undefined): string {
  const folder = realpathSync(mkdtempSync(join(parentFor(owner), prefix)));
  chmodSync(folder, 0o755);
  if (owner) chownSync(folder, owner.uid, owner.gid);
  return folder;
}

/** TMPDIR may be a private folder of root's, where an unprivileged user can neither enter nor remove what is its own. */
function parentFor(owner: User | undefined): string {
  if (!owner) return tmpdir();
  const parent = [tmpdir(), "/tmp", "/var/tmp"].find((folder) => {
    try {
      runAs(owner, "sh", "-c", 'test -w "$1" && test -x "$1"', "sh", folder);
      return true;
    } catch {
      return false;
    }
  });
  if (parent === undefined)
    throw new Error(`user ${String(owner.uid)}, who is to run the servers, can write to no temporary folder`);
  return parent;
}
