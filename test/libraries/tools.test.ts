import { describe, expect, it } from "vitest";
import { analyseFiles, findingsOf, usesOf } from "../support/deployment.ts";

const manifest = (
  scripts: Readonly<Record<string, string>>,
  dependencies: Readonly<Record<string, string>> = {},
): string => JSON.stringify({ scripts, dependencies }, null, 2);

const schema = (datasource: string, generator = `provider = "prisma-client-js"`): string =>
  `generator client {\n  ${generator}\n}\ndatasource db {\n  ${datasource.split("; ").join("\n  ")}\n}\n`;

const PRISMA6 = { "@prisma/client": "^6.19.0", prisma: "^6.19.0" };
const PRISMA7 = { "@prisma/client": "^7.1.0", "@prisma/adapter-pg": "^7.1.0", prisma: "^7.1.0" };
const POOLED = schema(`provider = "postgresql"; url = env("DATABASE_URL")`, `provider = "other"`);
const CONFIG = `import { defineConfig, env } from "prisma/config";
export default defineConfig({ datasource: { url: env("DATABASE_URL") } });
`;

describe("prisma migrate", () => {
  it("is reported where the schema says its URL, with what runs it", () => {
    const files = {
      "package.json": manifest({ deploy: "prisma migrate deploy", "db:reset": "prisma migrate reset" }, PRISMA6),
      "prisma/schema.prisma": POOLED,
    };
    expect(findingsOf(files)).toEqual([`no-session-library prisma/schema.prisma:6 env("DATABASE_URL") | likely`]);
    const [finding] = analyseFiles(files).findings;
    expect(finding?.message).toContain("It connects with DATABASE_URL, which is not declared direct.");
    expect(finding?.severity).toBe("warning");
    expect(finding?.evidence.map(({ message }) => message)).toEqual([
      "run by package script deploy",
      "run by package script db:reset",
    ]);
  });

  it("with a directUrl that is called direct is looked at and not reported", () => {
    const files = {
      "package.json": manifest({ deploy: "prisma migrate deploy" }, PRISMA6),
      "prisma/schema.prisma": schema(
        `provider = "postgresql"; url = env("DATABASE_URL"); directUrl = env("DIRECT_URL")`,
        `provider = "other"`,
      ),
    };
    expect(findingsOf(files)).toEqual([]);
    expect(usesOf(files)).toEqual([`prisma migrate direct prisma/schema.prisma:7 env("DIRECT_URL") | DIRECT_URL`]);
  });

  it("with a directUrl that is the pooled one is reported there", () => {
    expect(
      findingsOf({
        "package.json": manifest({ deploy: "prisma migrate deploy" }, PRISMA6),
        "prisma/schema.prisma": schema(
          `provider = "postgresql"; url = env("DATABASE_URL"); directUrl = env("DATABASE_URL")`,
          `provider = "other"`,
        ),
      }),
    ).toEqual([`no-session-library prisma/schema.prisma:7 env("DATABASE_URL") | likely`]);
  });

  it("takes its URL from prisma.config.ts before the schema", () => {
    const files = {
      "package.json": manifest({}, PRISMA7),
      Dockerfile: "CMD npx prisma migrate deploy && node a\n",
      "prisma.config.ts": CONFIG,
      "prisma/schema.prisma": schema(`provider = "postgresql"`),
    };
    expect(findingsOf(files)).toEqual([`no-session-library prisma.config.ts:2 env("DATABASE_URL") | likely`]);
    expect(findingsOf({ ...files, "prisma.config.ts": CONFIG.replace("DATABASE_URL", "DIRECT_URL") })).toEqual([]);
    expect(
      findingsOf({
        ...files,
        "prisma.config.ts": CONFIG.replace(`env("DATABASE_URL")`, "process.env.DIRECT_URL ?? env('DATABASE_URL')"),
      }),
    ).toEqual([`no-session-library prisma.config.ts:2 process.env.DIRECT_URL ?? env('DATABASE_URL') | likely`]);
  });

  it("that nobody was seen to run is possible where its configuration is", () => {
    expect(
      findingsOf({
        "package.json": manifest({}, PRISMA7),
        "prisma.config.ts": CONFIG,
        "prisma/schema.prisma": schema(`provider = "postgresql"`),
      }),
    ).toEqual([`no-session-library prisma.config.ts:2 env("DATABASE_URL") | possible`]);
  });

  const direct = {
    "package.json": manifest({}, PRISMA6),
    "prisma/schema.prisma": schema(
      `provider = "postgresql"; url = env("DATABASE_URL"); directUrl = env("DIRECT_URL")`,
      `provider = "other"`,
    ),
  };

  it("of a script that sets the direct variable from the pooled one is reported there", () => {
    for (const fallback of [
      `if [ -z "$DIRECT_URL" ]; then export DIRECT_URL="$DATABASE_URL"; fi`,
      "export DIRECT_URL=${DIRECT_URL:-$DATABASE_URL}",
      ': "${X:=1}"\nDIRECT_URL=$DATABASE_URL',
    ]) {
      expect(findingsOf({ ...direct, "entrypoint.sh": `${fallback}\nprisma migrate deploy\n` }), fallback).toEqual([
        `no-session-library entrypoint.sh:${String(fallback.split("\n").length + 1)} prisma migrate deploy | likely`,
      ]);
    }
  });

  it("of a script that sets it from another direct one, or only after it ran, is not", () => {
    for (const script of [
      `export DIRECT_URL="$DATABASE_URL_UNPOOLED"\nprisma migrate deploy`,
      `[ -z "$DIRECT_URL" ] && exit 1\nprisma migrate deploy`,
      `prisma migrate deploy\nexport DIRECT_URL=$DATABASE_URL`,
    ])
      expect(findingsOf({ ...direct, "entrypoint.sh": `${script}\n` }), script).toEqual([]);
  });

  it("in a container whose environment does so is possible", () => {
    expect(
      findingsOf({
        ...direct,
        "compose.yml": `services:
  api:
    command: prisma migrate deploy
    environment:
      OTHER: 1
`,
        ".env.example": `DATABASE_URL=\nDIRECT_URL=$DATABASE_URL\n`,
      }),
    ).toEqual(["no-session-library compose.yml:3 prisma migrate deploy | possible"]);
  });

  it("given another URL by its environment is judged by that", () => {
    const step = (url: string): string =>
      `jobs:\n  a:\n    steps:\n      - run: npx prisma migrate deploy\n        env:\n          DATABASE_URL: ${url}\n`;
    const files = (url: string) => ({
      "package.json": manifest({}, PRISMA6),
      "prisma/schema.prisma": POOLED,
      ".github/workflows/deploy.yml": step(url),
    });
    expect(findingsOf(files("${{ secrets.DIRECT_URL }}"))).toEqual([]);
    expect(findingsOf(files("${{ secrets.DATABASE_URL }}"))).toEqual([
      `no-session-library prisma/schema.prisma:6 env("DATABASE_URL") | likely`,
    ]);
    expect(
      findingsOf({
        ...files("x"),
        ".github/workflows/deploy.yml":
          "jobs: { a: { steps: [{ run: DATABASE_URL=$DIRECT_URL prisma migrate deploy }] } }",
      }),
    ).toEqual([]);
  });

  it("without its lock is switched off", () => {
    const files = {
      "package.json": manifest({}, PRISMA6),
      "prisma/schema.prisma": POOLED,
      Dockerfile: "ENV PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK=1\nCMD prisma migrate deploy\n",
    };
    expect(findingsOf(files)).toEqual([]);
    expect(findingsOf({ ...files, Dockerfile: "CMD prisma migrate deploy\n" })).toHaveLength(1);
  });

  it("for development is possible", () => {
    const run = (scripts: Readonly<Record<string, string>>): string[] =>
      findingsOf({ "package.json": manifest(scripts, PRISMA6), "prisma/schema.prisma": POOLED });
    const possible = [`no-session-library prisma/schema.prisma:6 env("DATABASE_URL") | possible`];
    expect(run({ migrate: "prisma migrate dev" })).toEqual(possible);
    expect(run({ "test:setup": "prisma migrate deploy" })).toEqual(possible);
    expect(run({ setup: "DATABASE_URL=postgres://a@localhost/b prisma db push" })).toEqual([
      `no-session-library prisma/schema.prisma:6 env("DATABASE_URL") | possible`,
    ]);
  });

  it("for another database is silent", () => {
    expect(
      findingsOf({
        "package.json": manifest({ deploy: "prisma migrate deploy" }, PRISMA6),
        "prisma/schema.prisma": schema(`provider = "mysql"; url = env("DATABASE_URL")`),
      }),
    ).toEqual([]);
  });

  it("of two workspaces is two findings, of one workspace one", () => {
    const workspace = (folder: string, variable: string) => ({
      [`${folder}/package.json`]: manifest({ a: "prisma migrate deploy", b: "prisma db push" }, PRISMA6),
      [`${folder}/prisma/schema.prisma`]: POOLED.replace("DATABASE_URL", variable),
    });
    expect(findingsOf({ ...workspace("apps/a", "A_URL"), ...workspace("apps/b", "B_URL") })).toEqual([
      `no-session-library apps/a/prisma/schema.prisma:6 env("A_URL") | likely`,
      `no-session-library apps/b/prisma/schema.prisma:6 env("B_URL") | likely`,
    ]);
  });
});

