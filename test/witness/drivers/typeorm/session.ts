import { DataSource } from "typeorm";

export async function run(): Promise<unknown> {
  const dataSource = new DataSource({ type: "postgres", url: process.env["DATABASE_URL"] ?? "" });
  await dataSource.initialize();
  const queryRunner = dataSource.createQueryRunner();
  try {
    await queryRunner.query("SELECT set_config('app.mark', 'set-1', false)");
    return await queryRunner.query("SELECT current_setting('app.mark', true), 'read-1'");
  } finally {
    await queryRunner.release();
    await dataSource.destroy();
  }
}
