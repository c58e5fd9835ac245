import type { BudgetLine } from "../../deployment-model.ts";
import { type CheckResult, type DeploymentCheck, foundAt, notKnown, passed } from "./check.ts";

const number = ({ value }: BudgetLine["needed"]): string => (value === undefined ? "?" : String(value));

function judged(line: BudgetLine): CheckResult {
  const [first = ""] = line.arithmetic;
  if (line.verdict === "fits") return passed(line, `${number(line.needed)} of ${number(line.limit)}: ${first}`);
  if (line.verdict === "unknown") return notKnown(line, `not known: ${line.unknowns.join("; ")}`);
  const data = { needed: number(line.needed), limit: number(line.limit), arithmetic: first, title: line.title };
  return foundAt(line, line.origin, line.kind === "file-descriptors" ? "error" : "warning", data);
}

const ofKind =
  (kind: BudgetLine["kind"]): DeploymentCheck["run"] =>
  ({ budget }) =>
    budget.filter((line) => line.kind === kind).map(judged);

/** Whether what may be opened fits into what there is. */
export const budgetChecks: readonly DeploymentCheck[] = [
  {
    id: "fileDescriptors",
    topic: "budget",
    title: "PgBouncer may open enough files",
    message:
      "PgBouncer may need {{needed}} file descriptors and is given {{limit}} (nofile): {{arithmetic}}. Beyond that it accepts nobody and logs `accept() failed: Too many open files`.",
    remedy: "Raise `ulimits.nofile` (LimitNOFILE for systemd), or lower max_client_conn.",
    effect: "error",
    source: "pgbouncer 1.25 doc/config.md, max_client_conn; src/main.c, check_limits()",
    run: ofKind("file-descriptors"),
  },
  {
    id: "serverConnections",
    topic: "budget",
    title: "PostgreSQL has room for the pools",
    message:
      "{{needed}} server connections may be opened and {{title}} has room for {{limit}}: {{arithmetic}}. Beyond that PostgreSQL answers `sorry, too many clients already`, and PgBouncer refuses clients of that database until server_login_retry is over.",
    remedy: "Lower default_pool_size or set max_db_connections, or raise max_connections.",
    effect: "error",
    source: "PostgreSQL 18 documentation 19.3.1; pgbouncer 1.25 doc/config.md, default_pool_size, server_login_retry",
    run: ofKind("server-connections"),
  },
  {
    id: "clientConnections",
    topic: "budget",
    title: "PgBouncer lets the program's pools in",
    message:
      "The program may open {{needed}} client connections and max_client_conn allows {{limit}}: {{arithmetic}}. Beyond that: `no more connections allowed (max_client_conn)`.",
    remedy: "Raise max_client_conn (they are cheap; mind the file descriptors), or lower the pools of the program.",
    effect: "error",
    source: "pgbouncer 1.25 doc/config.md, max_client_conn; measured on 1.18.0, 1.21.0 and 1.25.2",
    run: ofKind("client-connections"),
  },
];
