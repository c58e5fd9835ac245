import type { Amount, DeployedUrl, Deployment, PoolerDeployment, PoolerEntry } from "../../deployment-model.ts";
import { destinationOf, entrySetting } from "../destination.ts";
import { atLeast, exactly, notKnown, statedAmount } from "./amounts.ts";

/** The pool that PgBouncer keeps for one database and one user. */
export interface ServerPool {
  /** `app/api`; `…` for a name that is not known. */
  readonly name: string;
  readonly database: string;
  readonly user: string;
  readonly entry: PoolerEntry | undefined;
  readonly size: Amount;
  /** Comes on top of the size after reserve_pool_timeout. */
  readonly reserve: Amount;
  /** Server connections that are opened though nobody needs them; never more than the size. */
  readonly kept: Amount;
}

/** The pools of a pooler, and whether there may be others. */
export interface ServerPools {
  readonly pools: readonly ServerPool[];
  readonly databases: number;
  /** Of databases without a forced user. */
  readonly users: number;
  /** Whether others than these may come. */
  readonly moreDatabases: boolean;
  readonly moreUsers: boolean;
  /** The same in words. */
  readonly mayBeMore: readonly string[];
}

/** What a setting is when nothing sets it, for the version that runs; undefined where that is not known. */
export type DefaultOf = (pooler: PoolerDeployment, name: string) => string | undefined;

/** A number among the settings of `[pgbouncer]`, or its default. */
export function settingAmount(pooler: PoolerDeployment, name: string, defaultOf: DefaultOf): Amount {
  const setting = pooler.settings.get(name);
  if (setting !== undefined) return statedAmount(name, setting.value);
  if (!pooler.isWhole) return notKnown(name, `${pooler.title} was read in part only`);
  const value = defaultOf(pooler, name);
  return value === undefined
    ? notKnown(name, "its default depends on the version")
    : exactly(name, Number(value), "default of PgBouncer");
}

/** The same for lines of `[users]` and `[databases]`: the first that sets it goes before that of all. */
function entryAmount(
  pooler: PoolerDeployment,
  entries: readonly (PoolerEntry | undefined)[],
  name: string,
  common: string,
  defaultOf: DefaultOf,
): Amount {
  const own = entries.map((entry) => (entry === undefined ? undefined : entrySetting(entry, name)));
  const first = own.find((setting) => setting !== undefined);
  return first === undefined ? settingAmount(pooler, common, defaultOf) : statedAmount(name, first.value);
}

/** The line of `[users]` for a user. */
const userEntry = ({ users }: PoolerDeployment, user: string): PoolerEntry | undefined =>
  users.findLast(({ name }) => name.is === "known" && name.value === user);

/** The user that every client of an entry has on the server; undefined when each has its own. */
export function forcedUser(entry: PoolerEntry | undefined): string | undefined {
  const user = entry === undefined ? undefined : entrySetting(entry, "user");
  return user === undefined ? undefined : user.value.is === "known" ? user.value.value : "…";
}

const distinct = (names: readonly (string | undefined)[]): string[] => [
  ...new Set(names.flatMap((name) => name ?? [])),
];

/**
 * One pool for each pair of database and user (pgbouncer 1.25 doc/config.md, default_pool_size). Which users and which databases of `*` come
 * is known from the URLs that lead to the pooler; others may come as well, unless a user is forced.
 */
export function serverPoolsOf(pooler: PoolerDeployment, deployment: Deployment, defaultOf: DefaultOf): ServerPools {
  const clients = deployment.urls.flatMap((url) => {
    const destination = destinationOf(url, deployment);
    return destination?.to === "pooler" && destination.pooler === pooler ? [{ url, alias: destination.alias }] : [];
  });
  const mayBeMore: string[] = [];
  const entries = pooler.databases.length === 0 ? [undefined] : pooler.databases;
  const pools = entries.flatMap((entry) => {
    const served = clients.filter(({ alias }) => alias === entry).map(({ url }) => url);
    return databasesOf(entry, served, mayBeMore).flatMap((database) =>
      usersOf(pooler, entry, served, database, mayBeMore).map((user): ServerPool => {
        const lines = [userEntry(pooler, user), entry];
        const size = entryAmount(pooler, lines, "pool_size", "default_pool_size", defaultOf);
        return {
          name: `${database}/${user}`,
          database,
          user,
          entry,
          // 0 is no limit at all (pgbouncer 1.24 NEWS).
          size: size.value === 0 ? notKnown("pool_size", "0 means no limit", size.origin) : size,
          reserve: entryAmount(pooler, lines, "reserve_pool_size", "reserve_pool_size", defaultOf),
          kept: entryAmount(pooler, [entry], "min_pool_size", "min_pool_size", defaultOf),
        };
      }),
    );
  });
  return {
    pools,
    databases: distinct(pools.map(({ database }) => database)).length,
    users: distinct(pools.filter(({ entry }) => forcedUser(entry) === undefined).map(({ user }) => user)).length,
    moreDatabases: pools.some(({ entry }) => isOpen(entry)),
    moreUsers: pools.some(({ entry }) => usersAreOpen(pooler, entry)),
    mayBeMore: [...new Set(mayBeMore)],
  };
}

