import { Pool } from "pg";

export function run(): Promise<unknown> {
  const pool = new Pool({ connectionString: process.env["DATABASE_URL"] });
  return new Promise((resolve, reject) => {
    pool.connect((connectError, client, release) => {
      if (connectError !== undefined || client === undefined) {
        reject(new Error("no connection"));
        return;
      }
      client.query("BEGIN", () => {
        client.query("INSERT INTO notes VALUES ('begin-1')", () => {
          pool.query("SELECT 'outer-1'", () => {
            client.query("INSERT INTO notes VALUES ($1 || 'begin-2')", [""], () => {
              client.query("COMMIT", () => {
                client.query("SELECT 'committed-1', mark FROM notes ORDER BY mark", (error: Error | null, result) => {
                  release();
                  void pool.end();
                  if (error === null) resolve(result.rows);
                  else reject(error);
                });
              });
            });
          });
        });
      });
    });
  });
}
