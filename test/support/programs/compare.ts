import type { Finding } from "../../../analyzers/index.ts";
import type { Analysed } from "./analysed.ts";
import type { MarkedStatement, Parameter } from "./marks.ts";
import type { Recorded } from "./recorded.ts";
import type { PooledRun } from "./runs.ts";
import { KEPT } from "./session-effects.ts";

const shown = (values: ReadonlySet<string | undefined>): string =>
  [...values]
    .map((value) => value ?? "…")
    .sort()
    .join("/");

const same = (left: ReadonlySet<string>, right: ReadonlySet<string>): boolean => shown(left) === shown(right);

/** Where the analysis and what became of the program behind a pooler do not agree, in words: it is told exactly what fails or harms. */
export function pooledDisagreements(findings: readonly Finding[], { failure, harm }: PooledRun): readonly string[] {
  const seen = [...(failure === undefined ? [] : [`fails: ${failure}`]), ...harm];
  const rules = [...new Set(findings.map(({ ruleId }) => ruleId))].sort();
  if (seen.length > 0 && rules.length === 0) return [`not reported, and ${seen.join("; ")}`];
  return seen.length === 0 && rules.length > 0 ? [`reported by ${rules.join(", ")}, and it works without harm`] : [];
}

/** Where the analysis and the wire do not agree on a program, each in words; none: they agree. */
export function disagreements(analysed: Analysed, recorded: Recorded): readonly string[] {
  const found: string[] = [];
  for (const [mark, sent] of recorded.statements) {
    const said = analysed.statements.get(mark);
    if (said === undefined) found.push(`${mark}: the analysis sees no call site`);
    else {
      const mayBeNamed = analysed.onNaming.has(mark) || [...sent.names].some((name) => analysed.givenNames.has(name));
      found.push(...compareStatement(said, sent, mayBeNamed).map((words) => `${mark}: ${words}`));
    }
  }
  for (const mark of analysed.statements.keys())
    if (!recorded.statements.has(mark)) found.push(`${mark}: was not sent`);
  found.push(...compareNaming(analysed, recorded));
  found.push(...compareParameters(analysed.parameters, recorded.parameters));
  // What a package of the libraries' table does is said in words, not as SQL.
  const isSaid = analysed.needsSession
    ? recorded.ownEffects.length > 0
    : same(new Set(analysed.ownEffects), new Set(recorded.ownEffects));
  if (!isSaid)
    found.push(`the driver by itself: said ${analysed.ownEffects.join(", ")}; sent ${recorded.ownEffects.join(", ")}`);
  return found.sort();
}

function compareStatement(said: MarkedStatement, sent: MarkedStatement, mayBeNamed: boolean): readonly string[] {
  const found: string[] = [];
  if (!same(said.runsIn, sent.runsIn)) found.push(`said to run in ${shown(said.runsIn)}, ran in ${shown(sent.runsIn)}`);
  // `unknown` claims nothing: it depends on an engine or a version.
  if (!said.protocol.has("unknown") && !same(said.protocol, sent.protocol))
    found.push(`said to be ${shown(said.protocol)}, was ${shown(sent.protocol)}`);
  const isSaidNamed = [...said.names].some((name) => name !== "");
  if (isSaidNamed && ![...said.names].every((name) => name === undefined || sent.names.has(name)))
    found.push(`said to be named ${shown(said.names)}, was named ${shown(sent.names)}`);
  const isNamed = [...sent.names].some((name) => name !== "");
  if (isSaidNamed && !isNamed) found.push("said to be named, was not");
  if (isNamed && !isSaidNamed && !mayBeNamed) found.push("was named, which is not said");
  return found;
}

/** Names of the program's, which a driver may be given apart from the text, and names that are the driver's own. */
function compareNaming({ givenNames, names }: Analysed, recorded: Recorded): readonly string[] {
  const own = [...recorded.names].filter((name) => !givenNames.has(name));
  const missing = [...givenNames].filter((name) => name !== undefined && !recorded.names.has(name));
  return [
    ...missing.map((name) => `no statement was named ${name ?? ""}, which is said`),
    ...(givenNames.has(undefined) && own.length === 0 ? ["a statement is said to be named, and none was"] : []),
    ...(own.length > 0 && !names && !givenNames.has(undefined)
      ? ["the driver named statements, which is not said"]
      : []),
    ...(own.length === 0 && names ? ["the driver is said to name statements, and named none"] : []),
  ];
}

function compareParameters(said: readonly Parameter[], sent: readonly Parameter[]): readonly string[] {
  const isSent = ({ name, value }: Parameter): boolean =>
    sent.some((other) => other.name === name && (value === undefined || other.value === value));
  const isSaid = ({ name }: Parameter): boolean => KEPT.has(name) || said.some((other) => other.name === name);
  const words = ({ name, value }: Parameter): string => `startup parameter ${name}=${value ?? "…"}`;
  return [
    ...said
      .filter((parameter) => !isSent(parameter))
      .map((parameter) => `${words(parameter)} is said, and was not sent`),
    ...sent
      .filter((parameter) => !isSaid(parameter))
      .map((parameter) => `${words(parameter)} was sent, which is not said`),
  ];
}
