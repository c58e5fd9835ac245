import type { Confidence, Connection, SourceLocation, SqlReading } from "../model.ts";
import { joinText } from "../sql/joined-text.ts";
import { isForOtherDatabase } from "../sql/other-dialects.ts";
import { shownUrl } from "../source/connection-url.ts";
import { locate, type SourceUnit } from "../source/source-unit.ts";
import { isOtherDatabase } from "./dialect-branches.ts";
import type { Handle } from "./handles.ts";
import { classInjected } from "./given-to-classes.ts";
import { type Activation, calleeOf, type CallSite, type Machine } from "./machine.ts";
import { DRIVERS_OWN, type Message } from "./messages.ts";
import {
  driverTransaction,
  endLog,
  foreignConnection,
  freshConnection,
  type HandleState,
  type PathState,
} from "./path-state.ts";
import { lower, send } from "./transactions.ts";

/** A call site's words for reports: the callee, shortened. */
function sinkName(unit: SourceUnit, site: CallSite): string {
  const callee = calleeOf(site.node);
  const words = unit.text.slice(callee.range[0], callee.range[1]).replace(/\s+/g, "");
  return words.length > 60 ? `…${words.slice(-59)}` : words;
}

const KNOWN_CONFIDENCE: Readonly<Record<Connection["known"], Confidence>> = {
  created: "certain",
  annotated: "certain",
  inferred: "possible",
};

/**
 * How sure it is that a message reaches PostgreSQL. A receiver that nothing but a method name speaks for is trusted more in a file that
 * imports a PostgreSQL driver, and when it is given what only PostgreSQL understands.
 */
function confidenceOf(machine: Machine, handle: Handle, unit: SourceUnit, reading: SqlReading): Confidence {
  const { known } = handle.connection;
  // Where one file is seen, another may give the function that takes the client to a pool, for each new connection.
  const mayBeHook =
    !machine.seesProgram && known === "annotated" && handle.fromCaller && handle.shape.scope === "client";
  if (known !== "inferred") return mayBeHook ? "likely" : KNOWN_CONFIDENCE[known];
  const importsDriver = unit.modules.some((module) => machine.catalogue.isDriverModule(module));
  // What only one package has is that package's, for PostgreSQL or another kind of database.
  return handle.driver !== undefined || importsDriver || onlyPostgres(reading) ? "likely" : KNOWN_CONFIDENCE.inferred;
}

/** Whether a text calls functions or makes statements that no other database has. */
export const onlyPostgres = (reading: SqlReading): boolean =>
  reading.statements.some((statement) =>
    statement.actions.some((action) => {
      switch (action.kind) {
        case "advisory-lock":
        case "session-function":
        case "discard":
          return true;
        case "notification":
          return action.operation !== "notify" || statement.kind === "select";
        case "set-parameter":
        case "set-identity":
          return action.via === "set_config";
        default:
          return false;
      }
    }),
  );

/** Whether a handle may be in a transaction around it, if a file that was not seen says that those follow the flow of control. */
const mayFollow = (handle: Handle, { perhapsAmbient }: Activation): boolean =>
  handle.followsFlow && perhapsAmbient?.has(handle.driver?.name ?? "") === true;

/** Whether a handle is known by what a class is given that nobody was seen to construct: a container does, and gives it one for good. */
function isInjected(machine: Machine, { connection }: Handle): boolean {
  const unit = machine.unitOf(connection.location.file);
  const made = unit === undefined ? undefined : classInjected(unit, connection.location);
  return made !== undefined && !machine.constructed.has(made);
}

/** Whether a message is for another kind of database, on a connection that may lead there. */
const isForOthers = ({ driver }: Handle, { text }: Message): boolean =>
  (driver === undefined || driver.severalDialects !== undefined) && isForOtherDatabase(joinText(text.segments).text);

/** Names under which drivers keep the process id that the server, or a pooler in its place, told them: pg, postgres.js. */
const PROCESS_ID = /\.processID\b|\bbackendKeyData\b|\bbackend\.pid\b|\.state\.pid\b/;

