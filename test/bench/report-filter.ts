/**
 * How long the HTML report with 5,000 findings takes to open, filter, search and group in Chromium: `npm run bench`. The report is that of a sample
 * project, its findings repeated in other files; each change is timed in the page, from setting the control to the frame after the layout.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { openBrowser } from "../support/browser.ts";
import type { audit, Report } from "../../src/index.ts";

const FINDINGS = 5_000;
const ROUNDS = 12;

/** A report with that many findings, in so many files and workspaces that filters leave different ones. */
function large(report: Report): Report {
  const findings = Array.from({ length: FINDINGS }, (_, index) =>
    report.findings.slice(index % report.findings.length, (index % report.findings.length) + 1).map((finding) => ({
      ...finding,
      path: `apps/app-${String(index % 40)}/src/file-${String(index % 600)}.ts`,
      workspace: `apps/app-${String(index % 40)}`,
      fingerprint: `bench${String(index)}:1`,
    })),
  ).flat();
  return { ...report, findings };
}

/** In the page: sets a control, and gives the milliseconds to the frame after the change was laid out. */
const MEASURE = `(id, value) => new Promise((resolve) => {
  const control = document.querySelector(id);
  const start = performance.now();
  control.value = value;
  control.dispatchEvent(new Event(control.type === "search" ? "input" : "change", { bubbles: true }));
  requestAnimationFrame(() => { document.body.getBoundingClientRect(); requestAnimationFrame(() => resolve(performance.now() - start)); });
})`;

const STEPS: readonly (readonly [string, string, readonly string[]])[] = [
  ["filter by severity", "select[name=severity]", ["error", "warning", ""]],
  ["filter by rule", "select[name=rule]", ["no-session-identity", "no-temp-table", ""]],
  ["filter by workspace", "select[name=workspace]", ["apps/app-7", "apps/app-12", ""]],
  ["search", "#search", ["tenant", "file-77", ""]],
  ["group", "#group", ["file", "workspace", "effect", "rule"]],
];

const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((left, right) => left - right)[Math.min(Math.floor(values.length * share), values.length - 1)] ?? 0;

async function main(): Promise<void> {
  // The built package: JSX and the texts in it are compiled there.
  const built = (await import(pathToFileURL(join(import.meta.dirname, "../../dist/index.mjs")).href)) as {
    readonly audit: typeof audit;
    readonly formatters: Readonly<Record<string, (report: Report) => string>>;
  };
  const sample = join(import.meta.dirname, "../../fixtures/tenant-api");
  const report = large(built.audit({ paths: [sample] }).report);
  const begun = performance.now();
  const html = built.formatters["html"]?.(report) ?? "";
  const written = performance.now() - begun;
  const folder = mkdtempSync(join(tmpdir(), "pgbouncer-audit-bench-"));
  const file = join(folder, "report.html");
  writeFileSync(file, html);
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, bypassCSP: true });
    const opened = performance.now();
    await page.goto(pathToFileURL(file).href);
    await page.locator("#count").waitFor();
    const ready = performance.now() - opened;
    console.log(
      `${String(FINDINGS)} findings, ${(html.length / 1e6).toFixed(1)} MB; ${String(cpus().length)} × ${cpus()[0]?.model ?? "?"}, Node ${process.version}`,
    );
    console.log(`written in ${written.toFixed(0)} ms, opened in ${ready.toFixed(0)} ms`);
    console.log("                         median      p95   (ms, goal: median below 200)");
    for (const [name, selector, values] of STEPS) {
      const times: number[] = [];
      for (let round = 0; round < ROUNDS; round++)
        for (const value of values)
          times.push(
            Number(await page.evaluate(`(${MEASURE})(${JSON.stringify(selector)}, ${JSON.stringify(value)})`)),
          );
      console.log(
        `${name.padEnd(22)} ${percentile(times, 0.5).toFixed(0).padStart(8)} ${percentile(times, 0.95).toFixed(0).padStart(8)}`,
      );
    }
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
