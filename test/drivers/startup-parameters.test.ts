import { describe, expect, test } from "vitest";
import { analyzeFile } from "../../analyzers/index.ts";
import { parseSource } from "../support/parse.ts";

/** What a module's connections put into the startup packet, in source order: `name=value | via | confidence`. */
const parametersIn = (code: string): string[] =>
  analyzeFile(parseSource("example.ts", code)).startupParameters.map(
    ({ name, value, via, confidence }) => `${name}=${value ?? "…"} | ${via} | ${confidence}`,
  );

/** A module that makes connections, and what they send. */
interface Case {
  readonly title: string;
  readonly code: string;
  readonly parameters: readonly string[];
}

const cases: readonly Case[] = [
  {
    title: "knex: the connection, as an object, a URL, a function, and as the whole argument",
    code: `
        import knex from "knex";
        knex({ client: "pg", connection: { statement_timeout: 5000, query_timeout: 1, options: "-c search_path=app" } });
        knex({ client: "pg", connection: "postgres://db/app?lock_timeout=1" });
        knex({ client: "pg", connection: async () => ({ host: "db", idle_in_transaction_session_timeout: 9 }) });
        knex("postgres://db/app?statement_timeout=2");
        knex({ client: "mysql2", connection: { statement_timeout: 1 } });
        knex({ client: "pg", statement_timeout: 1, pool: { min: 0 } });`,
    parameters: [
      "statement_timeout=5000 | option | certain",
      "search_path=app | options | certain",
      "lock_timeout=1 | url | certain",
      "idle_in_transaction_session_timeout=9 | option | certain",
      "statement_timeout=2 | url | certain",
    ],
  },
  {
    title: "pg: settings that somebody else gives, with more of them",
    code: `
        import { Pool, type PoolConfig } from "pg";
        import { limits } from "./limits.js";
        export function open(config: PoolConfig, options: { db: Pool; extra: PoolConfig }) {
          config.max ??= 10;
          config.statement_timeout ??= limits.statement;
          config.lock_timeout = 500;
          options.name = "a";
          options.extra = { query_timeout: 1 };
          return new Pool(config);
        }`,
    parameters: ["statement_timeout=… | option | likely", "lock_timeout=500 | option | certain"],
  },
  {
    title: "pg: settings that are given one by one, under conditions",
    code: `
        import { Client, type ClientConfig } from "pg";
        interface Given { ssl?: "off" | "on" | object; statement?: number; idle?: number; lock?: number }
        const settings = (given: Given): ClientConfig => {
          const config: ClientConfig = { host: "db", ssl: false };
          if (given.ssl === "on") config.ssl = true; else if (given.ssl === "off") config.ssl = false; else if (given.ssl) config.ssl = given.ssl;
          if (given.statement) { if (given.statement === 0) config.statement_timeout = 1; else config.statement_timeout = given.statement; }
          if (given.idle) { if (given.idle === 0) config.keepAlive = true; else config.keepAlive = false; }
          if (given.lock) { if (given.lock === 0) config.query_timeout = 1; else config.query_timeout = given.lock; }
          return config;
        };
        export const open = (given: Given) => { const config = settings(given); config.types = undefined; return new Client(config); };`,
    parameters: ["statement_timeout=… | option | likely"],
  },
  {
    title: "lucid: connections by name, and replicas; another database beside them",
    code: `
        import { defineConfig } from "@adonisjs/lucid";
        export default defineConfig({
          connection: "pg",
          connections: {
            pg: { client: "pg", connection: { lock_timeout: 1 }, replicas: { read: { connection: { statement_timeout: 2 } } } },
            mysql: { client: "mysql2", connection: { lock_timeout: 3 } },
          },
        });`,
    parameters: ["lock_timeout=1 | option | certain", "statement_timeout=2 | option | certain"],
  },
  {
    title: "sequelize: what it picks from dialectOptions and from the URL's query, and nothing else",
    code: `
        import { Sequelize } from "sequelize";
        new Sequelize("postgres://db/app?statement_timeout=1", {
          dialectOptions: { lock_timeout: 2, fallback_application_name: "app", options: "-c role=app", ssl: {} },
          statement_timeout: 3,
        });
        new Sequelize("db", "user", "password", { dialect: "postgres", dialectOptions: { idle_in_transaction_session_timeout: 4 } });
        new Sequelize("db", "user", "password", { dialect: "mysql", dialectOptions: { statement_timeout: 5 } });`,
    parameters: [
      "statement_timeout=1 | url | certain",
      "lock_timeout=2 | option | certain",
      "role=app | options | certain",
      "idle_in_transaction_session_timeout=4 | option | certain",
    ],
  },
  {
    title: "@sequelize/core: beside the other options",
    code: `
        import { Sequelize } from "@sequelize/core";
        import { PostgresDialect } from "@sequelize/postgres";
        import { MySqlDialect } from "@sequelize/mysql";
        new Sequelize({ dialect: PostgresDialect, url: "postgres://db/app?lock_timeout=1", statement_timeout: 2 });
        new Sequelize({ dialect: MySqlDialect, statement_timeout: 3 });`,
    parameters: ["lock_timeout=1 | url | certain", "statement_timeout=2 | option | certain"],
  },
  {
    title: "MikroORM: driverOptions of both kinds; its URL has no such query",
    code: `
        import { MikroORM, defineConfig } from "@mikro-orm/postgresql";
        MikroORM.init({ clientUrl: "postgres://db/app?statement_timeout=1", driverOptions: { lock_timeout: 2 } });
        export default defineConfig({ driverOptions: { connection: { statement_timeout: 3 } } });`,
    parameters: ["lock_timeout=2 | option | certain", "statement_timeout=3 | option | certain"],
  },
  {
    title: "modules of NestJS: options, factories, and classes that give them",
    code: `
        import { MikroOrmModule } from "@mikro-orm/nestjs";
        import { Module } from "@nestjs/common";
        import { SequelizeModule } from "@nestjs/sequelize";
        import { KnexModule } from "nest-knexjs";
        class Settings {
          createSequelizeOptions() { return { dialect: "postgres", dialectOptions: { lock_timeout: 2 } }; }
        }
        @Module({
          imports: [
            KnexModule.forRoot({ config: { client: "pg", connection: { statement_timeout: 1 } } }),
            SequelizeModule.forRootAsync({ useClass: Settings }),
            SequelizeModule.forRoot({ dialect: "mysql", dialectOptions: { lock_timeout: 9 } }),
            MikroOrmModule.forRootAsync({ useFactory: async () => ({ driverOptions: { statement_timeout: 3 } }) }),
          ],
        })
        export class AppModule {}`,
    parameters: [
      "lock_timeout=2 | option | certain",
      "statement_timeout=1 | option | certain",
      "statement_timeout=3 | option | certain",
    ],
  },
];

describe("what goes into the startup packet", () => {
  test.each(cases)("$title", ({ code, parameters }) => {
    expect(parametersIn(code)).toEqual(parameters);
  });
});
