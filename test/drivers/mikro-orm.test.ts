import { testDriver } from "../support/driver-cases.ts";

testDriver("mikro-orm", [
  {
    title: "entity manager, transactional, begin, hook",
    code: `
        import { MikroORM } from "@mikro-orm/postgresql";
        export async function main() {
          const orm = await MikroORM.init({ onCreateConnection: async (c: any) => { await c.query("set role app"); } });
          const em = orm.em.fork();
          await em.execute("select ?", [1]);
          await em.transactional(async (inner) => { await inner.execute("set local role app"); await em.execute("select 2"); });
          await em.begin();
          await em.getConnection().execute("select 3");
          await em.commit();
          await em.execute("select 4");
        }`,
    sites: [
      "set role app | client | autocommit | simple | on onCreateConnection",
      "select $ | pool | autocommit | simple",
      "set local role app | pool | in-transaction | simple",
      "select 2 | pool | in-transaction | simple",
      "select 3 | pool | in-transaction | simple",
      "select 4 | pool | autocommit | simple",
    ],
  },
]);
