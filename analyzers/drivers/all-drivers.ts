import { bunSql } from "./bun.ts";
import { dbMigrate } from "./db-migrate.ts";
import { databasesPg } from "./databases-pg.ts";
import type { Driver } from "./driver.ts";
import { drizzle, drizzleWithoutNames } from "./drizzle.ts";
import { knex } from "./knex.ts";
import { kysely } from "./kysely.ts";
import { lucid } from "./lucid.ts";
import { mikroOrm } from "./mikro-orm.ts";
import { nestjsCls } from "./nestjs-cls.ts";
import { nodePgMigrate } from "./node-pg-migrate.ts";
import { objection } from "./objection.ts";
import { pgPromise } from "./pg-promise.ts";
import { pg } from "./pg.ts";
import { postgresJs } from "./postgres-js.ts";
import { prisma } from "./prisma.ts";
import { sequelize, sequelizeCore } from "./sequelize.ts";
import { neon, vercelPostgres } from "./serverless.ts";
import { slonik } from "./slonik.ts";
import { sqlText } from "./sql-text.ts";
import { typeorm } from "./typeorm.ts";

/** Every driver the analysis understands. A new one is a file beside this one and a line here. */
export const drivers: readonly Driver[] = [
  pg,
  sqlText,
  postgresJs,
  bunSql,
  pgPromise,
  slonik,
  knex,
  objection,
  lucid,
  kysely,
  drizzle,
  drizzleWithoutNames,
  prisma,
  typeorm,
  ...nestjsCls,
  sequelize,
  sequelizeCore,
  mikroOrm,
  neon,
  vercelPostgres,
  databasesPg,
  nodePgMigrate,
  dbMigrate,
];
