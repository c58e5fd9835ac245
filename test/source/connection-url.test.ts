import { describe, expect, it } from "vitest";
import type { SqlSegment } from "../../analyzers/model.ts";
import { routeOf } from "../../analyzers/source/connection-route.ts";
import { shownUrl, urlsOf, urlsOfArguments } from "../../analyzers/source/connection-url.ts";
import { text, undefinedValue, unknown, type Value } from "../../analyzers/source/values.ts";
import { union } from "../../analyzers/source/union.ts";

const location = { file: "a.ts", range: { start: 0, end: 1 } };

/** `process.env.NAME`. */
const env = (name: string): Value => ({ kind: "external", module: "<global>", path: ["process", "env", name] });

/** A text in which `{NAME}` stands for a variable and `{}` for something unknown. */
const words = (source: string): Value =>
  text(
    source
      .split(/(\{\w*\})/)
      .filter((part) => part !== "")
      .map((part): SqlSegment => {
        const name = /^\{(\w*)\}$/.exec(part)?.[1];
        if (name === undefined) return { kind: "text", value: part, location };
        return { kind: "hole", reason: "a hole", location, ...(name === "" ? {} : { setting: name }) };
      }),
  );

const object = (properties: Readonly<Record<string, Value>>, open = false): Value => ({
  kind: "object",
  properties: new Map(Object.entries(properties).map(([name, value]) => [name, { value, location }])),
  open,
  location,
});

const number = (value: number): Value => ({ kind: "constant", value });

const shown = (...values: readonly Value[]): string[] => urlsOfArguments(values).map(shownUrl);
const route = (value: Value): string => routeOf(urlsOf(value));