describe("a script that is called with words of its own", () => {
  it("runs what it is with them", () => {
    const tool = { gm: 'cross-env NODE_OPTIONS="${NODE_OPTIONS:-} -r env" graphile-migrate' };
    const needs = { "graphile-migrate": "^1.4.1" };
    for (const call of ["yarn gm migrate", "npm run gm -- migrate", "pnpm gm --config x migrate", "bun run gm migrate"])
      expect(findingsOf({ "package.json": manifest({ ...tool, up: call }, needs) }), call).toHaveLength(1);
    expect(findingsOf({ "package.json": manifest({ ...tool, up: "yarn gm migrate" }, needs) })).toEqual([
      "no-session-library package.json:4 gm migrate | likely",
    ]);
    expect(findingsOf({ "package.json": manifest({ ...tool, up: "yarn gm compile" }, needs) })).toEqual([]);
    expect(findingsOf({ "package.json": manifest({ ...tool, up: "echo yarn gm" }, needs) })).toEqual([]);
  });

  it("runs it when an image or a workflow calls it", () => {
    const files = { "package.json": manifest({ migrate: "node-pg-migrate" }, { "node-pg-migrate": "^8.0.0" }) };
    expect(findingsOf({ ...files, Dockerfile: "CMD npm run migrate up\n" })).toEqual([
      "no-session-library Dockerfile:1 migrate up | likely",
    ]);
    expect(findingsOf({ ...files, Dockerfile: "CMD npm run migrate create up\n" })).toEqual([]);
  });

  it("is one run when it needs none of them", () => {
    const files = {
      "package.json": manifest({ deploy: "prisma migrate deploy", up: "yarn deploy --schema a" }, PRISMA6),
      "prisma/schema.prisma": POOLED,
    };
    expect(analyseFiles(files).findings[0]?.evidence.map(({ message }) => message)).toEqual([
      "run by package script deploy",
    ]);
  });
});

