import { testDriver } from "../support/driver-cases.ts";

testDriver("@databases/pg", [
  {
    title: "query, tx, task and the schema option",
    code: `
        import connect, { sql } from "@databases/pg";
        const db = connect({ connectionString: "postgres://db", schema: "app" });
        export async function work(id: string) {
          await db.query(sql\`select \${id} from \${sql.ident("t")}\`);
          await db.tx(async (tx) => { await tx.query(sql\`set local role app\`); });
          await db.task(async (t) => { await t.query(sql\`set role app\`); });
        }`,
    sites: [
      "SET search_path TO … | client | autocommit | simple | on schema",
      "select $ from … | pool | autocommit | extended",
      "set local role app | transaction | in-transaction | simple",
      "set role app | client | autocommit | simple",
    ],
  },
  {
    title: "a list of queries, and a text of several statements, are one transaction",
    code: `
        import createConnectionPool, { sql } from "@databases/pg";
        const db = createConnectionPool("postgres://db");
        export async function work(tenant: string) {
          await db.query([sql\`select set_config('app.tenant', \${tenant}, true)\`, sql\`select * from orders\`]);
          await db.query(sql\`set local lock_timeout = '1s'; select 2\`);
          await db.task((t) => t.query([sql\`set local a.b = 1\`, sql\`select 3\`]));
        }`,
    sites: [
      "select set_config('app.tenant', $, true) | transaction | in-transaction | extended",
      "select * from orders | transaction | in-transaction | simple",
      "set local lock_timeout = '1s'; select 2 | pool | implicit | simple",
      "set local a.b = 1 | client | in-transaction | simple",
      "select 3 | client | in-transaction | simple",
    ],
  },
  {
    title: "a list inside a transaction runs in it",
    code: `
        import connect, { sql, type Transaction } from "@databases/pg";
        const db = connect();
        const setUp = (tx: Transaction) => tx.query([sql\`set local a.b = 1\`, sql\`set local c.d = 2\`]);
        export const work = () => db.tx(async (tx) => {
          await setUp(tx);
          await tx.tx(async (nested) => { await nested.query(sql\`select 3\`); });
          await tx.task(async (same) => { await same.query(sql\`select 4\`); });
        });`,
    sites: [
      "set local a.b = 1 | transaction | in-transaction | simple",
      "set local c.d = 2 | transaction | in-transaction | simple",
      "select 3 | transaction | in-transaction | simple",
      "select 4 | transaction | in-transaction | simple",
    ],
  },
  {
    title: "advisory locks of a transaction, streams and the tag of a connection",
    code: `
        import connect from "@databases/pg";
        const db = connect();
        const { sql } = db;
        export const work = () => db.tx(async (tx) => {
          await tx.advisoryTxLock(1);
          if (!(await tx.tryAdvisoryTxLockShared([1, 2]))) return;
          for await (const row of tx.queryStream(db.sql\`select * from t\`, { batchSize: 10 })) console.log(row);
          tx.queryNodeStream(sql\`select 2\`).pipe(process.stdout);
        });`,
    sites: [
      "SELECT pg_advisory_xact_lock(…) AS acquired | transaction | in-transaction | extended",
      "SELECT pg_try_advisory_xact_lock_shared(…) AS acquired | transaction | in-transaction | extended",
      "select * from t | transaction | in-transaction | extended",
      "select 2 | transaction | in-transaction | extended",
    ],
  },
  {
    title: "types: a Queryable may be anything",
    code: `
        import sql from "@databases/sql";
        import type { Connection, ConnectionPool, Queryable, Transaction } from "@databases/pg";
        export const a = (db: Queryable) => db.query(sql\`select 1\`);
        export const b = (db: ConnectionPool) => db.query(sql\`select 2\`);
        export const c = (db: Connection) => db.query(sql\`select 3\`);
        export const d = (db: Transaction) => db.query(sql\`select 4\`);
        export class Users { constructor(private readonly db: Queryable) {} all() { return this.db.query(sql\`select 5\`); } }`,
    sites: [
      "select 1 | unknown | unknown | simple",
      "select 2 | pool | autocommit | simple",
      "select 3 | client | unknown | simple",
      "select 4 | transaction | in-transaction | simple",
      "select 5 | unknown | unknown | simple",
    ],
  },
  {
    title: "parts: conditions, joins and raw text; CommonJS",
    code: `
        const connect = require("@databases/pg");
        const { sql } = connect;
        const db = connect(process.env.DATABASE_URL);
        exports.find = async (name, order) => {
          const conditions = [sql\`active\`];
          if (name) conditions.push(sql\`name = \${name}\`);
          await db.query(sql\`select * from t where \${sql.join([sql\`a\`, sql\`b = \${name}\`], " and ")}\`);
          await db.query(sql\`select * from t order by \${sql.__dangerous__rawValue("name desc")}\`);
        };`,
    sites: [
      "select * from t where a and b = $ | pool | autocommit | extended",
      "select * from t order by name desc | pool | autocommit | simple",
    ],
  },
]);
