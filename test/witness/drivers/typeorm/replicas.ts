import { DataSource } from "typeorm";

export async function run(): Promise<unknown> {
  const url = process.env["DATABASE_URL"] ?? "";
  const dataSource = new DataSource({
    type: "postgres",
    replication: { master: { url, applicationName: "main" }, slaves: [{ url }] },
    extra: { lock_timeout: 4000, options: "" },
  });
  await dataSource.initialize();
  const replica = dataSource.createQueryRunner("slave");
  try {
    await replica.query("SELECT 'replica-1'");
    await dataSource.query("SELECT 'main-1'");
    return "done";
  } finally {
    await replica.release();
    await dataSource.destroy();
  }
}