describe("words that only look like a command", () => {
  it("are none", () => {
    for (const words of [
      `echo "prisma migrate deploy"`,
      "echo prisma migrate deploy",
      "# prisma migrate deploy",
      "npm install prisma migrate deploy",
      "prisma generate",
      "prisma migrate diff",
      "prisma migrate deploy --help",
      "graphile-worker --schema-only",
      "pnpm --filter graphile-worker build",
      "apt-get install -y pg_dump",
      "command -v pg_dump",
      "which pg_dump",
      "pg_dump --version",
      "pg_restore --list a.dump",
      "node-pg-migrate create up",
    ])
      expect(
        usesOf({ "run.sh": `${words}\n`, "package.json": manifest({}, { prisma: "^6.0.0", pg: "^8.0.0" }) }),
        words,
      ).toEqual([]);
  });

  it("behind runners and options are commands", () => {
    for (const words of [
      "npx --yes graphile-worker",
      "pnpm --filter api exec graphile-worker -c $URL",
      "dotenv -e .env -- graphile-worker",
      "./node_modules/.bin/graphile-worker",
      "node --enable-source-maps ./node_modules/graphile-worker/dist/cli.js",
      "docker compose run --rm worker npx graphile-worker",
      "timeout 60 npx graphile-worker",
      "./wait-for.sh db:5432 -- npx graphile-worker",
      `sh -c "sleep 1; exec graphile-worker"`,
    ])
      expect(
        usesOf({ "run.sh": `${words}\n` }).map((use) => use.split(" ").slice(0, 2)),
        words,
      ).toEqual([["graphile-worker", "needs-session"]]);
  });
});

