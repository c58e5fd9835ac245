import { FUNCTIONS } from "../../analyzers/sql/functions.ts";
import type { SqlAction } from "../../analyzers/model.ts";

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const isRecord = (value: unknown): value is Readonly<Record<string, Json>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A text of the tree; empty for anything else. */
const wordOf = (value: Json | undefined): string => (typeof value === "string" ? value : "");

const textOf = (node: Json | undefined): string => {
  if (!isRecord(node)) return "";
  const inner = node["String"];
  return isRecord(inner) ? wordOf(inner["sval"]) : "";
};

/** Statements that hold expressions or queries without running them when they run. */
const DEFINITIONS = new Set([
  "ViewStmt",
  "IndexStmt",
  "RuleStmt",
  "CreatePolicyStmt",
  "AlterPolicyStmt",
  "CreateTrigStmt",
  "AlterTableStmt",
  "CreateDomainStmt",
  "AlterDomainStmt",
  "CreateStmt",
  "CreateFunctionStmt",
  "CreateStatsStmt",
  "PrepareStmt",
  "CreatePublicationStmt",
  "AlterPublicationStmt",
  "GrantStmt",
  "CommentStmt",
  "AlterFunctionStmt",
  "AlterRoleSetStmt",
  "AlterDatabaseSetStmt",
  "AlterSystemStmt",
]);

const VARIABLE_SET: Readonly<Record<string, string>> = { VAR_RESET: "reset", VAR_RESET_ALL: "reset" };

const TRANSACTIONS: Readonly<Record<string, string>> = {
  TRANS_STMT_BEGIN: "begin",
  TRANS_STMT_START: "begin",
  TRANS_STMT_COMMIT: "commit",
  TRANS_STMT_ROLLBACK: "rollback",
  TRANS_STMT_SAVEPOINT: "savepoint",
  TRANS_STMT_RELEASE: "release-savepoint",
  TRANS_STMT_ROLLBACK_TO: "rollback-to-savepoint",
  TRANS_STMT_PREPARE: "prepare-transaction",
  TRANS_STMT_COMMIT_PREPARED: "commit-prepared",
  TRANS_STMT_ROLLBACK_PREPARED: "rollback-prepared",
};

function variableSet(node: Readonly<Record<string, Json>>): string[] {
  const kind = wordOf(node["kind"]);
  const name = wordOf(node["name"]).toLowerCase();
  const local = node["is_local"] === true;
  const identity = name === "role" || name === "session_authorization";
  if (kind === "VAR_SET_MULTI") return name === "session characteristics" ? ["set session"] : ["set-transaction"];
  const isNone = name === "role" && JSON.stringify(node["args"] ?? null).includes('"none"');
  if (VARIABLE_SET[kind] !== undefined || kind === "VAR_SET_DEFAULT" || isNone)
    return [!identity ? "reset" : local ? "identity local" : "reset-identity"];
  return [`${identity ? "identity" : "set"} ${local ? "local" : "session"}`];
}

const isTemporary = (relation: Json | undefined): boolean =>
  isRecord(relation) && (relation["relpersistence"] === "t" || relation["schemaname"] === "pg_temp");

const inTemporarySchema = (names: Json | undefined): boolean =>
  Array.isArray(names) && names.length > 1 && textOf(names[0] as Json) === "pg_temp";

