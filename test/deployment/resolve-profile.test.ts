import { describe, expect, it } from "vitest";
import { analyzeProject, type PoolerConfiguration, type ProjectAnalysis } from "../../analyzers/index.ts";
import { parseSource } from "../support/parse.ts";

const CODE = `import { Pool } from "pg";
const pool = new Pool({ connectionString: process.env.DATABASE_URL });
const live = new Pool({ connectionString: process.env.LIVE_URL });
export const run = () => { void pool.query("SET work_mem = '1MB'"); void live.query("SET work_mem = '2MB'"); };
`;

const analyse = (
  files: Readonly<Record<string, string>>,
  pooler: PoolerConfiguration = {},
  code = CODE,
): ProjectAnalysis =>
  analyzeProject(
    {
      sourceFiles: ["src/db.ts"],
      sqlFiles: [],
      deploymentFiles: Object.entries(files).map(([path, text]) => ({ filename: path, path, text })),
      load: (name) => (name === "src/db.ts" ? parseSource(name, code) : undefined),
      resolve: () => undefined,
    },
    { pooler },
  );

const facts = (...given: Parameters<typeof analyse>): string[] =>
  analyse(...given).resolved.facts.map(
    ({ name, value, from, origin }) =>
      `${name} ${value} ${from}${origin === undefined ? "" : ` ${origin.location.file}`}`,
  );

const doubts = (...given: Parameters<typeof analyse>): string[] =>
  analyse(...given).resolved.doubts.map(({ words }) => words);

/** Lines of the source with findings of the code. */
const found = (...given: Parameters<typeof analyse>): string[] =>
  analyse(...given)
    .findings.filter(({ ruleId }) => ruleId === "no-session-set")
    .map(({ location: { range }, severity }) => `${CODE.slice(range.start).split("'")[1] ?? ""} ${severity}`);

const ini = (lines: string): string => `[databases]\napp = host=db\n[pgbouncer]\n${lines}`;
const compose = (image: string, lines = ""): string =>
  `services:\n  pgbouncer:\n    image: ${image}\n    environment:\n      POSTGRESQL_HOST: db\n${lines}`;

describe("the profile of a project", () => {
  it("without deployment files is PgBouncer of unknown version", () => {
    expect(facts({})).toEqual(["pooler pgbouncer default"]);
    expect(doubts({})).toEqual([]);
  });

  it("takes each fact from configuration, then files, then defaults", () => {
    const files = { "pgbouncer.ini": ini("pool_mode = transaction\nmax_prepared_statements = 50\n") };
    expect(facts(files, { spec: "pgbouncer@1.25", maxPreparedStatements: 7 })).toEqual([
      "pooler pgbouncer configuration",
      "version 1.25 configuration",
      "pool_mode transaction deployment pgbouncer.ini",
      "max_prepared_statements 7 configuration",
      "track_extra_parameters IntervalStyle default",
      "ignore_startup_parameters none default",
      "server_reset_query_always 0 default",
    ]);
  });

  it("knows the version from the image, and what its defaults are", () => {
    const { profile } = analyse({ "docker-compose.yml": compose("bitnami/pgbouncer:1.24.1") });
    expect(profile).toMatchObject({ version: "1.24.1", maxPreparedStatements: 200, poolMode: "transaction" });
  });

  it("knows a lower bound from the keys of an ini", () => {
    const { profile } = analyse({ "pgbouncer.ini": ini("transaction_timeout = 60\n") });
    expect(profile.maxPreparedStatements).toBe(200);
    expect(analyse({ "pgbouncer.ini": ini("") }).profile.maxPreparedStatements).toBe("unknown");
  });

  it("does not know what a template writes, nor what may stand in a file that was not read", () => {
    const templated = {
      "pgbouncer.ini": ini("max_prepared_statements = ${MPS}\n"),
      Dockerfile: "FROM edoburu/pgbouncer:v1.25.1-p0\nCOPY pgbouncer.ini /etc/pgbouncer/pgbouncer.ini\n",
    };
    expect(analyse(templated).profile.maxPreparedStatements).toBe("unknown");
    const partly = { "pgbouncer.ini": ini("%include more.ini\n"), Dockerfile: templated.Dockerfile };
    expect(analyse(partly).profile.maxPreparedStatements).toBe("unknown");
    expect(doubts(partly)).toEqual([
      "Dockerfile with pgbouncer.ini was read in part only: what it does not set may be set elsewhere",
    ]);
  });

  it("takes no side between files that contradict one another, and names them", () => {
    const files = {
      "a/pgbouncer.ini": ini("pool_mode = session\nmax_prepared_statements = 0\n"),
      "b/pgbouncer.ini": ini("pool_mode = transaction\nmax_prepared_statements = 100\n"),
    };
    const { profile } = analyse(files);
    expect(profile).toMatchObject({ poolMode: "transaction", maxPreparedStatements: "unknown" });
    expect(doubts(files)).toEqual([
      "files differ in pool_mode: session in pool_mode in a/pgbouncer.ini",
      "files differ in pool_mode: transaction in pool_mode in b/pgbouncer.ini",
      "files differ in max_prepared_statements: 0 in max_prepared_statements in a/pgbouncer.ini",
      "files differ in max_prepared_statements: 100 in max_prepared_statements in b/pgbouncer.ini",
    ]);
  });

  it("lets files for development decide nothing", () => {
    const files = {
      "docker-compose.test.yml": compose("bitnami/pgbouncer:1.25.1", "      PGBOUNCER_POOL_MODE: session\n"),
    };
    expect(analyse(files).profile).toMatchObject({ version: "unknown", poolMode: "transaction" });
    expect(doubts(files)).toEqual([
      "service pgbouncer of docker-compose.test.yml is for development or tests: its settings decide nothing",
    ]);
    expect(found(files)).toEqual(["1MB error", "2MB error"]);
  });

  it("is asked for where a URL leads to the host of another pooler", () => {
    const env = (url: string): Record<string, string> => ({ ".env.production": `DATABASE_URL=${url}\n` });
    expect(doubts(env("postgres://u:p@aws-0-eu.pooler.supabase.com:6543/postgres"))).toEqual([
      "DATABASE_URL leads to the host of another pooler: --pooler supavisor judges by it",
    ]);
    expect(doubts(env("postgres://u:p@app.proxy-abc.eu-west-1.rds.amazonaws.com/x"))).toEqual([
      "DATABASE_URL leads to the host of another pooler: --pooler rds-proxy judges by it",
    ]);
    expect(doubts(env("postgres://u:p@db.internal/x"))).toEqual([]);
    // A hint raises a question and lowers nothing.
    expect(found(env("postgres://u:p@app.proxy-abc.eu-west-1.rds.amazonaws.com/x"))).toEqual([
      "1MB error",
      "2MB error",
    ]);
  });
});

