import { existsSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { ConfigurationError } from "../../analyzers/index.ts";
import type { AuditOptions } from "../audit-options.ts";
import { audit } from "../audit.ts";
import { applyBaseline } from "../baseline/apply.ts";
import { type BaselineEntry, pathInBaseline, readBaseline, writeBaseline } from "../baseline/baseline-file.ts";
import { settingsFor } from "../configuration/settings.ts";
import { locate } from "../discovery/discover.ts";
import type { ReportedFinding } from "../report/schema.ts";
import { displayName, plural } from "../words.ts";

/** What is done with a baseline: written anew, what is new added to it, what matches nothing taken out. */
export type BaselineAction = "create" | "update" | "prune";

/** What the command is asked for. */
export interface BaselineRequest {
  readonly action: BaselineAction;
  readonly options: AuditOptions;
  readonly cwd: string;
  readonly reason: string | undefined;
  readonly owner: string | undefined;
  readonly expires: string | undefined;
}

const DEFAULT_FILE = "pgbouncer-baseline.json";

/** Findings worth accepting: the gate may be set to any of these levels; notes are none. */
const isWorthAccepting = ({ severity, suppressed, ruleId }: ReportedFinding): boolean =>
  severity !== "info" && suppressed === null && ruleId !== "valid-suppression";

/** Writes a baseline and says in words what was done. Throws a ConfigurationError for mistakes in the call. */
export function runBaseline({ action, options, cwd, reason, owner, expires }: BaselineRequest): string {
  const { root } = locate(options.paths ?? [], cwd);
  const settings = settingsFor(options, root, cwd);
  const file = settings.baseline ?? resolve(cwd, DEFAULT_FILE);
  const shown = relative(cwd, file) || file;
  const exists = existsSync(file);
  if (action === "create" && exists)
    throw new ConfigurationError(
      `There is a baseline ${shown} already: \`baseline update\` adds what is new, \`baseline prune\` takes out what is gone.`,
    );
  if (action !== "prune" && (reason ?? "").trim() === "")
    throw new ConfigurationError("Say why these findings are accepted: --reason TEXT.");
  if (expires !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(expires))
    throw new ConfigurationError(`"${expires}" is no day: write it as 2027-01-31.`);
  const before = exists || action !== "create" ? readBaseline(file, cwd) : undefined;
  const { report } = audit({ ...options, cwd, baseline: false });
  const fileOf = (path: string): string => join(root, path.split("/").join(sep));
  const paths = locate(options.paths ?? [], cwd).paths;
  const applied =
    before === undefined
      ? undefined
      : applyBaseline(report.findings, before, {
          today: settings.analysis.today,
          fileOf,
          nameOf: (path) => displayName(root, path),
          isAudited: (name) => paths.some((path) => name === path || name.startsWith(path + sep)),
        });
  if (action === "prune") {
    const gone = new Set(applied?.unmatched);
    const kept = (before?.entries ?? []).filter((entry) => !gone.has(entry));
    if (gone.size > 0) writeBaseline(file, kept, cwd);
    return `${shown}: ${gone.size === 0 ? "nothing to take out" : `${plural(gone.size, "entry", "entries")} taken out`}, ${plural(kept.length, "entry", "entries")} left.\n`;
  }
  const added = (applied?.findings ?? report.findings).filter(isWorthAccepting).map((finding): BaselineEntry => ({
    fingerprint: finding.fingerprint,
    rule: finding.ruleId,
    path: pathInBaseline(file, fileOf(finding.path)),
    symbol: finding.symbol,
    reason: reason ?? "",
    owner: owner ?? null,
    expires: expires ?? null,
  }));
  writeBaseline(file, [...(before?.entries ?? []), ...added], cwd);
  const hint = settings.baseline === undefined ? `Name it in the configuration: baseline: "${shown}".\n` : "";
  return `${shown}: ${plural(added.length, "finding")} accepted.\n${hint}`;
}
