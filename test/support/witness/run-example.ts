import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import ts from "typescript";
import type { RuleExample } from "../../../analyzers/index.ts";
import type { Ending } from "./ending.ts";

/** Where an example's connections lead. */
export interface Route {
  readonly database: string;
  /** What the example takes for its database: the pooler, or PostgreSQL itself. */
  readonly url: string;
  /** PostgreSQL itself. */
  readonly directUrl: string;
}

/** How long an example may take, in ms; one that waits for a lock or an answer that never comes takes all of it. */
const PATIENCE = 5000;

const root = join(import.meta.dirname, "..", "..", "..");
const worker = join(import.meta.dirname, "example-worker.mjs");

/** As a CommonJS module, which is what most backends are compiled to; a default import is what `esModuleInterop` makes of it. */
function transpile(code: string, url: string): string {
  // A URL that is written out names a host of nobody's; the rest of it, after `?`, is what matters.
  const placed = code
    .replaceAll(/postgres(?:ql)?:\/\/[^\s"'`?]+/g, url)
    .replaceAll(/(["'])\.\/example(?:\.ts)?\1/g, '"./example.cjs"');
  return ts.transpileModule(placed, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, esModuleInterop: true },
  }).outputText;
}

/** A module that runs a .sql file as one text. */
const runOf = (text: string): string =>
  `import { Pool } from "pg";\nexport const run = () => new Pool().query(${JSON.stringify(text)});`;

function environmentOf(example: RuleExample, route: Route): Record<string, string> {
  const url = new URL(route.url);
  const variables = {
    PATH: process.env["PATH"],
    PGHOST: url.hostname,
    PGPORT: url.port,
    PGUSER: url.username,
    PGDATABASE: route.database,
    DATABASE_URL: route.url,
    DIRECT_URL: route.directUrl,
    DATABASE_URL_UNPOOLED: route.directUrl,
    ...example.environment,
  };
  return Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/**
 * Runs an example on `route` in a thread of its own and gives how it ended; `look` is called when `run` has ended and its connections are
 * still there. Its modules are written into `folder`, which must be there and empty.
 */
export async function runExample(
  example: RuleExample,
  route: Route,
  options: { readonly folder: string; readonly busyPool: boolean },
  look: () => Promise<void>,
): Promise<Ending> {
  // From there the modules find the project's packages.
  await symlink(join(root, "node_modules"), join(options.folder, "node_modules"));
  const moduleOf = async (name: string, code: string): Promise<string> => {
    const file = join(options.folder, `${name}.cjs`);
    await writeFile(file, transpile(code, route.url));
    return pathToFileURL(file).href;
  };
  const code = example.language === "sql" ? runOf(example.code) : example.code;
  const module = await moduleOf("example", code);
  const caller = example.caller === undefined ? undefined : await moduleOf("caller", example.caller);
  const thread = new Worker(worker, {
    env: environmentOf(example, route),
    workerData: {
      module,
      caller,
      args: example.args ?? [],
      busyPool: options.busyPool,
      pg: pathToFileURL(join(root, "node_modules", "pg", "esm", "index.mjs")).href,
    },
    stdout: true,
    stderr: true,
  });
  try {
    const ending = await endingOf(thread);
    await look();
    return ending;
  } finally {
    await thread.terminate();
  }
}

function endingOf(thread: Worker): Promise<Ending> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve({ unfinished: true });
    }, PATIENCE);
    const end = (ending: Ending): void => {
      clearTimeout(timer);
      resolve(ending);
    };
    thread.once("message", end);
    thread.once("error", (error: unknown) => {
      const { code, message } = Object.assign(
        { code: undefined },
        error instanceof Error ? error : new Error(String(error)),
      );
      end({ error: { code: typeof code === "string" ? code : undefined, message } });
    });
    thread.once("exit", () => {
      end({ error: { code: undefined, message: "the example ended its process" } });
    });
  });
}
