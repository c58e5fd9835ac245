import type { PoolerDeployment, PoolerEntry, Stated } from "../../deployment-model.ts";
import {
  bouncers,
  type CheckResult,
  type DeploymentCheck,
  type DeploymentView,
  foundAt,
  notKnown,
  passed,
} from "./check.ts";

const aliasName = ({ name }: PoolerEntry): string => (name.is === "known" ? name.value : "…");

const ownMode = (entry: PoolerEntry): Stated<string> | undefined =>
  entry.settings.findLast(({ name }) => name === "pool_mode")?.value;

const isMode = (stated: Stated<string> | undefined, mode: string): boolean =>
  stated?.is === "known" && stated.value.trim().toLowerCase() === mode;

/** Entries that URLs of the project lead to; all where no URL is seen to lead to the pooler. */
function usedEntries(pooler: PoolerDeployment, { uses }: DeploymentView): readonly PoolerEntry[] {
  const own = uses.filter((use) => use.pooler === pooler);
  return own.length === 0 ? pooler.databases : own.flatMap(({ alias }) => alias ?? []);
}

function unset(pooler: PoolerDeployment, view: DeploymentView): readonly CheckResult[] {
  const common = pooler.settings.get("pool_mode")?.value;
  if (common !== undefined) {
    return [
      common.is === "unknown"
        ? notKnown(pooler, `pool_mode: ${common.because}`)
        : passed(pooler, `pool_mode = ${common.value}`),
    ];
  }
  const entries = usedEntries(pooler, view);
  if (entries.length > 0 && entries.every((entry) => ownMode(entry) !== undefined))
    return [passed(pooler, "every database that is used has a pool_mode of its own")];
  if (!pooler.isWhole) return [notKnown(pooler, "pool_mode: the configuration was read in part only")];
  return [foundAt(pooler, pooler.origin, "warning")];
}

function inMode(mode: "session" | "statement", pooler: PoolerDeployment, view: DeploymentView): readonly CheckResult[] {
  const common = pooler.settings.get("pool_mode")?.value;
  const entries = usedEntries(pooler, view).filter((entry) => isMode(ownMode(entry), mode));
  const users = pooler.users.filter((entry) => isMode(ownMode(entry), mode));
  const alone = [...entries, ...users].map((entry) =>
    // Who sets a mode for one alias means it: that is how LISTEN and migrations are kept apart.
    foundAt(pooler, ownMode(entry)?.origin ?? entry.origin, mode === "session" ? "info" : "warning", {
      where: `for ${aliasName(entry)}`,
    }),
  );
  const isCommon =
    isMode(common, mode) &&
    (pooler.databases.length === 0 || usedEntries(pooler, view).some((entry) => ownMode(entry) === undefined));
  return common !== undefined && isCommon
    ? [foundAt(pooler, common.origin, "warning", { where: "for all" }), ...alone]
    : alone;
}

const SOURCE = "pgbouncer 1.25 doc/config.md, pool_mode; measured on 1.18.0, 1.21.0 and 1.25.2";

/** pool_mode: what everything else rests on. */
export const poolModeChecks: readonly DeploymentCheck[] = [
  {
    id: "poolModeUnset",
    topic: "configuration",
    title: "pool_mode is set",
    message:
      "No pool_mode is set, and the default is `session`: every client keeps its server connection until it disconnects, so that pooling saves next to nothing.",
    remedy: "Set `pool_mode = transaction`. The code is judged for transaction mode all the same.",
    effect: "silent",
    source: SOURCE,
    run: (view) => bouncers(view).flatMap((pooler) => unset(pooler, view)),
  },
  {
    id: "poolModeSession",
    topic: "configuration",
    title: "pool_mode is transaction where the program connects",
    message: "pool_mode is `session` {{where}}: each client there keeps its server connection until it disconnects.",
    remedy:
      "Use `transaction` for what the program sends its queries to; keep `session` for an alias of its own, for LISTEN and migrations.",
    effect: "silent",
    source: SOURCE,
    run: (view) => bouncers(view).flatMap((pooler) => inMode("session", pooler, view)),
  },
  {
    id: "poolModeStatement",
    topic: "configuration",
    title: "pool_mode is not statement",
    message:
      "pool_mode is `statement` {{where}}: BEGIN is refused with `transaction blocks not allowed in statement pooling mode`.",
    remedy: "Use `transaction`.",
    effect: "error",
    source: SOURCE,
    run: (view) => bouncers(view).flatMap((pooler) => inMode("statement", pooler, view)),
  },
];
