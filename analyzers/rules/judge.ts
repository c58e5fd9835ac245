import {
  HOLE,
  PARAMETER,
  type Analysis,
  type Confidence,
  type Connection,
  type Evidence,
  type Finding,
  type PoolerProfile,
  type Problem,
  type Reach,
  type Rule,
  type RuleContext,
  type Severity,
  type SourceLocation,
  type SqlAction,
  type SqlCallSite,
  type SqlStatement,
  type StatementUse,
  type Suggestion,
} from "../model.ts";
import { followPooler, type FollowedProblem, nameThePooler } from "./follow-pooler.ts";
import { forReplication } from "./replication.ts";
import { fill } from "./words.ts";

/** What is judged. */
export type JudgedFacts = Pick<
  Analysis,
  "statementUses" | "callSites" | "startupParameters" | "statementNamings" | "libraryUses" | "connections"
>;

/** The profile that a connection meets in a file; of what is no connection, the profile of the file. */
export type ProfileFor = (connection: Connection | undefined, file: string) => PoolerProfile;

const LEVELS: readonly Confidence[] = ["certain", "likely", "possible"];
const lowest = (...levels: readonly Confidence[]): Confidence =>
  LEVELS[Math.max(...levels.map((level) => LEVELS.indexOf(level)))] ?? "possible";
const surer = (left: Confidence, right: Confidence): boolean => LEVELS.indexOf(left) < LEVELS.indexOf(right);

const placeKey = (location: SourceLocation): string =>
  `${location.file}:${String(location.range.start)}-${String(location.range.end)}`;

/**
 * Asks every rule about everything that was seen. One defect becomes one finding, however many ways lead to it: the problems of a rule
 * with the same message at the same place are one, as sure as the surest of them, with the path of that one as evidence.
 *
 * A problem is never surer than what it rests on: the reach (connection and state), the reading of the statement (`lexer` alone says
 * `likely` for SELECT and the like), and a text of which parts are unknown (`likely`; `possible` when the statement itself is not known).
 *
 * What runs on a connection that is declared direct is no rule's business, nor what runs on one for replication. Where the same code runs
 * on others too, it is judged for those.
 *
 * What a problem comes to depends on the pooler (follow-pooler.ts): `profileFor` says which one a connection meets in a file, `profile` is that
 * of all others. Code of a file may be declared to run on a direct connection, whatever made that: `isDeclaredDirect`.
 */
export function judge(
  facts: JudgedFacts,
  rules: readonly Rule[],
  profile: PoolerProfile,
  profileFor: ProfileFor = () => profile,
  isDeclaredDirect: (connection: Connection, file: string) => boolean = () => false,
): Finding[] {
  const byFile = new Map<string, SqlAction[]>();
  for (const use of facts.statementUses) {
    const list = byFile.get(use.site.location.file) ?? [];
    list.push(...use.statement.actions);
    byFile.set(use.site.location.file, list);
  }
  const shared = {
    actionsIn: (file: string): readonly SqlAction[] => byFile.get(file) ?? [],
    statementsIn: (file: string): readonly SqlStatement[] =>
      facts.statementUses.filter((use) => use.site.location.file === file).map((use) => use.statement),
  };
  const contexts = new Map<PoolerProfile, RuleContext>();
  const contextOf = (connection: Connection | undefined, file: string): RuleContext => {
    const own = profileFor(connection, file);
    const known = contexts.get(own) ?? { profile: own, ...shared };
    contexts.set(own, known);
    return known;
  };
  const drafts = new Map<string, Draft>();
  const isForReplication = forReplication(facts);
  const isDirect = (connection: Connection, file: string): boolean =>
    connection.route === "direct" || isDeclaredDirect(connection, file);
  const isAlone = (connection: Connection, file: string): boolean =>
    isDirect(connection, file) || isForReplication(connection);

  for (const rule of rules) {
    const add = (
      found: Problem,
      context: RuleContext,
      bound: Confidence,
      path: readonly Evidence[],
      connection: Connection | undefined,
      statement?: SqlStatement,
      name = "",
    ): void => {
      const problem = followPooler(found, rule, context.profile, subjectOf(found, rule, statement));
      if (problem !== undefined)
        collect(drafts, rule, problem, context.profile, bound, path, connection, statement, name);
    };
    for (const use of facts.statementUses) {
      if (rule.checkStatement === undefined || isAlone(use.site.connection, use.site.location.file)) continue;
      const context = contextOf(use.site.connection, use.site.location.file);
      for (const reach of use.reaches) {
        for (const problem of rule.checkStatement(use, reach, context))
          add(problem, context, boundOf(use, reach, problem), reach.path, use.site.connection, use.statement);
      }
    }
    for (const site of facts.callSites) {
      if (rule.checkCallSite === undefined || isAlone(site.connection, site.location.file)) continue;
      const context = contextOf(site.connection, site.location.file);
      for (const problem of rule.checkCallSite(site, context))
        add(problem, context, siteBound(site), [], site.connection, site.reading.statements[0]);
    }
    for (const parameter of facts.startupParameters) {
      if (isDirect(parameter.connection, parameter.location.file)) continue;
      const context = contextOf(parameter.connection, parameter.location.file);
      for (const problem of rule.checkStartupParameter?.(parameter, context) ?? [])
        // Several parameters may be sent at one place: each is a defect of its own.
        add(
          problem,
          context,
          parameter.confidence,
          parameter.evidence ?? [],
          parameter.connection,
          undefined,
          parameter.name,
        );
    }
    for (const naming of facts.statementNamings) {
      if (naming.connection !== undefined && isAlone(naming.connection, naming.location.file)) continue;
      const context = contextOf(naming.connection, naming.location.file);
      for (const problem of rule.checkStatementNaming?.(naming, context) ?? [])
        add(problem, context, naming.confidence, [], naming.connection);
    }
    for (const use of facts.libraryUses) {
      const context = contextOf(undefined, use.location.file);
      for (const problem of rule.checkLibraryUse?.(use, context) ?? [])
        add(problem, context, use.confidence, [], undefined);
    }
  }
  return [...drafts.values()].map(finish).sort(byPlace);
}

