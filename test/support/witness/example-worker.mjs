// Runs one example in a thread of its own: its modules, its environment and its connections end with it.
import { parentPort, workerData } from "node:worker_threads";

/** Rows in place of results, so that a value can be written down. */
function plain(value) {
  if (value === null || typeof value !== "object") return typeof value === "bigint" ? String(value) : value;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return Array.from(value, plain);
  if (Array.isArray(value.rows)) return value.rows.map(plain);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/** Others in this process are using the pool: no two queries find the same client connection idle. */
async function keepPoolBusy() {
  const { default: pg } = await import(workerData.pg);
  const { query } = pg.Pool.prototype;
  pg.Pool.prototype.query = function busyQuery(...values) {
    const others = [];
    const hold = async () => {
      while (this.idleCount > 0 && others.length < 8) others.push(await this.connect());
    };
    const callback = typeof values.at(-1) === "function" ? values.pop() : undefined;
    const answer = hold()
      .then(() => query.apply(this, values))
      .finally(() => others.forEach((client) => client.release()));
    if (callback === undefined) return answer;
    answer.then((result) => callback(undefined, result), callback);
    return undefined;
  };
}

try {
  if (workerData.busyPool) await keepPoolBusy();
  const { default: caller } = await import(workerData.caller ?? workerData.module);
  if (typeof caller.run !== "function") throw new Error("the example exports no function run");
  const value = plain(await caller.run(...workerData.args));
  parentPort.postMessage({ value });
} catch (error) {
  const { code, message } = error instanceof Error ? error : new Error(String(error));
  parentPort.postMessage({ error: { code: typeof code === "string" ? code : undefined, message } });
}
