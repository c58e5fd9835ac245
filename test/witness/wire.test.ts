import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { availablePostgres } from "../support/servers/binaries.ts";
import { startPostgres } from "../support/servers/postgres.ts";
import { startRecordingProxy, type RecordingProxy } from "../support/wire/recording-proxy.ts";
import type { RecordedConnection } from "../support/wire/recording.ts";

const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};

/** A message with `type`, or without one where that is empty; texts are zero-terminated. */
const message = (type: string, ...parts: readonly (string | Buffer)[]): Buffer => {
  const body = Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(`${part}\0`) : part)));
  return Buffer.concat([Buffer.from(type, "latin1"), int32(body.length + 4), body]);
};

const startup = (...words: readonly string[]): Buffer => message("", int32(196608), ...words, "");
const query = (text: string): Buffer => message("Q", text);
const ready = (status: string): Buffer => message("Z", Buffer.from(status));
const completed = message("C", "SELECT 1");
const sync = message("S");

/** Parse, Bind and Execute under one name; the counts of types, formats and values are 0. */
const extended = (name: string, text: string): Buffer =>
  Buffer.concat([
    message("P", name, text, Buffer.alloc(2)),
    message("B", "", name, Buffer.alloc(6)),
    message("E", "", Buffer.alloc(4)),
  ]);

const statementsOf = (connection: RecordedConnection | undefined): readonly string[] =>
  (connection?.statements ?? []).map(
    ({ protocol, text, name, status, completed: count }) =>
      `${status ?? "-"} ${protocol} ${name === "" ? "" : `${name}: `}${text} (${String(count)})`,
  );

