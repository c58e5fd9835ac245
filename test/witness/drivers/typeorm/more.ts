import { DataSource, type MigrationInterface, type QueryRunner } from "typeorm";
import type { PostgresDriver } from "typeorm/driver/postgres/PostgresDriver.js";

class Mark1700000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query("INSERT INTO notes VALUES ('up-1')");
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query("DELETE FROM notes WHERE mark = 'down-1'");
  }
}

export async function run(): Promise<unknown> {
  const dataSource = new DataSource({
    type: "postgres",
    url: process.env["DATABASE_URL"] ?? "",
    migrations: [Mark1700000000000],
  });
  await dataSource.initialize();
  try {
    await dataSource.runMigrations();
    await dataSource.undoLastMigration();
    const queryRunner = dataSource.createQueryRunner();
    await dataSource
      .createQueryBuilder(queryRunner)
      .select("pg_notify('builder-1', '')", "told")
      .from("notes", "n")
      .getRawMany();
    await queryRunner.startTransaction();
    await dataSource
      .createQueryBuilder()
      .select("pg_notify('builder-2', '')", "told")
      .from("notes", "n")
      .setQueryRunner(queryRunner)
      .getRawMany();
    await queryRunner.rollbackTransaction();
    await queryRunner.release();
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- it is the driver of "postgres"
    const driver = dataSource.driver as PostgresDriver;
    const pool = driver.master as { query(text: string): Promise<unknown> };
    await pool.query("SELECT 'pool-1'");
    await dataSource.query("DROP TABLE migrations /* 'drop-1' */");
    return await dataSource.query("SELECT mark FROM notes WHERE mark <> 'result-1'");
  } finally {
    await dataSource.destroy();
  }
}
