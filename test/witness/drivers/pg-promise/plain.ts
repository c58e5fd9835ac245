import pgPromise from "pg-promise";

export async function run(): Promise<unknown> {
  const pgp = pgPromise({ noWarnings: true });
  const db = pgp({ connectionString: process.env["DATABASE_URL"] ?? "" });
  try {
    await db.any("SELECT 'any-1'");
    await db.one("SELECT 'one-1', $1", [1]);
    await db.oneOrNone("SELECT 'one-or-none-1', ${id}", { id: 1 });
    await db.none("INSERT INTO notes VALUES ('none-1')");
    await db.many("SELECT 'many-1'");
    await db.manyOrNone("SELECT 'many-or-none-1'");
    await db.query("SELECT 'query-1'");
    await db.result("SELECT 'result-2'");
    await db.multi("SELECT 'multi-1'; SELECT 'multi-2'");
    await db.map("SELECT 'map-1'", [], (row: unknown) => row);
    await db.each("SELECT 'each-1'", [], () => undefined);
    await db.any({ text: "SELECT 'config-1', $1::int", values: [1] });
    await db.any(new pgp.ParameterizedQuery({ text: "SELECT 'parameterized-1', $1::int", values: [1] }));
    await db.any(pgp.as.format("SELECT 'format-1', $1", [1]));

    await db.tx(async (t) => {
      await t.none("INSERT INTO notes VALUES ('tx-1')");
      await db.any("SELECT 'outer-1'");
      await t.tx(async (nested) => {
        await nested.none("INSERT INTO notes VALUES ('savepoint-1')");
      });
      await t.task((task) => task.any("SELECT 'tx-task-1'"));
      await t.batch([t.any("SELECT 'batch-1'"), t.any("SELECT 'batch-2'")]);
    });
    await db.txIf({ cnd: true }, (t) => t.none("INSERT INTO notes VALUES ('tx-if-1')"));

    await db.task(async (t) => {
      await t.any("SELECT 'task-1'");
      await t.tx((inside) => inside.none("INSERT INTO notes VALUES ('task-tx-1')"));
      await t.taskIf((nested) => nested.any("SELECT 'task-if-1'"));
      await t.any("SELECT 'task-2'");
    });

    const connection = await db.connect();
    try {
      await connection.any("SELECT 'connection-1'");
      await connection.tx((t) => t.none("INSERT INTO notes VALUES ('connection-tx-1')"));
      await connection.any("SELECT 'connection-2'");
    } finally {
      await connection.done();
    }

    return await db.any("SELECT mark FROM notes WHERE mark <> 'result-1' ORDER BY mark");
  } finally {
    await db.$pool.end();
  }
}