describe("pool modes", () => {
  it("unset is judged as transaction, and said to be session", () => {
    const files = { "docker-compose.yml": compose("bitnami/pgbouncer:1.24.1") };
    expect(found(files)).toEqual(["1MB error", "2MB error"]);
    expect(analyse(files).findings.map(({ messageId }) => messageId)).toContain("poolModeUnset");
  });

  it("session by default of an operator is judged as transaction too", () => {
    const cnpg =
      "apiVersion: postgresql.cnpg.io/v1\nkind: Pooler\nmetadata: { name: p }\nspec: { cluster: { name: m }, pgbouncer: {} }\n";
    expect(found({ "k8s/pooler.yaml": cnpg })).toEqual(["1MB error", "2MB error"]);
    const chosen = cnpg.replace("pgbouncer: {}", "pgbouncer: { poolMode: session }");
    expect(found({ "k8s/pooler.yaml": chosen })).toEqual([]);
  });

  it("session for all is judged as that", () => {
    const files = { "pgbouncer.ini": ini("pool_mode = session\n") };
    expect(found(files)).toEqual([]);
    expect(found(files, { poolMode: "transaction" })).toEqual(["1MB error", "2MB error"]);
  });

  it("of an alias or a user hold for what connects to it", () => {
    const services = (url: string): string => `services:
  pgbouncer:
    image: edoburu/pgbouncer:v1.24.1-p1
    volumes: ["./pgbouncer.ini:/etc/pgbouncer/pgbouncer.ini"]
  api:
    image: api:1
    environment:
      DATABASE_URL: postgres://api@pgbouncer/app
      LIVE_URL: ${url}
`;
    const aliases =
      "[databases]\napp = host=db\nlive = host=db dbname=app pool_mode=session\n[users]\nlistener = pool_mode=session\n[pgbouncer]\npool_mode = transaction\n";
    const files = (url: string): Record<string, string> => ({
      "docker-compose.yml": services(url),
      "pgbouncer.ini": aliases,
    });
    expect(found(files("postgres://api@pgbouncer/live"))).toEqual(["1MB error"]);
    expect(found(files("postgres://listener@pgbouncer/app"))).toEqual(["1MB error"]);
    expect(found(files("postgres://api@pgbouncer/app"))).toEqual(["1MB error", "2MB error"]);
    expect(found(files("postgres://api@elsewhere/live"))).toEqual(["1MB error", "2MB error"]);
  });
});

describe("parameters of the pooler", () => {
  const sends = `import { Pool } from "pg";
export const pool = new Pool({ connectionString: process.env.DATABASE_URL, statement_timeout: 5000 });
`;
  const messages = (files: Readonly<Record<string, string>>): string[] =>
    analyse(files, {}, sends)
      .findings.filter(
        ({ ruleId, messageId }) => ruleId === "no-startup-parameter" || /Parameter$|InVain$/.test(messageId),
      )
      .map(({ messageId, severity }) => `${messageId} ${severity}`);

  it("that are ignored are not refused, at both ends", () => {
    expect(messages({ "pgbouncer.ini": ini("ignore_startup_parameters = statement_timeout\n") })).toEqual([
      "ignored warning",
      "ignoredParameter warning",
    ]);
    expect(messages({ "pgbouncer.ini": ini("") })).toEqual(["refused error", "refusedParameter info"]);
  });

  it("that are tracked in vain are accepted and dropped", () => {
    expect(messages({ "pgbouncer.ini": ini("track_extra_parameters = IntervalStyle, statement_timeout\n") })).toEqual([
      "trackedInVain warning",
      "trackedInVain warning",
    ]);
  });
});