/** What a statement does to session and transaction, by PostgreSQL's own parse tree. */
export function featuresOfTree(tree: unknown): string[] {
  const found: string[] = [];
  const visit = (node: unknown, runs: boolean): void => {
    if (Array.isArray(node)) {
      for (const item of node) visit(item, runs);
      return;
    }
    if (!isRecord(node)) return;
    for (const [type, value] of Object.entries(node)) {
      let inside = runs;
      if (isRecord(value)) {
        switch (type) {
          case "VariableSetStmt":
            if (runs) found.push(...variableSet(value));
            break;
          case "ConstraintsSetStmt":
            found.push("set-constraints");
            break;
          case "TransactionStmt":
            found.push(TRANSACTIONS[wordOf(value["kind"])] ?? "transaction");
            break;
          case "PrepareStmt":
            found.push("prepare");
            break;
          case "ExecuteStmt":
            found.push("execute");
            break;
          case "DeallocateStmt":
            found.push("deallocate");
            break;
          case "ListenStmt":
            found.push("listen");
            break;
          case "UnlistenStmt":
            found.push("unlisten");
            break;
          case "NotifyStmt":
            found.push("notify");
            break;
          case "LoadStmt":
            found.push("load");
            break;
          case "DiscardStmt":
            found.push("discard");
            break;
          case "DeclareCursorStmt":
            found.push((Number(value["options"] ?? 0) & 0x20) !== 0 ? "declare hold" : "declare");
            break;
          case "ClosePortalStmt":
            found.push("close");
            break;
          case "CreateStmt":
          case "CreateSeqStmt": {
            const relation = type === "CreateStmt" ? value["relation"] : value["sequence"];
            if (isTemporary(relation)) found.push(`temporary${value["oncommit"] === "ONCOMMIT_DROP" ? " drop" : ""}`);
            break;
          }
          case "ViewStmt":
            if (isTemporary(value["view"])) found.push("temporary");
            break;
          case "CreateTableAsStmt": {
            const into = value["into"];
            if (isRecord(into) && isTemporary(into["rel"]))
              found.push(`temporary${into["onCommit"] === "ONCOMMIT_DROP" ? " drop" : ""}`);
            break;
          }
          case "SelectStmt": {
            const into = value["intoClause"];
            if (isRecord(into) && isTemporary(into["rel"])) found.push("temporary");
            break;
          }
          case "CreateFunctionStmt":
            if (inTemporarySchema(value["funcname"])) found.push("temporary");
            break;
          case "CompositeTypeStmt":
            if (isTemporary(value["typevar"])) found.push("temporary");
            break;
          case "CreateEnumStmt":
            if (inTemporarySchema(value["typeName"])) found.push("temporary");
            break;
          case "FuncCall": {
            const names = value["funcname"];
            const last = Array.isArray(names) ? textOf(names.at(-1) as Json | undefined) : "";
            const schema = Array.isArray(names) && names.length > 1 ? textOf(names[0] as Json) : "pg_catalog";
            const facts = FUNCTIONS.get(last);
            if (runs && facts !== undefined && schema === "pg_catalog" && facts.does !== "advance")
              found.push(facts.does === "notify" ? "notify" : `call ${last}`);
            break;
          }
          case "ExplainStmt": {
            const analyze = JSON.stringify(value["options"] ?? []).includes('"defname":"analyze"');
            const executes = JSON.stringify(value["query"] ?? {}).startsWith('{"ExecuteStmt"');
            if (!analyze && !executes) continue;
            break;
          }
          default:
        }
        if (DEFINITIONS.has(type)) inside = false;
      }
      visit(value, inside);
    }
  };
  visit(tree, true);
  return found.sort();
}

/** The same of what this project reads. */
export function featuresOfActions(actions: readonly SqlAction[]): string[] {
  return actions
    .filter((action) => action.place === "statement")
    .flatMap((action): string[] => {
      switch (action.kind) {
        case "set-parameter":
          if (action.via === "set_config" || action.via === "setseed") return [`call ${action.via}`];
          return action.via === "pg_settings" ? [] : [`set ${action.scope}`];
        case "set-identity":
          return [action.via === "set_config" ? "call set_config" : `identity ${action.scope}`];
        case "reset-parameter":
          return ["reset"];
        case "advisory-lock":
        case "session-function":
          return [`call ${action.function}`];
        case "prepared-statement":
          return [action.operation.replace("-all", "")];
        case "create-temporary":
          return [`temporary${action.onCommit === "drop" ? " drop" : ""}`];
        case "notification":
          return [notificationFeature(action.operation)];
        case "cursor":
          return action.operation === "fetch"
            ? []
            : [action.operation === "declare" ? `declare${action.hold ? " hold" : ""}` : "close"];
        case "load-library":
          return ["load"];
        case "transaction":
          return [action.operation];
        case "drop-relation":
        case "sequence-advance":
          return [];
        default:
          return [action.kind];
      }
    })
    .sort();
}

const notificationFeature = (operation: string): string => operation.replace("-all", "");
