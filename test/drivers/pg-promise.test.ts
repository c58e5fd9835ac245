import { testDriver } from "../support/driver-cases.ts";

testDriver("pg-promise", [
  {
    title: "methods, formatting, task and tx",
    code: `
        import pgPromise from "pg-promise";
        const pgp = pgPromise();
        const db = pgp(process.env.DATABASE_URL!);
        export async function work(id: number, channel: string) {
          await db.any("select * from t where id = $1 and name = $<name>", [id]);
          await db.task(async (t) => { await t.none("set x.y = 1"); });
          await db.tx("move", async (t) => { await t.one("select \${id}"); await t.tx((s) => s.none("select 2")); });
          const own = await db.connect({ direct: true });
          await own.none("LISTEN $1~", channel);
          own.done();
        }`,
    sites: [
      "select * from t where id = $ and name = $ | pool | autocommit | simple",
      "set x.y = 1 | client | autocommit | simple",
      "select $ | transaction | in-transaction | simple",
      "select 2 | transaction | in-transaction | simple",
      "LISTEN … | client | autocommit | simple",
    ],
  },
  {
    title: "named statements and the connect hook",
    code: `
        const pgPromise = require("pg-promise");
        const { PreparedStatement: PS } = pgPromise;
        const pgp = pgPromise({ schema: "tenant", connect({ client }) { client.query("set role app"); } });
        const db = pgp({ host: "db" });
        const find = new PS({ name: "find", text: "select 1" });
        module.exports = { find: () => db.one(find), other: () => db.one({ name: "b", text: "select 2" }) };`,
    sites: [
      "SET search_path TO … | client | autocommit | simple | on schema",
      "set role app | client | autocommit | simple | on connect",
      "select 1 | pool | autocommit | extended | named find",
      "select 2 | pool | autocommit | extended | named b",
    ],
  },
]);
