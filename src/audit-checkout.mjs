// What `npm run audit` runs in a clone of the repository: the built command, on a sample project when nothing is named.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import "./build-if-needed.mjs";

const root = join(import.meta.dirname, "..");
// npm runs scripts in the folder of the package; the user's paths are relative to where the user is.
process.chdir(process.env.INIT_CWD ?? process.cwd());
const given = process.argv.slice(2);
const namesSomething = given.some(
  (word) => !word.startsWith("-") && (existsSync(word) || /^(?:explain|trace)$/.test(word)),
);
const sample = relative(process.cwd(), join(root, "fixtures", "tenant-api"));
const { status } = spawnSync(
  process.execPath,
  [join(root, "dist", "main.mjs"), ...given, ...(namesSomething ? [] : [sample])],
  { stdio: "inherit" },
);
process.exitCode = status ?? 2;
