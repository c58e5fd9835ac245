import type { Driver, HandleShape, Operation } from "./driver.ts";
import { builder, knexHandles } from "./knex.ts";

/**
 * objection, a model layer over knex. Read from and run: 3.1.5. A query of a model is in a transaction when it is given one; without it
 * it is outside, also in the callback of `Model.transaction()`.
 */

const begins: Operation = { does: "transaction", parameter: 0, gives: "transaction" };
const starts: Operation = { does: "transaction", parameter: 0, gives: "transaction", manual: true };

/** Methods of a model class and of its instances, and of a query that was given no transaction: it is on the model's connection. */
const modelMethods: Readonly<Record<string, Operation>> = {
  ...knexHandles.builder.methods,
  knex: { does: "same", gives: "database" },
  $knex: { does: "same", gives: "database" },
  raw: { does: "message", sql: 0, placeholders: "question-mark" },
  ref: { does: "identifier" },
  bindKnex: { does: "switch", argument: 0, gives: "model" },
  bindTransaction: { does: "switch", argument: 0, gives: "model" },
  query: { does: "switch", argument: 0 },
  $query: { does: "switch", argument: 0 },
  relatedQuery: { does: "switch", argument: 1 },
  $relatedQuery: { does: "switch", argument: 1 },
  transaction: begins,
  $transaction: begins,
  startTransaction: starts,
};

const model: HandleShape = { title: "model", scope: "pool", others: "builder", methods: modelMethods };

/** What the callback of `transaction(Person, Animal, async (Person, Animal, trx) => …)` is given: each may be used for its queries. */
const bound: HandleShape = {
  ...knexHandles.transaction,
  methods: {
    ...knexHandles.transaction.methods,
    query: builder,
    relatedQuery: builder,
    knex: { does: "same" },
  },
};

export const objection: Driver = {
  name: "objection",
  source: "objection 3.1.5",
  severalDialects: "by-package",
  over: "knex",
  handles: {
    ...knexHandles,
    model,
    bound,
    transactions: {
      title: "transactions",
      scope: "pool",
      call: { does: "transaction", parameter: -1, gives: "bound" },
      methods: { start: starts },
    },
    context: { title: "context", scope: "unknown", views: { transaction: "either" }, methods: {} },
  },
  modules: {
    objection: {
      exports: {
        Model: { is: "handle", makes: "model" },
        raw: { is: "message", sql: 0, values: 1, protocol: "by-values", placeholders: "question-mark" },
        ref: { is: "identifier" },
        val: { is: "identifier" },
        fn: { is: "identifier" },
        transaction: { is: "handle", makes: "transactions" },
      },
      types: {
        Transaction: "transaction",
        TransactionOrKnex: "either",
        QueryContext: "context",
        StaticHookArguments: "context",
        QueryBuilder: "someBuilder",
        AnyQueryBuilder: "someBuilder",
        Model: "model",
        ModelClass: "model",
      },
    },
  },
};
