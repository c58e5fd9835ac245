import { testDriver } from "../support/driver-cases.ts";

testDriver("@prisma/client", [
  {
    title: "raw queries, both kinds of transaction",
    code: `
        import { Prisma, PrismaClient } from "@prisma/client";
        const prisma = new PrismaClient();
        export async function work(id: string) {
          await prisma.$queryRaw\`select \${id}\`;
          await prisma.$executeRawUnsafe("set role app");
          await prisma.$queryRaw(Prisma.sql\`select 1 where \${Prisma.raw("true")}\`);
          await prisma.$transaction([prisma.$executeRaw\`select set_config('a.b', \${id}, true)\`, prisma.user.findMany()]);
          await prisma.$transaction(async (tx) => { await tx.$executeRaw\`set local role app\`; await prisma.$queryRaw\`select 2\`; });
        }
        export const inside = (tx: Prisma.TransactionClient) => tx.$queryRaw\`select 3\`;
        export const omitted = (tx: Omit<PrismaClient, "$connect" | "$transaction">) => tx.$queryRaw\`select 4\`;`,
    sites: [
      "select $ | pool | autocommit | extended",
      "set role app | pool | autocommit | unknown",
      "select 1 where true | pool | autocommit | unknown",
      "select set_config('a.b', $, true) | transaction | in-transaction | extended",
      "set local role app | transaction | in-transaction | unknown",
      "select 2 | pool | autocommit | unknown",
      "select 3 | transaction | in-transaction | unknown",
      "select 4 | transaction | in-transaction | unknown",
    ],
  },
  {
    title: "a generated client, a Nest service, an extension",
    code: `
        import { PrismaClient } from "../generated/prisma/client";
        export class PrismaService extends PrismaClient {
          async tenant(id: string) { await this.$executeRaw\`select set_config('a', \${id}, false)\`; }
        }
        export class Repo {
          constructor(private readonly prisma: PrismaService) {}
          lock() { return this.prisma.$queryRaw\`select pg_advisory_lock(1)\`; }
        }
        const forGlobal = globalThis as unknown as { prisma?: PrismaClient };
        export const prisma = forGlobal.prisma ?? new PrismaClient().$extends({});
        export const f = () => prisma.$queryRaw\`select 1\`;`,
    sites: [
      "select set_config('a', $, false) | pool | autocommit | extended",
      "select pg_advisory_lock(1) | pool | autocommit | unknown",
      "select 1 | pool | autocommit | unknown",
    ],
  },
  {
    title: "the tenant of each query, set by an extension",
    code: `
        import { Prisma, PrismaClient } from "@prisma/client";
        const base = new PrismaClient();
        export function forTenant(id: string) {
          return base.$extends({
            query: {
              $allModels: {
                async $allOperations({ args, query }) {
                  const [, result] = await base.$transaction([
                    base.$executeRaw\`SELECT set_config('app.tenant', \${id}, TRUE)\`,
                    query(args),
                  ]);
                  return result;
                },
              },
            },
          });
        }
        export const bypass = Prisma.defineExtension((client) =>
          client.$extends({
            query: {
              $allModels: {
                async $allOperations({ args, query }) {
                  const [, , result] = await client.$transaction([
                    client.$executeRaw\`SELECT set_config('app.bypass', 'on', TRUE)\`,
                    client.$executeRawUnsafe("SET LOCAL ROLE app"),
                    query(args),
                  ]);
                  return result;
                },
              },
            },
          }),
        );`,
    sites: [
      "SELECT set_config('app.tenant', $, TRUE) | transaction | in-transaction | extended",
      "SELECT set_config('app.bypass', 'on', TRUE) | transaction | in-transaction | unknown",
      "SET LOCAL ROLE app | transaction | in-transaction | unknown",
    ],
  },
  {
    title: "methods that an extension adds to the client",
    code: `
        import { PrismaClient } from "@prisma/client";
        export const prisma = new PrismaClient().$extends({
          client: {
            async $withLock<T>(key: number, work: () => Promise<T>) {
              const context = this as unknown as PrismaClient;
              await context.$queryRaw\`select pg_advisory_lock(\${key})\`;
              try {
                return await work();
              } finally {
                await context.$queryRaw\`select pg_advisory_unlock(\${key})\`;
              }
            },
            async $ping() {
              return this.$queryRaw\`select 1\`;
            },
          },
        });
        export const ping = () => prisma.$queryRaw\`select 2\`;`,
    sites: [
      "select pg_advisory_lock($) | pool | autocommit | extended",
      "select pg_advisory_unlock($) | pool | autocommit | extended",
      "select 1 | unknown | unknown | unknown",
      "select 2 | pool | autocommit | unknown",
    ],
  },
  {
    title: "the four methods, and what their texts are made of",
    code: `
        import { Prisma, PrismaClient } from "@prisma/client";
        const prisma = new PrismaClient({ datasourceUrl: process.env.DATABASE_URL, log: ["query"] });
        export async function f(id: string, table: string, columns: string[], role: "a" | "b") {
          await prisma.$queryRawUnsafe("select * from t where id = $1", id);
          await prisma.$queryRawUnsafe<{ a: number }[]>(\`select * from \${table}\`);
          await prisma.$executeRaw(Prisma.sql\`set role \${Prisma.raw(role)}\`);
          await prisma.$executeRaw\`create temp table x as select \${Prisma.join(columns)} from \${Prisma.raw(table)} \${Prisma.empty}\`;
          const condition = id === "" ? Prisma.empty : Prisma.sql\`where id = \${id}\`;
          await prisma.$queryRaw\`select pg_advisory_lock(1) from t \${condition}\`;
          await prisma.$executeRawUnsafe("SET statement_timeout = '5s'; SELECT 1");
          await prisma.$queryRaw\`select 1 where id in (\${Prisma.join([1, 2])}) \${Prisma.join([Prisma.sql\`and a\`, Prisma.sql\`and b\`], " ")}\`;
        }`,
    sites: [
      "select * from t where id = $1 | pool | autocommit | extended",
      "select * from … | pool | autocommit | unknown",
      "set role … | pool | autocommit | unknown",
      "create temp table x as select … from … | pool | autocommit | unknown",
      "select pg_advisory_lock(1) from t | pool | autocommit | unknown",
      "select pg_advisory_lock(1) from t where id = $ | pool | autocommit | unknown",
      "SET statement_timeout = '5s'; SELECT 1 | pool | implicit | unknown",
      "select 1 where id in ($, $) and a and b | pool | autocommit | extended",
    ],
  },
  {
    title: "helpers for clients and transactions",
    code: `
        import { Prisma, PrismaClient } from "@prisma/client";
        const prisma = new PrismaClient();
        type Tx = Parameters<Parameters<PrismaClient["$transaction"]>[0]>[0];
        type Either = PrismaClient | Prisma.TransactionClient;
        async function lock(tx: Tx, key: string) {
          await tx.$executeRaw\`select pg_advisory_xact_lock(hashtext(\${key}))\`;
        }
        async function limit(client: Either = prisma) {
          return client.$executeRaw\`set local lock_timeout = '1s'\`;
        }
        export async function work(key: string) {
          await limit();
          return prisma.$transaction(
            async (tx) => {
              await lock(tx, key);
              await Promise.all([tx.$executeRaw\`select 1\`, tx.user.findMany()]);
              const rows = await tx.$queryRaw<{ a: number }[]>\`select 2\`;
              await limit(tx);
              return rows;
            },
            { isolationLevel: Prisma.TransactionIsolationLevel.Serializable, timeout: 5000 },
          );
        }`,
    sites: [
      "select pg_advisory_xact_lock(hashtext($)) | transaction | in-transaction | extended",
      "set local lock_timeout = '1s' | pool | autocommit | unknown",
      "set local lock_timeout = '1s' | transaction | in-transaction | unknown",
      "select 1 | transaction | in-transaction | unknown",
      "select 2 | transaction | in-transaction | unknown",
    ],
  },
  {
    title: "queries that are made before they are put into a list",
    code: `
        import { PrismaClient } from "@prisma/client";
        const prisma = new PrismaClient();
        export async function f(id: string, ids: string[]) {
          const setTenant = prisma.$executeRaw\`select set_config('app.tenant', \${id}, true)\`;
          const read = prisma.$queryRaw\`select * from notes\`;
          const [, notes] = await prisma.$transaction([setTenant, read]);
          const operations = [];
          operations.push(prisma.$executeRaw\`select set_config('app.user', \${id}, true)\`);
          operations.push(prisma.note.deleteMany());
          await prisma.$transaction(operations);
          await prisma.$transaction(ids.map((one) => prisma.$executeRaw\`update notes set seen = true where id = \${one}\`));
          return notes;
        }`,
    sites: [
      "select set_config('app.tenant', $, true) | transaction | in-transaction | extended",
      "select * from notes | transaction | in-transaction | unknown",
      "select set_config('app.user', $, true) | transaction | in-transaction | extended",
      "update notes set seen = true where id = $ | transaction | in-transaction | extended",
    ],
  },
  {
    title: "adapters, of PostgreSQL and of others",
    code: `
        import { PrismaMariaDb } from "@prisma/adapter-mariadb";
        import { PrismaNeon, PrismaNeonHttp } from "@prisma/adapter-neon";
        import { PrismaPg } from "@prisma/adapter-pg";
        import { PrismaPGlite } from "pglite-prisma-adapter";
        import { PrismaClient as MariaClient } from "@my/mariadb-client";
        import { Pool } from "pg";
        import { PrismaClient } from "./generated/prisma/client.js";
        const pool = new Pool({ connectionString: process.env.DATABASE_URL, onConnect: async (client) => { await client.query("set role hook"); } });
        const a = new PrismaClient({ adapter: new PrismaPg(pool) });
        const b = new PrismaClient({ adapter: new PrismaPg({ connectionString: "postgres://a", statement_timeout: 1000 }, { schema: "x" }) });
        const c = new PrismaClient({ adapter: new PrismaNeon({ connectionString: process.env.DATABASE_URL }) });
        const d = new PrismaClient({ adapter: new PrismaNeonHttp(process.env.DATABASE_URL!, {}) });
        const maria = new MariaClient({ adapter: new PrismaMariaDb({ host: "x" }) });
        const embedded = new PrismaClient({ adapter: new PrismaPGlite({} as any) });
        export async function f() {
          await a.$executeRaw\`set role a\`;
          await b.$executeRaw\`set role b\`;
          await c.$executeRaw\`set role c\`;
          await d.$executeRaw\`set role d\`;
          await maria.$executeRawUnsafe("SET SESSION sql_mode = ''");
          await embedded.$executeRaw\`set role e\`;
        }`,
    sites: [
      "set role hook | client | autocommit | simple | on onConnect",
      "set role a | pool | autocommit | unknown",
      "set role b | pool | autocommit | unknown",
      "set role c | pool | autocommit | unknown",
      "set role d | pool | autocommit | unknown",
    ],
  },
  {
    title: "a Nest service with a helper for tenants",
    code: `
        import { Injectable, OnModuleInit } from "@nestjs/common";
        import { Prisma, PrismaClient } from "@prisma/client";
        @Injectable()
        export class PrismaService extends PrismaClient<Prisma.PrismaClientOptions, "query"> implements OnModuleInit {
          constructor() {
            super({ log: [{ emit: "event", level: "query" }] });
          }
          async onModuleInit() {
            await this.$connect();
            await this.$executeRaw\`set statement_timeout = '5s'\`;
          }
          async withTenant<T>(tenant: string, work: (tx: Prisma.TransactionClient) => Promise<T>): Promise<T> {
            return this.$transaction(async (tx) => {
              await tx.$executeRaw\`select set_config('app.tenant', \${tenant}, true)\`;
              return work(tx);
            });
          }
        }
        @Injectable()
        export class NotesRepository {
          constructor(private readonly prisma: PrismaService) {}
          all(tenant: string) {
            return this.prisma.withTenant(tenant, (tx) => tx.$queryRaw\`select * from notes\`);
          }
          count(tx?: Prisma.TransactionClient) {
            return (tx ?? this.prisma).$queryRaw\`select count(*) from notes\`;
          }
          lock(id: number) {
            return this.prisma.$queryRawUnsafe(\`select pg_try_advisory_lock(\${id})\`);
          }
        }`,
    sites: [
      "set statement_timeout = '5s' | pool | autocommit | unknown",
      "select set_config('app.tenant', $, true) | transaction | in-transaction | extended",
      "select * from notes | transaction | in-transaction | unknown",
      "select count(*) from notes | transaction | in-transaction | unknown",
      "select count(*) from notes | pool | autocommit | unknown",
      "select pg_try_advisory_lock(…) | pool | autocommit | unknown",
    ],
  },
  {
    title: "one client for the whole process",
    code: `
        import { PrismaClient } from "@prisma/client/edge";
        import { withAccelerate } from "@prisma/extension-accelerate";
        declare global { var prisma: PrismaClient | undefined; }
        export const prisma = (globalThis.prisma ??= new PrismaClient());
        export const fast = new PrismaClient().$extends(withAccelerate());
        const make = () => new PrismaClient();
        const kept = globalThis as unknown as { client?: ReturnType<typeof make> };
        export const client = kept.client ?? make();
        if (process.env.NODE_ENV !== "production") kept.client = client;
        export const f = () => prisma.$executeRaw\`set role a\`;
        export const g = () => fast.$executeRaw\`set role b\`;
        export const h = () => client.$executeRaw\`set role c\`;`,
    sites: [
      "set role a | pool | autocommit | unknown",
      "set role b | pool | autocommit | unknown",
      "set role c | pool | autocommit | unknown",
    ],
  },
  {
    title: "transactions that follow the flow of control",
    code: `
        import { Transactional, TransactionHost } from "@nestjs-cls/transactional";
        import type { TransactionalAdapterPrisma } from "@nestjs-cls/transactional-adapter-prisma";
        import type { PrismaClient } from "@prisma/client";
        export class Notes {
          constructor(private readonly host: TransactionHost<TransactionalAdapterPrisma<PrismaClient>>) {}
          @Transactional()
          async move(id: string) {
            await this.host.tx.$executeRaw\`set local lock_timeout = '1s'\`;
            await this.touch(id);
          }
          private async touch(id: string) {
            await this.host.tx.$executeRaw\`update notes set at = now() where id = \${id}\`;
          }
          async byHand() {
            await this.host.withTransaction(async () => { await this.host.tx.$executeRaw\`set local role app\`; });
            await this.host.tx.$queryRaw\`select 1\`;
          }
        }`,
    sites: [
      "set local lock_timeout = '1s' | unknown | in-transaction | unknown",
      "update notes set at = now() where id = $ | unknown | in-transaction | extended",
      "set local role app | unknown | in-transaction | unknown",
      "select 1 | unknown | unknown | unknown",
    ],
  },
  {
    title: "a context that nobody typed",
    code: `
        export const resolvers = {
          Query: {
            notes: (_parent, { id }, { prisma }) => prisma.$queryRaw\`select * from notes where id = \${id}\`,
          },
          Mutation: {
            move: async (_parent, args, context) => {
              await context.db.$executeRawUnsafe("set role app");
              return context.db.$transaction(async (tx) => { await tx.$executeRaw\`set local role app\`; });
            },
          },
        };`,
    sites: [
      "select * from notes where id = $ | unknown | unknown | extended",
      "set role app | unknown | unknown | unknown",
      "set local role app | transaction | in-transaction | unknown",
    ],
  },
  {
    title: "packages of the field around the client",
    code: `
        import { Injectable } from "@nestjs/common";
        import { CustomPrismaService, PrismaService } from "nestjs-prisma";
        import { readReplicas } from "@prisma/extension-read-replicas";
        import { PrismaClient } from "@prisma/client";
        const extended = new PrismaClient().$extends(readReplicas({ url: process.env.REPLICA_URL! }));
        @Injectable()
        export class Reports {
          constructor(private readonly prisma: PrismaService, private readonly custom: CustomPrismaService<typeof extended>) {}
          async run() {
            await this.prisma.$executeRaw\`set role a\`;
            await this.custom.client.$executeRaw\`set role b\`;
            await extended.$primary().$executeRaw\`set role c\`;
            await extended.$replica().$queryRaw\`select 1\`;
          }
        }`,
    sites: [
      "set role a | pool | autocommit | unknown",
      "set role b | pool | autocommit | unknown",
      "set role c | pool | autocommit | unknown",
      "select 1 | pool | autocommit | unknown",
    ],
  },
  {
    title: "types that stand for a transaction",
    code: `
        import type { ITXClientDenyList } from "@prisma/client/runtime/library";
        import { Prisma, PrismaClient } from "@prisma/client";
        type A = Omit<PrismaClient, ITXClientDenyList>;
        type B = Omit<PrismaClient, "$connect" | "$disconnect" | "$on" | "$transaction" | "$use" | "$extends">;
        interface Context { tx: Prisma.TransactionClient }
        export const a = (tx: A) => tx.$queryRaw\`select 1\`;
        export const b = (tx: B) => tx.$queryRaw\`select 2\`;
        export const c = ({ tx }: Context) => tx.$queryRaw\`select 3\`;
        export const d = (client: PrismaClient | Prisma.TransactionClient) => client.$executeRaw\`set local role app\`;`,
    sites: [
      "select 1 | transaction | in-transaction | unknown",
      "select 2 | transaction | in-transaction | unknown",
      "select 3 | transaction | in-transaction | unknown",
      "set local role app | pool | autocommit | unknown",
      "set local role app | transaction | in-transaction | unknown",
    ],
  },
  {
    title: "a transaction that an AsyncLocalStorage holds",
    code: `
        import { AsyncLocalStorage } from "node:async_hooks";
        import { Prisma, PrismaClient } from "@prisma/client";
        const prisma = new PrismaClient();
        const storage = new AsyncLocalStorage<Prisma.TransactionClient>();
        export const current = () => storage.getStore() ?? prisma;
        export const inTransaction = <T>(work: () => Promise<T>) => prisma.$transaction((tx) => storage.run(tx, work));
        async function touch() { await current().$executeRaw\`update t set a = 1\`; }
        export const move = () => inTransaction(async () => {
          await current().$executeRaw\`set local lock_timeout = '1s'\`;
          await touch();
        });
        export const ping = async () => { await current().$queryRaw\`select 1\`; };`,
    sites: [
      "update t set a = 1 | transaction | in-transaction | unknown",
      "set local lock_timeout = '1s' | transaction | in-transaction | unknown",
      "select 1 | transaction | in-transaction | unknown",
      "select 1 | pool | autocommit | unknown",
    ],
  },
  {
    title: "a parameter with a default",
    code: `
        import { Prisma, PrismaClient } from "@prisma/client";
        const prisma = new PrismaClient();
        export const a = (tx: Prisma.TransactionClient = prisma) => tx.$executeRaw\`set local role a\`;`,
    sites: [
      "set local role a | transaction | in-transaction | unknown",
      "set local role a | pool | autocommit | unknown",
    ],
  },
  {
    title: "types that leave methods of the client out",
    code: `
        import type { PrismaClient } from "../generated/prisma";
        type TransactionClient = Omit<PrismaClient, "$connect" | "$disconnect" | "$on" | "$transaction" | "$use" | "$extends">;
        type ClientOrTransaction = PrismaClient | TransactionClient;
        type ReplicaClient = Omit<PrismaClient, "$transaction">;
        export const five = async (db: ClientOrTransaction) => db.$executeRaw\`SET LOCAL lock_timeout = 5\`;
        export const three = async (db: ReplicaClient) => db.$executeRaw\`SET lock_timeout = 3\`;`,
    sites: [
      "SET LOCAL lock_timeout = 5 | pool | autocommit | unknown",
      "SET LOCAL lock_timeout = 5 | transaction | in-transaction | unknown",
      "SET lock_timeout = 3 | pool | autocommit | unknown",
    ],
  },
  {
    title: "Prisma.sql called as a function, also by a tag of the program's own",
    code: `
        import { Prisma, PrismaClient } from "@prisma/client";
        const prisma = new PrismaClient();
        const query = (strings: TemplateStringsArray, ...values: unknown[]) => Prisma.sql(strings, ...values);
        const where = (id: number) => Prisma.sql(["where id = ", ""], id);
        export const a = () => prisma.$executeRaw(Prisma.sql(["set lock_timeout = 1"]));
        export const b = (id: number) => prisma.$queryRaw(Prisma.sql(["select pg_advisory_lock(", ")"], id));
        export const c = (id: number) => prisma.$queryRaw(query\`select 1 from t \${where(id)}\`);`,
    sites: [
      "set lock_timeout = 1 | pool | autocommit | unknown",
      "select pg_advisory_lock($) | pool | autocommit | extended",
      "select 1 from t where id = $ | pool | autocommit | extended",
    ],
  },
]);
