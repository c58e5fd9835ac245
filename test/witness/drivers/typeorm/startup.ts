import { DataSource } from "typeorm";

export async function run(): Promise<unknown> {
  const dataSource = new DataSource({
    type: "postgres",
    url: process.env["DATABASE_URL"] ?? "",
    applicationName: "notes",
    extra: { statement_timeout: 5000, options: "-c search_path=public" },
  });
  await dataSource.initialize();
  try {
    return await dataSource.query("SELECT current_setting('statement_timeout'), 'startup-1'");
  } finally {
    await dataSource.destroy();
  }
}