describe("other tools", () => {
  const withPg = (script: string, dependencies: Readonly<Record<string, string>>): string[] =>
    findingsOf({ "package.json": manifest({ release: script }, { pg: "^8.0.0", ...dependencies }) });

  it("lock unless they are told not to", () => {
    expect(withPg("node-pg-migrate up", { "node-pg-migrate": "^9.0.0" })).toEqual([
      "no-session-library package.json:3 node-pg-migrate up | likely",
    ]);
    expect(withPg("node-pg-migrate -m sql up --no-lock", { "node-pg-migrate": "^9.0.0" })).toEqual([]);
    expect(withPg("node ace migration:run --force", { "@adonisjs/lucid": "^22.0.0" })).toEqual([
      "no-session-library package.json:3 ace migration:run | likely",
    ]);
    expect(withPg("node ace migration:run --disable-locks", { "@adonisjs/lucid": "^22.0.0" })).toEqual([]);
  });

  it("for several databases are judged by the packages beside them", () => {
    const ace = (dependencies: Readonly<Record<string, string>>): string[] =>
      findingsOf({
        "package.json": manifest(
          { release: "node ace migration:run" },
          { "@adonisjs/lucid": "^22.0.0", ...dependencies },
        ),
      });
    expect(ace({ mysql2: "^3.0.0" })).toEqual([]);
    expect(ace({ mysql2: "^3.0.0", pg: "^8.0.0" })).toEqual([
      "no-session-library package.json:3 ace migration:run | possible",
    ]);
  });

  it("are told which variable holds the URL", () => {
    expect(withPg("node-pg-migrate -d DIRECT_URL up", { "node-pg-migrate": "^9.0.0" })).toEqual([]);
    expect(withPg("dbmate --url $DATABASE_URL up", { dbmate: "^2.0.0" })).toEqual([
      "no-session-library package.json:3 dbmate --url $DATABASE_URL up | likely",
    ]);
    expect(withPg("dbmate -e DIRECT_URL up", { dbmate: "^2.0.0" })).toEqual([]);
    expect(withPg("dbmate --url 'postgres://a@b/c?binary_parameters=yes' up", { dbmate: "^2.0.0" })).toEqual([]);
  });

  it("depend on a version", () => {
    const kysely = (range: string): string[] =>
      withPg("kysely migrate latest", { "kysely-ctl": "^0.20.0", kysely: range });
    expect(kysely("0.29.9")).toEqual(["no-session-library package.json:3 kysely migrate latest | likely"]);
    expect(kysely("^0.28.0")).toEqual(["no-session-library package.json:3 kysely migrate latest | possible"]);
    expect(kysely("0.28.17")).toEqual([]);
  });

  it("that need nothing are looked at", () => {
    expect(
      usesOf({
        "package.json": manifest({
          a: "knex --knexfile k.js migrate:latest",
          b: "drizzle-kit migrate",
          c: "typeorm -d x migration:run",
        }),
      }),
    ).toEqual([
      "knex migrate fine package.json:3 knex --knexfile k.js migrate:latest",
      "drizzle-kit fine package.json:4 drizzle-kit migrate",
      "typeorm migration fine package.json:5 typeorm -d x migration:run",
    ]);
  });

  it("are reported where they are most of the deployment", () => {
    const files = {
      "package.json": manifest({ work: "graphile-worker" }),
      ".github/workflows/a.yml": "jobs: { a: { steps: [{ run: npx graphile-worker --once }] } }",
      Procfile: "worker: npx graphile-worker --connection $DATABASE_URL\n",
    };
    expect(findingsOf(files)).toEqual(["no-session-library Procfile:1 graphile-worker | likely"]);
    expect(analyseFiles(files).findings[0]?.evidence.map(({ message }) => message)).toEqual([
      "run by a of a.yml",
      "run by package script work",
    ]);
  });
});

