import { AsyncLocalStorage } from "node:async_hooks";
import { Sequelize } from "sequelize";

/** What it says to Sequelize is said for all programs of its thread. */
export const alone = true;

const store = new AsyncLocalStorage<Map<string, unknown>>();
const namespace = {
  get: (key: string) => store.getStore()?.get(key),
  set: (key: string, value: unknown) => store.getStore()?.set(key, value),
  run: (work: (context: unknown) => unknown) => store.run(new Map(), () => work(store.getStore())),
  bind: (work: () => unknown) => work,
};

export async function run(): Promise<unknown> {
  Sequelize.useCLS(namespace);
  const sequelize = new Sequelize(process.env["DATABASE_URL"] ?? "", { dialect: "postgres", logging: false });
  try {
    await sequelize.query("SELECT 'query-1'");
    await sequelize.transaction(async () => {
      await sequelize.query("INSERT INTO notes VALUES ('inside-1')");
      await insertLater(sequelize);
    });
    return await sequelize.query("SELECT mark FROM notes WHERE mark <> 'result-1' ORDER BY mark");
  } finally {
    await sequelize.close();
  }
}

const insertLater = (sequelize: Sequelize): Promise<unknown> =>
  sequelize.query("INSERT INTO notes VALUES ('inside-2')");
