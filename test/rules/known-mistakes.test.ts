import { describe, expect, it } from "vitest";
import { rules } from "../../analyzers/index.ts";

/**
 * What naive rules get wrong about transaction pooling, each with the examples that show that these do not. `[rule, title]`.
 */
const REPORTED_THOUGH_SAFE: readonly (readonly [string, ...(readonly [string, string])[]])[] = [
  [
    "parameters that PgBouncer tracks, in any form, in hooks too",
    ["no-session-set", "parameters that PgBouncer tracks"],
    ["no-session-set", "IntervalStyle from 1.20"],
    ["no-connect-hook", "a parameter that PgBouncer tracks"],
  ],
  [
    "SET in a transaction that rolls back, SET and RESET in one transaction or text",
    ["no-session-set", "a transaction that rolls back"],
    ["no-session-set", "SET and RESET in one transaction"],
    ["no-session-set", "SET and RESET in one text"],
    ["no-session-set", "ROLLBACK TO SAVEPOINT takes it back"],
  ],
  [
    "effects of the transaction in a text of several statements, or in one statement that uses them",
    ["no-set-local-outside-transaction", "several statements in one text are one implicit transaction"],
    ["no-set-local-outside-transaction", "a CTE whose effect the same statement uses"],
    ["no-hold-cursor", "a plain cursor in one text"],
  ],
  [
    "SET, EXECUTE, PREPARE and LISTEN that are something else",
    ["no-session-set", "SET clauses that are no SET statement"],
    ["no-session-set", "the header of a function"],
    ["no-temp-table", "pg_temp in the search_path of a function"],
    ["no-sql-prepare", "EXECUTE of PL/pgSQL"],
    ["no-sql-prepare", "EXECUTE FUNCTION of a trigger"],
    ["no-sql-prepare", "two-phase commit"],
    ["no-listen", "pg_notify"],
    ["no-session-function", "nextval, setval, last_value"],
  ],
  [
    "currval in the transaction, text or statement that advances; named statements with a PgBouncer that tracks them",
    ["no-session-function", "currval in the transaction of the INSERT"],
    ["no-session-function", "currval in the text of the INSERT"],
    ["no-session-function", "nextval and currval in one statement"],
    ["no-named-prepared-statement", "a PgBouncer that tracks them"],
  ],
  ["is_local in other spellings", ["no-session-set", "is_local in other spellings"]],
];

const SILENT_THOUGH_BROKEN: typeof REPORTED_THOUGH_SAFE = [
  [
    "a client of one's own without BEGIN is no protection",
    ["no-session-set", "SET on a checked-out client without BEGIN"],
    ["no-listen", "a dedicated client"],
  ],
  [
    "what outlives the transaction it is made in",
    ["no-session-set", "SET inside BEGIN and COMMIT without LOCAL"],
    ["no-session-advisory-lock", "inside a transaction"],
    ["no-sql-prepare", "ROLLBACK does not take it back"],
  ],
  [
    "cleanup that reaches another server connection",
    ["no-session-set", "cleanup in finally reaches another server connection"],
    ["no-discard", "DISCARD ALL before release"],
    ["no-sql-prepare", "DEALLOCATE elsewhere"],
    ["no-temp-table", "cleanup that can drop or empty a permanent table"],
  ],
  [
    "lock and unlock that meet only when nothing fails in between",
    ["no-session-advisory-lock", "lock and unlock in one transaction stay behind on the error path"],
    ["no-session-advisory-lock", "one text with lock, work and unlock"],
  ],
  [
    "IF NOT EXISTS that hides a leak",
    ["no-temp-table", "IF NOT EXISTS hides the leak and reads another client's rows"],
  ],
  ["temporary objects without the word", ["no-temp-table", "no TEMP keyword: schema pg_temp"]],
  [
    "settings without the word SET",
    ["no-session-set", "UPDATE pg_settings is SET"],
    ["no-session-set", "set_config with NULL counts as session"],
    ["no-session-set", "a function body that sets"],
    ["no-session-set", "setseed"],
    ["no-load-library", "through the pool"],
  ],
  ["a comment that looks like LOCAL", ["no-session-set", "a comment is no LOCAL"]],
  [
    "effects of the transaction where there is none",
    ["no-set-local-outside-transaction", "set_config with true, which warns nobody"],
    ["no-set-local-outside-transaction", "transaction-level advisory lock"],
    ["no-set-local-outside-transaction", "ON COMMIT DROP"],
  ],
  [
    "a name used for two texts, on a PgBouncer that does not track it",
    ["no-named-prepared-statement", "1.21 with its default"],
  ],
  [
    "currval and lastval that return another client's id",
    ["no-session-function", "lastval on a checked-out client without BEGIN"],
  ],
];

const titles = (kind: "reported" | "unreported") =>
  new Set(rules.flatMap((rule) => rule.examples[kind].map((example) => `${rule.id}: ${example.title}`)));

for (const [heading, list, kind] of [
  ["what naive rules report though it is safe is an unreported example", REPORTED_THOUGH_SAFE, "unreported"],
  ["what naive rules pass though it is broken is a reported example", SILENT_THOUGH_BROKEN, "reported"],
] as const) {
  describe(heading, () => {
    const known = titles(kind);
    for (const [mistake, ...examples] of list) {
      it(mistake, () => {
        for (const [rule, title] of examples) expect(known).toContain(`${rule}: ${title}`);
      });
    }
  });
}
