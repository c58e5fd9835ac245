import { deploymentKindOf, folderOf, isWithin } from "./deployment-file.ts";
import type { Manifest } from "./manifest.ts";
import { type PlacedText, standingAt } from "./placed-text.ts";
import { type Occasion, OCCASIONS, type RunCommand, type Unit } from "./unit.ts";

/** A unit with when it is run at the latest look: by itself, or because of what calls it. */
export interface ReachedUnit extends Unit {
  /** What calls it where that says more than the unit itself; nearest first. */
  readonly calledBy: readonly Unit[];
  /** Scripts that it calls with words of its own, as the command they then are: `yarn prisma migrate deploy`, where `prisma` is a script. */
  readonly completed: readonly CompletedCommand[];
}

/** The last command of a script with the words that a call of the script adds to it; the script's words stand where it is called. */
export interface CompletedCommand extends RunCommand {
  readonly script: RunCommand;
}

/** How far calls are followed: a workflow calls a script, that a script of a package, that a shell script. */
const MAX_STEPS = 6;

const later = (left: Occasion, right: Occasion): Occasion =>
  OCCASIONS.indexOf(left) >= OCCASIONS.indexOf(right) ? left : right;

/**
 * Says of each unit when it is run, with what calls it: a script that the start of a container calls is part of the deployment, whatever
 * its name.
 */
export function reachUnits(units: readonly Unit[], manifests: readonly Manifest[]): readonly ReachedUnit[] {
  const callable = callableUnits(units);
  const callees = new Map(units.map((unit) => [unit, calleesOf(unit, callable, manifests)]));
  const state = new Map<Unit, { occasion: Occasion; forDevelopment: boolean; calledBy: readonly Unit[] }>(
    units.map((unit) => [unit, { occasion: unit.occasion, forDevelopment: unit.forDevelopment, calledBy: [] }]),
  );
  for (let step = 0; step < MAX_STEPS; step++) {
    let changed = false;
    for (const unit of units) {
      const from = state.get(unit);
      if (from === undefined || from.occasion === "script") continue;
      for (const callee of callees.get(unit) ?? []) {
        const to = state.get(callee);
        if (to === undefined || callee === unit) continue;
        // A call from a test says nothing of a script that is not for tests.
        if (from.forDevelopment && !to.forDevelopment) continue;
        const occasion = later(to.occasion, from.occasion);
        const forDevelopment = to.forDevelopment && from.forDevelopment;
        if (occasion === to.occasion && forDevelopment === to.forDevelopment) continue;
        state.set(callee, { occasion, forDevelopment, calledBy: [unit, ...from.calledBy] });
        changed = true;
      }
    }
    if (!changed) break;
  }
  return units.map((unit) => ({
    ...unit,
    calledBy: [],
    completed: completedIn(unit, callable, manifests),
    ...state.get(unit),
  }));
}

function completedIn(unit: Unit, callable: Callable, manifests: readonly Manifest[]): CompletedCommand[] {
  return unit.commands.flatMap(({ words, settings }) =>
    scriptsCalled(words).flatMap((call): CompletedCommand[] => {
      const { at, added } = call;
      if (at === undefined || added === undefined || added.length === 0) return [];
      return scriptNamed(call, unit, callable.scripts.get(call.name) ?? [], manifests).flatMap((script) => {
        const last = script.commands.at(-1);
        if (last === undefined) return [];
        const own = last.words.map((word) => standingAt(word, at));
        return [{ words: [...own, ...added], settings: [...last.settings, ...settings], script: last }];
      });
    }),
  );
}

/** Units by what calls them. */
interface Callable {
  readonly scripts: ReadonlyMap<string, readonly Unit[]>;
  readonly shellFiles: ReadonlyMap<string, readonly Unit[]>;
  readonly targets: ReadonlyMap<string, readonly Unit[]>;
}

