/**
 * Messages of the PostgreSQL frontend/backend protocol 3.0 (postgres 18 doc, protocol-message-formats), as far as a witness needs them.
 */

/** A message with its type; what a client sends before its session begins has none. */
export interface WireMessage {
  /** One character: `Q`, `P`, `Z`; empty for the first messages of a client. */
  readonly type: string;
  /** What follows the length. */
  readonly body: Buffer;
  /** The whole message, as it travels. */
  readonly bytes: Buffer;
}

/**
 * Reads one direction of a client connection. `isTyped` says whether the next message begins with its type; it is asked once for each
 * message, after those before it were given out one by one. Throws for a length that no message has.
 */
export function readMessages(isTyped: () => boolean, take: (message: WireMessage) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (;;) {
      const typed = isTyped() ? 1 : 0;
      if (rest.length < typed + 4) return;
      const length = rest.readInt32BE(typed);
      if (length < 4) throw new Error(`a message of ${String(length)} bytes is none of PostgreSQL's protocol`);
      const end = typed + length;
      if (rest.length < end) return;
      const bytes = rest.subarray(0, end);
      rest = rest.subarray(end);
      take({ type: bytes.toString("latin1", 0, typed), body: bytes.subarray(typed + 4), bytes });
    }
  };
}

/** The zero-terminated strings at the beginning of a message's body, `count` of them; what is missing is empty. */
export function stringsOf(body: Buffer, count: number): readonly string[] {
  const strings: string[] = [];
  let start = 0;
  while (strings.length < count) {
    const end = body.indexOf(0, start);
    strings.push(body.toString("utf8", start, end < 0 ? body.length : end));
    start = end < 0 ? body.length : end + 1;
  }
  return strings;
}

/** What a client's first message asks for, by the number in front of it. */
export const startupCodes = { ssl: 80877103, gssenc: 80877104, cancel: 80877102 } as const;

/** The parameters of a startup packet, after its protocol version. */
export function startupParametersOf(body: Buffer): Readonly<Record<string, string>> {
  const words = body.toString("utf8", 4).split("\0");
  const parameters: Record<string, string> = {};
  for (let index = 0; index + 1 < words.length; index += 2) {
    const name = words[index];
    if (name === undefined || name === "") break;
    parameters[name] = words[index + 1] ?? "";
  }
  return parameters;
}

/** Code and text of an ErrorResponse. */
export function errorOf(body: Buffer): { readonly code: string; readonly message: string } {
  const fields = new Map(
    body
      .toString("utf8")
      .split("\0")
      .map((field) => [field.slice(0, 1), field.slice(1)] as const),
  );
  return { code: fields.get("C") ?? "", message: fields.get("M") ?? "" };
}
