import knex from "knex";
import pg from "pg";
import postgres from "postgres";
import { Sequelize } from "sequelize";
import { describe, expect, it } from "vitest";
import { drivers } from "../../analyzers/drivers/all-drivers.ts";
import type { PoolSizeShape } from "../../analyzers/drivers/driver.ts";

/** Every row about pool sizes in the tables of the drivers, by its source. */
function shapes(): ReadonlyMap<string, PoolSizeShape> {
  const found = new Map<string, PoolSizeShape>();
  const seen = new Set<unknown>();
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null || seen.has(value)) return;
    seen.add(value);
    for (const [key, inner] of value instanceof Map ? value : Object.entries(value)) {
      if (key === "poolSize" && isShape(inner)) found.set(inner.source, inner);
      else visit(inner);
    }
  };
  visit(drivers);
  return found;
}

const isShape = (value: unknown): value is PoolSizeShape =>
  typeof value === "object" && value !== null && "options" in value && "source" in value;

const defaultOf = (source: string): number | undefined =>
  [...shapes()].find(([name]) => name.startsWith(source))?.[1].default;

// Whoever updates a driver learns here that its default has changed.
describe("the default size of a pool, as the driver itself has it", () => {
  it("pg", () => {
    expect(new pg.Pool().options.max).toBe(defaultOf("pg-pool"));
  });

  it("postgres", async () => {
    const sql = postgres("postgres://localhost/x");
    expect(sql.options.max).toBe(defaultOf("postgres"));
    await sql.end();
  });

  it("knex", async () => {
    const db = knex({ client: "pg", connection: "postgres://localhost/x" });
    const client = db.client as { readonly pool: { readonly max: number } };
    expect(client.pool.max).toBe(defaultOf("knex"));
    await db.destroy();
  });

  it("sequelize", () => {
    const { connectionManager } = new Sequelize("postgres://localhost/x", { logging: false }) as unknown as {
      readonly connectionManager: {
        readonly pool: { readonly maxSize?: number; readonly write?: { readonly maxSize: number } };
      };
    };
    expect(connectionManager.pool.maxSize ?? connectionManager.pool.write?.maxSize).toBe(defaultOf("sequelize"));
  });
});
