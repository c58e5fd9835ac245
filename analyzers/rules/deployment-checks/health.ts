import type { Container, Dependency, PoolerDeployment } from "../../deployment-model.ts";
import {
  bouncers,
  type CheckResult,
  type DeploymentCheck,
  type DeploymentView,
  foundAt,
  isOlder,
  notKnown,
  passed,
  textOf,
  versionOf,
} from "./check.ts";

/** Poolers, and servers beside one, that run in a container of a platform that starts and stops them. */
function running({ deployment }: DeploymentView): readonly Container[] {
  const containers = (list: readonly { readonly container?: Container }[]): Container[] =>
    list.flatMap(({ container }) =>
      container === undefined || container.platform === "dockerfile" ? [] : [container],
    );
  const poolers = containers(deployment.poolers);
  const groups = new Set(poolers.map(({ group }) => group));
  return [...poolers, ...containers(deployment.servers).filter(({ group }) => groups.has(group))];
}

interface RunningPooler {
  readonly pooler: PoolerDeployment;
  readonly container: Container;
}

const poolersThatRun = (view: DeploymentView): readonly RunningPooler[] =>
  bouncers(view).flatMap((pooler) =>
    pooler.container === undefined || pooler.container.platform === "dockerfile"
      ? []
      : [{ pooler, container: pooler.container }],
  );

function healthCheck(container: Container): CheckResult {
  const { state, origin } = container.healthCheck;
  return state === "present"
    ? passed(container, "it has one")
    : foundAt(container, origin ?? container.origin, "info", { name: container.name });
}

const isSame = (left: Container, right: Container): boolean =>
  left.platform === right.platform && left.group === right.group;

const namesOf = ({ name, hostNames = [] }: Container): readonly string[] => [name, ...hostNames];

/** Containers whose URL leads to a watched one, with how they wait for it. */
function waiting(view: DeploymentView): CheckResult[] {
  const watched = running(view).filter(({ platform }) => platform === "compose");
  return view.deployment.containers
    .filter(({ platform }) => platform === "compose")
    .flatMap((container): CheckResult[] => {
      const others = watched.filter((other) => other !== container && isSame(other, container));
      const needed = others.filter((other) => needs(container, other, view));
      return needed.map((other) => {
        const waits = container.dependsOn.find(({ service }) => namesOf(other).includes(service));
        if (waits?.condition === "healthy" || waits?.condition === "completed")
          return passed(container, `it waits until ${other.name} is healthy`);
        return foundAt(container, waits?.origin ?? container.origin, "info", {
          name: container.name,
          other: other.name,
          how: howItWaits(waits),
        });
      });
    });
}

const howItWaits = (waits: Dependency | undefined): string =>
  waits === undefined ? "does not wait for it" : "waits until it is started, not until it answers";

/** Whether a container connects to another: by a URL, or because the pooler in it leads there. */
function needs(container: Container, other: Container, view: DeploymentView): boolean {
  if (container.dependsOn.some(({ service }) => namesOf(other).includes(service))) return true;
  return view.deployment.urls.some(
    (url) => url.container === container && url.host !== undefined && namesOf(other).includes(url.host),
  );
}

/** Ports on which poolers and PostgreSQL listen when nothing says another one. */
const USUAL_PORTS = [5432, 6432, 6543, 25_061];

function publishedPorts({ pooler, container }: RunningPooler): readonly CheckResult[] {
  const own = Number(textOf(pooler, "listen_port"));
  const isPoolers = (target: number | undefined): boolean =>
    target === undefined || target === own || (!Number.isInteger(own) && USUAL_PORTS.includes(target));
  const open = container.ports.filter(({ isLocal, target }) => !isLocal && isPoolers(target));
  return open.length === 0
    ? [passed(container, "none is")]
    : open.map(({ origin, published, target }) =>
        foundAt(container, origin, "warning", { name: container.name, port: String(published ?? target ?? "") }),
      );
}

/** Plain passwords are a finding where the same files keep others in secrets: there the author meant to. */
function plainSecrets(view: DeploymentView): readonly CheckResult[] {
  const watched = running(view);
  const usesSecrets = (container: Container): boolean =>
    container.environment.some(({ secrecy }) => secrecy === "from-secret");
  return watched.flatMap((container) => {
    const plain = container.environment.filter(({ secrecy }) => secrecy === "plain-secret");
    if (plain.length === 0) return [passed(container, "none is in plain text")];
    const isMeant = view.deployment.containers.some((other) => isSame(other, container) && usesSecrets(other));
    return plain.map(({ name, value }) =>
      foundAt(container, value.origin, isMeant ? "warning" : "info", { name, container: container.name }),
    );
  });
}

/** Names by which an author says that a URL bypasses the pooler. */
const DIRECT_NAME = /(?:^|_)(?:DIRECT|UNPOOLED|NON_POOLING|NONPOOLING|MIGRATIONS?|LISTEN(?:ER)?)(?:_|$)/i;

