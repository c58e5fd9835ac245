import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/** A small program that uses a driver as programs do. Its module exports `run`, which gives what it read. */
export interface Program {
  /** Driver and program: `pg/plain`. */
  readonly name: string;
  /** The name of its folder: as on npm or, where one works over several others, what comes nearest to that. */
  readonly driver: string;
  readonly file: string;
  readonly code: string;
}

const folder = join(import.meta.dirname, "..", "..", "witness", "drivers");

/** The drivers that programs are there for, by the names of their folders. */
export const drivers: readonly string[] = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();

/** The programs of a driver, in the order of their names. */
export const programsOf = (driver: string): readonly Program[] =>
  readdirSync(join(folder, driver))
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
    .sort()
    .map((name) => {
      const file = join(folder, driver, name);
      return { name: `${driver}/${name.slice(0, -".ts".length)}`, driver, file, code: readFileSync(file, "utf8") };
    });

/** The packages by which a driver reaches PostgreSQL, each by the way on which Node finds it. */
const BELOW: Readonly<Record<string, readonly (readonly string[])[]>> = {
  "drizzle-orm-node-postgres": [["pg"]],
  "drizzle-orm-postgres-js": [["postgres"]],
  knex: [["pg"]],
  "mikro-orm": [
    ["@mikro-orm/postgresql", "@mikro-orm/knex", "knex"],
    ["@mikro-orm/postgresql", "pg"],
  ],
  objection: [["pg"]],
  "pg-promise": [["pg-promise", "pg"]],
  prisma: [["@prisma/client"], ["@prisma/adapter-pg", "pg"]],
  sequelize: [["pg"]],
  slonik: [["slonik", "@slonik/pg-driver", "pg"]],
  typeorm: [["pg"]],
};

/** Packages that a program imports, and those below them, each with its version: `pg 8.23.1`. */
export const packagesOf = (program: Program): readonly string[] => {
  const code = program.code.replaceAll(/^import type .*;$/gm, "");
  const imported = [...code.matchAll(/ from "((?:@[a-z-]+\/)?[a-z][a-z-]*)/g)].map(([, name = ""]) => [name]);
  const ways = [...imported, ...(BELOW[program.driver] ?? [])];
  return [...new Set(ways.map((way) => `${way.at(-1) ?? ""} ${versionOf(way)}`))].sort();
};

function versionOf(way: readonly string[]): string {
  let from = import.meta.dirname;
  for (const name of way) {
    // Some packages do not export their package.json.
    const places = createRequire(join(from, "program.js")).resolve.paths(name) ?? [];
    const place = places.map((path) => join(path, name)).find((path) => existsSync(join(path, "package.json")));
    if (place === undefined) return "unknown";
    from = realpathSync(place);
  }
  return /"version": *"([^"]+)"/.exec(readFileSync(join(from, "package.json"), "utf8"))?.[1] ?? "unknown";
}
