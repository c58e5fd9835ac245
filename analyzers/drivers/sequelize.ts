import type { Driver, ExportShape, HandleShape, Operation, QueryOperation } from "./driver.ts";
import { pgClient, pgOptions } from "./pg.ts";

/**
 * Sequelize. Run: 6.37.8 and 5.22.5. A query is in a transaction when its options say so; without them it is outside, also in the callback
 * of `sequelize.transaction()`. On each connection it sends SET client_min_messages and SET TIME ZONE, which do no harm.
 */

const query: QueryOperation = {
  does: "query",
  sql: 0,
  values: 1,
  config: { text: "query", values: "bind" },
  placeholders: "colon",
  on: { argument: 1, property: "transaction" },
};

const hook = { parameter: 0, gives: "rawClient" } as const;
const hooks = { afterConnect: hook };

const builder: Operation = { does: "same", gives: "model" };

const handles = {
  database: {
    title: "pool",
    scope: "pool",
    others: "model",
    methods: {
      query,
      transaction: { does: "transaction", parameter: 0, gives: "transaction", manual: true },
      getQueryInterface: { does: "same", gives: "queryInterface" },
      addHook: { does: "subscribe", event: 0, events: hooks },
      hook: { does: "subscribe", event: 0, events: hooks },
      afterConnect: { does: "subscribe", event: -1, events: hooks },
      literal: { does: "identifier" },
      define: builder,
      close: { does: "nothing" },
    },
    views: { connectionManager: "connectionManager" },
  },
  transaction: {
    title: "transaction",
    scope: "transaction",
    methods: {
      commit: { does: "end", how: "commit" },
      rollback: { does: "end", how: "rollback" },
      afterCommit: { does: "nothing" },
    },
  },
  queryInterface: {
    title: "query interface",
    scope: "pool",
    views: { sequelize: "database" },
    others: "model",
    methods: {},
  },
  model: { title: "model", scope: "pool", views: { sequelize: "database" }, others: "model", methods: {} },
  connectionManager: {
    title: "connection manager",
    scope: "pool",
    methods: {
      getConnection: { does: "checkout", gives: "rawClient", callbackParameter: 0 },
      releaseConnection: { does: "nothing" },
    },
  },
  rawClient: pgClient,
} satisfies Record<string, HandleShape>;

const maker: ExportShape = {
  is: "handle-maker",
  makes: "database",
  options: {
    argument: [0, 1, 2, 3],
    startupParameters: {},
    nested: {
      dialectOptions: { ...pgOptions, argument: 0 },
      hooks: { argument: 0, startupParameters: {}, hooks },
    },
    dialect: { option: "dialect", postgres: ["postgres"] },
  },
  exports: { literal: { is: "identifier" } },
};

const model: ExportShape = { is: "handle", makes: "model" };

const types = {
  Sequelize: "database",
  Transaction: "transaction",
  QueryInterface: "queryInterface",
  "Sequelize.Transaction": "transaction",
  "Sequelize.Sequelize": "database",
};

export const sequelize: Driver = {
  name: "sequelize",
  source: "sequelize 6.37.8",
  severalDialects: true,
  handles,
  conventions: [
    { functions: ["up", "down"], parameters: ["queryInterface", "query", "qi", "migration"], gives: "queryInterface" },
  ],
  modules: {
    sequelize: { exports: { default: maker, Sequelize: maker, Model: model, literal: { is: "identifier" } }, types },
    "@sequelize/core": { exports: { default: maker, Sequelize: maker, Model: model }, types },
    "sequelize-typescript": { exports: { Sequelize: maker, Model: model }, types },
  },
};
