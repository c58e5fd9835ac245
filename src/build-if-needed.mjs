// Builds dist/ when a source file is newer, so that `npm run audit` works in a fresh clone and stays quick afterwards.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

/** When the newest file below a folder was changed, in ms. */
function newest(folder) {
  return readdirSync(folder, { withFileTypes: true }).reduce((latest, entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return Math.max(latest, entry.name === "dist" || entry.name === "node_modules" ? 0 : newest(path));
    return Math.max(latest, statSync(path).mtimeMs);
  }, 0);
}

const built = [join(root, "dist", "main.mjs"), join(root, "eslint-plugin", "dist", "index.mjs")];
const sources = Math.max(
  ...["src", "analyzers", join("eslint-plugin", "src")].map((folder) => newest(join(root, folder))),
  ...["package.json", "tsdown.config.ts"].map((file) => statSync(join(root, file)).mtimeMs),
);
if (built.some((file) => !existsSync(file) || statSync(file).mtimeMs < sources)) {
  // Standard output belongs to the report.
  const build = spawnSync(process.execPath, [join(root, "node_modules", "tsdown", "dist", "run.mjs")], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (build.status !== 0) process.exit(2);
}
