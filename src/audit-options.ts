import type { Configuration, PoolerConfiguration, Severity } from "../analyzers/index.ts";
import type { Report } from "./report/schema.ts";
import type { Producer } from "./parse-source.ts";

/** Settings of the pooler that the user states; each goes before what deployment files say. */
type StatedSettings = Pick<
  PoolerConfiguration,
  | "poolMode"
  | "maxPreparedStatements"
  | "trackExtraParameters"
  | "ignoreStartupParameters"
  | "postgresVersion"
  | "capabilities"
>;

/** What an audit is asked for. */
export interface AuditOptions extends StatedSettings {
  /** `pgbouncer`, `pgbouncer@1.25`, `rds-proxy`; goes before what deployment files say. */
  readonly pooler?: string;
  /** Files and folders; default the current folder. */
  readonly paths?: readonly string[];
  readonly cwd?: string;
  /** Environment variables, settings and hosts (`host` or `host:port`) that lead past the pooler. */
  readonly direct?: readonly string[];
  /** The same for those that lead to the pooler, whatever their names say. */
  readonly pooled?: readonly string[];
  /** Rule id to level; overrides the severity of its findings, `off` drops them. */
  readonly ruleLevels?: Readonly<Record<string, Severity | "off">>;
  /** Findings of this severity and above make the exit code 1. Default `error`. */
  readonly failOn?: Severity | "never";
  /** Percent of call sites that must be resolved; less makes the exit code 1. */
  readonly minCoverage?: number;
  /** Globs in the syntax of .gitignore, relative to the audited root. Files that are named in `paths` are taken all the same. */
  readonly ignore?: readonly string[];
  /** The day it is, `2026-11-25`; what was accepted until an earlier one is not any more. Default: today. */
  readonly today?: string;
  /** The report of an earlier audit, to say what changed. */
  readonly previous?: Report;
  /** The configuration itself, in place of a file; its paths are relative to `cwd`. */
  readonly configuration?: Configuration;
  /** The file of the configuration; `false`: none. Default: the first that is found from the audited folder upwards. */
  readonly configFile?: string | false;
  /** The file of accepted findings; `false`: none, whatever the configuration says. */
  readonly baseline?: string | false;
  /** A commit of git: only findings at lines that changed since it are listed and counted for the exit code. */
  readonly since?: string;
  /** Default oxc, and @typescript-eslint/parser for the files that oxc refuses. */
  readonly parser?: Producer;
  /** Analyse the files too that give no reason to, by their text: slow, and nothing but a check of that judgement. Default false. */
  readonly everyFile?: boolean;
  /** Called with what is being done, for a progress display. */
  readonly onProgress?: (message: string) => void;
}
