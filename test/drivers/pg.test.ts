import { testDriver } from "../support/driver-cases.ts";

testDriver("pg", [
  {
    title: "pool, client and protocol",
    code: `
        import { Client, Pool } from "pg";
        const pool = new Pool();
        export async function work(id: string) {
          await pool.query("select 1");
          await pool.query("select $1", [id]);
          await pool.query({ text: "select $1", values: [id], rowMode: "array" });
          await pool.query({ text: "select 2", queryMode: "extended" });
          const client = new Client({ connectionString: process.env.DATABASE_URL });
          await client.connect();
          await client.query("set search_path to app");
          await client.end();
        }`,
    sites: [
      "select 1 | pool | autocommit | simple",
      "select $1 | pool | autocommit | extended",
      "select $1 | pool | autocommit | extended",
      "select 2 | pool | autocommit | extended",
      "set search_path to app | client | autocommit | simple",
    ],
  },
  {
    title: "a transaction on a checked-out client, with its error path",
    code: `
        import pg from "pg";
        const pool = new pg.Pool();
        export async function move(tenant: string) {
          const client = await pool.connect();
          try {
            await client.query("BEGIN ISOLATION LEVEL SERIALIZABLE");
            await client.query("select set_config('app.tenant', $1, true)", [tenant]);
            await client.query("update t set n = 1");
            await client.query("COMMIT");
          } catch (error) {
            await client.query("ROLLBACK");
            throw error;
          } finally {
            client.release();
          }
        }`,
    sites: [
      "BEGIN ISOLATION LEVEL SERIALIZABLE | client | autocommit | simple",
      "select set_config('app.tenant', $1, true) | client | in-transaction | extended",
      "update t set n = 1 | client | in-transaction | simple",
      "COMMIT | client | in-transaction | simple",
      "ROLLBACK | client | autocommit/in-transaction | simple",
    ],
  },
  {
    title: "callbacks, inwards",
    code: `
        var pg = require("pg");
        var pool = new pg.Pool();
        exports.transfer = function (amount, done) {
          pool.connect(function (err, client, release) {
            if (err) return done(err);
            client.query("BEGIN", function (err) {
              if (err) return release(err);
              client.query("SET LOCAL lock_timeout = '1s'", function (err) {
                client.query("UPDATE t SET n = n + $1", [amount], function (err) {
                  client.query("COMMIT", function (err) { release(); done(err); });
                });
              });
            });
          });
        };`,
    sites: [
      "BEGIN | client | autocommit | simple",
      "SET LOCAL lock_timeout = '1s' | client | in-transaction | simple",
      "UPDATE t SET n = n + $1 | client | in-transaction | extended",
      "COMMIT | client | in-transaction | simple",
    ],
  },
  {
    title: "promisified methods",
    code: `
        const { promisify } = require("util");
        const { Pool } = require("pg");
        const pool = new Pool();
        const query = promisify(pool.query).bind(pool);
        const connect = promisify(pool.connect.bind(pool));
        module.exports.work = async () => {
          await query("select 1");
          await query("select $1", [2]);
        };`,
    sites: ["select 1 | pool | autocommit | simple", "select $1 | pool | autocommit | extended"],
  },
  {
    title: "named statements",
    code: `
        import { Pool, type QueryConfig } from "pg";
        import SQL from "sql-template-strings";
        const pool = new Pool();
        const byId: QueryConfig = { name: "by-id", text: "select * from t where id = $1" };
        export async function find(id: string, flag: boolean) {
          await pool.query(byId, [id]);
          await pool.query({ ...byId, values: [id] });
          await pool.query(SQL\`select * from t where id = \${id}\`.setName("tagged"));
          const query = SQL\`select 1\`;
          if (flag) query.append(SQL\` where \${id} = '1'\`);
          query.setName("later");
          await pool.query(query);
          await pool.query({ name: "", text: "select 2" });
        }`,
    sites: [
      "select * from t where id = $1 | pool | autocommit | extended | named by-id",
      "select * from t where id = $1 | pool | autocommit | extended | named by-id",
      "select * from t where id = $ | pool | autocommit | extended | named tagged",
      "select 1 where $ = '1' | pool | autocommit | extended | named later",
      "select 1 | pool | autocommit | extended | named later",
      "select 2 | pool | autocommit | simple",
    ],
  },
  {
    title: "objects that submit themselves",
    code: `
        import { Pool } from "pg";
        import Cursor from "pg-cursor";
        import QueryStream from "pg-query-stream";
        import { from as copyFrom, to as copyTo } from "pg-copy-streams";
        const pool = new Pool();
        export async function work() {
          const client = await pool.connect();
          const cursor = client.query(new Cursor("select * from a where id > $1", [1]));
          await cursor.read(100);
          const rows = client.query(new QueryStream("select * from b"));
          rows.pipe(process.stdout);
          const input = client.query(copyFrom("COPY c FROM STDIN"));
          process.stdin.pipe(input);
          client.query(copyTo("COPY d TO STDOUT")).pipe(process.stdout);
          client.release();
        }`,
    sites: [
      "select * from a where id > $1 | client | autocommit | extended",
      "select * from b | client | autocommit | extended",
      "COPY c FROM STDIN | client | autocommit | simple",
      "COPY d TO STDOUT | client | autocommit | simple",
    ],
  },
  {
    title: "tags and formatters that pg takes",
    code: `
        import { Pool } from "pg";
        import SQL from "@nearform/sql";
        import sql, { empty, join, raw } from "sql-template-tag";
        import format from "pg-format";
        const pool = new Pool();
        export async function find(id: string, ids: string[], table: string) {
          await pool.query(SQL\`select * from t where \${SQL.glue([SQL\`a = \${id}\`, SQL\`b\`], " and ")}\`);
          await pool.query(SQL\`select \${SQL.unsafe("name")} from \${SQL.quoteIdent(table)}\`);
          await pool.query(sql\`select \${id} from t \${id === "" ? empty : sql\`where id = \${id}\`}\`);
          await pool.query(sql\`select * from t where id in (\${join([id, "2"], ", ")}) order by \${raw("name")}\`);
          await pool.query(format("set local search_path to %I", table));
        }`,
    sites: [
      "select * from t where a = $ and b | pool | autocommit | extended",
      "select name from … | pool | autocommit | simple",
      "select $ from t | pool | autocommit | extended",
      "select $ from t where id = $ | pool | autocommit | extended",
      "select * from t where id in ($, $) order by name | pool | autocommit | extended",
      "set local search_path to … | pool | autocommit | simple",
    ],
  },
  {
    title: "what happens to each new client, and to each that is handed out",
    code: `
        import { Client, Pool, type PoolClient } from "pg";
        async function prepare(client: PoolClient) { await client.query("set statement_timeout = 1000"); }
        export const pool = new Pool({ onConnect: async (client) => { await client.query("set role app"); } });
        pool.on("connect", prepare);
        pool.on("acquire", (client) => { void client.query("set search_path to app"); });
        pool.on("release", (error, client) => { void client.query("reset all"); });
        pool.on("error", (error) => console.error(error));
        class Own extends Client {
          async connect() { await super.connect(); await this.query("set lock_timeout = 5"); }
        }
        export const own = new Pool({ Client: Own });`,
    sites: [
      "set statement_timeout = 1000 | client | autocommit | simple | on connect",
      "set role app | client | autocommit | simple | on onConnect",
      "set search_path to app | client | autocommit | simple",
      "reset all | client | autocommit | simple",
      "set lock_timeout = 5 | client | autocommit | simple | on connect() of the client class",
    ],
  },
  {
    title: "types, however they are imported",
    code: `
        import type { Client, ClientBase, Pool, PoolClient } from "pg";
        import type * as pg from "pg";
        import PgPool from "pg-pool";
        export const a = (pool: Pool) => pool.query("select 1");
        export const b = (client: PoolClient) => client.query("select 2");
        export const c = (client: ClientBase) => client.query("select 3");
        export const d = (client: Client) => client.query("select 4");
        export const e = (client: pg.PoolClient) => client.query("select 5");
        export const f = (pool: PgPool<pg.Client>) => pool.query("select 6");
        export const g = (db: Pool | PoolClient) => db.query("select 7");
        export const h = (db: Pick<pg.Pool, "query">) => db.query("select 8");`,
    sites: [
      "select 1 | pool | autocommit | simple",
      "select 2 | client | unknown | simple",
      "select 3 | client | unknown | simple",
      "select 4 | client | unknown | simple",
      "select 5 | client | unknown | simple",
      "select 6 | pool | autocommit | simple",
      "select 7 | pool | autocommit | simple",
      "select 7 | client | unknown | simple",
      "select 8 | pool | autocommit | simple",
    ],
  },
  {
    title: "default, named and namespace imports, require, and a dynamic import",
    code: `
        import pg from "pg";
        import * as Pg from "pg";
        import { Pool as Renamed } from "pg";
        const { Pool } = pg;
        export const a = () => new pg.Pool().query("select 1");
        export const b = () => new Pg.Pool().query("select 2");
        export const c = () => new Renamed().query("select 3");
        export const d = () => new Pool().query("select 4");
        export const e = () => new pg.native.Pool().query("select 5");
        export const f = async () => { const { Client } = await import("pg"); await new Client().query("select 6"); };
        export const g = () => { const loaded = require("pg"); return new loaded.Client().query("select 7"); };`,
    sites: [
      "select 1 | pool | autocommit | simple",
      "select 2 | pool | autocommit | simple",
      "select 3 | pool | autocommit | simple",
      "select 4 | pool | autocommit | simple",
      "select 5 | pool | autocommit | simple",
      "select 6 | client | autocommit | simple",
      "select 7 | client | autocommit | simple",
    ],
  },
  {
    title: "the client of pg-native",
    code: `
        const Native = require("pg-native");
        const client = new Native();
        client.connectSync("postgres://db/app");
        const rows = client.querySync("select $1", [1]);
        client.prepareSync("by-id", "select * from t where id = $1", 1);
        client.executeSync("by-id", [1]);
        client.query("select 3", (error, found) => { client.query("select 4", () => undefined); });
        module.exports = rows;`,
    sites: [
      "select $1 | client | autocommit | extended",
      "select * from t where id = $1 | client | autocommit | extended | named by-id",
      "select 3 | client | autocommit | simple",
      "select 4 | client | autocommit | simple",
    ],
  },
  {
    title: "a repository that takes a pool or a client, and a wrapper around the pool",
    code: `
        import { Pool, type PoolClient } from "pg";
        const pool = new Pool();
        type Queryable = Pool | PoolClient;
        const lock = (db: Queryable, id: string) => db.query("select pg_advisory_xact_lock(hashtext($1))", [id]);
        export class Users {
          constructor(private readonly db: Queryable = pool) {}
          all() { return this.db.query("select * from users"); }
        }
        async function withClient<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
          const client = await pool.connect();
          try {
            await client.query("begin");
            const result = await work(client);
            await client.query("commit");
            return result;
          } finally {
            client.release();
          }
        }
        export const locked = (id: string) => withClient((client) => lock(client, id));`,
    sites: [
      "select pg_advisory_xact_lock(hashtext($1)) | client | in-transaction | extended",
      "select * from users | pool | autocommit | simple",
      "select * from users | client | unknown | simple",
      "begin | client | autocommit | simple",
      "commit | client | in-transaction | simple",
    ],
  },
  {
    title: "look-alikes: connections of other things",
    code: `
        import { createConnection } from "mysql2/promise";
        import { ApolloClient } from "@apollo/client";
        import { createServer } from "node:http";
        export async function work(apollo: ApolloClient) {
          const mysql = await createConnection("mysql://db");
          await mysql.query("set session sql_mode = 'ANSI'");
          await apollo.query({ query: "query { user { id } }", name: "user" });
          createServer().listen(8080).on("connect", () => "set role app");
        }`,
    sites: [],
  },
]);
