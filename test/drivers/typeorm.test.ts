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
  {
    title: "what the settings of a data source mean",
    code: `
        import { DataSource } from "typeorm";
        export const a = new DataSource({
          type: "postgres",
          url: process.env.DATABASE_URL,
          applicationName: "api",
          extra: { max: 10, statement_timeout: 5000, options: "-c search_path=app", onConnect: async (c) => { await c.query("set role app"); } },
          replication: { master: { url: "postgres://m?options=-c%20lock_timeout%3D1" }, slaves: [{ url: "postgres://s?statement_timeout=1" }] },
          installExtensions: true, logNotifications: true, parseInt8: true,
        });
        const b = new DataSource({ type: process.env.DB_TYPE as any, host: "x" });
        const c = new DataSource({ type: "better-sqlite3", database: "x" });
        const d = new DataSource({ type: process.env.CI ? "sqljs" : "postgres" });
        export async function f() {
          await a.initialize();
          await b.query("select 1");
          await c.query("PRAGMA foreign_keys = ON");
          await d.query("select 2");
        }`,
    sites: [
      "set role app | client | autocommit | simple | on onConnect",
      "select 1 | pool | autocommit | simple",
      "select 2 | pool | autocommit | simple",
    ],
  },
  {
    title: "query runners",
    code: `
        import { DataSource, EntityManager, QueryRunner } from "typeorm";
        import { AppDataSource } from "./data-source";
        const source = new DataSource({ type: "postgres" });
        export async function f(id: string) {
          const runner = source.createQueryRunner("master");
          await runner.connect();
          await runner.query("set role app");
          await runner.startTransaction("SERIALIZABLE");
          try {
            await runner.query("set local role app");
            await runner.manager.query("select $1", [id]);
            await runner.manager.getRepository(User).query("select 1");
            await runner.manager.transaction(async (inner) => { await inner.query("select 2"); });
            await runner.query("select 3");
            await runner.connection.query("select 4");
            await source.query("select 5", [], runner);
            await runner.commitTransaction();
          } catch (error) {
            if (runner.isTransactionActive) await runner.rollbackTransaction();
            throw error;
          } finally {
            await runner.release();
          }
        }
        export async function g() {
          const runner = source.createQueryRunner();
          const client = await runner.connect();
          await client.query("listen jobs");
          const stream = await runner.stream("select 6", []);
        }
        class User {}`,
    sites: [
      "set role app | client | autocommit | simple",
      "set local role app | client | in-transaction | simple",
      "select $1 | client | in-transaction | extended",
      "select 1 | client | in-transaction | simple",
      "select 2 | client | in-transaction | simple",
      "select 3 | client | in-transaction | simple",
      "select 4 | pool | autocommit | simple",
      "select 5 | client | in-transaction | simple",
      "listen jobs | client | autocommit | simple",
      "select 6 | client | autocommit | simple",
    ],
  },
  {
    title: "managers, in and outside transactions",
    code: `
        import { DataSource, EntityManager } from "typeorm";
        const source = new DataSource({ type: "postgres" });
        export const run = (id: string) => source.manager.transaction("REPEATABLE READ", async (tx) => {
          await tx.query("set local app.tenant = 'x'");
          await tx.sql\`select set_config('app.tenant', \${id}, true)\`;
          await tx.transaction(async (inner) => { await inner.query("select 1"); });
          await tx.withRepository(source.getRepository(User)).query("select 2");
          await tx.queryRunner!.query("select 3");
          await tx.connection.query("select 4");
          await source.query("select 5");
        });
        export async function either(manager: EntityManager, id: string) {
          await manager.query("select 6");
          if (manager.queryRunner?.isTransactionActive) { await manager.query("select 7"); }
          else await manager.transaction((tx) => tx.query("select 8"));
        }
        class User {}`,
    sites: [
      "set local app.tenant = 'x' | transaction | in-transaction | simple",
      "select set_config('app.tenant', $, true) | transaction | in-transaction | extended",
      "select 1 | transaction | in-transaction | simple",
      "select 2 | transaction | in-transaction | simple",
      "select 3 | transaction | in-transaction | simple",
      "select 4 | pool | autocommit | simple",
      "select 5 | pool | autocommit | simple",
      "select 6 | unknown | unknown | simple",
      "select 7 | unknown | in-transaction | simple",
      "select 8 | transaction | in-transaction | simple",
    ],
  },
  {
    title: "injected data source, manager and repository; modules",
    code: `
        import { Injectable, Module } from "@nestjs/common";
        import { InjectDataSource, InjectEntityManager, InjectRepository, TypeOrmModule } from "@nestjs/typeorm";
        import { DataSource, EntityManager, Repository } from "typeorm";
        class User {}
        @Injectable()
        export class UsersService {
          constructor(
            @InjectRepository(User) private readonly users: Repository<User>,
            @InjectDataSource() private readonly source: DataSource,
            @InjectEntityManager() private readonly manager: EntityManager,
            private readonly plain: DataSource,
          ) {}
          async f(id: string) {
            await this.users.query("select set_config('app.tenant', $1, true)", [id]);
            await this.source.query("select 1");
            await this.manager.query("set local role app");
            await this.plain.transaction(async (tx) => { await tx.query("select 2"); await this.users.query("select 3"); });
            await this.users.manager.transaction((tx) => tx.query("select 4"));
            const found = await this.users.findOne({ where: { id } });
            if (!found) { await this.users.createQueryBuilder("u").select("pg_try_advisory_lock(5)", "l").getRawOne(); }
          }
        }
        @Module({ imports: [
          TypeOrmModule.forRoot({ type: "postgres", extra: { statement_timeout: 1 } }),
          TypeOrmModule.forRootAsync({ useFactory: (config: any) => ({ type: "postgres", host: config.get("h"), extra: { lock_timeout: 2 } }) }),
        ] })
        export class AppModule {}`,
    sites: [
      "select set_config('app.tenant', $1, true) | pool | autocommit | extended",
      "select 1 | pool | autocommit | simple",
      "set local role app | pool | autocommit | simple",
      "select 2 | transaction | in-transaction | simple",
      "select 3 | pool | autocommit | simple",
      "select 4 | transaction | in-transaction | simple",
      "select pg_try_advisory_lock(5) | pool | autocommit | unknown",
    ],
  },
  {
    title: "migrations of the tool, in its transaction",
    code: `
        import { MigrationInterface, QueryRunner } from "typeorm";
        export class AddUsers1700000000000 implements MigrationInterface {
          name = "AddUsers1700000000000";
          public async up(queryRunner: QueryRunner): Promise<void> {
            await queryRunner.query(\`SET LOCAL lock_timeout = '2s'\`);
            await queryRunner.query(\`CREATE TABLE users (id int)\`);
            await queryRunner.createIndex("users", {} as any);
          }
          public async down(queryRunner: QueryRunner): Promise<void> { await queryRunner.query(\`DROP TABLE users\`); }
        }
        export class Concurrent1700000000001 implements MigrationInterface {
          transaction = false as const;
          async up(runner: QueryRunner) { await runner.query("CREATE INDEX CONCURRENTLY i ON users (id)"); }
          async down(runner: QueryRunner) {
            await runner.commitTransaction();
            await runner.query("DROP INDEX CONCURRENTLY i");
            await runner.startTransaction();
          }
        }`,
    sites: [
      "SET LOCAL lock_timeout = '2s' | transaction | in-transaction | simple",
      "CREATE TABLE users (id int) | transaction | in-transaction | simple",
      "DROP TABLE users | transaction | in-transaction | simple",
      "CREATE INDEX CONCURRENTLY i ON users (id) | client | autocommit | simple",
      "DROP INDEX CONCURRENTLY i | client | autocommit | simple",
    ],
  },
  {
    title: "a migration in JavaScript",
    code: `
        module.exports = class AddUsers1 {
          async up(queryRunner) { await queryRunner.query("SET LOCAL lock_timeout = '2s'"); }
          async down(queryRunner) { await queryRunner.query("select 1"); }
        };`,
    sites: [
      "SET LOCAL lock_timeout = '2s' | transaction | in-transaction | simple",
      "select 1 | transaction | in-transaction | simple",
    ],
  },
  {
    title: "classes that extend a repository or an entity, subscribers",
    code: `
        import { BaseEntity, DataSource, EventSubscriber, InsertEvent, EntitySubscriberInterface, Repository } from "typeorm";
        class User extends BaseEntity { static locked() { return this.query("select pg_advisory_lock(1)"); } }
        export class UserRepository extends Repository<User> {
          constructor(source: DataSource) { super(User, source.createEntityManager()); }
          async byName(name: string) {
            await this.query("select 1 where $1 = $1", [name]);
            return this.manager.transaction((tx) => tx.query("select 2"));
          }
        }
        @EventSubscriber()
        export class UserSubscriber implements EntitySubscriberInterface<User> {
          async afterInsert(event: InsertEvent<User>) {
            await event.manager.query("select pg_notify('users', '')");
            await event.queryRunner.query("select 3");
            await event.connection.query("select 4");
          }
        }
        export const ping = () => User.query("select 5");`,
    sites: [
      "select pg_advisory_lock(1) | pool | autocommit | simple",
      "select 1 where $1 = $1 | unknown | unknown | extended",
      "select 2 | transaction | in-transaction | simple",
      "select pg_notify('users', '') | unknown | unknown | simple",
      "select 3 | unknown | unknown | simple",
      "select 4 | pool | autocommit | simple",
      "select 5 | pool | autocommit | simple",
    ],
  },
  {
    title: "a query runner of one's own, which puts the tenant in front of each query",
    code: `
        import { DataSource, ReplicationMode } from "typeorm";
        import { PostgresDriver } from "typeorm/driver/postgres/PostgresDriver";
        import { PostgresQueryRunner } from "typeorm/driver/postgres/PostgresQueryRunner";
        class TenantRunner extends PostgresQueryRunner {
          constructor(driver: PostgresDriver, mode: ReplicationMode, private readonly tenant: string) { super(driver, mode); }
          override async query(text: string, values?: unknown[]) {
            await super.query(\`set "app.tenant" = '\${this.tenant}'\`);
            return super.query(text, values);
          }
        }
        class TenantDriver extends PostgresDriver {
          createQueryRunner(mode: ReplicationMode) { return new TenantRunner(this, mode, "a"); }
          locked() { return this.master.query("select pg_advisory_lock(1)"); }
        }
        export async function become(runner: TenantRunner | DataSource) { await runner.query("set role a"); }`,
    sites: [
      "set \"app.tenant\" = '…' | client | unknown | simple",
      "… | client | unknown | unknown",
      "select pg_advisory_lock(1) | pool | autocommit | simple",
      "set role a | pool | autocommit | simple",
    ],
  },
  {
    title: "transactions that follow the flow of control, by typeorm-transactional",
    code: `
        import { DataSource, Repository } from "typeorm";
        import { InjectRepository } from "@nestjs/typeorm";
        import { addTransactionalDataSource, runInTransaction, Transactional } from "typeorm-transactional";
        const source = addTransactionalDataSource(new DataSource({ type: "postgres" }));
        class Order {}
        export class Orders {
          constructor(@InjectRepository(Order) private readonly orders: Repository<Order>, private readonly db: DataSource) {}
          @Transactional()
          async place(id: string) {
            await this.orders.query("set local lock_timeout = '1s'");
            await this.db.query("select set_config('app.tenant', $1, true)", [id]);
            await this.audit();
          }
          private async audit() { await this.orders.query("select 1"); }
          async outside() { await this.db.query("select 2"); }
        }
        export const later = () => runInTransaction(async () => { await source.query("set local role app"); });`,
    sites: [
      "set local lock_timeout = '1s' | pool | in-transaction | simple",
      "select set_config('app.tenant', $1, true) | pool | in-transaction | extended",
      "select 1 | pool | in-transaction | simple",
      "select 2 | pool | autocommit | simple",
      "set local role app | pool | in-transaction | simple",
    ],
  },
  {
    title: "the functions of older versions",
    code: `
        import { createConnection, getConnection, getConnectionManager, getManager, getRepository } from "typeorm";
        class User {}
        export async function start() {
          const connection = await createConnection({ type: "postgres", url: "postgres://x" });
          await connection.query("select 1");
        }
        export async function f() {
          await getConnection().query("select 2");
          await getConnection("other").transaction(async (tx) => { await tx.query("select 3"); });
          await getManager().query("select 4");
          await getRepository(User).query("select 5");
          await getConnectionManager().get().query("select 6");
          await getConnection().createQueryRunner().query("select 7");
        }
        createConnection().then(async (connection) => { await connection.query("select 8"); });`,
    sites: [
      "select 1 | pool | autocommit | simple",
      "select 2 | pool | autocommit | simple",
      "select 3 | transaction | in-transaction | simple",
      "select 4 | pool | autocommit | simple",
      "select 5 | pool | autocommit | simple",
      "select 6 | pool | autocommit | simple",
      "select 7 | client | autocommit | simple",
      "select 8 | pool | autocommit | simple",
    ],
  },
  {
    title: "a data source of the application, and a script that waits for it",
    code: `
        import { DataSource } from "typeorm";
        const url = process.env.DATABASE_URL;
        export const AppDataSource = new DataSource({ type: "postgres", url, entities: [], migrations: ["dist/migrations/*.js"] });
        AppDataSource.initialize()
          .then(async (source) => {
            await source.query("select 1");
            await AppDataSource.manager.query("select 2");
          })
          .catch((error: unknown) => console.error(error));
        export async function connected() {
          if (!AppDataSource.isInitialized) await AppDataSource.initialize();
          await AppDataSource.query("set role app");
          return AppDataSource;
        }
        export const users = async () => (await connected()).getRepository("User").query("select 3");`,
    sites: [
      "select 1 | pool | autocommit | simple",
      "select 2 | pool | autocommit | simple",
      "set role app | pool | autocommit | simple",
      "select 3 | pool | autocommit | simple",
    ],
  },
  {
    title: "settings from classes and factories",
    code: `
        import { Injectable, Module } from "@nestjs/common";
        import { TypeOrmModule, type TypeOrmModuleOptions, type TypeOrmOptionsFactory } from "@nestjs/typeorm";
        @Injectable()
        class Settings implements TypeOrmOptionsFactory {
          createTypeOrmOptions(): TypeOrmModuleOptions {
            return { type: "postgres", extra: { onConnect: async (client: any) => { await client.query("set role a"); } } };
          }
        }
        @Module({
          imports: [
            TypeOrmModule.forRootAsync({ useClass: Settings }),
            TypeOrmModule.forRootAsync({
              useFactory: async (config: any) => ({
                type: "postgres",
                url: config.get("DATABASE_URL"),
                extra: { onConnect: async (client: any) => { await client.query("set role b"); } },
              }),
            }),
            TypeOrmModule.forRoot({ type: "mysql", extra: { onConnect: async (client: any) => { await client.query("set role c"); } } }),
          ],
        })
        export class AppModule {}`,
    sites: [
      "set role a | client | autocommit | simple | on onConnect",
      "set role b | client | autocommit | simple | on onConnect",
    ],
  },
  {
    title: "the tenant of a request",
    code: `
        import { Inject, Injectable, Scope } from "@nestjs/common";
        import { REQUEST } from "@nestjs/core";
        import { DataSource, type EntityManager, type QueryRunner } from "typeorm";
        @Injectable({ scope: Scope.REQUEST })
        export class TenantConnection {
          private runner?: QueryRunner;
          constructor(private readonly source: DataSource, @Inject(REQUEST) private readonly request: any) {}
          async manager(): Promise<EntityManager> {
            if (!this.runner) {
              this.runner = this.source.createQueryRunner();
              await this.runner.connect();
              await this.runner.query(\`SET app.tenant = '\${this.request.tenant}'\`);
            }
            return this.runner.manager;
          }
          async inTransaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
            return this.source.transaction(async (manager) => {
              await manager.query("SELECT set_config('app.tenant', $1, true)", [this.request.tenant]);
              return work(manager);
            });
          }
        }
        @Injectable()
        export class Orders {
          constructor(private readonly tenants: TenantConnection) {}
          async list() {
            const manager = await this.tenants.manager();
            return manager.query("SELECT * FROM orders");
          }
          close(id: string) {
            return this.tenants.inTransaction((manager) => manager.query("UPDATE orders SET closed = true WHERE id = $1", [id]));
          }
        }`,
    sites: [
      "SET app.tenant = '…' | client | autocommit | simple",
      "SELECT set_config('app.tenant', $1, true) | transaction | in-transaction | extended",
      "SELECT * FROM orders | client | autocommit/unknown | simple",
      "UPDATE orders SET closed = true WHERE id = $1 | transaction | in-transaction | extended",
    ],
  },
  {
    title: "parts of built queries",
    code: `
        import { DataSource } from "typeorm";
        const source = new DataSource({ type: "postgres" });
        export async function f(id: number) {
          const runner = source.createQueryRunner();
          await source
            .createQueryBuilder()
            .select("pg_try_advisory_lock(1)", "locked")
            .from("jobs", "j")
            .where("j.id = :id", { id })
            .getRawOne();
          await source.createQueryBuilder("User", "u").addSelect("pg_advisory_lock(2)").getMany();
          await source.manager.find("User", { where: { id } });
          await runner.release();
        }`,
    sites: [
      "select pg_try_advisory_lock(1) | pool | autocommit | unknown",
      "select pg_advisory_lock(2) | pool | autocommit | unknown",
    ],
  },
  {
    title: "the pool of the driver below",
    code: `
        import { DataSource } from "typeorm";
        import type { PostgresDriver } from "typeorm/driver/postgres/PostgresDriver";
        const source = new DataSource({ type: "postgres" });
        export async function prepare() {
          await source.initialize();
          const { master } = source.driver as PostgresDriver;
          master.on("connect", (client: any) => { client.query("set role app"); });
          const client = await master.connect();
          await client.query("listen jobs");
        }`,
    sites: ["set role app | client | autocommit | simple | on connect", "listen jobs | client | autocommit | simple"],
  },
  {
    title: "methods that are added to a repository",
    code: `
        import { DataSource } from "typeorm";
        class User {}
        const source = new DataSource({ type: "postgres" });
        export const Users = source.getRepository(User).extend({
          lock(id: string) { return this.query("select pg_advisory_xact_lock(hashtext($1))", [id]); },
          async run(id: string) {
            return this.manager.transaction(async (tx) => tx.withRepository(this).lock(id));
          },
        });
        export const list = () => Users.query("select 1");`,
    sites: [
      "select pg_advisory_xact_lock(hashtext($1)) | unknown | unknown | extended",
      "select 1 | pool | autocommit | simple",
    ],
  },
  {
    title: "transactions that follow the flow of control, by nestjs-cls",
    code: `
        import { InjectTransaction, type Transaction, Transactional, TransactionHost } from "@nestjs-cls/transactional";
        import type { TransactionalAdapterTypeOrm } from "@nestjs-cls/transactional-adapter-typeorm";
        export class Orders {
          constructor(
            private readonly host: TransactionHost<TransactionalAdapterTypeOrm>,
            @InjectTransaction() private readonly tx: Transaction<TransactionalAdapterTypeOrm>,
          ) {}
          @Transactional()
          async place(id: string) {
            await this.host.tx.query("SET LOCAL lock_timeout = '1s'");
            await this.tx.query("SELECT set_config('app.tenant', $1, true)", [id]);
          }
          count() { return this.host.tx.query("SELECT count(*) FROM orders"); }
        }`,
    sites: [
      "SET LOCAL lock_timeout = '1s' | unknown | in-transaction | simple",
      "SELECT set_config('app.tenant', $1, true) | unknown | in-transaction | extended",
      "SELECT count(*) FROM orders | unknown | unknown | simple",
    ],
  },
  {
    title: "a unit of work, and a helper that asks whether a transaction is open",
    code: `
        import { DataSource, type QueryRunner } from "typeorm";
        const ds = new DataSource({ type: "postgres" });
        export class UnitOfWork {
          private runner?: QueryRunner;
          async begin() { this.runner = ds.createQueryRunner(); await this.runner.startTransaction(); }
          get on() { return this.runner ?? ds; }
          async run() { await this.on.query("SET LOCAL lock_timeout = 6"); }
        }
        async function within<R>(r: QueryRunner, fn: () => Promise<R>) { if (!r.isTransactionActive) await r.startTransaction(); const x = await fn(); await r.commitTransaction(); return x; }
        export const c = async () => { const r = ds.createQueryRunner(); await within(r, () => r.query("SET LOCAL lock_timeout = 3")); };`,
    sites: [
      "SET LOCAL lock_timeout = 6 | client | unknown | simple",
      "SET LOCAL lock_timeout = 6 | pool | autocommit | simple",
      "SET LOCAL lock_timeout = 3 | client | in-transaction | simple",
    ],
  },
]);
