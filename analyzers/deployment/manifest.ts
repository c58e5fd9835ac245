import { isMap, isScalar, parseDocument } from "yaml";
import { type DeploymentFile, folderOf, isDevelopmentPath, isForDevelopment } from "./deployment-file.ts";
import { placeScalar } from "./placed-text.ts";
import { readShell } from "./shell.ts";
import { type FileFacts, makeUnit, type Occasion, together } from "./unit.ts";

/** What a package.json says of the packages around it. */
export interface Manifest {
  readonly file: string;
  readonly path: string;
  readonly folder: string;
  readonly name: string | undefined;
  /** Ranges by package, of every kind of dependency. */
  readonly dependencies: ReadonlyMap<string, string>;
  /** Those that are installed where the program runs. */
  readonly installed: ReadonlySet<string>;
}

const FIELDS = ["peerDependencies", "optionalDependencies", "devDependencies", "dependencies"];
const INSTALLED = new Set(["optionalDependencies", "dependencies"]);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Reads a package.json; why it cannot be, where it cannot. */
export function readManifest({ filename, path, text }: DeploymentFile): Manifest | { readonly problem: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { problem: "not valid JSON" };
  }
  if (!isRecord(json)) return { problem: "no JSON object" };
  const fields = json;
  const dependencies = new Map<string, string>();
  const installed = new Set<string>();
  for (const field of FIELDS) {
    const ranges = fields[field];
    if (!isRecord(ranges)) continue;
    for (const [name, range] of Object.entries(ranges)) {
      if (typeof range !== "string") continue;
      dependencies.set(name, range);
      if (INSTALLED.has(field)) installed.add(name);
    }
  }
  const name = fields["name"];
  return {
    file: filename,
    path,
    folder: folderOf(path),
    name: typeof name === "string" ? name : undefined,
    dependencies,
    installed,
  };
}

/** Scripts that are run where the program is started or released, by their name. */
const STARTS =
  /^(?:(?:pre|post)?(?:start|deploy|release|install)|start[:.-].*|deploy[:.-].*|release[:.-].*|heroku-postbuild|vercel-build|render-build|railway-.*|(?:pre|post)?build(?:[:.-]prod.*)?)$/;

/** The scripts of a package.json, each a unit. */
export function readScripts({ filename, path, text }: DeploymentFile): FileFacts {
  const document = parseDocument(text, { logLevel: "silent" });
  const scripts: unknown = isMap(document.contents) ? document.contents.get("scripts", true) : undefined;
  if (!isMap(scripts)) return { units: [], settings: [] };
  const isAside = isDevelopmentPath(path);
  return together(
    scripts.items.map(({ key, value }): FileFacts => {
      if (!isScalar(key) || !isScalar(value) || typeof value.value !== "string" || value.range == null)
        return { units: [], settings: [] };
      const name = String(key.value);
      const occasion: Occasion = STARTS.test(name) ? "start" : "script";
      const [start, end] = value.range;
      const script = placeScalar(filename, text, { start: start + 1, end }, value.value, true);
      return makeUnit(
        {
          file: filename,
          path,
          title: `package script ${name}`,
          script: name,
          occasion,
          forDevelopment: isAside || isForDevelopment(name),
        },
        readShell(script),
      );
    }),
  );
}
