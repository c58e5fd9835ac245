import type { Rule } from "../model.ts";
import { noConnectHook } from "./no-connect-hook.ts";
import { noDiscard } from "./no-discard.ts";
import { noHoldCursor } from "./no-hold-cursor.ts";
import { noListen } from "./no-listen.ts";
import { noLoadLibrary } from "./no-load-library.ts";
import { noNamedPreparedStatement } from "./no-named-prepared-statement.ts";
import { noSessionAdvisoryLock } from "./no-session-advisory-lock.ts";
import { noSessionFunction } from "./no-session-function.ts";
import { noSessionIdentity } from "./no-session-identity.ts";
import { noSessionLibrary } from "./no-session-library.ts";
import { noSessionSet } from "./no-session-set.ts";
import { noSetLocalOutsideTransaction } from "./no-set-local-outside-transaction.ts";
import { noSqlPrepare } from "./no-sql-prepare.ts";
import { noStartupParameter } from "./no-startup-parameter.ts";
import { noTempTable } from "./no-temp-table.ts";
import { noTransactionOnPool } from "./no-transaction-on-pool.ts";
import { poolerConfig } from "./pooler-config.ts";
import { unresolvedSql } from "./unresolved-sql.ts";
import { validSuppression } from "./valid-suppression.ts";

/** Every rule: those about SQL, those about drivers and packages, and last those about the audit itself: coverage and what was accepted. */
export const rules: readonly Rule[] = [
  noSessionSet,
  noSessionIdentity,
  noSetLocalOutsideTransaction,
  noSessionAdvisoryLock,
  noSqlPrepare,
  noTempTable,
  noListen,
  noHoldCursor,
  noLoadLibrary,
  noDiscard,
  noSessionFunction,
  noTransactionOnPool,
  noNamedPreparedStatement,
  noStartupParameter,
  noConnectHook,
  noSessionLibrary,
  poolerConfig,
  unresolvedSql,
  validSuppression,
];
