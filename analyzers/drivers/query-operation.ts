import type { Protocol } from "../model.ts";

/** `by-values`: extended when bind values are given, else simple. */
export type MessageProtocol = "simple" | "extended" | "by-values";

/** How placeholders are written that the driver fills in itself, before PostgreSQL sees the text. */
export type PlaceholderStyle = "question-mark" | "colon" | "pg-promise" | "braces";

export interface SameOperation {
  readonly does: "same";
  readonly gives?: string;
  readonly later?: true;
  /** The argument that is SQL which becomes part of the query: `whereRaw(text)`. */
  readonly part?: number;
  readonly placeholders?: PlaceholderStyle;
}

export interface SwitchOperation {
  readonly does: "switch";
  readonly argument: number;
  /** The property of the argument that holds the connection; absent when it is the argument itself. */
  readonly property?: string;
  /** The kind that is given on that connection, where it is not the one whose method is called. */
  readonly gives?: string;
}

export interface QueryOperation {
  readonly does: "query";
  /** The argument with the SQL: a text, a message object, or a configuration object with the fields below. -1: the text is `text`. */
  readonly sql: number;
  /** SQL that the method stands for by itself: `{0}` for what argument 0 says, `…` for what is not known. */
  readonly text?: string;
  /** Only when this property of an argument may be truthy. */
  readonly when?: { readonly argument: number; readonly property: string };
  /** The protocol of queries without bind values, where it is not the simple one. */
  readonly withoutValues?: Protocol;
  /** The bind values are the arguments from `values` on. */
  readonly spread?: true;
  /** The argument with the bind values, or the property of one that holds them. */
  readonly values?: number | { readonly argument: number; readonly property: string };
  /** SQL that goes in front of the text when this property of an argument is given; `…` for what it says. */
  readonly prefix?: { readonly argument: number; readonly property: string; readonly text: string };
  readonly config?: {
    readonly text: string;
    readonly values: string;
    /** The field whose non-empty value makes it a named statement. */
    readonly name?: string;
    /** Fields that force the extended protocol when truthy. */
    readonly extended?: readonly string[];
  };
  /** The argument with the path of the file that holds the SQL. */
  readonly file?: number;
  /** The argument with the name of a named statement, or the property of one that holds it. */
  readonly name?: number | { readonly argument: number; readonly property: string };
  /** The protocol where it does not depend on the bind values. */
  readonly protocol?: Protocol;
  readonly placeholders?: PlaceholderStyle;
  /**
   * The argument that names the transaction or connection the query runs on, or the property of it that does:
   * `query(sql, { transaction })`.
   */
  readonly on?: { readonly argument: number; readonly property?: string };
  /** Sent only when somebody waits for the result; until then these methods change it, and all others leave it as it is. */
  readonly lazy?: Readonly<Record<string, PendingOperation>>;
  /** `protocol` and `placeholders` are of plain texts: objects that carry SQL go to PostgreSQL as they are. */
  readonly objectsAsTheyAre?: boolean;
  /** A list of queries in place of one runs in a transaction, on a handle of this kind; an empty name for this handle, as it is. */
  readonly list?: string;
}

/** What a method of a query that is not sent yet does to it; another query is sent after it: `schema.raw(a).raw(b)`. */
export type PendingOperation = SwitchOperation | AppendOperation | ProtocolOperation | QueryOperation | SameOperation;

/** Makes a query that is not sent yet travel in another way, or `sends` it at once. */
export interface ProtocolOperation {
  readonly does: "protocol";
  readonly protocol?: Protocol;
  readonly sends?: true;
}

/** Adds to the text of a query that is not sent yet. */
export interface AppendOperation {
  readonly does: "append";
  readonly text: string;
}
