import pgPromise from "pg-promise";
import QueryStream from "pg-query-stream";

export async function run(): Promise<unknown> {
  const pgp = pgPromise({ noWarnings: true });
  const db = pgp({ connectionString: process.env["DATABASE_URL"] ?? "" });
  try {
    await db.multiResult("SELECT 'multi-result-1'; SELECT 'multi-result-2'");
    await db.stream(new QueryStream("SELECT 'stream-1', $1::int", [1]), (stream) => {
      stream.resume();
    });
    await db.taskIf({ cnd: false }, (t) => t.any("SELECT 'task-if-1'"));
    await db.tx(async (t) => {
      await t.sequence((index) => (index < 2 ? t.any("SELECT 'sequence-1'") : undefined));
      await t.page((index) => (index < 1 ? [t.any("SELECT 'page-1'")] : undefined));
    });
    await db.tx({ mode: new pgp.txMode.TransactionMode({ readOnly: true }) }, (t) => t.any("SELECT 'read-only-1'"));
    const pool = db.$pool as unknown as { query(text: string): Promise<unknown> };
    await pool.query("SELECT 'pool-1'");
    return "done";
  } finally {
    await db.$pool.end();
  }
}
