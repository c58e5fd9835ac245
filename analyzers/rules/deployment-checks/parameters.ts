import type { PoolerDeployment } from "../../deployment-model.ts";
import type { Evidence, SourceLocation } from "../../model.ts";
import {
  bouncers,
  type CheckResult,
  type DeploymentCheck,
  type DeploymentView,
  foundAt,
  isOlder,
  isOn,
  namesIn,
  notKnown,
  originOf,
  passed,
  textOf,
  versionOf,
} from "./check.ts";

/** More places than these are counted. */
const MAX_PLACES = 3;

const at = (locations: readonly SourceLocation[], message: string): Evidence[] =>
  [...new Map(locations.map((location) => [`${location.file}:${String(location.range.start)}`, location])).values()]
    .slice(0, MAX_PLACES)
    .map((location) => ({ location, message }));

/** A parameter that the program sends in the startup packet, with where it does. */
interface Sent {
  readonly name: string;
  /** Inside the parameter `options`: what becomes of that becomes of it. */
  readonly inOptions: boolean;
  readonly places: readonly SourceLocation[];
}

/** What the program sends where it may pass the pooler. */
function sentBy({ program }: DeploymentView): readonly Sent[] {
  const sent = new Map<string, Sent>();
  for (const { name, via, location, connection, confidence, syntax } of program.startupParameters) {
    if (connection.route === "direct" || confidence === "possible" || syntax === "other") continue;
    const inOptions = via === "options" || (via === "environment" && syntax !== undefined);
    const key = `${name} ${String(inOptions)}`;
    sent.set(key, { name, inOptions, places: [...(sent.get(key)?.places ?? []), location] });
  }
  return [...sent.values()];
}

/** Whether a list of ignored parameters holds one that is sent (measured on 1.18.0, 1.21.0 and 1.25.2). */
const isIgnored = (names: readonly string[], { name, inOptions }: Sent): boolean =>
  names.includes(name) || (inOptions && names.includes("options"));

function ignored(pooler: PoolerDeployment, view: DeploymentView): readonly CheckResult[] {
  const names = namesIn(textOf(pooler, "ignore_startup_parameters"));
  if (names.length === 0) return [passed(pooler, "none is ignored")];
  const tracked = view.profile.trackedParameters;
  const dropped = sentBy(view).filter((sent) => isIgnored(names, sent) && !tracked.has(sent.name));
  return dropped.length === 0
    ? [passed(pooler, `of ${names.join(", ")} the program is seen to send none`)]
    : dropped.map(({ name, places }) =>
        foundAt(
          pooler,
          originOf(pooler, "ignore_startup_parameters"),
          "warning",
          { name },
          { evidence: at(places, `${name} is sent here`) },
        ),
      );
}

function refused(pooler: PoolerDeployment, view: DeploymentView): readonly CheckResult[] {
  const names = namesIn(textOf(pooler, "ignore_startup_parameters"));
  if (!pooler.isWhole && names.length === 0) return [notKnown(pooler, "ignore_startup_parameters was not read")];
  const { trackedParameters, conditionallyTrackedParameters, untrackableParameters } = view.profile;
  const open = sentBy(view).filter(
    (sent) =>
      !isIgnored(names, sent) &&
      !trackedParameters.has(sent.name) &&
      !conditionallyTrackedParameters.has(sent.name) &&
      // Accepted, and dropped: that is another check's.
      !untrackableParameters.has(sent.name) &&
      sent.name !== "replication",
  );
  // The finding is where it is sent; here it is a note on the other end.
  return open.length === 0
    ? [passed(pooler, "the program is seen to send none that is refused")]
    : open.map(({ name, places }) =>
        foundAt(
          pooler,
          originOf(pooler, "ignore_startup_parameters"),
          "info",
          { name },
          { evidence: at(places, `${name} is sent here`) },
        ),
      );
}

