import type {
  Confidence,
  Connection,
  ConnectHook,
  Evidence,
  LibraryUse,
  NamedStatement,
  Protocol,
  Reach,
  Resolution,
  SourceLocation,
  SqlAction,
  SqlCallSite,
  SqlReading,
  SqlText,
  StartupParameter,
  StatementNaming,
  StatementUse,
  TransactionEnding,
} from "../model.ts";

/** A reach whose transaction may still be running; endings are added while paths go on. */
export interface OpenReach {
  readonly id: number;
  readonly end: (how: TransactionEnding["how"], then: readonly SqlAction[]) => void;
}

/** What a call site is, before its statements are judged. */
export interface SiteFacts {
  readonly location: SourceLocation;
  readonly sink: string;
  readonly connection: Connection;
  readonly protocol: Protocol;
  readonly text: SqlText;
  readonly reading: SqlReading;
  readonly statementName?: NamedStatement;
  readonly hook?: ConnectHook;
  readonly readsProcessId?: true;
  /** True when the text or the connection was decided by a caller that was not seen. */
  readonly fromUnseenCaller: () => boolean;
  /** The driver whose method sends it, which may work over the one that made the connection. */
  readonly sentBy?: string;
}

/** What a reach is when its statement runs. */
export interface ReachFacts {
  readonly state: Reach["state"];
  readonly transaction: Reach["transaction"];
  readonly before: readonly SqlAction[];
  readonly confidence: Confidence;
  readonly stateConfidence: Confidence;
  readonly path: readonly Evidence[];
}

interface OpenUse {
  readonly reaches: { readonly facts: ReachFacts; readonly endings: TransactionEnding[]; readonly open: OpenReach }[];
  readonly byKey: Map<string, OpenReach>;
}

interface OpenSite {
  readonly facts: SiteFacts;
  readonly uses: OpenUse[];
}

/** What a connection that no place makes does; its place is where it is used. */
type ReadyNaming = Omit<StatementNaming, "location"> & { readonly connection: Connection };

/** A statement keeps at most this many reaches: further ones repeat what these show. */
const MAX_REACHES = 48;

const LEVELS: readonly Confidence[] = ["possible", "likely", "certain"];
const isSurer = (left: Confidence, right: Confidence): boolean => LEVELS.indexOf(left) > LEVELS.indexOf(right);

const locationKey = (location: SourceLocation): string =>
  `${location.file}:${String(location.range.start)}-${String(location.range.end)}`;

const actionsKey = (actions: readonly SqlAction[]): string =>
  actions.map((action) => `${action.kind}@${locationKey(action.location)}`).join();

const placeAndWords = ({ location, text }: SiteFacts): string =>
  [locationKey(location), ...text.map((part) => (part.kind === "text" ? part.value : part.kind))].join("\n");

/** How well the SQL of a call site is known: as its worst statement; a text without statements is resolved unless it has a hole. */
function resolutionOf(facts: SiteFacts): Resolution {
  const order: readonly Resolution[] = ["resolved", "partial", "unresolved"];
  const fallback: Resolution = facts.text.some((segment) => segment.kind === "hole") ? "unresolved" : "resolved";
  const worst = Math.max(-1, ...facts.reading.statements.map((statement) => order.indexOf(statement.resolution)));
  return order[worst] ?? fallback;
}

/** Collects what the flow engine sees: call sites, the reaches of their statements, startup parameters and library uses. */
export class Ledger {
  readonly #sites = new Map<string, OpenSite>();
  readonly #parameters = new Map<string, StartupParameter>();
  readonly #namings = new Map<string, StatementNaming>();
  readonly #readyNamings = new Map<number, ReadyNaming>();
  /** Connections that something works over which names no statement, always or in some versions. */
  readonly #unnamed = new Map<Connection, "always" | "sometimes">();
  readonly #libraries = new Map<string, LibraryUse>();
  readonly #limits = new Map<string, { location: SourceLocation; reason: string }>();
  /** Places with their texts of which enough was seen. */
  #settled: ReadonlySet<string> | undefined;
  #nextReach = 1;

