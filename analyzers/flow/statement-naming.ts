import type { HandleMaker, NamesStatements } from "../drivers/driver.ts";
import type { Confidence, SourceLocation } from "../model.ts";
import { alternatives, isSetting, truthiness, type ObjectValue, type Value } from "../source/values.ts";
import { type Handle } from "./handles.ts";
import type { Machine } from "./machine.ts";

/** The settings among the arguments, from inside the option that holds them where there is one. */
function settingsIn(given: readonly Value[], inside: string | undefined): readonly Value[] {
  if (inside === undefined) return given;
  return given.flatMap((value): readonly Value[] => {
    if (value.kind !== "object") return [value];
    const held = value.properties.get(inside)?.value;
    return held === undefined ? [value] : alternatives(held);
  });
}

/** How sure it is that an object of settings leaves the naming on; undefined when it turns it off. */
function leftOn(naming: NamesStatements, object: ObjectValue): Confidence | undefined {
  const said = object.properties.get(naming.option)?.value;
  if (said === undefined && object.open) return "possible";
  const truths = said === undefined ? [true] : alternatives(said).map(truthiness);
  if (truths.every((truth) => truth === false)) return undefined;
  return truths.some((truth) => truth !== true) ? "possible" : "certain";
}

/** Whether a connection string turns the option off: `?prepare=false`. */
const isOffInUrl = (value: Value, option: string): boolean =>
  value.kind === "text" &&
  value.segments.some(
    (segment) =>
      segment.kind === "text" && new RegExp(String.raw`[?&]${option}=(?:false|disable)\b`).test(segment.value),
  );

/** How sure it is that a connection made with these arguments names its statements; undefined when it does not. */
function sureness(naming: NamesStatements, given: readonly Value[]): Confidence | undefined {
  const settings = settingsIn(given, naming.inside);
  const objects = settings
    .filter((value) => value.kind === "object")
    .filter(({ properties }) => naming.onlyWith !== true || properties.has(naming.option));
  if (naming.onlyWith === true && objects.length === 0) return undefined;
  const answers = objects.map((object) => leftOn(naming, object));
  if (answers.includes(undefined) || settings.some((value) => isOffInUrl(value, naming.option))) return undefined;
  if (answers.includes("possible")) return "possible";
  if (answers.length > 0) return "certain";
  // A text or a variable of the environment is a connection string; what is not known may be settings.
  return settings.some((value) => value.kind === "unknown" && !isSetting(value)) ? "likely" : "certain";
}

/** Notes that a connection just made gives its statements names of the driver's own. */
export function noteNaming(
  machine: Machine,
  maker: HandleMaker,
  made: Handle,
  given: readonly Value[],
  location: SourceLocation,
): void {
  const naming = maker.options?.namesStatements;
  const confidence = naming === undefined ? undefined : sureness(naming, given);
  if (naming === undefined || confidence === undefined) return;
  const { connection } = made;
  machine.ledger.statementNaming({
    driver: connection.driver,
    symptom: naming.symptom,
    effect: naming.effect,
    fix: naming.onlyWith === true ? `no ${naming.option}` : `${naming.option}: false`,
    location,
    confidence,
    connection,
  });
}

/** Notes that a connection which a package keeps ready gives its statements names; a connection string may still say otherwise. */
export function noteReadyNaming(machine: Machine, naming: NamesStatements | undefined, { connection }: Handle): void {
  if (naming === undefined) return;
  machine.ledger.readyNaming({
    driver: connection.driver,
    symptom: naming.symptom,
    effect: naming.effect,
    fix: `${naming.option}: false on an instance of your own`,
    confidence: "likely",
    connection,
  });
}