describe("where a connection leads", () => {
  it("is told by the variable that holds the URL", () => {
    expect(urlsOf(env("DATABASE_URL"))).toEqual([{ kind: "environment", name: "DATABASE_URL", query: [] }]);
  });

  it("is told by the variable of which it is a part", () => {
    const path = ["process", "env", "DATABASE_URL", "hostname"];
    expect(shown(object({ host: { kind: "external", module: "<global>", path } }))).toEqual(["$DATABASE_URL"]);
  });

  it("is told by the property of a settings module", () => {
    const value: Value = { ...unknown("`DATABASE_URL` of something unknown"), setting: "DATABASE_URL" };
    expect(urlsOf(value)).toEqual([{ kind: "environment", name: "DATABASE_URL", query: [] }]);
    expect(urlsOf({ ...unknown("`url`"), setting: "config.db.url" })).toEqual([
      { kind: "setting", name: "config.db.url", query: [] },
    ]);
  });

  it("is each of several", () => {
    expect(shown(union([env("DIRECT_URL"), env("DATABASE_URL")]))).toEqual(["DIRECT_URL", "DATABASE_URL"]);
  });

  it("is a variable with something added to it", () => {
    expect(urlsOf(words("{DATABASE_URL}?pgbouncer=true&connection_limit=1"))).toEqual([
      { kind: "environment", name: "DATABASE_URL", query: ["connection_limit", "pgbouncer"] },
    ]);
  });

  it("is not known of a variable that is only a part of something", () => {
    expect(urlsOf(words("{PREFIX}_url"))).toEqual([{ kind: "unknown" }]);
    expect(urlsOf(words("the {DATABASE_URL}"))).toEqual([{ kind: "unknown" }]);
    expect(urlsOf(unknown("a parameter"))).toEqual([{ kind: "unknown" }]);
  });

  it("is read from a URL without user, password and values of the query", () => {
    expect(urlsOf(words("postgresql://app:s3cret@db.internal:6432/orders?sslmode=require&schema=s3cret"))).toEqual([
      { kind: "literal", host: "db.internal", port: "6432", database: "orders", query: ["schema", "sslmode"] },
    ]);
  });

  it("is put together from variables in a template", () => {
    expect(shown(words("postgres://{DB_USER}:{DB_PASSWORD}@{DB_HOST}:{DB_PORT}/{DB_NAME}"))).toEqual([
      "$DB_HOST:$DB_PORT/$DB_NAME",
    ]);
    expect(shown(words("postgres://{}:{}@{}-pooler.{}.aws.neon.tech/app"))).toEqual(["…-pooler.….aws.neon.tech/app"]);
    expect(shown(words("postgres://{}:{}@{}:{}/{}"))).toEqual(["…"]);
  });

  it.each([
    ["a slash in the password", "postgres://app:s3/cret@db/orders", "db/orders"],
    ["an at sign in the password", "postgres://app:s3@cret@db/orders", "db/orders"],
    ["a question mark in the password", "postgres://app:s3?cret@db/orders", "…"],
    ["a user and a password, but no host", "postgres://app:s3cret", "…"],
    ["a colon in the password", "postgres://app:s3:cret@[2001:db8::1]:5432/orders", "[2001:db8::1]:5432/orders"],
    ["an odd database name", "postgres://app:s3cret@db:5432/a b", "db:5432"],
    ["no user", "postgres://db:5432/orders", "db:5432/orders"],
    ["a socket folder as host", "postgres://%2Fvar%2Frun/orders", "%2Fvar%2Frun/orders"],
    ["another kind of database", "mysql://app:s3cret@db/orders", "…"],
    ["no URL at all", "s3cret", "…"],
  ])("never holds what may be a secret: %s", (_, url, expected) => {
    expect(shown(words(url))).toEqual([expected]);
  });

  it("is told by options: the URL before the host", () => {
    expect(shown(object({ connectionString: env("DATABASE_URL"), host: words("db") }))).toEqual(["DATABASE_URL"]);
    expect(shown(object({ connectionString: undefinedValue, host: words("db"), port: number(6432) }))).toEqual([
      "db:6432",
    ]);
    expect(shown(object({ host: env("DB_HOST"), port: env("DB_PORT"), database: words("app") }))).toEqual([
      "$DB_HOST:$DB_PORT/app",
    ]);
  });

  it("has fallbacks in their order", () => {
    const host = union([env("DB_HOST"), words("localhost")]);
    const port = union([env("DB_PORT"), number(5432)]);
    expect(shown(object({ host, port }))).toEqual(["$DB_HOST:$DB_PORT", "localhost:5432"]);
    expect(shown(object({ host: env("DB_HOST"), port }))).toEqual(["$DB_HOST:$DB_PORT", "$DB_HOST:5432"]);
    expect(shown(object({ host, port: number(5432) }))).toEqual(["$DB_HOST:5432", "localhost:5432"]);
  });

  it("is told by options inside of options", () => {
    expect(shown(object({ client: words("pg"), connection: env("DATABASE_URL") }))).toEqual(["DATABASE_URL"]);
    expect(shown(object({ datasources: object({ db: object({ url: env("DIRECT_URL") }) }) }))).toEqual(["DIRECT_URL"]);
    expect(
      shown(
        object({
          replication: object({
            master: object({ url: env("PRIMARY_URL") }),
            slaves: { kind: "array", elements: [object({ url: env("REPLICA_URL") })], open: false },
          }),
        }),
      ),
    ).toEqual(["PRIMARY_URL", "REPLICA_URL"]);
  });

  it("is not taken from settings of something else", () => {
    expect(shown(object({ max: number(5), cache: object({ host: words("redis"), port: number(6379) }) }))).toEqual([]);
  });

  it("is not known when the options may hold more than was seen, and said by nobody when they cannot", () => {
    expect(urlsOf(object({ max: number(5) }, true))).toEqual([{ kind: "unknown" }]);
    expect(urlsOf(object({ max: number(5) }))).toEqual([]);
    expect(urlsOfArguments([])).toEqual([]);
  });

  it("is not the name, user or password among several texts", () => {
    expect(shown(env("DB_NAME"), env("DB_USER"), env("DB_PASSWORD"), object({ host: env("DB_HOST") }))).toEqual([
      "$DB_HOST",
    ]);
    expect(shown(env("DATABASE_URL"), object({ max: number(5) }))).toEqual(["DATABASE_URL"]);
  });

  it("is that of a handle which is given instead", () => {
    const urls = urlsOfArguments([object({ pgPool: { kind: "handle", handle: 3 } })], ({ handle }) => [
      { kind: "environment", name: `POOL_${String(handle)}`, query: [] },
    ]);
    expect(urls.map(shownUrl)).toEqual(["POOL_3"]);
  });
});

