import type { Driver, ExportShape, HandleShape, Operation, QueryOperation } from "./driver.ts";
import { pgClient, pgMakers, pgPool, pgTypes } from "./pg.ts";

/**
 * Drivers of hosted PostgreSQL. Run: @neondatabase/serverless 1.2.0 (Pool and Client, which are pg over WebSockets); read: its `neon()`,
 * one HTTP request for each query or list of queries, and @vercel/postgres 0.10.0, which is built on it.
 */

const tag: QueryOperation = { does: "query", sql: 0, protocol: "extended", lazy: {} };
/** Queries of an array, or of a function that gives one, run in one transaction. */
const list: Operation = { does: "transaction", parameter: 0, gives: "batch", lists: true };
const part: Operation = { does: "message", sql: 0 };

/** Up to 0.10 the function itself took a text and its values. */
const http: HandleShape = {
  title: "HTTP client",
  scope: "pool",
  tag,
  call: tag,
  methods: { query: tag, transaction: list, unsafe: part },
};

const batch: HandleShape = {
  title: "transaction",
  scope: "transaction",
  tag,
  call: tag,
  methods: { query: tag, unsafe: part },
};

export const neon: Driver = {
  name: "@neondatabase/serverless",
  source: "@neondatabase/serverless 1.2.0",
  handles: { pool: pgPool, client: pgClient, http, batch },
  modules: {
    "@neondatabase/serverless": {
      exports: {
        ...pgMakers,
        neon: { is: "handle-maker", makes: "http" },
      },
      types: { ...pgTypes, NeonQueryFunction: "http", NeonQueryFunctionInTransaction: "batch" },
    },
  },
};

/** The pool's goes by HTTP (src/create-pool.ts, sql); a client's is `query(text, values)`. */
const overHttp: QueryOperation = { does: "query", sql: 0, protocol: "extended" };

const vercelPool: HandleShape = { ...pgPool, tag: overHttp, methods: { ...pgPool.methods, sql: overHttp } };
const vercelClient: HandleShape = { ...pgClient, methods: { ...pgClient.methods, sql: { does: "query", sql: 0 } } };

/** What is read without a connection string, src/postgres-connection-string.ts. */
const pooled = { environment: "POSTGRES_URL" };
const unpooled = { environment: "POSTGRES_URL_NON_POOLING" };

const createPool: ExportShape = {
  ...pgMakers.Pool,
  makes: "pool",
  options: { ...pgMakers.Pool.options, ...pooled },
};

export const vercelPostgres: Driver = {
  name: "@vercel/postgres",
  source: "@vercel/postgres 0.10.0",
  handles: {
    pool: vercelPool,
    client: vercelClient,
    /** `createClient()` reads POSTGRES_URL_NON_POOLING, and throws for a URL that leads to the pooler (src/create-client.ts). */
    unpooled: { ...vercelClient, scope: "direct" },
  },
  modules: {
    "@vercel/postgres": {
      exports: {
        ...pgMakers,
        sql: { is: "handle", makes: "pool", ...pooled },
        db: { is: "handle", makes: "pool", ...pooled },
        VercelPool: { ...pgMakers.Pool, makes: "pool" },
        VercelClient: { ...pgMakers.Client, makes: "client" },
        createPool,
        createClient: {
          ...pgMakers.Client,
          makes: "unpooled",
          options: { ...pgMakers.Client.options, ...unpooled },
        },
      },
      types: {
        ...pgTypes,
        VercelPool: "pool",
        VercelClient: "client",
        VercelClientBase: "client",
        VercelPoolClient: "client",
      },
    },
  },
};
