import type { PoolerDeployment } from "../../deployment-model.ts";
import { bouncers, type CheckResult, type DeploymentCheck, foundAt, originOf, passed, secondsOf } from "./check.ts";

/** Shorter than this, ordinary transactions with work between their statements meet it. */
const SHORT_SECONDS = 10;

/** A timeout that bites when it is set, and when `bites` says so. */
function timeout(
  name: string,
  bites: (seconds: number) => boolean,
): (pooler: PoolerDeployment) => readonly CheckResult[] {
  return (pooler) => {
    const seconds = secondsOf(pooler, name);
    if (seconds === undefined) return [passed(pooler, `${name} is not set`)];
    return bites(seconds)
      ? [foundAt(pooler, originOf(pooler, name), "warning", { seconds: String(seconds) })]
      : [passed(pooler, `${name} = ${String(seconds)}`)];
  };
}

const SOURCE = 'pgbouncer 1.25 doc/config.md, "Dangerous timeouts"; test/witness/settings.test.ts';

const rows: readonly (Omit<DeploymentCheck, "run" | "topic" | "source"> & {
  readonly setting: string;
  readonly bites: (seconds: number) => boolean;
  readonly source?: string;
})[] = [
  {
    id: "queryTimeout",
    title: "query_timeout does not cut queries off",
    setting: "query_timeout",
    bites: (seconds) => seconds > 0,
    message:
      "query_timeout ends every query of more than {{seconds}} s by closing the client connection: the program sees `query timeout` and a lost connection, not a cancelled query.",
    remedy:
      "Let PostgreSQL cancel with a slightly smaller statement_timeout (`ALTER ROLE … SET statement_timeout`), and keep this one for network failures.",
    effect: "error",
  },
  {
    id: "queryWaitForever",
    title: "query_wait_timeout is on",
    setting: "query_wait_timeout",
    bites: (seconds) => seconds === 0,
    message: "query_wait_timeout = 0: when the pool is used up, clients wait without end and without an error.",
    remedy: "Give it a value below the time-out of the requests that wait; the default is 120 s.",
    effect: "silent",
  },
  {
    id: "clientIdleTimeout",
    title: "client_idle_timeout does not close connections that the program keeps",
    setting: "client_idle_timeout",
    bites: (seconds) => seconds > 0,
    message:
      "client_idle_timeout closes client connections that are idle for {{seconds}} s: a driver that keeps them longer in its pool gets `client_idle_timeout` on its next query.",
    remedy: "Make it longer than the idle time-out of the program's pools (10 s for pg), or leave it off.",
    effect: "error",
  },
  {
    id: "idleTransactionTimeout",
    title: "idle_transaction_timeout leaves time for work between statements",
    setting: "idle_transaction_timeout",
    bites: (seconds) => seconds > 0 && seconds < SHORT_SECONDS,
    message:
      "idle_transaction_timeout closes the client connection when {{seconds}} s pass between two statements of a transaction: `idle transaction timeout`, and the transaction is lost.",
    remedy:
      "Make it longer than the slowest work between two statements; PostgreSQL's idle_in_transaction_session_timeout does the same.",
    effect: "error",
  },
  {
    id: "transactionTimeout",
    title: "transaction_timeout leaves time for the longest transaction",
    setting: "transaction_timeout",
    bites: (seconds) => seconds > 0 && seconds < SHORT_SECONDS,
    message: "transaction_timeout closes the client connection of every transaction of more than {{seconds}} s.",
    remedy: "Make it longer than the longest transaction, migrations and reports included, or give those a direct URL.",
    effect: "error",
  },
  {
    id: "serverLifetimeZero",
    title: "server_lifetime lets server connections be used again",
    setting: "server_lifetime",
    bites: (seconds) => seconds === 0,
    message:
      "server_lifetime = 0: every server connection is used once and closed, so that each transaction opens a new one and nothing is pooled.",
    remedy: "Leave it at the default of 3600 s.",
    effect: "silent",
    source: "pgbouncer 1.25 doc/config.md, server_lifetime; test/witness/settings.test.ts",
  },
];

/** Timeouts whose values surprise. */
export const timeoutChecks: readonly DeploymentCheck[] = rows.map(({ setting, bites, source = SOURCE, ...row }) => {
  const check = timeout(setting, bites);
  return { ...row, topic: "configuration", source, run: (view) => bouncers(view).flatMap(check) };
});
