import { describe, expect, test } from "vitest";
import { findingsOf } from "../support/deployment.ts";

const typeorm = `import { type MigrationInterface, type QueryRunner } from "typeorm";
export class Limit implements MigrationInterface {
  async up(queryRunner: QueryRunner) { await queryRunner.query("SET lock_timeout = 5"); }
  async down() {}
}`;
const knex = `import type { Knex } from "knex";
export async function up(knex: Knex) { await knex.raw("SET lock_timeout = 5"); }`;
const sequelize = `export const up = async (queryInterface) => { await queryInterface.sequelize.query("SET lock_timeout = 5"); };`;
const mikro = `import { Migration } from "@mikro-orm/migrations";
export class Limit extends Migration { async up() { this.addSql("SET lock_timeout = 5"); } }`;

const manifest = (fields: Record<string, Record<string, string>>, name = "app"): string =>
  JSON.stringify({ name, ...fields });

const confidences = (files: Record<string, string>): string[] =>
  findingsOf(files).map((line) => line.slice(line.lastIndexOf("| ") + 2));

describe("migrations that never say which kind of database they are for", () => {
  test.each([
    ["typeorm", typeorm, "mysql2", "likely"],
    ["knex", knex, "better-sqlite3", "likely"],
    ["sequelize", sequelize, "mariadb", "likely"],
    ["@mikro-orm/core", mikro, "@mikro-orm/mysql", "certain"],
  ])("%s: what is installed says it", (orm, code, other, untold) => {
    const judged = (fields: Record<string, Record<string, string>>): string[] =>
      confidences({ "/p/a.ts": code, "/p/package.json": manifest(fields) });
    expect(judged({ dependencies: { [orm]: "*", [other]: "*" } })).toEqual([]);
    expect(judged({ dependencies: { [orm]: "*" } })).toEqual([untold]);
    expect(judged({ dependencies: { [orm]: "*", [other]: "*", pg: "*" } })).toEqual(["certain"]);
    expect(judged({ peerDependencies: { [orm]: "*" }, devDependencies: { [other]: "*" } })).toEqual(["possible"]);
  });

  test("packages of the workspace are asked too: the one above, and those that are used", () => {
    const below = {
      "/w/api/a.ts": knex,
      "/w/api/package.json": manifest({ dependencies: { mysql2: "*", "@w/db": "*" } }),
    };
    expect(confidences(below)).toEqual([]);
    expect(confidences({ ...below, "/w/package.json": manifest({ devDependencies: { "pg-native": "*" } }) })).toEqual([
      "certain",
    ]);
    const used = manifest({ dependencies: { postgres: "*" } }, "@w/db");
    expect(confidences({ ...below, "/w/db/package.json": used })).toEqual(["certain"]);
  });

  test("a connection that says PostgreSQL itself is believed", () => {
    const code = `import knexFactory from "knex";
const db = knexFactory({ client: "pg" });
export const f = () => db.raw("SET lock_timeout = 5");`;
    expect(
      confidences({ "/p/a.ts": code, "/p/package.json": manifest({ dependencies: { knex: "*", sqlite3: "*" } }) }),
    ).toEqual(["certain"]);
  });

  test("a package for other kinds of database says nothing of a driver for PostgreSQL", () => {
    const code = `import { Pool } from "pg"; const pool = new Pool(); export const f = () => pool.query("SET lock_timeout = 5");`;
    expect(confidences({ "/p/a.ts": code, "/p/package.json": manifest({ dependencies: { mysql2: "*" } }) })).toEqual([
      "certain",
    ]);
  });
});

describe("SQL that only another kind of database has", () => {
  const knexDoes = (text: string): string[] =>
    findingsOf({
      "/p/a.ts": `import type { Knex } from "knex";
export async function up(knex: Knex) { await knex.raw(${JSON.stringify(text)}); }`,
    });

  test("is not judged where the connection may lead there", () => {
    expect(knexDoes("SET FOREIGN_KEY_CHECKS = 0")).toEqual([]);
    expect(knexDoes("CREATE TEMPORARY TABLE `a` (id int)")).toEqual([]);
    expect(knexDoes("SET lock_timeout = 1")).toHaveLength(1);
  });
});
