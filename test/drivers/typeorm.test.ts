import { testDriver } from "../support/driver-cases.ts";

testDriver("typeorm", [
  {
    title: "data source, manager, query runner, repository",
    code: `
        import { DataSource, EntityManager, Repository } from "typeorm";
        const source = new DataSource({ type: "postgres", extra: { max: 1 } });
        export async function work() {
          await source.query("select $1", [1]);
          await source.manager.query("select 2");
          await source.transaction("SERIALIZABLE", async (m) => {
            await m.query("set local role app");
            await m.getRepository(User).query("select 3");
          });
          const runner = source.createQueryRunner();
          await runner.query("select 4");
          await runner.startTransaction();
          await runner.manager.query("select 5");
          await runner.commitTransaction();
          await runner.query("select 6");
          await runner.release();
        }
        export class Users {
          constructor(private readonly users: Repository<User>) {}
          lock(em: EntityManager) { return [this.users.query("select 7"), em.query("select 8")]; }
        }
        class User {}`,
    sites: [
      "select $1 | pool | autocommit | extended",
      "select 2 | pool | autocommit | simple",
      "set local role app | transaction | in-transaction | simple",
      "select 3 | transaction | in-transaction | simple",
      "select 4 | client | autocommit | simple",
      "select 5 | client | in-transaction | simple",
      "select 6 | client | autocommit | simple",
      "select 7 | unknown | unknown | simple",
      "select 8 | unknown | unknown | simple",
    ],
  },
  {
    title: "MySQL is none of our business",
    code: `
        import { DataSource } from "typeorm";
        const source = new DataSource({ type: "mysql" });
        export const f = () => source.query("SET SESSION x = 1");`,
    sites: [],
  },
]);
