import type { ConnectionRoute, ConnectionUrl, DeclaredRoutes } from "../model.ts";
import { isVariableName } from "./variable-names.ts";

/** Ports on which poolers in transaction mode listen: PgBouncer and Azure's 6432, Supabase's 6543, DigitalOcean's 25061. */
const POOLER_PORTS = ["6432", "6543", "25061"];
/** Names of hosts that are poolers, as a vendor gives them (Neon, Supabase, RDS Proxy) or as the image or service is called. */
const POOLER_HOSTS = [
  /-pooler\./i,
  /\.pooler\.supabase\.com$/i,
  /\.proxy-[^.]+\.[^.]+\.rds\.amazonaws\.com/i,
  /(?:^|[.\-_])(?:pgbouncer|pooler|supavisor|pgcat|pgdog|odyssey)(?:$|[.\-_\d])/i,
];
/** Supabase's pooler in session mode: it keeps a session, but it is not a direct connection. */
const SESSION_POOLER = { host: /\.pooler\.supabase\.com$/i, port: "5432" };
/** Names of hosts that a vendor gives to PostgreSQL itself, beside a pooler of another name or port: Supabase. */
const DIRECT_HOSTS = [/^db\.[a-z0-9]+\.supabase\.co$/i];
const POOLER_QUERY = "pgbouncer";

/** Where a developer's own PostgreSQL is: a fallback that says nothing of where the program runs. */
const LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]", "::1", "0.0.0.0", "host.docker.internal"];

/** Words beside which DIRECT means the connection, and not direct messages or a direct debit. */
const CONNECTION_WORDS = new Set(
  "URL URI DSN DATABASE DB POSTGRES POSTGRESQL PG PSQL CONNECTION CONN STRING HOST HOSTNAME PORT ADDRESS ENDPOINT".split(
    " ",
  ),
);
/** Sequences of words by which an author says that a variable leads past the pooler, or to one in session mode. */
const UNPOOLED_WORDS = [
  "UNPOOLED",
  "NONPOOLING",
  "NONPOOLED",
  "NON POOLING",
  "NON POOLED",
  "NOT POOLED",
  "NO POOL",
  "NO POOLER",
  "NO PGBOUNCER",
  "WITHOUT POOLER",
  "WITHOUT PGBOUNCER",
  "BYPASS POOLER",
  "BYPASS PGBOUNCER",
  "SESSION MODE",
  "SESSION POOLER",
  "LOGICAL REPLICATION",
];
const POOLED_WORDS = new Set(["PGBOUNCER", "POOLER", "POOLED", "POOLING", "SUPAVISOR", "HYPERDRIVE"]);
/** Words that mean a pooler in the name of a variable that holds a URL (`DATABASE_POOL_URL`), elsewhere the pool of the program. */
const POOLED_IN_VARIABLES = new Set(["POOL"]);
/** Vercel's and Supabase's name for the pooled URL. */
const POOLED_NAMES = new Set(["POSTGRES_PRISMA_URL"]);
/** Words of variables that are often direct; no declaration, for nothing keeps a migration from being given the pooled URL. */
const OFTEN_DIRECT = /^(?:MIGRAT(?:E|ION|IONS|OR)|ADMIN|OWNER|SUPERUSER|LISTEN|LISTENER|REPLICATION)$/;

/** `config.db.directUrl` as CONFIG DB DIRECT URL. */
const wordsOf = (name: string): readonly string[] =>
  name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .split(/[^A-Za-z\d]+/)
    .filter((word) => word !== "")
    .map((word) => word.toUpperCase());

/** What the name of a variable or setting says of its route. */
function routeOfName(name: string): ConnectionRoute {
  const words = wordsOf(name);
  let rest = ` ${words.join(" ")} `;
  let isDirect = words.some((word, index) => {
    const next = words[index + 1] ?? words[index - 1];
    return word === "DIRECT" && (next === undefined || CONNECTION_WORDS.has(next));
  });
  for (const phrase of UNPOOLED_WORDS) {
    if (!rest.includes(` ${phrase} `)) continue;
    isDirect = true;
    rest = rest.replace(` ${phrase} `, " ");
  }
  const left = rest.split(" ");
  const isPooled =
    POOLED_NAMES.has(name) ||
    left.some((word) => POOLED_WORDS.has(word) || (POOLED_IN_VARIABLES.has(word) && isVariableName(name)));
  return isDirect === isPooled ? "unknown" : isDirect ? "direct" : "pooled";
}

