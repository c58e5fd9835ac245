import { Ledger } from "./flow/ledger.ts";
import { endLog, foreignConnection } from "./flow/path-state.ts";
import { send } from "./flow/transactions.ts";
import type { Connection, SqlCallSite, StatementUse } from "./model.ts";
import type { SqlFile } from "./source/parsed-file.ts";
import { readSqlFile } from "./sql/read-sql.ts";

/**
 * A `.sql` file as a call site of its own. Who runs it, over which connection and in which transaction is not known; what the file
 * itself says (BEGIN … COMMIT) is.
 */
export function useSqlFile(
  file: SqlFile,
  connectionId: number,
): { connection: Connection; site: SqlCallSite; uses: readonly StatementUse[] } {
  const location = { file: file.filename, range: { start: 0, end: file.text.length } };
  const connection: Connection = {
    id: connectionId,
    scope: "unknown",
    driver: "sql-file",
    known: "inferred",
    location,
    urls: [],
    route: "unknown",
    from: [],
  };
  const { text, reading } = readSqlFile(file.filename, file.text);
  const ledger = new Ledger();
  const site = ledger.site({
    location,
    sink: file.filename,
    connection,
    protocol: "unknown",
    text,
    reading,
    fromUnseenCaller: () => false,
  });
  const after = send(ledger, foreignConnection, {
    site,
    statements: reading.statements,
    mayHoldSeveral: true,
    location,
    confidence: "possible",
    pathConfidence: "certain",
    path: [],
  });
  endLog(after.log, "open");
  const { callSites, statementUses } = ledger.close();
  const [found] = callSites;
  if (found === undefined) throw new Error(`no call site for ${file.filename}`);
  return { connection, site: found, uses: statementUses };
}
