/**
 * How long an audit takes beside `ts.createSourceFile` over the same files, and the ESLint plugin beside ESLint with one trivial rule:
 * `npm run bench:audit [folder…]`, else over generated projects of 1,000, 10,000 and 50,000 files. Whole processes are measured, in turns,
 * and their ratios given: times of other machines, and of the same one an hour later, are not to be compared.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { mayReachPostgres } from "../../analyzers/index.ts";
import { discover } from "../../src/discovery/discover.ts";
import { readText } from "../../src/read-text.ts";
import { generateProject } from "./generate-project.ts";

const ROUNDS = 3;
const here = import.meta.dirname;
const scratch = mkdtempSync(join(tmpdir(), "pgbouncer-audit-bench-"));

interface Measured {
  readonly seconds: number;
  readonly megabytes: number;
  readonly out: string;
}

/** Runs a script in a process of its own. */
function measure(script: string, ...given: readonly string[]): Measured {
  const usage = join(scratch, "usage");
  const begun = performance.now();
  const { stdout, status, stderr } = spawnSync(
    process.execPath,
    ["--import", join(here, "usage.mjs"), script, ...given],
    { encoding: "utf8", maxBuffer: 2 ** 30, env: { ...process.env, USAGE_FILE: usage, CI: "true" } },
  );
  if (status === null || status > 1) throw new Error(`${script}: ${stderr}`);
  return {
    seconds: (performance.now() - begun) / 1000,
    megabytes: Number(readFileSync(usage, "utf8")) / 1024,
    out: stdout,
  };
}

const median = (values: readonly number[]): number => percentile(values, 0.5);
const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((left, right) => left - right)[Math.min(Math.floor(values.length * share), values.length - 1)] ?? 0;

function list(name: string, files: readonly string[]): string {
  const path = join(scratch, name);
  writeFileSync(path, files.join("\n"));
  return path;
}

function benchAudit(name: string, folder: string): void {
  const files = discover([folder]).sourceFiles.filter((file) => "text" in readText(file));
  const names = list("files", files);
  const rounds = Array.from({ length: ROUNDS }, () => ({
    typescript: measure(join(here, "parse-with-typescript.mjs"), names),
    audit: measure(join(here, "../../dist/main.mjs"), folder, "--quiet", "--fail-on", "never"),
  }));
  const ratio = median(rounds.map(({ typescript, audit }) => audit.seconds / typescript.seconds));
  const seconds = median(rounds.map(({ audit }) => audit.seconds));
  console.log(
    `| ${name} | ${String(files.length)} | ${seconds.toFixed(2)} | ${ratio.toFixed(2)} | ${((seconds / files.length) * 1000).toFixed(3)} | ${median(rounds.map(({ audit }) => audit.megabytes)).toFixed(0)} |`,
  );
}

/** How many files of each kind are linted. */
const LINTED = 400;

function benchPlugin(name: string, folder: string): void {
  const all = discover([folder]).sourceFiles.flatMap((file) => {
    const read = readText(file);
    return "text" in read ? [{ file, works: mayReachPostgres(read.text) }] : [];
  });
  for (const works of [true, false]) {
    const files = all
      .filter((one) => one.works === works)
      .slice(0, LINTED)
      .map(({ file }) => file);
    if (files.length === 0) continue;
    const names = list("linted", files);
    const rounds = Array.from({ length: ROUNDS }, () =>
      (["none", "plugin"] as const).map((kind) =>
        measure(join(here, "lint-with-eslint.mjs"), names, kind).out.trim().split("\n").map(Number),
      ),
    );
    const added = files.map((_, index) =>
      median(rounds.map(([bare, full]) => (full?.[index] ?? 0) - (bare?.[index] ?? 0))),
    );
    const sum = (values: readonly number[] = []): number => values.reduce((total, value) => total + value, 0);
    const ratio = median(rounds.map(([bare, full]) => sum(full) / sum(bare)));
    console.log(
      `| ${name}, ${works ? "files with SQL" : "other files"} | ${String(files.length)} | ${median(added).toFixed(2)} | ${percentile(added, 0.99).toFixed(2)} | ${ratio.toFixed(3)} |`,
    );
  }
}

function main(given: readonly string[]): void {
  console.log(
    `${String(cpus().length)} × ${cpus()[0]?.model ?? "?"}, Node ${process.version}, median of ${String(ROUNDS)} rounds`,
  );
  const made =
    given.length > 0
      ? []
      : [1_000, 10_000, 50_000].map((count) => ({ name: `generated`, folder: generateProject(count) }));
  const folders =
    given.length > 0 ? given.map((folder) => ({ name: folder.split(/[/\\]/).at(-1) ?? folder, folder })) : made;
  try {
    console.log(
      "\n| audit of | files | seconds | of ts.createSourceFile | ms a file | MB |\n| --- | --: | --: | --: | --: | --: |",
    );
    for (const { name, folder } of folders) benchAudit(name, folder);
    console.log(
      "\n| ESLint on | files | ms more, median | p99 | of one trivial rule |\n| --- | --: | --: | --: | --: |",
    );
    for (const { name, folder } of given.length > 0 ? folders : folders.slice(0, 1)) benchPlugin(name, folder);
  } finally {
    for (const { folder } of made) rmSync(folder, { recursive: true, force: true });
    rmSync(scratch, { recursive: true, force: true });
  }
}

main(process.argv.slice(2));
