import type { Confidence, Connection, SqlCallSite, StatementUse } from "../model.ts";
import type { Machine } from "./machine.ts";
import { onlyPostgres } from "./sending.ts";
import { lower } from "./transactions.ts";

/** Whether a program reaches PostgreSQL with a driver for several kinds of database, as far as the packages beside it tell. */
export type ReachesPostgres = "yes" | "perhaps" | "no" | "untold";

/**
 * What the package.json files above a file say of a driver that reaches each kind of database through a package for that kind: `no` where
 * packages for other kinds only are installed, `perhaps` where those are there for development (the tests of a library) or left to others.
 */
export function reachesPostgres(
  { packages, catalogue, connects }: Machine,
  file: string,
  driver: string,
): ReachesPostgres {
  if (!catalogue.isByPackage(driver) || connects.asPostgres.has(driver)) return "yes";
  const found = packages.dependenciesOf(file);
  if (found === undefined) return "untold";
  const names = [...found.keys()];
  if (names.some((name) => catalogue.isForPostgres(name))) return "yes";
  const others = names.filter((name) => catalogue.isRelationalPackage(name));
  return others.length === 0 ? "untold" : others.some((name) => found.get(name) === true) ? "no" : "perhaps";
}

/** Whether all that is known of a connection is the type of a parameter or field, or the custom of a tool: it was never seen made. */
function isOnlyTyped({ handles }: Pick<Machine, "handles">, connection: Connection): boolean {
  const from = connection.from.map((id) => handles.connections[id]).filter((origin) => origin !== undefined);
  return from.length === 0
    ? connection.known === "annotated"
    : from.every((origin) => isOnlyTyped({ handles }, origin));
}

/**
 * What was found without the call sites of drivers with which the program reaches nothing but other kinds of database: as its connections
 * say, or the packages that are installed. Where those only raise the question, what was found is a possibility; where nothing answers it,
 * it is likely at most, unless only PostgreSQL has such statements.
 */
export function onPostgres<Facts extends { readonly callSites: SqlCallSite[]; readonly statementUses: StatementUse[] }>(
  machine: Machine,
  facts: Facts,
  importsPostgres: boolean,
): Facts {
  const { here, elsewhere } = machine.connects;
  const answerFor = (site: SqlCallSite): Confidence | undefined => {
    const { driver } = site.connection;
    const over = machine.catalogue.under(driver) ?? driver;
    if (elsewhere.has(over) && !here.has(over)) return undefined;
    const files = new Set([site.location.file, site.connection.location.file]);
    const said = [...files].map((file) => reachesPostgres(machine, file, over));
    if (said.every((answer) => answer === "no")) return importsPostgres ? "possible" : undefined;
    if (said.every((answer) => answer === "no" || answer === "perhaps")) return "possible";
    const isOpen = !said.includes("yes") && isOnlyTyped(machine, site.connection) && !onlyPostgres(site.reading);
    return isOpen ? "likely" : "certain";
  };
  const answers = new Map(facts.callSites.map((site) => [site, answerFor(site)]));
  return {
    ...facts,
    callSites: facts.callSites.filter((site) => answers.get(site) !== undefined),
    statementUses: facts.statementUses.flatMap((use): StatementUse[] => {
      const bound = answers.get(use.site);
      if (bound === undefined) return [];
      if (bound === "certain") return [use];
      return [
        { ...use, reaches: use.reaches.map((reach) => ({ ...reach, confidence: lower(bound, reach.confidence) })) },
      ];
    }),
  };
}