const directToPooler = (view: DeploymentView): readonly CheckResult[] => [
  ...view.uses.flatMap(({ url, pooler, alias }): CheckResult[] => {
    if (!DIRECT_NAME.test(url.name)) return [];
    const mode = alias?.settings.findLast(({ name }) => name === "pool_mode")?.value;
    if (mode?.is === "known" && mode.value.trim().toLowerCase() === "session") return [];
    const severity = /(?:^|_)(?:DIRECT|UNPOOLED|NON_?POOLING)(?:_|$)/i.test(url.name) ? "error" : "warning";
    const subject = { title: pooler.title, forDevelopment: url.forDevelopment || pooler.forDevelopment };
    return [foundAt(subject, url.origin, severity, { name: url.name, pooler: pooler.title })];
  }),
];

/** What SIGTERM, which docker stop and Kubernetes send, does to a version of PgBouncer. */
function stopping({ pooler, container }: RunningPooler): CheckResult {
  const signal = container.stopSignal;
  if (signal?.is === "unknown") return notKnown(pooler, `the stop signal: ${signal.because}`);
  const name = (signal?.value ?? "SIGTERM").replace(/^(?!SIG)/, "SIG").toUpperCase();
  if (name === "SIGINT" || name === "SIG2") return passed(pooler, "SIGINT waits for running transactions");
  if (name !== "SIGTERM") return notKnown(pooler, `what ${name} does`);
  const isOld = isOlder(versionOf(pooler), [1, 23]);
  const grace = container.stopGracePeriod;
  const seconds =
    grace?.is === "known" ? `${String(grace.value)} s` : container.platform === "compose" ? "10 s" : "30 s";
  return foundAt(pooler, signal?.origin ?? container.origin, "info", {
    what:
      isOld === undefined
        ? "SIGTERM cuts transactions off before PgBouncer 1.23, and waits for every client to disconnect since"
        : isOld
          ? `SIGTERM makes PgBouncer ${versionOf(pooler) ?? ""} stop at once: running transactions are cut off`
          : `SIGTERM makes PgBouncer ${versionOf(pooler) ?? ""} wait until every client has disconnected, which pools of a program never do: after ${seconds} it is killed, with whatever runs`,
    how: container.platform === "compose" ? "`stop_signal: SIGINT`" : "a preStop hook that sends SIGINT",
  });
}

/** How poolers and servers are started, reached and stopped. */
export const healthChecks: readonly DeploymentCheck[] = [
  {
    id: "noHealthCheck",
    topic: "health",
    title: "PgBouncer and PostgreSQL have a health check",
    message: "{{name}} has no health check: nothing waits for it, and nothing notices when it hangs.",
    remedy: "Add one: `pg_isready -h 127.0.0.1 -p PORT` for PostgreSQL, and for PgBouncer too, which answers it.",
    effect: "silent",
    source: "Compose specification, healthcheck; Kubernetes documentation, probes",
    run: (view) => running(view).map(healthCheck),
  },
  {
    id: "doesNotWait",
    topic: "health",
    title: "what connects waits until the other is healthy",
    message: "{{name}} connects to {{other}} and {{how}}: its first connections may be refused.",
    remedy: "Write `depends_on: { {{other}}: { condition: service_healthy } }`.",
    effect: "error",
    source: "Compose specification, depends_on",
    run: waiting,
  },
  {
    id: "portPublished",
    topic: "health",
    title: "the port of the pooler is not published to the world",
    message:
      "Port {{port}} of {{name}} is published on every interface of the machine, past its firewall: whoever reaches the machine reaches the database.",
    remedy: "Leave `ports` out where only other containers connect, or bind it: `127.0.0.1:6432:6432`.",
    effect: "leak",
    source: "Docker documentation, publishing ports; Kubernetes documentation, Service of type LoadBalancer",
    run: (view) => poolersThatRun(view).flatMap(publishedPorts),
  },
  {
    id: "plainSecret",
    topic: "health",
    title: "passwords are in secrets",
    message: "The password in {{name}} of {{container}} stands in plain text in the file.",
    remedy: "Use a secret of the platform, or a variable that is set outside the repository.",
    effect: "leak",
    source: "Compose specification, secrets; Kubernetes documentation, Secret",
    run: plainSecrets,
  },
  {
    id: "directIsPooled",
    topic: "health",
    title: "direct URLs lead past the pooler",
    message: "{{name}} says that it bypasses the pooler, and leads to {{pooler}}.",
    remedy: "Give it the host of PostgreSQL itself, or an alias with pool_mode = session.",
    effect: "silent",
    source: "the URLs of the project",
    run: directToPooler,
  },
  {
    id: "stopsHard",
    topic: "health",
    title: "PgBouncer is stopped between transactions",
    message: "{{what}}.",
    remedy:
      "Stop it with SIGINT, which waits for running transactions: {{how}}; and give it the time of the longest one (stop_grace_period).",
    effect: "error",
    source: "pgbouncer NEWS.md 1.23.0; 1.25 doc/usage.md, signals",
    run: (view) => poolersThatRun(view).map(stopping),
  },
];