describe("with sockets of our own", () => {
  let backend: Server;
  let proxy: RecordingProxy;
  let client: Socket;
  let server: Socket;
  const got: Record<"client" | "server", Buffer[]> = { client: [], server: [] };
  const bytesOf = (side: "client" | "server"): Buffer => Buffer.concat(got[side]);

  const arrives = async (side: "client" | "server", bytes: Buffer): Promise<void> => {
    while (bytesOf(side).length < bytes.length) await sleep(1);
    expect(bytesOf(side).equals(bytes)).toBe(true);
    got[side] = [];
  };

  beforeEach(async () => {
    got.client = [];
    got.server = [];
    backend = createServer().listen(0, "127.0.0.1");
    await once(backend, "listening");
    const address = backend.address();
    proxy = await startRecordingProxy({
      host: "127.0.0.1",
      port: typeof address === "object" ? (address?.port ?? 0) : 0,
    });
    const accepted = new Promise<Socket>((resolve) => backend.once("connection", resolve));
    client = connect(proxy.port, proxy.host);
    server = await accepted;
    client.on("data", (chunk: Buffer) => got.client.push(chunk));
    server.on("data", (chunk: Buffer) => got.server.push(chunk));
    server.on("error", () => undefined);
    client.on("error", () => undefined);
  });

  afterEach(async () => {
    await proxy.stop();
    client.destroy();
    server.destroy();
    await new Promise((resolve) => backend.close(resolve));
  });

  const begin = async (...words: readonly string[]): Promise<void> => {
    const packet = startup(...words);
    client.write(packet);
    await arrives("server", packet);
    server.write(ready("I"));
    await arrives("client", ready("I"));
  };

  test("encryption is declined, and the parameters of the startup packet are kept", async () => {
    for (const code of [80877103, 80877104]) {
      client.write(message("", int32(code)));
      await arrives("client", Buffer.from("N"));
    }
    await begin("user", "me", "statement_timeout", "5000", "application_name", "");
    expect(proxy.connections.map(({ startupParameters }) => startupParameters)).toEqual([
      { user: "me", statement_timeout: "5000", application_name: "" },
    ]);
  });

  test("messages that arrive byte by byte, and several that arrive at once", async () => {
    await begin("user", "me");
    const sent = Buffer.concat([query("BEGIN"), query("SELECT 'ä'")]);
    for (const byte of sent) {
      client.write(Buffer.from([byte]));
      await sleep(0);
    }
    await arrives("server", sent);
    const answer = Buffer.concat([completed, ready("T"), completed, ready("T")]);
    server.write(answer.subarray(0, 7));
    await sleep(5);
    server.write(answer.subarray(7));
    await arrives("client", answer);
    expect(statementsOf(proxy.connections[0])).toEqual(["I simple BEGIN (1)", "T simple SELECT 'ä' (1)"]);
  });

  test("pipelined statements have the status in which each was executed, not that in which it was sent", async () => {
    await begin("user", "me");
    const sent = Buffer.concat([
      query("BEGIN"),
      extended("", "SELECT 1"),
      extended("two", "SELECT 2"),
      sync,
      query("broken"),
      query("ROLLBACK"),
      extended("", "SELECT 3"),
      sync,
    ]);
    client.write(sent);
    await arrives("server", sent);
    expect(statementsOf(proxy.connections[0])).toEqual([
      "I simple BEGIN (0)",
      "- extended SELECT 1 (0)",
      "- extended two: SELECT 2 (0)",
      "- simple broken (0)",
      "- simple ROLLBACK (0)",
      "- extended SELECT 3 (0)",
    ]);
    const failure = message("E", Buffer.from("C"), "42601", Buffer.from("M"), "syntax error", Buffer.alloc(1));
    // prettier-ignore
    const answer = Buffer.concat([
      completed, ready("T"), completed, completed, ready("T"), failure, ready("E"), completed, ready("I"), completed, ready("I"),
    ]);
    server.write(answer);
    await arrives("client", answer);
    expect(statementsOf(proxy.connections[0])).toEqual([
      "I simple BEGIN (1)",
      "T extended SELECT 1 (2)",
      "T extended two: SELECT 2 (2)",
      "T simple broken (0)",
      "E simple ROLLBACK (1)",
      "I extended SELECT 3 (1)",
    ]);
    expect(proxy.connections[0]?.errors).toEqual([{ code: "42601", message: "syntax error" }]);
  });

  test("a statement that is prepared once and executed again under its name", async () => {
    await begin("user", "me");
    const again = Buffer.concat([message("B", "p", "s", Buffer.alloc(6)), message("E", "p", Buffer.alloc(4)), sync]);
    const sent = Buffer.concat([
      message("P", "s", "SELECT 1", Buffer.alloc(2)),
      message("D", Buffer.from("S"), "s"),
      sync,
      again,
      again,
      message("C", Buffer.from("S"), "s"),
      sync,
    ]);
    client.write(sent);
    await arrives("server", sent);
    const answer = Buffer.concat([ready("I"), completed, ready("I"), completed, ready("I"), ready("I")]);
    server.write(answer);
    await arrives("client", answer);
    expect(statementsOf(proxy.connections[0])).toEqual(["I extended s: SELECT 1 (1)", "I extended s: SELECT 1 (1)"]);
    expect(proxy.connections[0]?.messages).toEqual([
      { kind: "parse", name: "s", text: "SELECT 1" },
      { kind: "bind", portal: "p", statement: "s" },
      { kind: "execute", portal: "p" },
      { kind: "bind", portal: "p", statement: "s" },
      { kind: "execute", portal: "p" },
      { kind: "close", what: "statement", name: "s" },
    ]);
  });

  test("a request to cancel is passed on and is no client connection", async () => {
    const cancel = message("", int32(80877102), int32(1), int32(2));
    client.write(cancel);
    await arrives("server", cancel);
    expect(proxy.connections).toEqual([]);
  });

  test("either end closes the other one", async () => {
    await begin("user", "me");
    client.end(query("COMMIT"));
    await once(server, "close");
    expect(bytesOf("server").equals(query("COMMIT"))).toBe(true);
  });
});

const [postgres] = availablePostgres();

test.runIf(postgres)("with pg on a PostgreSQL", async () => {
  if (postgres === undefined) return;
  const server = await startPostgres(postgres);
  const proxy = await startRecordingProxy(server);
  try {
    const client = new pg.Client({
      host: proxy.host,
      port: proxy.port,
      user: "postgres",
      database: "postgres",
      lock_timeout: 5000,
    });
    await client.connect();
    await client.query("SELECT 1; SELECT 2");
    await client.query("BEGIN");
    await client.query("SELECT $1::int", [1]);
    await client.query({ name: "three", text: "SELECT 3" });
    await expect(client.query("SELECT 1/0")).rejects.toThrow("division by zero");
    await client.query("ROLLBACK");
    await client.query("SELECT 4");
    await client.end();
    expect(proxy.connections[0]?.startupParameters).toMatchObject({ user: "postgres", lock_timeout: "5000" });
    expect(statementsOf(proxy.connections[0])).toEqual([
      "I simple SELECT 1; SELECT 2 (2)",
      "I simple BEGIN (1)",
      "T extended SELECT $1::int (1)",
      "T extended three: SELECT 3 (1)",
      "T simple SELECT 1/0 (0)",
      "E simple ROLLBACK (1)",
      "I simple SELECT 4 (1)",
    ]);
    expect(proxy.connections[0]?.errors.map(({ code }) => code)).toEqual(["22012"]);
  } finally {
    await proxy.stop();
    await server.stop();
  }
});
