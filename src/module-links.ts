/** Names that pass between two modules: `[["Pool", "DbPool"]]` for `{ Pool as DbPool }`; `*` is all that there is. */
type Names = readonly (readonly [given: string, taken: string])[];

/** One import or re-export. */
interface Link {
  readonly specifier: string;
  readonly names: Names;
}

/** How a module is linked to others, by its text alone. */
export interface ModuleLinks {
  readonly imports: readonly Link[];
  readonly reExports: readonly Link[];
  /** The names it exports of its own; `*` when they cannot be told. */
  readonly own: readonly string[];
}

const LINK =
  /\b(import|export)\s+(?:type\s+)?([\w$*\s{},]{0,20000}?)\bfrom\s*["']([^"'\n]+)["']|\b(?:require|import)\s*\(\s*["']([^"'\n]+)["']|\bimport\s*["']([^"'\n]+)["']/g;
const DECLARATION =
  /\bexport\s+(?:declare\s+)?(?:async\s+)?(?:abstract\s+)?(?:const\s+enum|const|let|var|function|class|type|interface|enum|namespace)\b\s*(?:\*\s*)?([\w$]+|[[{])/g;
const LIST = /\bexport\s*(?:type\s*)?\{([^}]*)\}(?!\s*from\b)/g;

/**
 * Reads the imports and exports of a module from its text. What is said in a comment or string counts too: a link too many costs time, one
 * too few a finding.
 */
export function moduleLinks(text: string): ModuleLinks {
  const imports: Link[] = [];
  const reExports: Link[] = [];
  for (const [, keyword, clause = "", from, called, alone] of text.matchAll(LINK)) {
    if (from !== undefined)
      (keyword === "export" ? reExports : imports).push({ specifier: from, names: namesIn(clause) });
    else if (called !== undefined) imports.push({ specifier: called, names: ALL });
    else if (alone !== undefined) imports.push({ specifier: alone, names: [] });
  }
  const own = new Set<string>();
  for (const [, name = ""] of text.matchAll(DECLARATION)) own.add(/[[{]/.test(name) ? "*" : name);
  for (const [, list = ""] of text.matchAll(LIST)) for (const [, name] of namesIn(`{${list}}`)) own.add(name);
  if (/\bexport\s+default\b/.test(text)) own.add("default");
  if (/\bmodule\.exports\b|\bexports\.|\bexport\s*=/.test(text)) own.add("*");
  return { imports, reExports, own: [...own] };
}

const ALL: Names = [["*", "*"]];

/** `x, { a as b, type c }`, `* as y`. */
function namesIn(clause: string): Names {
  const list = /\{([^{}]*)\}/.exec(clause)?.[1] ?? "";
  const named = list.split(",").flatMap((words): Names => {
    const [given, taken] = words
      .trim()
      .replace(/^type\s+/, "")
      .split(/(?<!\s)\s+as\s+/);
    return given === undefined || given === "" ? [] : [[given, taken ?? given]];
  });
  const rest = clause.replace(/\{[^{}]*\}/, "");
  const star = /\*(?:\s*as\s+([\w$]+))?/.exec(rest);
  if (star !== null) return [...named, ["*", star[1] ?? "*"]];
  return /[\w$]/.test(rest) ? [...named, ["default", "default"]] : named;
}

/** Says in which modules an exported name of a module is defined, through those that only pass it on. */
export type DefinersOf = (path: string, name: string) => ReadonlySet<string>;

/** `linksOf` gives undefined for what is no module of the project. */
export function makeDefiners(
  linksOf: (path: string) => ModuleLinks | undefined,
  resolve: (from: string, specifier: string) => string | undefined,
): DefinersOf {
  const known = new Map<string, ReadonlySet<string>>();

  /** `isSaid`: somebody says that the name is here, where `export *` only says that it may be. */
  const find = (path: string, name: string, isSaid: boolean, asked: Set<string>): ReadonlySet<string> => {
    const key = `${path}\n${name}`;
    const links = linksOf(path);
    // What was asked before in this search, on another way or in a circle, adds nothing to it.
    if (links === undefined || asked.has(key)) return new Set();
    asked.add(key);
    const found = new Set<string>();
    for (const { specifier, names } of links.reExports) {
      for (const [given, as] of names) {
        const isStar = given === "*" && as === "*";
        if (name !== "*" && as !== name && !isStar) continue;
        const target = resolve(path, specifier);
        const taken = isStar ? name : given;
        if (target !== undefined)
          for (const definer of find(target, taken, !isStar || name === "*", asked)) found.add(definer);
        else if (!isStar) found.add(path);
      }
    }
    const isOwn = name === "*" || links.own.includes(name) || links.own.includes("*");
    // What was not found is a package's, or was not understood.
    if (isOwn || (isSaid && found.size === 0)) found.add(path);
    return found;
  };
  return (path, name) => {
    const key = `${path}\n${name}`;
    const definers = known.get(key) ?? find(path, name, true, new Set());
    known.set(key, definers);
    return definers;
  };
}
