import { expect, test } from "vitest";
import { isForOtherDatabase } from "../../analyzers/sql/other-dialects.ts";

test.each([
  "SET FOREIGN_KEY_CHECKS = 0",
  "set session sql_mode = ''",
  "SET @id = 4; SELECT @id",
  "SET @@session.time_zone = '+00:00'",
  "SET NAMES utf8mb4",
  "SET NAMES 'utf8mb4'",
  "SET GLOBAL max_connections = 5",
  "select 1; set time_zone = '+00:00'",
  "CREATE TEMPORARY TABLE `a` (id int)",
  "SET IDENTITY_INSERT orders ON",
  "PRAGMA foreign_keys = ON",
])("%s is no PostgreSQL", (text) => {
  expect(isForOtherDatabase(text)).toBe(true);
});

test.each([
  "SET lock_timeout = 5",
  "SET TIME ZONE 'UTC'",
  "SET NAMES 'utf8'",
  "SET app.sql_mode = 'a'",
  "UPDATE settings SET sql_mode = 'a'",
  "SELECT '`a`' -- `b`",
  'SELECT a @> b, "`c`"',
  "SELECT $$ SET @x = 1 $$",
])("%s is", (text) => {
  expect(isForOtherDatabase(text)).toBe(false);
});
