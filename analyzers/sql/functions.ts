import type { AdvisoryLock } from "../model.ts";

/** What a call of a function does that outlives the expression it stands in. */
export type FunctionFacts =
  | {
      readonly does: "lock";
      readonly operation: AdvisoryLock["operation"];
      readonly scope: AdvisoryLock["scope"];
      readonly shared: boolean;
    }
  | { readonly does: "set-config" }
  | { readonly does: "set-seed" }
  | { readonly does: "advance"; readonly function: "nextval" | "setval" }
  | { readonly does: "notify" }
  | { readonly does: "session" };

const lock = (operation: AdvisoryLock["operation"], scope: AdvisoryLock["scope"], shared = false): FunctionFacts => ({
  does: "lock",
  operation,
  scope,
  shared,
});
const session: FunctionFacts = { does: "session" };

/** Functions of PostgreSQL 18 (and dblink 1.2) whose effect or result belongs to a server connection or a transaction. */
export const FUNCTIONS: ReadonlyMap<string, FunctionFacts> = new Map<string, FunctionFacts>([
  ["pg_advisory_lock", lock("lock", "session")],
  ["pg_advisory_lock_shared", lock("lock", "session", true)],
  ["pg_try_advisory_lock", lock("try-lock", "session")],
  ["pg_try_advisory_lock_shared", lock("try-lock", "session", true)],
  ["pg_advisory_xact_lock", lock("lock", "transaction")],
  ["pg_advisory_xact_lock_shared", lock("lock", "transaction", true)],
  ["pg_try_advisory_xact_lock", lock("try-lock", "transaction")],
  ["pg_try_advisory_xact_lock_shared", lock("try-lock", "transaction", true)],
  ["pg_advisory_unlock", lock("unlock", "session")],
  ["pg_advisory_unlock_shared", lock("unlock", "session", true)],
  ["pg_advisory_unlock_all", lock("unlock-all", "session")],
  ["set_config", { does: "set-config" }],
  ["setseed", { does: "set-seed" }],
  ["nextval", { does: "advance", function: "nextval" }],
  ["setval", { does: "advance", function: "setval" }],
  ["pg_notify", { does: "notify" }],
  ...[
    "currval",
    "lastval",
    "pg_backend_pid",
    "pg_cancel_backend",
    "pg_terminate_backend",
    "pg_listening_channels",
    "pg_my_temp_schema",
    "pg_export_snapshot",
    "dblink_connect",
    "dblink_connect_u",
    "dblink_disconnect",
    "dblink_open",
    "dblink_fetch",
    "dblink_close",
    "dblink_send_query",
    "dblink_get_result",
    "dblink_exec",
    "pg_replication_origin_session_setup",
    "pg_replication_origin_session_reset",
    "pg_replication_origin_session_is_setup",
    "pg_replication_origin_session_progress",
    "pg_create_logical_replication_slot",
    "pg_create_physical_replication_slot",
    "lo_open",
    "lo_close",
    "loread",
    "lowrite",
  ].map((name): [string, FunctionFacts] => [name, session]),
]);
