import { errorOf, startupParametersOf, stringsOf, type WireMessage } from "./messages.ts";

/** Of a ReadyForQuery: idle, in a transaction, in a failed one. */
export type TransactionStatus = "I" | "T" | "E";

/** What one statement of a client looked like on its way. */
export interface SentStatement {
  readonly protocol: "simple" | "extended";
  readonly text: string;
  /** The name it was prepared under; empty for a simple or unnamed one. */
  readonly name: string;
  /**
   * The status in which it was executed: that of the last ReadyForQuery before the answer to its message or, in the extended protocol, to
   * its group up to Sync. Undefined when that never came.
   */
  readonly status: TransactionStatus | undefined;
  /** How many statements PostgreSQL completed in answer to the message or group; several share a transaction. */
  readonly completed: number;
}

/** A message of a client that says something of statements, in the order of sending. */
export type SentMessage =
  | { readonly kind: "query"; readonly text: string }
  | { readonly kind: "parse"; readonly name: string; readonly text: string }
  | { readonly kind: "bind"; readonly portal: string; readonly statement: string }
  | { readonly kind: "execute"; readonly portal: string }
  | { readonly kind: "close"; readonly what: "statement" | "portal"; readonly name: string };

/** All that is kept of one client connection. */
export interface RecordedConnection {
  /** Parameters of the startup packet. Empty for one that only asked to cancel. */
  readonly startupParameters: Readonly<Record<string, string>>;
  readonly messages: readonly SentMessage[];
  /** Statements in the order in which their execution was asked for. */
  readonly statements: readonly SentStatement[];
  /** Every ErrorResponse. */
  readonly errors: readonly { readonly code: string; readonly message: string }[];
}

/** A statement whose answer is still to come. */
type PendingStatement = { -readonly [Key in keyof SentStatement]: SentStatement[Key] };

/** What one ReadyForQuery answers: the start of the session, a simple query, a function call, or messages up to Sync. */
interface Group {
  readonly statements: PendingStatement[];
  /** Whether all of it was sent. */
  closed: boolean;
}

/** A recording in the making: told of each message of both directions, in the order of their arrival. */
export interface Recorder {
  readonly recording: RecordedConnection;
  startup(body: Buffer): void;
  frontend(message: WireMessage): void;
  backend(message: WireMessage): void;
}

const isStatus = (text: string): text is TransactionStatus => text === "I" || text === "T" || text === "E";

/** Begins the recording of one client connection. */
export function makeRecorder(): Recorder {
  const messages: SentMessage[] = [];
  const statements: PendingStatement[] = [];
  const errors: { code: string; message: string }[] = [];
  const startupParameters: Record<string, string> = {};
  const prepared = new Map<string, string>();
  const portals = new Map<string, { readonly name: string; readonly text: string }>();
  // The first ReadyForQuery answers the startup packet.
  const groups: Group[] = [{ statements: [], closed: true }];
  let status: TransactionStatus | undefined;

  /** The group that is not sent to its end, or a new one behind all others. */
  const openGroup = (): Group => {
    const last = groups.at(-1);
    if (last?.closed === false) return last;
    const group: Group = { statements: [], closed: false };
    groups.push(group);
    return group;
  };
  const ask = (protocol: SentStatement["protocol"], text: string, name: string): void => {
    const group = openGroup();
    const statement = { protocol, text, name, status: group === groups[0] ? status : undefined, completed: 0 };
    group.statements.push(statement);
    statements.push(statement);
  };
  const close = (): void => {
    openGroup().closed = true;
  };

  return {
    recording: { startupParameters, messages, statements, errors },
    startup(body) {
      Object.assign(startupParameters, startupParametersOf(body));
    },
    frontend({ type, body }) {
      if (type === "Q") {
        const [text = ""] = stringsOf(body, 1);
        messages.push({ kind: "query", text });
        ask("simple", text, "");
        close();
      } else if (type === "P") {
        const [name = "", text = ""] = stringsOf(body, 2);
        messages.push({ kind: "parse", name, text });
        prepared.set(name, text);
        openGroup();
      } else if (type === "B") {
        const [portal = "", statement = ""] = stringsOf(body, 2);
        messages.push({ kind: "bind", portal, statement });
        portals.set(portal, { name: statement, text: prepared.get(statement) ?? "" });
        openGroup();
      } else if (type === "E") {
        const [portal = ""] = stringsOf(body, 1);
        messages.push({ kind: "execute", portal });
        const { name, text } = portals.get(portal) ?? { name: "", text: "" };
        ask("extended", text, name);
      } else if (type === "C") {
        const [name = ""] = stringsOf(body.subarray(1), 1);
        messages.push({ kind: "close", what: body.toString("latin1", 0, 1) === "S" ? "statement" : "portal", name });
        openGroup();
      } else if (type === "D") {
        openGroup();
      } else if (type === "S" || type === "F") {
        close();
      }
    },
    backend({ type, body }) {
      if (type === "Z") {
        const said = body.toString("latin1", 0, 1);
        if (!isStatus(said)) return;
        status = said;
        groups.shift();
        for (const statement of groups[0]?.statements ?? []) statement.status = status;
      } else if (type === "C") {
        for (const statement of groups[0]?.statements ?? []) statement.completed += 1;
      } else if (type === "E") {
        errors.push(errorOf(body));
      }
    },
  };
}
