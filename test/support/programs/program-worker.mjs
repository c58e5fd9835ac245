// Runs programs of one driver in a thread of its own, one after another: what they leave running ends with the thread.
import { parentPort } from "node:worker_threads";

/** Rows in place of results, so that a value can be passed on. */
const plain = (value) =>
  JSON.parse(JSON.stringify(value ?? null, (_, item) => (typeof item === "bigint" ? String(item) : item)));

/** What PostgreSQL or the pooler said, which some drivers put into an error of their own. */
const rootOf = (error) => (error.cause instanceof Error ? rootOf(error.cause) : error);

parentPort.on("message", async ({ module, url }) => {
  process.env.DATABASE_URL = url;
  try {
    const { run } = await import(module);
    parentPort.postMessage({ value: plain(await run()) });
  } catch (error) {
    const { code, message } = rootOf(error instanceof Error ? error : new Error(String(error)));
    parentPort.postMessage({ error: { code: typeof code === "string" ? code : undefined, message } });
  }
});

// A driver that fails where nobody waits for it: the program's end says what became of it.
process.on("unhandledRejection", () => undefined);