/** More of a statement than this says no more in a sentence. */
const MAX_SUBJECT = 60;

/** What a sentence about a problem is about: the statement, or the name of a parameter, statement or package. */
function subjectOf({ data }: Problem, { feature }: Rule, statement: SqlStatement | undefined): string {
  const { library, driver, name } = data;
  if (library !== undefined) return library;
  if (driver !== undefined) return `what ${driver} names by itself`;
  if (feature === "named-statement") return `The named statement \`${name ?? "…"}\``;
  const words = statement === undefined ? shownSql(name ?? "") : shownSql(statement.text);
  return `\`${words.length > MAX_SUBJECT ? `${words.slice(0, MAX_SUBJECT - 1)}…` : words}\``;
}

interface Draft {
  readonly rule: Rule;
  profile: PoolerProfile;
  problem: FollowedProblem;
  confidence: Confidence;
  path: readonly Evidence[];
  connection: Connection | undefined;
  readonly statement: SqlStatement | undefined;
  /** Those that every way agrees on. */
  suggestions: readonly Suggestion[];
}

function collect(
  drafts: Map<string, Draft>,
  rule: Rule,
  problem: FollowedProblem,
  profile: PoolerProfile,
  bound: Confidence,
  path: readonly Evidence[],
  connection: Connection | undefined,
  statement: SqlStatement | undefined,
  name: string,
): void {
  const confidence = lowest(problem.confidence ?? "certain", bound);
  const key = [rule.id, placeKey(problem.location), problem.messageId, name].join("\n");
  const known = drafts.get(key);
  if (known === undefined) {
    drafts.set(key, {
      rule,
      profile,
      problem,
      confidence,
      path,
      connection,
      statement,
      suggestions: problem.suggestions ?? [],
    });
    return;
  }
  const offered = new Set((problem.suggestions ?? []).map((suggestion) => suggestion.message));
  known.suggestions = known.suggestions.filter((suggestion) => offered.has(suggestion.message));
  if (!surer(confidence, known.confidence)) return;
  known.problem = problem;
  known.profile = profile;
  known.confidence = confidence;
  known.path = path;
  known.connection = connection;
}

/** How sure a problem with a statement can be. */
function boundOf(use: StatementUse, reach: Reach, problem: Problem): Confidence {
  const { site, statement } = use;
  const text =
    statement.resolution === "resolved" ? "certain" : statement.resolution === "partial" ? "likely" : "possible";
  // Whoever calls a routine runs its body, so the connection that creates it decides nothing.
  const inRoutine = statement.actions.some(
    (action) => action.place === "routine-body" && placeKey(action.location) === placeKey(problem.location),
  );
  if (inRoutine) return lowest(text, "likely");
  const state = problem.restsOnState === true ? reach.stateConfidence : "certain";
  return lowest(text, reach.confidence, state, siteBound(site));
}

/** How sure anything about a call site can be: a receiver that only its method name speaks for is no certainty. */
const siteBound = (site: SqlCallSite): Confidence =>
  site.connection.known === "inferred" ? (site.connection.driver === "sql-file" ? "possible" : "likely") : "certain";

/** A guess is for the audit to show, not for the gate to fail on. */
const severityOf = (severity: Severity, confidence: Confidence): Severity =>
  confidence === "possible" ? (severity === "error" ? "warning" : "info") : severity;

/** Text of a statement for a reader: one line, holes as `…`, parameters as `$n`. */
function shownSql(text: string): string {
  let parameter = 0;
  return text
    .replaceAll(HOLE, "…")
    .replaceAll(PARAMETER, () => `$${String(++parameter)}`)
    .replace(/\s+/g, " ")
    .trim();
}

function finish(draft: Draft): Finding {
  const { rule, profile, problem, confidence, statement } = draft;
  const words = rule.messages[problem.messageId];
  if (words === undefined) throw new Error(`${rule.id} has no message "${problem.messageId}"`);
  const data = Object.fromEntries(Object.entries(problem.data).map(([name, value]) => [name, shownSql(value)]));
  return {
    ruleId: rule.id,
    messageId: problem.messageId,
    location: problem.location,
    severity: severityOf(problem.severity, confidence),
    confidence,
    effect: problem.effect,
    message: messageOf(problem, nameThePooler(fill(words.message, data), profile)),
    remedy: fill(words.remedy, data),
    condition: fill(words.condition ?? words.remedy, data),
    ...(statement === undefined ? {} : { sql: shownSql(statement.text) }),
    breaksOn: problem.breaksOn,
    evidence: [...draft.path, ...(problem.evidence ?? [])],
    suggestions: draft.suggestions,
    ...(draft.connection === undefined ? {} : { connection: draft.connection }),
  };
}

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

const byPlace = (left: Finding, right: Finding): number =>
  compare(left.location.file, right.location.file) ||
  left.location.range.start - right.location.range.start ||
  left.location.range.end - right.location.range.end ||
  compare(left.ruleId, right.ruleId) ||
  compare(left.messageId, right.messageId);

const messageOf = ({ words }: FollowedProblem, own: string): string =>
  words === undefined ? own : words.replace("{{message}}", () => own);
