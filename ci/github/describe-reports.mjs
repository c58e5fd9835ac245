#!/usr/bin/env node
// Called by audit.sh as `describe-reports.mjs REPORTS PATHS…`, in the folder and with the paths of the audit: makes the paths of the SARIF file
// relative to the repository, as code scanning reads them, and prints the outputs of the step.
import { existsSync, readFileSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

const VERDICTS = ["ready", "ready-with-conditions", "not-ready", "inconclusive"];

const isFolder = (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
const isIn = (folder, path) => `${path}${sep}`.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);

/** The folder that paths in reports are relative to: the one that was audited, else the working folder or the nearest that holds all paths. */
function auditedFolder(paths) {
  const working = realpathSync(".");
  const folders = paths.map((path) => realpathSync(isFolder(path) ? path : dirname(resolve(path))));
  if (paths.length === 1 && isFolder(paths[0])) return folders[0];
  if (folders.every((folder) => isIn(working, folder))) return working;
  let shared = folders[0];
  while (!folders.every((folder) => isIn(shared, folder))) shared = dirname(shared);
  return shared;
}

/** The nearest folder from here upwards that git has cloned into, not past the workspace; else the workspace. A submodule's `.git` is a file. */
function repositoryOf(folder) {
  const workspace = realpathSync(process.env.GITHUB_WORKSPACE || ".");
  for (let at = folder; isIn(workspace, at); at = dirname(at)) {
    if (isFolder(join(at, ".git"))) return at;
    if (at === dirname(at)) break;
  }
  return workspace;
}

/** Prefixes every URI that is relative to the audited folder, wherever it is in the log. */
function rebase(value, prefix) {
  if (Array.isArray(value)) {
    for (const item of value) rebase(item, prefix);
  } else if (typeof value === "object" && value !== null) {
    if (typeof value.uri === "string" && value.uriBaseId === "%SRCROOT%") value.uri = prefix + value.uri;
    for (const item of Object.values(value)) rebase(item, prefix);
  }
}

const [reports, ...paths] = process.argv.slice(2);
const { verdict } = JSON.parse(readFileSync(join(reports, "pgbouncer-audit.json"), "utf8"));
if (!VERDICTS.includes(verdict)) throw new Error("The report in JSON has no verdict that is known.");

const audited = auditedFolder(paths);
const repository = repositoryOf(audited);
// Outside the repository there is nothing to be relative to; a line end in an output would begin another one.
const inside = isIn(repository, audited) ? relative(repository, audited).split(sep).join("/") : "";
const folder = /[\r\n]/.test(inside) ? "" : inside;

const sarifFile = join(reports, "pgbouncer-audit.sarif");
if (folder !== "" && existsSync(sarifFile)) {
  const log = JSON.parse(readFileSync(sarifFile, "utf8"));
  rebase(log, `${folder.split("/").map(encodeURIComponent).join("/")}/`);
  writeFileSync(sarifFile, `${JSON.stringify(log, null, 2)}\n`);
}

const outputs = {
  verdict,
  folder,
  // Two audits of one job need two categories and two artifacts; a name of an artifact has none of the signs that a path may have.
  category: folder === "" ? "pgbouncer-audit" : `pgbouncer-audit/${folder}`,
  "artifact-name": ["pgbouncer-audit", ...folder.split("/")]
    .filter(Boolean)
    .join("-")
    .replace(/[^\w.-]/g, "_"),
};
for (const [name, file] of [
  ["sarif-file", "pgbouncer-audit.sarif"],
  ["markdown-file", "pgbouncer-audit.md"],
  ["html-file", "pgbouncer-audit.html"],
]) {
  if (existsSync(join(reports, file))) outputs[name] = join(reports, file);
}
console.log(
  Object.entries(outputs)
    .map(([name, value]) => `${name}=${value}`)
    .join("\n"),
);
