import { connect, createServer, type Socket } from "node:net";
import { readMessages, startupCodes } from "./messages.ts";
import { makeRecorder, type RecordedConnection } from "./recording.ts";

/** A proxy that passes everything on as it is, and keeps what its clients sent. */
export interface RecordingProxy {
  readonly host: "127.0.0.1";
  readonly port: number;
  /** Client connections in the order in which they arrived; they grow while their clients work. */
  readonly connections: readonly RecordedConnection[];
  /** Breaks off what is still open and stops listening. */
  stop(): Promise<void>;
}

/** Starts a proxy on a port of the operating system's choice. Encryption is declined, since nothing could be read then. */
export async function startRecordingProxy(target: {
  readonly host: string;
  readonly port: number;
}): Promise<RecordingProxy> {
  const connections: RecordedConnection[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target.port, target.host);
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
      // Whoever breaks off a connection, the other side sees it end.
      socket.on("error", () => undefined);
    }
    // What was sent last (COMMIT, Terminate) still arrives.
    client.once("close", () => upstream.end());
    upstream.once("close", () => client.end());
    record(client, upstream, connections);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  return {
    host: "127.0.0.1",
    port: typeof address === "object" && address !== null ? address.port : 0,
    connections,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Passes on both directions of one client connection, message by message. */
function record(client: Socket, upstream: Socket, connections: RecordedConnection[]): void {
  const recorder = makeRecorder();
  let started = false;
  const fromClient = readMessages(
    () => started,
    (message) => {
      if (started) {
        recorder.frontend(message);
      } else {
        const code = message.body.length < 4 ? 0 : message.body.readInt32BE(0);
        if (code === startupCodes.ssl || code === startupCodes.gssenc) {
          client.write("N");
          return;
        }
        started = true;
        if (code !== startupCodes.cancel) {
          recorder.startup(message.body);
          connections.push(recorder.recording);
        }
      }
      upstream.write(message.bytes);
    },
  );
  const fromServer = readMessages(
    () => true,
    (message) => {
      recorder.backend(message);
      client.write(message.bytes);
    },
  );
  client.on("data", fromClient);
  upstream.on("data", fromServer);
}