const readsProcessId = ({ text: { segments } }: Message, unit: SourceUnit): boolean =>
  segments.some((segment) => segment.kind === "text" && /pg_(?:cancel|terminate)_backend/i.test(segment.value)) &&
  (segments.some((segment) => segment.kind === "hole" && segment.reason === DRIVERS_OWN) || PROCESS_ID.test(unit.text));

/** Notes that a message is sent on a connection, and what that does to the connection's transaction on this path. */
export function sendMessage(
  machine: Machine,
  handle: Handle,
  message: Message,
  state: PathState,
  activation: Activation,
  site: CallSite,
  /** True when the query may run on another connection instead, of which nothing is known. */
  uncertain = false,
  /** Where it is sent from, when that is not the call. */
  place?: SourceLocation,
): void {
  if (activation.silent || isOtherDatabase(state) || isForOthers(handle, message)) return;
  const { unit } = activation.frame;
  const location = place ?? locate(unit, site.node);
  const reading = machine.readSql(message.text.segments);
  const onClient = handle.shape.scope === "client";
  const siteEntry = machine.ledger.site({
    location,
    sink: sinkName(unit, site),
    connection: handle.connection,
    protocol: message.protocol,
    text: message.text.segments,
    reading,
    ...(message.statementName === undefined ? {} : { statementName: message.statementName }),
    ...(activation.hook !== undefined && onClient ? { hook: activation.hook } : {}),
    ...(readsProcessId(message, unit) ? { readsProcessId: true } : {}),
    ...(handle.driver === undefined ? {} : { sentBy: handle.driver.name }),
    fromUnseenCaller: () =>
      (handle.fromCaller && !isInjected(machine, handle)) ||
      message.text.segments.some((segment) => segment.kind === "hole" && segment.reason.includes("is a parameter")),
  });
  const known = state.handle(handle.id);
  const isOutside = known?.transaction !== "in-transaction";
  const follows = isOutside && handle.followsFlow && activation.ambient?.has(handle.driver?.name ?? "") === true;
  // A pool in a transaction of the driver's is one connection until that ends.
  const pooled = handle.shape.scope === "pool" && isOutside && !follows;
  const fresh =
    known?.transaction === "autocommit" ? { ...freshConnection, confidence: known.confidence } : freshConnection;
  const alone = pooled ? fresh : follows ? driverTransaction : (known ?? unseenState(handle));
  const before = uncertain ? foreignConnection : alone;
  const after = send(machine.ledger, before, {
    site: siteEntry,
    statements: reading.statements,
    mayHoldSeveral: message.protocol !== "extended",
    location,
    confidence: lower(message.confidence ?? "certain", confidenceOf(machine, handle, unit, reading)),
    pathConfidence: lower(activation.pathConfidence, mayFollow(handle, activation) ? "likely" : "certain"),
    path: pathTo(handle, activation),
  });
  if (pooled || uncertain) endLog(after.log, "open");
  else state.setHandle(handle.id, after);
}

/** The state of a connection that somebody else made: one that only exists in a transaction is in it. */
const unseenState = ({ shape }: Handle): HandleState =>
  shape.scope === "transaction" ? driverTransaction : shape.isFresh === true ? freshConnection : foreignConnection;

/** What drivers read of the environment where nothing is said: no news to whoever wrote `new Pool()`. */
const UNSAID = "PGHOST";

/** The addresses of a connection as a part of a sentence; nothing where none is known. */
function connectedWith({ urls }: Connection): string {
  const known = urls
    .filter((url) => url.kind !== "unknown")
    .map(shownUrl)
    .filter((words) => words !== UNSAID);
  return known.length === 0 ? "" : ` with ${known.join(" or ")}`;
}

/** How the reader gets to a call: where the connection comes from, then the calls that lead here. */
function pathTo(handle: Handle, activation: Activation): Activation["path"] {
  const { connection, shape } = handle;
  const origin =
    connection.known === "inferred"
      ? []
      : [
          {
            location: connection.location,
            message: `${shape.title} ${connection.known === "created" ? "created" : "declared"}${connectedWith(connection)} here`,
          },
        ];
  return [...origin, ...activation.path];
}