describe("pg_dump", () => {
  const dump = (words: string, path = "backup.sh"): string[] => findingsOf({ [path]: `${words}\n` });

  it("leaves its search_path behind", () => {
    expect(dump('pg_dump "$DATABASE_URL" > a.sql')).toEqual(["no-session-library backup.sh:1 pg_dump | likely"]);
    expect(dump("PGHOST=$DB_HOST pg_dump app")).toEqual(["no-session-library backup.sh:1 pg_dump | likely"]);
  });

  it("on the machine or in the container of the server does not", () => {
    expect(dump("docker exec db pg_dump -U app app")).toEqual([]);
    expect(dump("pg_dump -h 127.0.0.1 app")).toEqual(["no-session-library backup.sh:1 pg_dump | possible"]);
    expect(dump("pg_dump app")).toEqual(["no-session-library backup.sh:1 pg_dump | possible"]);
    expect(dump('pg_dump "$DIRECT_URL"')).toEqual([]);
  });

  it("of the server in the same compose file does not; of a pooler there does", () => {
    const compose = (image: string): string =>
      `services:\n  db:\n    image: ${image}\n  backup:\n    command: pg_dump -h db app\n`;
    const found = (image: string): string[] =>
      findingsOf({ "compose.yml": compose(image) }).filter((finding) => finding.startsWith("no-session-library"));
    expect(found("postgres:17")).toEqual([]);
    expect(found("edoburu/pgbouncer")).toEqual(["no-session-library compose.yml:5 pg_dump | likely"]);
  });
});

