import { createServer } from "node:net";

/** A port of 127.0.0.1 that the operating system says is free; another program may take it before it is used. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      server.close(() => {
        resolve(port);
      });
    });
  });
}

/** Thrown by a start that lost its port to another program. */
export class PortTaken extends Error {}

const attempts = 5;

/** Starts with a free port, and with another one each time that `start` throws `PortTaken`; the fifth time it is thrown on. */
export async function onFreePort<T>(start: (port: number) => Promise<T>, choosePort = freePort): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(await choosePort());
    } catch (error) {
      if (!(error instanceof PortTaken) || attempt === attempts) throw error;
    }
  }
}