/** Places where the program gives statements names of the protocol. */
function namedStatements({ program }: DeploymentView): SourceLocation[] {
  return [
    ...program.callSites.flatMap(({ statementName, connection }) =>
      statementName === undefined || connection.route === "direct" ? [] : [statementName.location],
    ),
    ...program.statementNamings.flatMap(({ location, connection, confidence }) =>
      connection?.route === "direct" || confidence === "possible" ? [] : [location],
    ),
  ];
}

/** What max_prepared_statements is for a pooler, its default by version included. */
function preparedLimit(pooler: PoolerDeployment): number | undefined {
  const text = textOf(pooler, "max_prepared_statements");
  if (text !== undefined) return /^\d+$/.test(text) ? Number(text) : undefined;
  if (pooler.settings.has("max_prepared_statements") || !pooler.isWhole) return undefined;
  const isOld = isOlder(versionOf(pooler), [1, 24]);
  return isOld === undefined ? undefined : isOld ? 0 : 200;
}

function untracked(pooler: PoolerDeployment, view: DeploymentView): readonly CheckResult[] {
  const places = namedStatements(view);
  if (places.length === 0) return [passed(pooler, "the program is seen to name no statement")];
  const limit = preparedLimit(pooler);
  if (limit === undefined)
    return [notKnown(pooler, "max_prepared_statements depends on the version, which is not known")];
  return limit > 0
    ? [passed(pooler, `max_prepared_statements is ${String(limit)}`)]
    : [
        foundAt(
          pooler,
          originOf(pooler, "max_prepared_statements"),
          "warning",
          { count: String(places.length) },
          { evidence: at(places, "statements are named here") },
        ),
      ];
}

/** DEALLOCATE ALL and DISCARD ALL in the program, and Prisma's pgbouncer=true, which sends the first. */
function deallocatesAll(view: DeploymentView): Evidence[] {
  const { program, deployment } = view;
  const sent = program.statementUses.flatMap(({ site, statement }) =>
    site.connection.route === "direct"
      ? []
      : statement.actions
          .filter(
            (action) =>
              (action.kind === "discard" && action.target === "all") ||
              (action.kind === "prepared-statement" && action.operation === "deallocate-all"),
          )
          .map(({ location }) => location),
  );
  const urls = deployment.urls.filter(({ query }) => query.get("pgbouncer") === "true");
  return [
    ...at(sent, "all prepared statements are dropped here"),
    ...at(
      urls.map(({ origin }) => origin.location),
      "pgbouncer=true makes Prisma send DEALLOCATE ALL",
    ),
  ];
}

function deallocating(pooler: PoolerDeployment, view: DeploymentView): readonly CheckResult[] {
  const version = versionOf(pooler);
  const isAffected = isOlder(version, [1, 22]) === true && isOlder(version, [1, 21]) === false;
  if (!isAffected || (preparedLimit(pooler) ?? 0) === 0)
    return [passed(pooler, version === undefined ? "of no known concern" : `not on ${version} with these settings`)];
  const evidence = [
    ...deallocatesAll(view),
    ...(isOn(pooler, "server_reset_query_always")
      ? at([originOf(pooler, "server_reset_query_always").location], "DISCARD ALL after every transaction")
      : []),
  ];
  return evidence.length === 0
    ? [passed(pooler, "the program is seen to drop no prepared statements")]
    : [foundAt(pooler, originOf(pooler, "max_prepared_statements"), "error", {}, { evidence })];
}

/** Parameters that PostgreSQL reports to its client from a version on: what can be tracked at all (measured on PostgreSQL 15 and 18). */
const REPORTED_BY_DEFAULT = "intervalstyle";

function tracking(pooler: PoolerDeployment, view: DeploymentView): readonly CheckResult[] {
  const text = textOf(pooler, "track_extra_parameters");
  if (text === undefined) return [];
  const names = namesIn(text);
  const origin = originOf(pooler, "track_extra_parameters");
  const { trackedParameters, conditionallyTrackedParameters: conditional } = view.profile;
  const without = names.filter((name) => !trackedParameters.has(name) && !conditional.has(name));
  const unsure = names.filter((name) => conditional.has(name));
  return [
    ...without.map((name) => foundAt(pooler, origin, "warning", { name })),
    ...unsure.map((name) => notKnown(pooler, `${name} is tracked by ${conditional.get(name) ?? ""} only`)),
    ...(without.length + unsure.length === 0 ? [passed(pooler, `${names.join(", ")}: PostgreSQL reports them`)] : []),
  ];
}

