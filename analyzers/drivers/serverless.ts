import type { Driver, ExportShape, HandleShape, Operation, QueryOperation } from "./driver.ts";
import { pgClient, pgMakers, pgPool, pgTypes } from "./pg.ts";

/**
 * Drivers of hosted PostgreSQL. Run: @neondatabase/serverless 1.2.0 (Pool and Client, which are pg over WebSockets); read: its `neon()`,
 * one HTTP request for each query or list of queries, and @vercel/postgres 0.10, which is built on it.
 */

const tag: QueryOperation = { does: "query", sql: 0, protocol: "extended", lazy: {} };
const list: Operation = { does: "transaction", parameter: 0, gives: "http", lists: true };

const http: HandleShape = {
  title: "HTTP client",
  scope: "pool",
  tag,
  call: { does: "query", sql: 0, protocol: "extended", lazy: {} },
  methods: { query: tag, transaction: list, unsafe: { does: "identifier" } },
};

export const neon: Driver = {
  name: "@neondatabase/serverless",
  source: "@neondatabase/serverless 1.2.0",
  handles: { pool: pgPool, client: pgClient, http },
  modules: {
    "@neondatabase/serverless": {
      exports: {
        ...pgMakers,
        neon: { is: "handle-maker", makes: "http" },
      },
      types: { ...pgTypes, NeonQueryFunction: "http" },
    },
  },
};

const vercelPool: HandleShape = {
  ...pgPool,
  tag: { does: "query", sql: 0, protocol: "extended" },
  methods: { ...pgPool.methods, sql: { does: "query", sql: 0, protocol: "extended" } },
};

const pooled: ExportShape = { ...pgMakers.Pool, makes: "pool" };

export const vercelPostgres: Driver = {
  name: "@vercel/postgres",
  source: "@vercel/postgres 0.10.0",
  handles: {
    pool: vercelPool,
    client: { ...pgClient, methods: { ...pgClient.methods, sql: { does: "query", sql: 0, protocol: "extended" } } },
  },
  modules: {
    "@vercel/postgres": {
      exports: {
        sql: { is: "handle", makes: "pool" },
        db: { is: "handle", makes: "pool" },
        createPool: pooled,
        createClient: { ...pgMakers.Client, makes: "client" },
      },
      types: { VercelPool: "pool", VercelClient: "client", VercelPoolClient: "client" },
    },
  },
};