function callableUnits(units: readonly Unit[]): Callable {
  const maps = {
    scripts: new Map<string, Unit[]>(),
    shellFiles: new Map<string, Unit[]>(),
    targets: new Map<string, Unit[]>(),
  };
  const add = (map: Map<string, Unit[]>, name: string, unit: Unit): void => {
    map.set(name, [...(map.get(name) ?? []), unit]);
  };
  for (const unit of units) {
    const kind = deploymentKindOf(unit.path);
    if (kind === "shell") add(maps.shellFiles, nameOf(unit.path), unit);
    else if (kind === "manifest") add(maps.scripts, unit.script ?? "", unit);
    else if (kind === "makefile") add(maps.targets, unit.script ?? "", unit);
  }
  return maps;
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

function calleesOf(unit: Unit, callable: Callable, manifests: readonly Manifest[]): Unit[] {
  return unit.commands.flatMap(({ words }) => [
    ...scriptsCalled(words).flatMap((call) =>
      scriptNamed(call, unit, callable.scripts.get(call.name) ?? [], manifests),
    ),
    ...words.flatMap((word) => filesNamed(word.text, unit, callable.shellFiles.get(nameOf(word.text)) ?? [])),
    ...targetsCalled(words).flatMap((name) =>
      (callable.targets.get(name) ?? []).filter((other) => isWithin(folderOf(unit.path), folderOf(other.path))),
    ),
  ]);
}

/** `npm run NAME`, with the workspace it is asked of. */
interface ScriptCall {
  readonly name: string;
  /** The word that names it, and the words that are passed on to it. */
  readonly at?: PlacedText | undefined;
  readonly added?: readonly PlacedText[];
  readonly workspace?: string;
  /** Asked of every workspace that has it: `turbo run NAME`. */
  readonly everywhere: boolean;
}

const MANAGERS = new Set(["npm", "pnpm", "yarn", "bun"]);
const TASK_RUNNERS = new Set(["turbo", "lerna", "nx"]);
const SEVERAL = new Set(["npm-run-all", "npm-run-all2", "run-s", "run-p"]);
const WORKSPACE_OPTIONS = new Set([
  "--filter",
  "-F",
  "--workspace",
  "-w",
  "--prefix",
  "-C",
  "--dir",
  "--cwd",
  "--scope",
]);
const NO_SCRIPTS = new Set(
  "install i add ci remove rm uninstall update upgrade dlx exec x create init link publish pack view info why set config cache".split(
    " ",
  ),
);

/** The scripts of packages that a command calls. */
export function scriptsCalled(words: readonly PlacedText[]): ScriptCall[] {
  const texts = words.map((word) => word.text);
  return texts.flatMap((text, index): ScriptCall[] => {
    const program = text.slice(text.lastIndexOf("/") + 1);
    const rest = texts.slice(index + 1);
    if (SEVERAL.has(program))
      return rest.filter((word) => !word.startsWith("-")).map((name) => ({ name, everywhere: false }));
    if (TASK_RUNNERS.has(program)) return taskCalls(rest);
    return MANAGERS.has(program) ? managerCall(program, words.slice(index + 1)) : [];
  });
}

function taskCalls(rest: readonly string[]): ScriptCall[] {
  const start = rest.findIndex((word) => word === "run" || word === "run-many");
  const names = rest.slice(start + 1);
  const end = names.findIndex((word) => word.startsWith("-") && word !== "-t" && word !== "--target");
  return (end < 0 ? names : names.slice(0, end))
    .filter((word) => !word.startsWith("-"))
    .map((name) => ({ name: name.slice(name.indexOf("#") + 1), everywhere: true }));
}

function managerCall(program: string, words: readonly PlacedText[]): ScriptCall[] {
  const rest = words.map((word) => word.text);
  let workspace: string | undefined;
  for (let index = 0; index < rest.length; index++) {
    const word = rest[index] ?? "";
    const option = /^(--?[\w-]+)=(.*)$/.exec(word);
    if (option !== null) {
      if (WORKSPACE_OPTIONS.has(option[1] ?? "")) workspace = option[2];
    } else if (WORKSPACE_OPTIONS.has(word)) workspace = rest[++index];
    else if (word === "workspace") workspace = rest[++index];
    else if (word.startsWith("-") || word === "run" || word === "run-script") continue;
    else if (NO_SCRIPTS.has(word)) return [];
    else {
      const isRun = rest.slice(0, index).some((other) => other === "run" || other === "run-script");
      if (!isRun && program === "npm" && !/^(?:start|test|stop|restart)$/.test(word)) return [];
      const behind = words.slice(index + 1);
      const added = behind[0]?.text === "--" ? behind.slice(1) : behind;
      const named = { name: word, at: words[index], added, everywhere: false };
      return [workspace === undefined ? named : { ...named, workspace }];
    }
  }
  return [];
}

function scriptNamed(
  call: ScriptCall,
  caller: Unit,
  units: readonly Unit[],
  manifests: readonly Manifest[],
): readonly Unit[] {
  const named = units.filter((unit) => unit !== caller);
  if (call.everywhere) return named;
  const { workspace } = call;
  if (workspace !== undefined) {
    const path = workspace
      .replace(/^\.\//, "")
      .replace(/\.{3}$/, "")
      .replace(/[{}]/g, "");
    const folders = manifests.filter(
      ({ name, folder }) => name === path || folder === path || folder.endsWith(`/${path}`),
    );
    return named.filter((unit) => folders.some(({ folder }) => folder === folderOf(unit.path)));
  }
  const above = named
    .filter((unit) => isWithin(folderOf(caller.path), folderOf(unit.path)))
    .sort((left, right) => right.path.length - left.path.length);
  return above.length > 0 ? above.slice(0, 1) : named.length === 1 ? named : [];
}

/** The shell script that a word names by its file: `./scripts/entrypoint.sh`; of those of that name the one that the path fits. */
function filesNamed(word: string, caller: Unit, units: readonly Unit[]): readonly Unit[] {
  const named = units.filter((unit) => unit !== caller);
  if (named.length <= 1) return named;
  const tail = word.replace(/^(?:\.{0,2}\/)+/, "");
  const exact = named.filter(
    (unit) => unit.path.endsWith(tail) && isWithin(folderOf(unit.path), folderOf(caller.path)),
  );
  return exact.length > 0 ? exact : named.filter((unit) => folderOf(unit.path) === folderOf(caller.path));
}

const targetsCalled = (words: readonly PlacedText[]): readonly string[] => {
  const [first, ...rest] = words.map((word) => word.text);
  return first === "make" ? rest.filter((word) => !word.startsWith("-") && !word.includes("=")) : [];
};