/** Whether an entry stands for databases of which not all names are known. */
const isOpen = (entry: PoolerEntry | undefined): boolean =>
  entry === undefined || entry.name.is === "unknown" || entry.name.value === "*";

const usersAreOpen = (pooler: PoolerDeployment, entry: PoolerEntry | undefined): boolean =>
  forcedUser(entry) === undefined && (pooler.knownUsers ?? []).length === 0;

function databasesOf(
  entry: PoolerEntry | undefined,
  served: readonly DeployedUrl[],
  mayBeMore: string[],
): readonly string[] {
  if (entry?.name.is === "known" && entry.name.value !== "*") return [entry.name.value];
  if (entry?.name.is === "unknown") return ["…"];
  mayBeMore.push(entry === undefined ? "which databases it serves" : "which databases come through *");
  const named = distinct(served.map(({ database }) => database));
  return named.length === 0 ? ["…"] : named;
}

function usersOf(
  pooler: PoolerDeployment,
  entry: PoolerEntry | undefined,
  served: readonly DeployedUrl[],
  database: string,
  mayBeMore: string[],
): readonly string[] {
  const forced = forcedUser(entry);
  if (forced !== undefined) return [forced];
  const known = pooler.knownUsers ?? [];
  if (known.length > 0) return known;
  mayBeMore.push("which users connect");
  const named = distinct(
    served.filter((url) => url.database === undefined || url.database === database).map(({ user }) => user),
  );
  return named.length === 0 ? ["…"] : named;
}

/** How many of the pools' connections may be open: each pool with its reserve, within the caps of its database and user. */
export function openAtMost(
  pooler: PoolerDeployment,
  { pools, moreDatabases }: ServerPools,
  defaultOf: DefaultOf,
): { readonly total: Amount; readonly figures: string } {
  const perDatabase = new Map<string, ServerPool[]>();
  for (const pool of pools) perDatabase.set(pool.database, [...(perDatabase.get(pool.database) ?? []), pool]);
  const parts = [...perDatabase].map(([database, members]): { amount: Amount; figures: string } => {
    const [first] = members;
    const cap = entryAmount(pooler, [first?.entry], "max_db_connections", "max_db_connections", defaultOf);
    const sizes = members.map(({ size, reserve }) => ({
      value: (size.value ?? 0) + (reserve.value ?? 0),
      isLeast: size.value === undefined || size.isLeast || reserve.value === undefined || reserve.isLeast,
      figures:
        size.value === undefined
          ? "?"
          : reserve.value === 0
            ? (size.value ?? "?")
            : `(${String(size.value ?? "?")} + ${String(reserve.value ?? "?")})`,
    }));
    const sum = sizes.reduce((total, { value }) => total + value, 0);
    const isLeast = sizes.some((size) => size.isLeast) || usersAreOpen(pooler, first?.entry);
    const figures = sameFigures(sizes.map((size) => String(size.figures)));
    const limit = cap.value ?? 0;
    return limit > 0 && (isLeast || sum > limit)
      ? {
          amount: exactly(database, isLeast ? limit : Math.min(sum, limit), "max_db_connections", cap.origin),
          figures: `${String(limit)} (max_db_connections)`,
        }
      : {
          amount: { name: database, value: sum, isLeast: isLeast || cap.value === undefined, words: "" },
          figures,
        };
  });
  const total = parts.reduce((sum, { amount }) => sum + (amount.value ?? 0), 0);
  const whole: Amount = {
    name: "server connections",
    value: total,
    isLeast: parts.some(({ amount }) => amount.isLeast) || moreDatabases,
    words: pooler.title,
  };
  const figures = parts.map((part) => part.figures).join(" + ");
  const capped = cappedByUsers(pooler, pools, whole, defaultOf);
  return capped ?? { total: whole, figures };
}

/** max_user_connections, where every user that comes is known. */
function cappedByUsers(
  pooler: PoolerDeployment,
  pools: readonly ServerPool[],
  whole: Amount,
  defaultOf: DefaultOf,
): { readonly total: Amount; readonly figures: string } | undefined {
  const users = distinct(pools.map(({ user }) => user));
  const caps = users.map((user) =>
    entryAmount(pooler, [userEntry(pooler, user)], "max_user_connections", "max_user_connections", defaultOf),
  );
  const limit = caps.reduce((sum, { value = 0 }) => sum + value, 0);
  if (caps.length === 0 || caps.some(({ value = 0 }) => value === 0) || (whole.value ?? 0) <= limit) return undefined;
  const figures = `${caps.map(({ value }) => String(value)).join(" + ")} (max_user_connections)`;
  const isKnown = pooler.knownUsers !== undefined || pools.every(({ entry }) => forcedUser(entry) !== undefined);
  const total = exactly("server connections", limit, pooler.title);
  return { total: isKnown ? total : atLeast(total), figures };
}

/** `20 × 3` for three times the same. */
export const sameFigures = (figures: readonly string[]): string =>
  figures.length > 1 && new Set(figures).size === 1
    ? `${figures[0] ?? ""} × ${String(figures.length)}`
    : figures.join(" + ");