const replacing = (pooler: PoolerDeployment): readonly CheckResult[] => {
  const text = textOf(pooler, "track_extra_parameters");
  return text === undefined || namesIn(text).includes(REPORTED_BY_DEFAULT)
    ? []
    : [foundAt(pooler, originOf(pooler, "track_extra_parameters"), "info", { value: text })];
};

/** CVE-2025-12819: fixed in 1.25.1. */
function searchPathQuery(pooler: PoolerDeployment): readonly CheckResult[] {
  if (!namesIn(textOf(pooler, "track_extra_parameters")).includes("search_path")) return [];
  const version = versionOf(pooler);
  const asks =
    pooler.settings.has("auth_user") ||
    pooler.databases.some(({ settings }) => settings.some(({ name }) => name === "auth_user"));
  if (!asks) return [passed(pooler, "no auth_user asks an auth_query")];
  if (version === undefined) return [notKnown(pooler, "the version is not known; 1.25.1 is needed")];
  const isAffected = isOlder(version, [1, 25]) === true || /^1\.25(?:\.0)?$/.test(version);
  return isAffected
    ? [foundAt(pooler, originOf(pooler, "track_extra_parameters"), "error", { version })]
    : [passed(pooler, `fixed in ${version}`)];
}

/** Settings that decide what the code may do. */
export const parameterChecks: readonly DeploymentCheck[] = [
  {
    id: "resetQueryUnused",
    topic: "configuration",
    title: "server_reset_query cleans what it is thought to clean",
    message:
      "`server_reset_query` is never run in transaction mode: what a client leaves on a server connection stays there for the next one.",
    remedy:
      "Take it out, and keep session state out of the code. `server_reset_query_always` would only lose that state after every transaction.",
    effect: "silent",
    source: "pgbouncer 1.25 doc/config.md, server_reset_query; measured on 1.18.0, 1.21.0 and 1.25.2",
    run: (view) =>
      bouncers(view).flatMap((pooler) => {
        const setting = pooler.settings.get("server_reset_query");
        if (setting === undefined || setting.via === "image-default" || textOf(pooler, "server_reset_query") === "")
          return [passed(pooler, "it is not set")];
        const mode = textOf(pooler, "pool_mode")?.toLowerCase();
        if (mode === undefined)
          return pooler.settings.has("pool_mode") || !pooler.isWhole
            ? [notKnown(pooler, "pool_mode is not known")]
            : [passed(pooler, "it is run: pool_mode is not set, and session by default")];
        if (mode === "session" || isOn(pooler, "server_reset_query_always")) return [passed(pooler, "it is run")];
        return [foundAt(pooler, setting.value.origin, "warning")];
      }),
  },
  {
    id: "resetQueryAlways",
    topic: "configuration",
    title: "server_reset_query_always is off",
    message:
      "`server_reset_query_always` runs the reset query after every transaction: session state no longer leaks, it is lost each time, and each transaction costs one more round trip.",
    remedy: "Turn it off once the code keeps no session state; it hides the findings and cures none.",
    effect: "silent",
    source: "pgbouncer 1.25 doc/config.md, server_reset_query_always; measured on 1.18.0, 1.21.0 and 1.25.2",
    run: (view) =>
      bouncers(view).map((pooler) =>
        isOn(pooler, "server_reset_query_always")
          ? foundAt(pooler, originOf(pooler, "server_reset_query_always"), "warning")
          : passed(pooler, "it is off"),
      ),
  },
  {
    id: "ignoredParameter",
    topic: "configuration",
    title: "ignore_startup_parameters names nothing that the program relies on",
    message: "`{{name}}` is ignored here and sent by the program: clients connect, and the value has no effect.",
    remedy: "Set it with `ALTER ROLE … SET` or `connect_query`, and take it out of the program.",
    effect: "silent",
    source: "measured on PgBouncer 1.18.0, 1.21.0 and 1.25.2: SHOW statement_timeout gives 0",
    run: (view) => bouncers(view).flatMap((pooler) => ignored(pooler, view)),
  },
  {
    id: "refusedParameter",
    topic: "configuration",
    title: "no startup parameter of the program is refused",
    message:
      "`{{name}}` is sent by the program, and this PgBouncer neither tracks nor ignores it: it refuses the connection.",
    remedy: "Set it with `ALTER ROLE … SET` instead of sending it; ignoring it would only drop it.",
    effect: "error",
    source: "measured on PgBouncer 1.18.0, 1.21.0 and 1.25.2: 08P01 unsupported startup parameter",
    run: (view) => bouncers(view).flatMap((pooler) => refused(pooler, view)),
  },
  {
    id: "statementsUntracked",
    topic: "configuration",
    title: "named statements are tracked where the program uses them",
    message:
      "max_prepared_statements is 0 here and the program names statements ({{count}}): queries fail with `prepared statement does not exist`, or run another program's statement.",
    remedy: "Set max_prepared_statements above 0 (PgBouncer 1.21 or newer), or name no statements.",
    effect: "error",
    source: "pgbouncer NEWS.md 1.21.0 and 1.24.0; measured on 1.18.0, 1.21.0 and 1.25.2",
    run: (view) => bouncers(view).flatMap((pooler) => untracked(pooler, view)),
  },
  {
    id: "deallocateAll",
    topic: "configuration",
    title: "DEALLOCATE ALL and DISCARD ALL do not meet PgBouncer 1.21",
    message:
      'PgBouncer 1.21 does not notice DEALLOCATE ALL and DISCARD ALL: with max_prepared_statements above 0, `prepared statement "PGBOUNCER_1" does not exist` for every client afterwards.',
    remedy: "Use PgBouncer 1.22 or newer, or take what drops the statements out (`pgbouncer=true` of Prisma too).",
    effect: "error",
    source: "pgbouncer NEWS.md 1.22.0; measured on 1.21.0 and 1.25.2",
    run: (view) => bouncers(view).flatMap((pooler) => deallocating(pooler, view)),
  },
  {
    id: "trackedInVain",
    topic: "configuration",
    title: "track_extra_parameters names what PostgreSQL reports",
    message:
      "`{{name}}` in track_extra_parameters does nothing: PostgreSQL does not report it to its clients, so PgBouncer cannot follow it. Sent in the startup packet, it is accepted and dropped.",
    remedy: "Take it out. search_path can be tracked from PostgreSQL 18 on.",
    effect: "silent",
    source: "measured on PgBouncer 1.21.0 and 1.25.2 over PostgreSQL 15 and 18",
    run: (view) => bouncers(view).flatMap((pooler) => tracking(pooler, view)),
  },
  {
    id: "intervalStyleUntracked",
    topic: "configuration",
    title: "track_extra_parameters keeps IntervalStyle",
    message: "`track_extra_parameters = {{value}}` replaces the default, IntervalStyle, which is not tracked any more.",
    remedy: "Add IntervalStyle to the list.",
    effect: "leak",
    source: "pgbouncer 1.25 doc/config.md, track_extra_parameters; measured on 1.25.2",
    run: (view) => bouncers(view).flatMap(replacing),
  },
  {
    id: "searchPathInjection",
    topic: "configuration",
    title: "search_path is not tracked together with auth_query before 1.25.1",
    message:
      "PgBouncer {{version}} tracks search_path and asks an auth_query: a client that has not logged in can choose the search_path of that query (CVE-2025-12819).",
    remedy: "Use PgBouncer 1.25.1 or newer.",
    effect: "leak",
    source: "pgbouncer NEWS.md 1.25.1, CVE-2025-12819",
    run: (view) => bouncers(view).flatMap(searchPathQuery),
  },
];