/** Both answers at once are none. */
const agreed = (routes: readonly ConnectionRoute[]): ConnectionRoute => {
  const said = new Set(routes.filter((route) => route !== "unknown"));
  return said.size === 1 ? ([...said][0] ?? "unknown") : "unknown";
};

const variablesIn = (part: string | undefined): readonly string[] =>
  [...(part ?? "").matchAll(/\$([\w.]+)/g)].map(([, name = ""]) => name);

function evidenceIn(url: ConnectionUrl): ConnectionRoute {
  if (url.kind === "unknown") return "unknown";
  const query = url.query.includes(POOLER_QUERY) ? "pooled" : "unknown";
  if (url.kind !== "literal") return agreed([routeOfName(url.name), query]);
  const { host, port } = url;
  const names = [...variablesIn(host), ...variablesIn(port)].map(routeOfName);
  if (host !== undefined && SESSION_POOLER.host.test(host) && port === SESSION_POOLER.port) return "unknown";
  const isPooler = POOLER_PORTS.includes(port ?? "") || POOLER_HOSTS.some((pattern) => pattern.test(host ?? ""));
  const isDirect = DIRECT_HOSTS.some((pattern) => pattern.test(host ?? "")) && !isPooler;
  return agreed([...names, query, isPooler ? "pooled" : isDirect ? "direct" : "unknown"]);
}

/** The names by which a user may speak of an address: the variables its host and port are taken from, `host` and `host:port`. */
export function namesOfUrl(url: ConnectionUrl): readonly string[] {
  if (url.kind === "unknown") return [];
  if (url.kind !== "literal") return [url.name];
  const { host, port } = url;
  return [
    ...variablesIn(host),
    ...variablesIn(port),
    ...(host === undefined ? [] : [host, `${host}:${port ?? "5432"}`]),
  ];
}

/** What the user has declared of an address; a declaration of a variable holds for each part that is taken from it. */
function declaredFor(url: ConnectionUrl, declared: DeclaredRoutes): ConnectionRoute {
  const names = namesOfUrl(url);
  const says = (list: readonly string[]): boolean => names.some((name) => list.includes(name));
  return agreed([says(declared.direct) ? "direct" : "unknown", says(declared.pooled) ? "pooled" : "unknown"]);
}

/** Whether an address is on the machine that asks, as those of development are. */
export const isLocal = (url: ConnectionUrl): boolean => url.kind === "literal" && LOCAL_HOSTS.includes(url.host ?? "");

/**
 * Whether a connection with these addresses passes the pooler. A declaration of the user's goes before what names, hosts and ports say. It
 * is `direct` only when every address is: `DIRECT_URL ?? DATABASE_URL` is not. A developer's own machine as a fallback decides nothing. What is
 * declared for a file goes before what is declared for all.
 */
export function routeOf(
  urls: readonly ConnectionUrl[],
  everywhere: DeclaredRoutes = { direct: [], pooled: [] },
  file?: string,
): ConnectionRoute {
  const inFile = file === undefined ? undefined : everywhere.inFile?.(file);
  if (inFile?.via !== undefined) return inFile.via;
  const declared = inFile ?? everywhere;
  const routes = urls.map((url) => ({ url, route: orElse(declaredFor(url, declared), () => evidenceIn(url)) }));
  const elsewhere = routes.filter(({ url, route }) => route !== "unknown" || !isLocal(url)).map(({ route }) => route);
  if (elsewhere.includes("pooled")) return "pooled";
  return elsewhere.length > 0 && elsewhere.every((route) => route === "direct") ? "direct" : "unknown";
}

const orElse = (route: ConnectionRoute, other: () => ConnectionRoute): ConnectionRoute =>
  route === "unknown" ? other() : route;

/** Whether a variable that nothing is known of has a name that direct ones often have: worth a question, no answer. */
export const isOftenDirect = (url: ConnectionUrl): boolean =>
  url.kind !== "unknown" && url.kind !== "literal" && wordsOf(url.name).some((word) => OFTEN_DIRECT.test(word));
