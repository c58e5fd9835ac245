// What `npm run audit` runs in a clone of the repository: the built command, on a sample project when no folder is named.
import { spawnSync } from "node:child_process";
import { join, relative } from "node:path";
import "./build-if-needed.mjs";

const root = join(import.meta.dirname, "..");
const given = process.argv.slice(2);
const sample = relative(process.cwd(), join(root, "fixtures", "tenant-api"));
const { status } = spawnSync(
  process.execPath,
  [join(root, "dist", "main.mjs"), ...(given.length === 0 ? [sample] : given)],
  { stdio: "inherit" },
);
process.exitCode = status ?? 2;
