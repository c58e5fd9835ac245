import type { Driver, ExportShape, HandleShape, Operation, QueryOperation } from "./driver.ts";
import { pgOptions } from "./pg.ts";

/**
 * TypeORM. Run: 1.1.1 and 0.3.31. A query runner keeps one client connection and begins nothing before `startTransaction()`; the data
 * source and injected repositories stay outside a transaction that a manager or query runner is in.
 */

const query: QueryOperation = { does: "query", sql: 0, values: 1 };

const builder: Operation = { does: "same", gives: "builder" };
const repository: Operation = { does: "same", gives: "repository" };

const managing: Readonly<Record<string, Operation>> = {
  query,
  sql: query,
  getRepository: repository,
  getTreeRepository: repository,
  getCustomRepository: repository,
  withRepository: repository,
  createQueryBuilder: builder,
};

const transaction: Operation = { does: "transaction", parameter: 0, gives: "transaction" };

const handles = {
  dataSource: {
    title: "data source",
    scope: "pool",
    views: { manager: "manager" },
    others: "builder",
    methods: {
      ...managing,
      transaction,
      createQueryRunner: { does: "checkout", gives: "queryRunner", callbackParameter: 0 },
      createEntityManager: { does: "same", gives: "manager" },
      initialize: { does: "same" },
      connect: { does: "same" },
      destroy: { does: "nothing" },
      close: { does: "nothing" },
    },
  },
  manager: {
    title: "entity manager",
    scope: "pool",
    others: "builder",
    methods: { ...managing, transaction },
  },
  /** `EntityManager` is the type of managers in a transaction too. */
  either: {
    title: "entity manager",
    scope: "unknown",
    others: "builder",
    methods: { ...managing, transaction },
  },
  transaction: {
    title: "entity manager in a transaction",
    scope: "transaction",
    others: "builder",
    methods: { ...managing, transaction: { does: "nested", parameter: 0, gives: "transaction" } },
  },
  repository: {
    title: "repository",
    scope: "unknown",
    views: { manager: "manager" },
    others: "builder",
    methods: { query, sql: query, createQueryBuilder: builder, extend: { does: "same" } },
  },
  queryRunner: {
    title: "query runner",
    scope: "client",
    views: { manager: "manager" },
    others: "builder",
    methods: {
      query,
      sql: query,
      connect: { does: "nothing" },
      startTransaction: { does: "begin" },
      commitTransaction: { does: "end", how: "commit" },
      rollbackTransaction: { does: "end", how: "rollback" },
      release: { does: "release" },
    },
  },
  builder: { title: "query builder", scope: "pool", others: "builder", methods: {} },
} satisfies Record<string, HandleShape>;

const dataSource: ExportShape = {
  is: "handle-maker",
  makes: "dataSource",
  options: {
    argument: 0,
    startupParameters: { applicationName: "application_name" },
    connectionString: "url",
    nested: { extra: { ...pgOptions, argument: 0 } },
    dialect: {
      option: "type",
      postgres: ["postgres", "aurora-postgres", "cockroachdb"],
    },
  },
};

const made = (makes: string): ExportShape => ({ is: "handle-maker", makes });

export const typeorm: Driver = {
  name: "typeorm",
  source: "typeorm 1.1.1 and 0.3.31",
  severalDialects: true,
  handles,
  conventions: [{ functions: ["up", "down"], parameters: ["queryRunner"], gives: "queryRunner" }],
  modules: {
    typeorm: {
      exports: {
        DataSource: dataSource,
        createConnection: dataSource,
        getConnection: made("dataSource"),
        getManager: made("manager"),
        getRepository: made("repository"),
        BaseEntity: { is: "handle", makes: "repository" },
      },
      types: {
        DataSource: "dataSource",
        Connection: "dataSource",
        EntityManager: "either",
        QueryRunner: "queryRunner",
        Repository: "repository",
        TreeRepository: "repository",
      },
    },
    "@nestjs/typeorm": {
      exports: {
        TypeOrmModule: {
          is: "namespace",
          exports: { forRoot: dataSource },
        },
      },
    },
  },
};
