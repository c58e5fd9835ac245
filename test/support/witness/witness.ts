import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { RuleExample } from "../../../analyzers/index.ts";
import { outcomeOf, type Outcome } from "./outcome.ts";
import { runExample, type Route } from "./run-example.ts";
import type { Place } from "./place.ts";
import { DATABASE, setScene, withClient } from "./scene.ts";
import { arrive, lookAfterwards } from "./strangers.ts";

/** Settings of applications that an example names: `app.tenant_id`. Other dotted words do no harm; no setting has their name. */
const settingNames = (example: RuleExample): readonly string[] => [
  "stranger.mark",
  ...new Set(
    [
      ...`${example.code} ${example.caller ?? ""} ${JSON.stringify(example.args ?? [])}`.matchAll(
        /\b[a-z_]\w*\.[a-z_]\w*\b/gi,
      ),
    ].map(([name]) => name.toLowerCase()),
  ),
];

let visits = 0;

/** Runs an example in `place`, in a scene and over server connections of its own, and says what was seen. */
export async function witness(example: RuleExample, place: Place, busyPool: boolean): Promise<Outcome> {
  visits += 1;
  const name = `visit_${String(visits)}`;
  const directUrl = place.directUrl(DATABASE);
  const route: Route =
    place.pooledUrl === undefined
      ? { database: DATABASE, url: directUrl, directUrl }
      : { database: name, url: place.pooledUrl(name), directUrl };
  // What a .sql file makes for its caller was made before, as a migration does.
  const made = example.language === "sql" && example.caller !== undefined ? example.code : "";
  await setScene(place.directUrl, `${example.given ?? ""};${made}`);
  const folder = join(place.folder, name);
  await mkdir(folder);
  try {
    return await seen(example, route, folder, busyPool);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function seen(example: RuleExample, route: Route, folder: string, busyPool: boolean): Promise<Outcome> {
  const names = settingNames(example);
  const isPooled = route.url !== route.directUrl;
  const before = isPooled ? await arrive(route.url, names) : undefined;
  const harm: string[] = [];
  const ending = await runExample(example, route, { folder, busyPool }, async () => {
    harm.push(...(await openTransactions(route)));
  });
  // Directly on PostgreSQL a session ends with its client, and with it all that it had.
  if (before !== undefined) harm.push(...(await lookAfterwards(route.url, names, before)));
  return outcomeOf(example, ending, harm);
}

/** Transactions that nobody ended: each holds a server connection and its locks for as long as the client lives. */
async function openTransactions(route: Route): Promise<readonly string[]> {
  const count =
    "SELECT count(*)::int AS open FROM pg_stat_activity WHERE datname = $1 AND state LIKE 'idle in transaction%'";
  return withClient(route.directUrl, async (client) => {
    // What was sent last may not have been answered yet; a transaction that is ended is ended soon.
    for (let attempt = 0; ; attempt += 1) {
      const { rows } = await client.query<{ open: number }>(count, [DATABASE]);
      if (rows[0]?.open === 0) return [];
      if (attempt === 50) return ["leaves a transaction open"];
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
}