  /** The entry of a call site with one text on one connection; the same again when it is reached again. */
  site(facts: SiteFacts): OpenSite {
    const textKey = facts.text
      .map((segment) => (segment.kind === "text" ? segment.value : `\uE000${locationKey(segment.location)}`))
      .join("");
    // What is seen further of such a place is thrown away.
    if (this.#settled?.has(placeAndWords(facts)) === true) return { facts, uses: [] };
    const where = facts.text[0] === undefined ? "" : locationKey(facts.text[0].location);
    const key = [
      locationKey(facts.location),
      String(facts.connection.id),
      facts.protocol,
      where,
      textKey,
      facts.hook?.event ?? "",
    ].join("\n");
    let site = this.#sites.get(key);
    if (site === undefined) {
      site = { facts, uses: facts.reading.statements.map(() => ({ reaches: [], byKey: new Map() })) };
      this.#sites.set(key, site);
    }
    return site;
  }

  /** Says that enough was seen of every text of every call site: from here on only others are noted. */
  settle(): void {
    this.#settled = new Set([...this.#sites.values()].map(({ facts }) => placeAndWords(facts)));
  }

  /** Notes that the `index`-th statement of a site is reached so. */
  reach(site: OpenSite, index: number, facts: ReachFacts): OpenReach {
    const use = site.uses[index];
    // Ways that differ in nothing but their steps are one: the first one seen is shown, and test files are followed last.
    const key = [
      facts.state,
      facts.transaction,
      facts.confidence,
      facts.stateConfidence,
      actionsKey(facts.before),
    ].join("|");
    const known = use?.byKey.get(key);
    if (known !== undefined) return known;
    const endings: TransactionEnding[] = [];
    const seen = new Set<string>();
    const open: OpenReach = {
      id: this.#nextReach++,
      end: (how, then) => {
        const endingKey = how + actionsKey(then);
        if (seen.has(endingKey)) return;
        seen.add(endingKey);
        endings.push({ how, then });
      },
    };
    if (use !== undefined && use.reaches.length < MAX_REACHES) {
      use.byKey.set(key, open);
      use.reaches.push({ facts, endings, open });
    }
    return open;
  }

  startupParameter(parameter: StartupParameter): void {
    const { location, name, value, connection } = parameter;
    const key = [locationKey(location), name, value ?? "", connection.route].join("\n");
    const known = this.#parameters.get(key);
    if (known === undefined || isSurer(parameter.confidence, known.confidence)) this.#parameters.set(key, parameter);
  }

  /** Of one place, the surest, for connections that pass the pooler and for those that do not. */
  statementNaming(naming: StatementNaming): void {
    const key = `${locationKey(naming.location)} ${naming.connection?.route ?? ""}`;
    const known = this.#namings.get(key);
    if (known === undefined || isSurer(naming.confidence, known.confidence)) this.#namings.set(key, naming);
  }

  readyNaming(naming: ReadyNaming): void {
    this.#readyNamings.set(naming.connection.id, naming);
  }

  unnamedBy(connection: Connection, when: "always" | "sometimes"): void {
    this.#unnamed.set(connection, when);
  }

  libraryUse(use: LibraryUse): void {
    const key = `${use.library}@${locationKey(use.location)}`;
    if (!this.#libraries.has(key)) this.#libraries.set(key, use);
  }

  limit(location: SourceLocation, reason: string): void {
    this.#limits.set(`${locationKey(location)}${reason}`, { location, reason });
  }

  /** Everything collected, ordered by file and position. */
  close(): {
    callSites: SqlCallSite[];
    statementUses: StatementUse[];
    startupParameters: StartupParameter[];
    statementNamings: StatementNaming[];
    libraryUses: LibraryUse[];
    limits: { location: SourceLocation; reason: string }[];
  } {
    const byPlace = (left: SourceLocation, right: SourceLocation): number =>
      left.file < right.file
        ? -1
        : left.file > right.file
          ? 1
          : left.range.start - right.range.start || left.range.end - right.range.end;
    const sites = [...this.#seenBest()].sort((left, right) => byPlace(left.facts.location, right.facts.location));
    const callSites: SqlCallSite[] = [];
    const statementUses: StatementUse[] = [];
    for (const { facts, uses } of sites) {
      const { fromUnseenCaller: _, sentBy: __, ...rest } = facts;
      const site: SqlCallSite = { ...rest, resolution: resolutionOf(facts) };
      callSites.push(site);
      facts.reading.statements.forEach((statement, index) => {
        const reaches = (uses[index]?.reaches ?? []).map(({ facts: reach, endings }): Reach => ({
          ...reach,
          endings: endings.length === 0 ? [{ how: "open", then: [] }] : endings,
        }));
        if (reaches.length > 0) statementUses.push({ site, statement, reaches });
      });
    }
    return {
      callSites,
      statementUses,
      startupParameters: [...this.#parameters.values()].sort((left, right) => byPlace(left.location, right.location)),
      statementNamings: [
        ...[...this.#namings.values()].flatMap((naming) => this.#namingOn(naming)),
        ...this.#namingsWhereUsed(callSites),
      ].sort((left, right) => byPlace(left.location, right.location)),
      libraryUses: [...this.#libraries.values()].sort((left, right) => byPlace(left.location, right.location)),
      limits: [...this.#limits.values()].sort((left, right) => byPlace(left.location, right.location)),
    };
  }

  /** In each file, the first query on a connection that is kept ready and names its statements. */
  #namingsWhereUsed(sorted: readonly SqlCallSite[]): StatementNaming[] {
    const byFile = new Map<string, StatementNaming>();
    for (const { location, connection, protocol } of sorted) {
      const naming = [connection.id, ...connection.from].flatMap((id) => this.#readyNamings.get(id) ?? [])[0];
      const key = `${location.file} ${String(naming?.connection.id)}`;
      if (naming !== undefined && protocol !== "simple" && !byFile.has(key)) byFile.set(key, { ...naming, location });
    }
    return [...byFile.values()];
  }

  /** A naming where its connection has users other than those that name nothing; less sure where their version decides. */
  #namingOn(naming: StatementNaming): StatementNaming[] {
    const { connection } = naming;
    const unnamed = connection === undefined ? undefined : this.#unnamed.get(connection);
    if (connection === undefined || unnamed === undefined) return [naming];
    const isUsed = [...this.#sites.values()].some(
      ({ facts }) => facts.connection === connection && facts.sentBy === connection.driver,
    );
    if (isUsed) return [naming];
    return unnamed === "always" ? [] : [{ ...naming, confidence: "possible" }];
  }

  /**
   * Sites without those that only show what an unseen caller might pass where seen callers show what is passed. Calls through one wrapper
   * have one place: a text that is known is another site's only when that has the same. Where it was seen what a receiver is, the ways on
   * which that is not known show nothing more.
   */
  #seenBest(): OpenSite[] {
    const sites = [...this.#sites.values()];
    const place = ({ facts }: OpenSite): string => locationKey(facts.location);
    const words = ({ facts }: OpenSite): string => placeAndWords(facts);
    const isOpen = ({ facts }: OpenSite): boolean =>
      facts.text.some((part) => part.kind === "hole" && part.reason.includes("is a parameter"));
    // One of several connections that a condition chooses among does not speak for the others: `(tx ?? pool).query(…)`.
    const isChosen = ({ uses }: OpenSite): boolean =>
      uses.length > 0 && uses.every((use) => use.reaches.every(({ facts }) => facts.stateConfidence === "possible"));
    const seen = new Set(
      sites
        .filter((site) => !site.facts.fromUnseenCaller() && !isChosen(site))
        .flatMap((site) => [place(site), words(site)]),
    );
    const known = new Set(sites.filter(({ facts }) => facts.connection.known !== "inferred").map(words));
    return sites
      .filter((site) => site.facts.connection.known !== "inferred" || !known.has(words(site)))
      .filter((site) => !site.facts.fromUnseenCaller() || !seen.has(isOpen(site) ? place(site) : words(site)));
  }
}

export type { OpenSite };
