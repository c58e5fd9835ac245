import type { DeployedUrl } from "../../deployment-model.ts";
import { type CheckResult, type DeploymentCheck, type DeploymentView, foundAt, passed } from "./check.ts";

/** Ports and hosts of poolers: a URL with one of them leads to one, whatever files say of it. */
const POOLER_PORTS = ["6432", "6543", "25061"];
const POOLER_HOSTS = [
  /-pooler\./i,
  /\.pooler\.supabase\.com$/i,
  /(?:^|[.\-_])(?:pgbouncer|pooler|supavisor)(?:$|[.\-_\d])/i,
];

const isPooled = (url: DeployedUrl, { uses }: DeploymentView): boolean =>
  uses.some((use) => use.url === url) ||
  url.query.get("pgbouncer") === "true" ||
  POOLER_PORTS.includes(url.port ?? "") ||
  POOLER_HOSTS.some((pattern) => pattern.test(url.host ?? ""));

/** Keys of a query that drivers put into the startup packet (pg, postgres.js, libpq; see no-startup-parameter). */
const SENT = new Set([
  "statement_timeout",
  "lock_timeout",
  "idle_in_transaction_session_timeout",
  "search_path",
  "default_transaction_isolation",
  "default_transaction_read_only",
]);

/** `-c name=value` and `--name=value` in `options`, and the keys that are parameters themselves. */
const parametersIn = ({ query }: DeployedUrl): readonly string[] => [
  ...[...query.keys()].filter((key) => SENT.has(key)),
  ...[...(query.get("options") ?? "").matchAll(/(?:-c\s*|--)([\w.]+)=/g)].map(([, name = ""]) => name.toLowerCase()),
];

function sent(view: DeploymentView): readonly CheckResult[] {
  const { trackedParameters, conditionallyTrackedParameters, ignoredStartupParameters, isPgBouncer } = view.profile;
  if (!isPgBouncer) return [];
  return view.deployment.urls
    .filter((url) => isPooled(url, view))
    .flatMap((url): CheckResult[] => {
      const names = parametersIn(url).filter(
        (name) => !trackedParameters.has(name) && !conditionallyTrackedParameters.has(name),
      );
      const subject = { title: url.origin.words, forDevelopment: url.forDevelopment };
      if (names.length === 0) return [passed(subject, "it sends no parameter that is refused")];
      return names.map((name) =>
        foundAt(
          subject,
          url.origin,
          "warning",
          {
            name,
            variable: url.name,
            what:
              ignoredStartupParameters.has(name) || ignoredStartupParameters.has("options")
                ? "PgBouncer drops it without a word"
                : "PgBouncer refuses the connection",
          },
          { confidence: "likely" },
        ),
      );
    });
}

function flagged(view: DeploymentView): readonly CheckResult[] {
  const { maxPreparedStatements } = view.profile;
  const flags = view.deployment.urls.filter(({ query }) => query.get("pgbouncer") === "true");
  return flags.map((url) => {
    const subject = { title: url.origin.words, forDevelopment: url.forDevelopment };
    return typeof maxPreparedStatements === "number" && maxPreparedStatements > 0 && view.profile.isPgBouncer
      ? foundAt(subject, url.origin, "info", { variable: url.name })
      : passed(subject, "statements are not tracked, or it is not known");
  });
}

/** What URLs of the deployment say to a pooler. */
export const urlChecks: readonly DeploymentCheck[] = [
  {
    id: "parameterInUrl",
    topic: "configuration",
    title: "no pooled URL sends what is refused",
    message: "{{variable}} sends `{{name}}` in the startup packet: {{what}}.",
    remedy: "Take it out of the URL, and use `ALTER ROLE … SET` or `connect_query`.",
    effect: "error",
    source: "measured on PgBouncer 1.18.0, 1.21.0 and 1.25.2; which drivers send it is in the table of each driver",
    run: sent,
  },
  {
    id: "flagNotNeeded",
    topic: "configuration",
    title: "pgbouncer=true is there where it is needed",
    message:
      "{{variable}} says pgbouncer=true, and this PgBouncer tracks named statements: Prisma prepares each query anew, and sends DEALLOCATE ALL, for nothing.",
    remedy:
      "Take `pgbouncer=true` out once every PgBouncer in use is 1.22 or newer with max_prepared_statements above 0.",
    effect: "silent",
    source: "Prisma documentation, Configure Prisma Client with PgBouncer; pgbouncer NEWS.md 1.21.0",
    run: flagged,
  },
];
