import { DataSource, EntitySchema } from "typeorm";

// eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- as TypeORM documents it
const Note = new EntitySchema<{ mark: string }>({
  name: "Note",
  tableName: "notes",
  columns: { mark: { type: "text", primary: true } },
});

export async function run(): Promise<unknown> {
  const dataSource = new DataSource({ type: "postgres", url: process.env["DATABASE_URL"] ?? "", entities: [Note] });
  await dataSource.initialize();
  try {
    await dataSource.query("SELECT 'query-1'");
    await dataSource.query("SELECT 'values-1', $1::int", [1]);
    await dataSource.sql`SELECT 'tag-1', ${1}::int`;
    await dataSource.manager.query("SELECT 'manager-1'");
    await dataSource.getRepository(Note).query("SELECT 'repository-1'");
    await dataSource.getRepository(Note).createQueryBuilder("note").where("pg_notify('where-1', '') IS NULL").getMany();

    await dataSource.transaction(async (manager) => {
      await manager.query("INSERT INTO notes VALUES ('transaction-1')");
      await manager.getRepository(Note).query("SELECT 'transaction-2'");
      await manager.createQueryBuilder(Note, "note").where("pg_notify('where-2', '') IS NULL").getMany();
      await dataSource.query("SELECT 'outer-1'");
      await manager.transaction(async (nested) => {
        await nested.query("INSERT INTO notes VALUES ('savepoint-1')");
      });
    });
    await dataSource.manager.transaction("SERIALIZABLE", async (manager) => {
      await manager.query("SELECT 'serializable-1'");
    });

    const queryRunner = dataSource.createQueryRunner();
    try {
      await queryRunner.connect();
      await queryRunner.query("SELECT 'runner-1'");
      await queryRunner.startTransaction();
      await queryRunner.query("INSERT INTO notes VALUES ('runner-2')");
      await queryRunner.manager.query("SELECT 'runner-3'");
      await dataSource.query("SELECT 'outer-2'");
      await queryRunner.commitTransaction();
      await queryRunner.query("SELECT 'runner-4'");
    } finally {
      await queryRunner.release();
    }

    return await dataSource.query("SELECT mark FROM notes WHERE mark <> 'result-1' ORDER BY mark");
  } finally {
    await dataSource.destroy();
  }
}
