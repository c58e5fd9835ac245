import type {
  Amount,
  BudgetLine,
  ClientPool,
  Deployment,
  PoolerDeployment,
  ServerDeployment,
} from "../../deployment-model.ts";
import { entrySetting } from "../destination.ts";
import { atLeast, compare, exactly, figure, HOW_MANY, notKnown, productOf, statedAmount, sumOf } from "./amounts.ts";
import {
  type DefaultOf,
  forcedUser,
  openAtMost,
  sameFigures,
  type ServerPools,
  serverPoolsOf,
  settingAmount,
} from "./pools.ts";

/** What PgBouncer adds for files of its own: pgbouncer 1.25 src/main.c, check_limits(): "+10 is just in case". */
const OWN_FILES = 10;

/**
 * Three comparisons for a project: the file descriptors of each PgBouncer, the server connections that PostgreSQL has to bear, and the
 * client connections that PgBouncer lets in. The first is what "max_client_conn + pool_size × databases × users" is about; it says nothing
 * of max_connections.
 */
export function connectionBudget(
  deployment: Deployment,
  clientPools: readonly ClientPool[],
  defaultOf: DefaultOf,
): readonly BudgetLine[] {
  const poolers = deployment.poolers.filter(({ kind }) => kind === "pgbouncer");
  const pools = new Map(poolers.map((pooler) => [pooler, serverPoolsOf(pooler, deployment, defaultOf)]));
  const poolsOf = (pooler: PoolerDeployment): ServerPools =>
    pools.get(pooler) ?? { pools: [], databases: 0, users: 0, moreDatabases: true, moreUsers: true, mayBeMore: [] };
  return [
    ...poolers.map((pooler) => fileDescriptors(pooler, poolsOf(pooler), defaultOf)),
    ...serverLines(deployment, poolers, poolsOf, clientPools, defaultOf),
    ...poolers.map((pooler) => clientConnections(pooler, poolers, clientPools, defaultOf)),
  ];
}

/** The parts of a line that follow from the others. */
function finish(line: Omit<BudgetLine, "verdict" | "unknowns">, alsoUnknown: readonly string[]): BudgetLine {
  const missing = [...line.terms, line.needed, line.limit].flatMap(({ name, value, words, isLeast }) =>
    value === undefined || (isLeast && words === HOW_MANY) ? [`${name} (${words.replace(/^not known: /, "")})`] : [],
  );
  return { ...line, verdict: compare(line.needed, line.limit), unknowns: [...new Set([...missing, ...alsoUnknown])] };
}

function fileDescriptors(pooler: PoolerDeployment, found: ServerPools, defaultOf: DefaultOf): BudgetLine {
  const clients = settingAmount(pooler, "max_client_conn", defaultOf);
  const sizes = found.pools.map(({ size }) => size);
  const largest = sizes.reduce<Amount | undefined>(
    (most, size) => (most === undefined || (size.value ?? 0) > (most.value ?? 0) ? size : most),
    undefined,
  );
  const size: Amount = { ...(largest ?? notKnown("pool_size", "no database is known")), name: "largest pool_size" };
  const count = (name: string, value: number, mayBeMore: boolean): Amount => {
    const amount = exactly(name, Math.max(value, 1), pooler.title);
    return mayBeMore ? atLeast(amount) : amount;
  };
  const databases = count("databases", found.databases, found.moreDatabases);
  const users = count("users", found.users, found.moreUsers);
  const allForced = found.pools.length > 0 && found.pools.every(({ entry }) => forcedUser(entry) !== undefined);
  const factors = allForced ? [size, databases] : [size, databases, users];
  const product = productOf("pools", factors, "");
  const documented = sumOf("file descriptors", [clients, product], "");
  const all = openWithoutCaps(found);
  const needed = sumOf("file descriptors", [clients, exactly("own files", OWN_FILES, ""), all], "needed at most");
  const limit =
    pooler.container?.openFiles === undefined
      ? notKnown("open files (nofile)", "no ulimit is set, the platform's default holds")
      : { ...statedAmount("open files (nofile)", pooler.container.openFiles.soft) };
  return finish(
    {
      kind: "file-descriptors",
      title: pooler.title,
      terms: [clients, ...factors],
      arithmetic: [
        `max_client_conn + pool_size × databases${allForced ? "" : " × users"} = ${figure(clients)} + ${factors.map(figure).join(" × ")} = ${figure(documented)} (PgBouncer's documentation)`,
        `with reserve pools and ${String(OWN_FILES)} files of its own: ${figure(needed)}`,
      ],
      needed,
      limit,
      forDevelopment: pooler.forDevelopment,
      origin: limit.origin ?? clients.origin ?? pooler.origin,
    },
    found.mayBeMore,
  );
}

/** File descriptors of server connections: caps are left out as PgBouncer leaves them out. */
const openWithoutCaps = ({ pools, mayBeMore }: ServerPools): Amount => {
  const sum = sumOf(
    "server connections",
    pools.flatMap(({ size, reserve }) => [size, reserve]),
    "",
  );
  return mayBeMore.length > 0 ? atLeast(sum) : sum;
};

