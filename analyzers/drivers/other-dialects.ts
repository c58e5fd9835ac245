/**
 * Packages through which a program reaches a database that no pooler stands in front of: one that does not speak PostgreSQL's SQL, or
 * PostgreSQL inside the program itself (PGlite). Checked by name on npm, 2026-11.
 */
export const otherDialects: ReadonlySet<string> = new Set([
  "mysql",
  "mysql2",
  "mysql2/promise",
  "mariadb",
  "better-sqlite3",
  "sqlite",
  "sqlite3",
  "node:sqlite",
  "bun:sqlite",
  "@libsql/client",
  "mssql",
  "tedious",
  "oracledb",
  "@clickhouse/client",
  "@clickhouse/client-web",
  "snowflake-sdk",
  "cassandra-driver",
  "@google-cloud/bigquery",
  "@google-cloud/spanner",
  "duckdb",
  "@duckdb/node-api",
  "neo4j-driver",
  "@aws-sdk/client-dynamodb",
  "mongodb",
  "@electric-sql/pglite",
]);