describe("the route of a connection", () => {
  it.each([
    "DIRECT_URL",
    "DIRECT_DATABASE_URL",
    "DATABASE_DIRECT_URL",
    "DATABASE_URL_DIRECT",
    "DATABASE_URL_UNPOOLED",
    "POSTGRES_URL_NON_POOLING",
    "DB_NON_POOLED_URL",
    "SESSION_MODE_DATABASE_URL",
    "DATABASE_SESSION_POOLER_URL",
  ])("is direct by declaration: %s", (name) => {
    expect(route(env(name))).toBe("direct");
  });

  it.each([
    "PGBOUNCER_URL",
    "DATABASE_POOLER_URL",
    "POSTGRES_PRISMA_URL",
    "DATABASE_POOL_URL",
    "DATABASE_CONNECTION_POOL_URL",
    "DATABASE_URL_POOLED",
    "HYPERDRIVE",
  ])("is pooled by its name: %s", (name) => {
    expect(route(env(name))).toBe("pooled");
  });

  it.each([
    "DATABASE_URL",
    "MIGRATION_DATABASE_URL",
    "REPLICATION_URL",
    "READ_REPLICA_URL",
    "SESSION_DATABASE_URL",
    "DIRECTUS_DATABASE_URL",
    "REDIRECT_URL",
    "DIRECT_MESSAGES_DATABASE_URL",
    "PGBOUNCER_DIRECT_URL",
    "WHIRLPOOL_URL",
  ])("is not told by a name such as %s", (name) => {
    expect(route(env(name))).toBe("unknown");
  });

  it("is told by the names of settings, where `pool` is the program's own", () => {
    expect(route({ ...unknown("`url`"), setting: "config.db.directUrl" })).toBe("direct");
    expect(route({ ...unknown("`url`"), setting: "config.pgbouncer.url" })).toBe("pooled");
    expect(route({ ...unknown("`url`"), setting: "config.pool.url" })).toBe("unknown");
  });

  it.each([
    ["postgres://u:p@db:6432/app", "pooled"],
    ["postgres://u:p@db.abcdefgh.supabase.co:6543/postgres", "pooled"],
    ["postgres://u:p@db:25061/app", "pooled"],
    ["postgres://u:p@ep-cool-1-pooler.eu-central-1.aws.neon.tech/app", "pooled"],
    ["postgres://u:p@pgbouncer/app", "pooled"],
    ["postgres://u:p@app-pgbouncer.default.svc/app", "pooled"],
    ["postgres://u:p@app.proxy-c1.eu-west-1.rds.amazonaws.com/app", "pooled"],
    ["postgres://u:p@db/app?pgbouncer=true", "pooled"],
    ["postgres://u:p@{PGBOUNCER_HOST}:{PORT}/app", "pooled"],
    ["{DATABASE_URL}?pgbouncer=true", "pooled"],
    ["postgres://u:p@db.abcdefgh.supabase.co:5432/postgres", "direct"],
    ["postgres://u:p@{DIRECT_HOST}:5432/app", "direct"],
    ["postgres://u:p@aws-0-eu-west-1.pooler.supabase.com:5432/postgres", "unknown"],
    ["postgres://u:p@ep-cool-1.eu-central-1.aws.neon.tech/app", "unknown"],
    ["postgres://u:p@db:5432/app?pgbouncer=false", "unknown"],
    ["postgres://u:p@db/pgbouncer", "unknown"],
    ["{DIRECT_URL}?pgbouncer=true", "unknown"],
    ["postgres://u:p@localhost:5432/app", "unknown"],
  ])("of %s is %s", (url, expected) => {
    expect(route(words(url))).toBe(expected);
  });

  it("is direct only when every address is", () => {
    expect(route(union([env("DIRECT_URL"), env("DATABASE_URL_UNPOOLED")]))).toBe("direct");
    expect(route(union([env("DIRECT_URL"), env("DATABASE_URL")]))).toBe("unknown");
    expect(route(union([env("DIRECT_URL"), unknown("a parameter")]))).toBe("unknown");
    expect(route(union([env("DIRECT_URL"), env("PGBOUNCER_URL")]))).toBe("pooled");
  });

  it("is not changed by a developer's own database as a fallback", () => {
    expect(route(union([env("DIRECT_URL"), words("postgres://u:p@localhost:5432/app")]))).toBe("direct");
    expect(route(union([env("DIRECT_URL"), words("postgres://u:p@db.internal:5432/app")]))).toBe("unknown");
    expect(route(union([env("DIRECT_URL"), words("postgres://u:p@localhost:6432/app")]))).toBe("pooled");
  });

  it("is what the user declares, whatever the name says", () => {
    const declared = { direct: ["MIGRATION_URL", "db.internal", "$X"], pooled: ["DIRECT_URL", "db.public:6000"] };
    const of = (value: Value): string => routeOf(urlsOf(value), declared);
    expect(of(env("MIGRATION_URL"))).toBe("direct");
    expect(of(env("DIRECT_URL"))).toBe("pooled");
    expect(of(words("postgres://u:p@db.internal:6432/app"))).toBe("direct");
    expect(of(words("postgres://u:p@db.public:6000/app"))).toBe("pooled");
    expect(of(words("postgres://u:p@db.public:5432/app"))).toBe("unknown");
    expect(of(words("postgres://u:p@{MIGRATION_URL}:5432/app"))).toBe("direct");
    expect(of(union([env("MIGRATION_URL"), env("DATABASE_URL")]))).toBe("unknown");
  });
});