const isOne = ({ value, isLeast }: Amount): boolean => value === 1 && !isLeast;

/** One line for each server that a pooler or a direct connection leads to. */
function serverLines(
  deployment: Deployment,
  poolers: readonly PoolerDeployment[],
  poolsOf: (pooler: PoolerDeployment) => ServerPools,
  clientPools: readonly ClientPool[],
  defaultOf: DefaultOf,
): BudgetLine[] {
  const lines = poolers.flatMap((pooler) =>
    targetsOf(pooler, poolsOf(pooler), deployment).map((target) => ({ pooler, ...target })),
  );
  const byServer = new Map<string, typeof lines>();
  for (const line of lines) {
    const key =
      line.server === undefined
        ? `PostgreSQL ${line.host === SAME_MACHINE ? SAME_MACHINE : `at ${line.host}`}`
        : line.server.title;
    byServer.set(key, [...(byServer.get(key) ?? []), line]);
  }
  const isOnly = byServer.size === 1;
  return [...byServer].flatMap(([title, members]) => {
    const [first] = members;
    if (first === undefined) return [];
    const { server } = first;
    const parts = members.map(({ pooler, pools }) => {
      const open = openAtMost(pooler, pools, defaultOf);
      const processes = processesOf(pooler);
      const times = isOne(processes) ? "" : ` × ${figure(processes)}`;
      const figures = times !== "" && open.figures.includes("+") ? `(${open.figures})` : open.figures;
      return {
        amount: productOf(pooler.title, [open.total, processes], pooler.title),
        figures: `${figures}${times}`,
        processes,
        unknowns: pools.mayBeMore,
      };
    });
    const direct = clientPools
      .filter((pool) => pool.isDirect && (pool.server === undefined ? isOnly : pool.server === server))
      .map((pool) => ({ pool, amount: productOf(pool.name, [pool.size, pool.processes], "direct") }));
    const needed = sumOf(
      "server connections",
      [...parts, ...direct].map(({ amount }) => amount),
      "needed at most",
    );
    const { limit, figures } = limitOf(server, first.host);
    const directFigures = direct.map(({ amount }) => `${figure(amount)} direct`);
    return finish(
      {
        kind: "server-connections",
        title,
        terms: [
          ...parts.flatMap(({ amount, processes }) => [amount, processes]),
          ...direct.flatMap(({ pool }) => [
            { ...pool.size, name: pool.name },
            { ...pool.processes, name: `processes with ${pool.name}` },
          ]),
        ],
        arithmetic: [
          `${[...parts.map((part) => part.figures), ...directFigures].join(" + ")} = ${figure(needed)}`,
          ...(figures === undefined ? [] : [figures]),
          ...members.flatMap(({ pooler, pools }) => keptOpen(pooler, pools)),
        ],
        needed,
        limit,
        forDevelopment: members.every(({ pooler }) => pooler.forDevelopment),
        origin: limit.origin ?? first.pooler.origin,
      },
      parts.flatMap(({ unknowns }) => unknowns),
    );
  });
}

/** What min_pool_size keeps open though nobody needs it: never more than the pool (pgbouncer 1.25 doc/config.md, min_pool_size). */
function keptOpen({ title }: PoolerDeployment, { pools }: ServerPools): readonly string[] {
  const kept = pools.map(({ kept: { value = 0 }, size }) => Math.min(value, size.value ?? value));
  const sum = kept.reduce((total, count) => total + count, 0);
  return sum === 0
    ? []
    : [`${title} keeps ${sameFigures(kept.map(String))} = ${String(sum)} of them open (min_pool_size)`];
}

interface Target {
  /** `localhost` for a socket. */
  readonly host: string;
  readonly server: ServerDeployment | undefined;
  readonly pools: ServerPools;
}

/** Without a host PgBouncer connects through a unix socket (pgbouncer 1.25 doc/config.md, host). */
const SAME_MACHINE = "on its own machine";

/** The pools of a pooler by the server they lead to. */
function targetsOf(pooler: PoolerDeployment, found: ServerPools, deployment: Deployment): Target[] {
  const byHost = new Map<string, ServerPools["pools"][number][]>();
  for (const pool of found.pools) {
    const host = pool.entry === undefined ? undefined : entrySetting(pool.entry, "host");
    const name = host === undefined ? SAME_MACHINE : host.value.is === "known" ? host.value.value : "not known";
    byHost.set(name, [...(byHost.get(name) ?? []), pool]);
  }
  return [...byHost].map(([host, pools]) => ({
    host,
    server: serverNamed(host, pooler, deployment),
    pools: { ...found, pools },
  }));
}

