import { testDriver } from "../support/driver-cases.ts";

testDriver("kysely", [
  {
    title: "who executes decides",
    code: `
        import { CompiledQuery, Kysely, PostgresDialect, sql } from "kysely";
        import { Pool } from "pg";
        const db = new Kysely<any>({ dialect: new PostgresDialect({ pool: new Pool({ max: 3 }),
          onCreateConnection: async (c) => { await c.executeQuery(CompiledQuery.raw("set role app")); } }) });
        export async function work(id: string, table: string) {
          await sql\`select \${id} from \${sql.table(table)}\`.execute(db);
          await sql.raw("select 1").execute(db);
          await db.transaction().setIsolationLevel("serializable").execute(async (trx) => {
            await sql\`set local role app\`.execute(trx);
          });
          await db.connection().execute(async (c) => { await sql\`set role app\`.execute(c); });
          const trx = await db.startTransaction().execute();
          await sql\`select 3\`.execute(trx);
          await trx.commit().execute();
          await db.executeQuery(CompiledQuery.raw("select 4"));
          await db.selectNoFrom(sql\`pg_advisory_lock(1)\`.as("l")).execute();
          await db.schema.createTable("t").temporary().addColumn("a", "text").onCommit("drop").execute();
        }`,
    sites: [
      "set role app | client | autocommit | simple | on onCreateConnection",
      "select $ from … | pool | autocommit | extended",
      "select 1 | pool | autocommit | simple",
      "set local role app | transaction | in-transaction | simple",
      "set role app | client | autocommit | simple",
      "select 3 | transaction | in-transaction | simple",
      "select 4 | pool | autocommit | simple",
      "select pg_advisory_lock(1) | pool | autocommit | extended",
      "create temporary table … () on commit drop | pool | autocommit | simple",
    ],
  },
  {
    title: "a parameter of the database's type may be a transaction",
    code: `
        import { type Kysely, sql, type Transaction } from "kysely";
        export async function up(db: Kysely<any>) { await sql\`set local role app\`.execute(db); }
        export const inside = (trx: Transaction<any>) => sql\`select 1\`.execute(trx);`,
    sites: ["set local role app | unknown | unknown | simple", "select 1 | transaction | in-transaction | simple"],
  },
  {
    title: "another database is none of our business",
    code: `
        import { Kysely, MysqlDialect, sql } from "kysely";
        const db = new Kysely<any>({ dialect: new MysqlDialect({}) });
        export const f = () => sql\`set x = 1\`.execute(db);`,
    sites: [],
  },
]);
