import { describe, expect, it } from "vitest";
import { analyzeFile, shownUrl } from "../../analyzers/index.ts";
import { parseSource } from "../support/parse.ts";

/** The addresses of the connections of a module, in the order in which they were met. */
const addressesIn = (code: string): string[] =>
  analyzeFile(parseSource("a.ts", code)).connections.map(({ urls }) => urls.map(shownUrl).join(" or "));

describe("settings that are changed before a connection is made", () => {
  it("count as they are then, in an object within them too", () => {
    const code = `
import { Pool, type PoolConfig } from "pg";
import knex, { type Knex } from "knex";
const base = (): Knex.Config => ({ client: "pg", connection: { connectionString: process.env.MAIN_URL } });
export const main = knex(base());
export function replica() {
  const settings = base();
  (settings.connection as Knex.PgConnectionConfig).connectionString = process.env.REPLICA_URL;
  return knex(settings);
}
export class Store {
  config: { pg: PoolConfig } = { pg: { connectionString: process.env.MAIN_URL } };
  open() {
    this.config = { pg: {} };
    this.config.pg.connectionString = process.env.STORE_URL;
    return new Pool(this.config.pg);
  }
}`;
    expect(addressesIn(code)).toEqual(["MAIN_URL", "REPLICA_URL", "STORE_URL"]);
  });
});

describe("settings that a container asks for", () => {
  const inModule = (settings: string): string => `
import { Injectable, Module } from "@nestjs/common";
import { ConfigService } from "@nestjs/config";
import { TypeOrmModule } from "@nestjs/typeorm";
@Injectable()
class Settings {
  constructor(private readonly config: ConfigService) {}
  createTypeOrmOptions() {
    return { type: "postgres", url: this.config.get("database.url", { infer: true }) };
  }
}
@Module({ imports: [TypeOrmModule.forRootAsync(${settings})] })
export class AppModule {}`;

  it("are what its factory gives", () => {
    const factory = `{
      inject: [ConfigService],
      useFactory: (config: ConfigService) => ({ type: "postgres", host: config.get("db.host"), port: config.get("db.port") }),
    }`;
    expect(addressesIn(inModule(factory))).toEqual(["$db.host:$db.port"]);
  });

  it("are what its class gives", () => {
    expect(addressesIn(inModule("{ useClass: Settings }"))).toEqual(["database.url"]);
  });
});

describe("a program that serves several databases", () => {
  it("makes its connections to the others on their branches", () => {
    const code = `
import { DataSource, type DataSourceOptions } from "typeorm";
export function open(options: { type: string }) {
  const base = { type: options.type, synchronize: false };
  if (options.type === "mssql") return new DataSource({ host: process.env.MSSQL_HOST, ...base } as DataSourceOptions);
  if (options.type === "sqlite") return new DataSource({ database: "app.db", ...base } as DataSourceOptions);
  return new DataSource({ url: process.env.DATABASE_URL, ...base } as DataSourceOptions);
}`;
    expect(addressesIn(code)).toEqual(["DATABASE_URL"]);
  });
});