function serverNamed(host: string, pooler: PoolerDeployment, { servers }: Deployment): ServerDeployment | undefined {
  const near = servers.filter(
    ({ container }) =>
      container !== undefined && (pooler.container === undefined || container.group === pooler.container.group),
  );
  const [found, ...others] = near.filter(({ container }) =>
    [container?.name, ...(container?.hostNames ?? [])].some(
      (name) => name === host || host.startsWith(`${name ?? ""}.`),
    ),
  );
  return others.length === 0 ? found : undefined;
}

/** How many processes of a pooler run: replicas of its container, or those that know each other as peers. */
function processesOf(pooler: PoolerDeployment): Amount {
  const replicas = pooler.container?.replicas;
  if (replicas !== undefined) return statedAmount("processes of PgBouncer", replicas);
  if (pooler.peers !== undefined) return exactly("processes of PgBouncer", pooler.peers, "its peers");
  return pooler.container === undefined
    ? { ...exactly("processes of PgBouncer", 1, HOW_MANY), isLeast: true }
    : exactly("processes of PgBouncer", 1, pooler.container.title);
}

const SETTINGS_OF_LIMIT = [
  { name: "max_connections", fallback: 100, source: "default of PostgreSQL" },
  { name: "superuser_reserved_connections", fallback: 3, source: "default of PostgreSQL" },
  // Since PostgreSQL 16; 0 and no such setting come to the same.
  { name: "reserved_connections", fallback: 0, source: "default of PostgreSQL" },
] as const;

/** What PostgreSQL has for ordinary users: PostgreSQL 18 documentation, 19.3.1. */
function limitOf(
  server: ServerDeployment | undefined,
  host: string,
): { readonly limit: Amount; readonly figures?: string } {
  if (server === undefined)
    return {
      limit: notKnown("max_connections", `no file sets up the server (${host})`),
    };
  const [most, superuser, reserved] = SETTINGS_OF_LIMIT.map(({ name, fallback, source }) => {
    const stated = server.settings.get(name);
    return stated === undefined ? exactly(name, fallback, source) : statedAmount(name, stated);
  });
  if (most === undefined || superuser === undefined || reserved === undefined) return { limit: notKnown("", "") };
  if (most.value === undefined || superuser.value === undefined || reserved.value === undefined)
    return { limit: notKnown("max_connections", most.words.replace(/^not known: /, ""), most.origin) };
  const rest = most.value - superuser.value - reserved.value;
  const figures = [most, superuser, ...(reserved.value === 0 ? [] : [reserved])];
  return {
    limit: exactly("max_connections without reserved ones", rest, most.words, most.origin),
    figures: `${figures.map(({ name }) => name).join(" - ")} = ${figures.map(({ value }) => String(value)).join(" - ")} = ${String(rest)}`,
  };
}

/** The program's own pools against max_client_conn of one pooler process. */
function clientConnections(
  pooler: PoolerDeployment,
  poolers: readonly PoolerDeployment[],
  clientPools: readonly ClientPool[],
  defaultOf: DefaultOf,
): BudgetLine {
  const productive = poolers.filter(({ forDevelopment }) => !forDevelopment);
  const isOnly = productive.length === 1 && productive[0] === pooler;
  // What leads nowhere that is known is taken to lead to the only pooler there is; that proves nothing.
  const isTaken = (pool: ClientPool): boolean => pool.pooler === undefined && isOnly;
  const own = clientPools.filter((pool) => !pool.isDirect && (pool.pooler === pooler || isTaken(pool)));
  const taken = own.filter(isTaken);
  const parts = own.map((pool) => ({
    amount: productOf(pool.name, [pool.size, pool.processes], pool.name),
    figures: isOne(pool.processes) ? figure(pool.size) : `${figure(pool.size)} × ${figure(pool.processes)}`,
  }));
  const needed =
    own.length === 0
      ? notKnown("client connections", "no pool of the program is seen to lead here")
      : sumOf(
          "client connections",
          parts.map(({ amount }) => amount),
          "needed at most",
        );
  const processes = processesOf(pooler);
  const perProcess = settingAmount(pooler, "max_client_conn", defaultOf);
  const limit: Amount = {
    ...productOf(
      "max_client_conn",
      [perProcess, processes.value === 1 ? { ...processes, isLeast: false } : processes],
      perProcess.words,
    ),
    ...(perProcess.origin === undefined ? {} : { origin: perProcess.origin }),
  };
  const line = finish(
    {
      kind: "client-connections",
      title: pooler.title,
      terms: own.flatMap((pool) => [pool.size, { ...pool.processes, name: `processes with ${pool.name}` }]),
      arithmetic: own.length === 0 ? [] : [`${sameFigures(parts.map((part) => part.figures))} = ${figure(needed)}`],
      needed,
      limit,
      forDevelopment: pooler.forDevelopment,
      origin: limit.origin ?? pooler.origin,
    },
    taken.map(({ name }) => `where ${name} leads`),
  );
  return line.verdict === "exceeds" && taken.length > 0 ? { ...line, verdict: "unknown" } : line;
}