describe("the engine of Prisma", () => {
  const named = (
    datasource: string,
    generator?: string,
    dependencies: Readonly<Record<string, string>> = PRISMA6,
    other = {},
  ): string[] =>
    findingsOf({
      "package.json": manifest({}, dependencies),
      "prisma/schema.prisma": schema(datasource, generator),
      ...other,
    }).filter((finding) => finding.startsWith("no-named"));
  const pooled = `provider = "postgresql"; url = env("DATABASE_URL")`;

  it("names its statements", () => {
    expect(named(pooled)).toEqual([`no-named-prepared-statement prisma/schema.prisma:6 env("DATABASE_URL") | likely`]);
  });

  it("does not with a driver adapter, from version 7 on, as a client engine, or for another database", () => {
    expect(named(pooled, undefined, { ...PRISMA6, "@prisma/adapter-pg": "^6.19.0" })).toEqual([]);
    expect(named(pooled, undefined, { "@prisma/client": "^7.0.0" })).toEqual([]);
    expect(named(pooled, `provider = "prisma-client"\n  engineType = "client"`)).toEqual([]);
    expect(
      named(pooled, `provider = "prisma-client-js"\n  previewFeatures = ["queryCompiler", "driverAdapters"]`),
    ).toEqual([]);
    expect(named(`provider = "sqlite"; url = "file:a.db"`)).toEqual([]);
    expect(named(`provider = "postgresql"`)).toEqual([]);
    expect(named(pooled, `provider = "prisma-kysely"`)).toEqual([]);
  });

  it("does not where pgbouncer=true is seen, in the schema or in a file of the environment", () => {
    expect(named(`provider = "postgresql"; url = "postgres://a@b/c?pgbouncer=true"`)).toEqual([]);
    const env = (url: string) => ({ ".env.example": `DATABASE_URL=${url}\n` });
    expect(named(pooled, undefined, PRISMA6, env("postgres://a@b/c?schema=x&pgbouncer=true"))).toEqual([]);
    expect(named(pooled, undefined, PRISMA6, env("postgres://a@b/c?schema=x"))).toHaveLength(1);
  });

  it("is possible where a package that uses it has an adapter", () => {
    expect(
      findingsOf({
        "db/package.json": JSON.stringify({ name: "@x/db", dependencies: PRISMA6 }),
        "db/schema.prisma": schema(pooled),
        "web/package.json": manifest({}, { "@x/db": "*", "@prisma/adapter-pg": "^6.0.0" }),
      }),
    ).toEqual([`no-named-prepared-statement db/schema.prisma:6 env("DATABASE_URL") | possible`]);
  });
});

describe("PGOPTIONS", () => {
  const startup = (files: Readonly<Record<string, string>>): string[] => findingsOf(files);

  it("is found wherever the environment is set, at the parameter", () => {
    expect(
      startup({
        Dockerfile: `ENV PGOPTIONS="-c search_path=app -c TimeZone=UTC"\nCMD node a\n`,
        "package.json": manifest({
          start: "cross-env PGOPTIONS='--statement_timeout=5s' node a",
          b: "PGOPTIONS='-c role=x' node a",
        }),
        "run.sh": "export PGOPTIONS='-c lock_timeout=1'\nnode a\n",
      }).filter((finding) => !finding.includes("TimeZone")),
    ).toEqual([
      "no-startup-parameter Dockerfile:1 search_path | likely",
      "no-startup-parameter package.json:4 role | likely",
      "no-startup-parameter run.sh:1 lock_timeout | likely",
    ]);
  });

  it("is a warning, for anything may be run there", () => {
    const { findings } = analyseFiles({ "run.sh": "export PGOPTIONS='-c search_path=a'\n" });
    expect(findings.map(({ severity, messageId }) => [severity, messageId])).toEqual([
      ["warning", "refusedInEnvironment"],
    ]);
  });

  it("for a command with a direct connection is not reported", () => {
    expect(startup({ "run.sh": `PGOPTIONS='-c search_path=a' psql "$DIRECT_URL"\n` })).toEqual([]);
    expect(startup({ "run.sh": `PGOPTIONS='-c search_path=a' psql "$DATABASE_URL"\n` })).toHaveLength(1);
  });

  it("that is not known is not guessed", () => {
    expect(startup({ "run.sh": `export PGOPTIONS="$OTHER"\n` })).toEqual([]);
  });
});

describe("files that cannot be read", () => {
  it("are named, and the others are read", () => {
    const { unreadFiles, libraryUses } = analyseFiles({
      "package.json": `{ "scripts": { "a": "pg_dump $DATABASE_URL" `,
      "a.yaml": "command: [pg_dump, $DATABASE_URL]\n  b: {\n",
      "run.sh": "pg_restore -d $DATABASE_URL a.dump\n",
    });
    expect(unreadFiles).toEqual([
      { file: "package.json", reason: "not valid JSON" },
      { file: "a.yaml", reason: expect.stringContaining("not valid YAML") as string },
    ]);
    expect(libraryUses.map(({ library }) => library)).toContain("pg_restore");
  });
});
