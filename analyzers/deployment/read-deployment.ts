import type { ParsedFile } from "../source/parsed-file.ts";
import { type DeploymentFile, type DeploymentKind, deploymentKindOf, folderOf } from "./deployment-file.ts";
import { readDockerfile } from "./dockerfile.ts";
import { readEnvironmentFile, readMakefile, readProcfile, readToml } from "./line-files.ts";
import { type Manifest, readManifest, readScripts } from "./manifest.ts";
import { type PrismaConfig, readPrismaConfig } from "./prisma-config.ts";
import { readPrismaSchema, type SchemaBlock } from "./prisma-schema.ts";
import { readShellFile } from "./shell-file.ts";
import { type FileFacts, nothing, type Setting, type Unit } from "./unit.ts";
import { holdsCommands, readYamlFile } from "./yaml-file.ts";

/** All that the deployment files of a project say. */
export interface DeploymentFacts {
  readonly manifests: readonly Manifest[];
  readonly units: readonly Unit[];
  readonly settings: readonly Setting[];
  readonly schemas: readonly PlacedSchema[];
  readonly configs: readonly PlacedConfig[];
  /** Files that could not be read, or in part only, by their names. */
  readonly problems: readonly { readonly file: string; readonly reason: string }[];
}

export interface PlacedSchema {
  readonly path: string;
  readonly folder: string;
  readonly blocks: readonly SchemaBlock[];
}

export interface PlacedConfig extends PrismaConfig {
  readonly path: string;
  readonly folder: string;
}

const READERS: Readonly<Partial<Record<DeploymentKind, (file: DeploymentFile) => FileFacts>>> = {
  manifest: readScripts,
  dockerfile: readDockerfile,
  shell: readShellFile,
  workflow: (file) => readYamlFile(file, "workflow"),
  compose: (file) => readYamlFile(file, "compose"),
  yaml: (file) => readYamlFile(file, "yaml"),
  procfile: readProcfile,
  makefile: readMakefile,
  toml: readToml,
  environment: readEnvironmentFile,
};

/** How often files are looked through for the names of scripts that were found to matter. */
const MAX_ROUNDS = 4;

/**
 * Reads deployment files. Most of them are never taken apart: only those whose text `matters` at first sight, and those that name a script
 * which does. `load` parses prisma.config.ts. Never throws: what cannot be read becomes a problem with its reason.
 */
export function readDeployment(
  files: readonly DeploymentFile[],
  matters: RegExp,
  load: (filename: string) => ParsedFile | undefined,
): DeploymentFacts {
  const sorted = files.map((file) => ({ file, kind: deploymentKindOf(file.path) }));
  const ofKind = (wanted: DeploymentKind): DeploymentFile[] =>
    sorted.filter(({ kind }) => kind === wanted).map(({ file }) => file);
  const problems: { file: string; reason: string }[] = [];

  const manifests = ofKind("manifest").flatMap((file): Manifest[] => {
    const manifest = readManifest(file);
    if (!("problem" in manifest)) return [manifest];
    problems.push({ file: file.filename, reason: manifest.problem });
    return [];
  });
  const facts = readInRounds(sorted, matters);
  for (const { file, read } of facts)
    if (read.problem !== undefined)
      problems.push({ file: file.filename, reason: `read in part only: ${read.problem}` });
  return {
    manifests,
    units: facts.flatMap(({ read }) => read.units),
    settings: facts.flatMap(({ read }) => read.settings),
    schemas: ofKind("prisma-schema")
      .map((file) => ({ path: file.path, folder: folderOf(file.path), blocks: readPrismaSchema(file) }))
      .filter(({ blocks }) => blocks.length > 0),
    configs: ofKind("prisma-config").flatMap((file) => {
      const parsed = load(file.filename);
      return parsed === undefined
        ? []
        : [
            {
              ...readPrismaConfig(parsed),
              path: file.path,
              folder: folderOf(file.path).replace(/(?:^|\/)\.config$/, ""),
            },
          ];
    }),
    problems,
  };
}

interface Sorted {
  readonly file: DeploymentFile;
  readonly kind: DeploymentKind | undefined;
}

function readInRounds(
  sorted: readonly Sorted[],
  matters: RegExp,
): { readonly file: DeploymentFile; readonly read: FileFacts }[] {
  const read = new Map<DeploymentFile, FileFacts>();
  let wanted: RegExp | undefined = matters;
  for (let round = 0; round < MAX_ROUNDS && wanted !== undefined; round++) {
    const found: Unit[] = [];
    for (const { file, kind } of sorted) {
      if (read.has(file) || !wanted.test(file.text)) continue;
      if (kind === "yaml" && !holdsCommands(file.text)) continue;
      const facts = kind === undefined ? nothing : readGuarded(file, kind);
      read.set(file, facts);
      found.push(...facts.units.filter((unit) => wanted?.test(textOf(unit))));
    }
    wanted = namesOf(found);
  }
  return sorted.flatMap(({ file }) => {
    const facts = read.get(file);
    return facts === undefined ? [] : [{ file, read: facts }];
  });
}

/** A file that is nested too deep for the stack is given up; any other error is a bug and is thrown. */
function readGuarded(file: DeploymentFile, kind: DeploymentKind): FileFacts {
  try {
    return READERS[kind]?.(file) ?? nothing;
  } catch (error) {
    if (error instanceof RangeError && error.message.includes("call stack size"))
      return { ...nothing, problem: "nested too deep" };
    throw error;
  }
}

const textOf = ({ commands }: Unit): string =>
  commands.map(({ words }) => words.map((word) => word.text).join(" ")).join("\n");

/** What others would write to call these. */
function namesOf(units: readonly Unit[]): RegExp | undefined {
  const names = new Set(
    units.flatMap(({ script, path }) => {
      const name = script ?? path.slice(path.lastIndexOf("/") + 1);
      return script !== undefined || deploymentKindOf(path) === "shell" ? [name] : [];
    }),
  );
  if (names.size === 0) return undefined;
  const escaped = [...names].map((name) => name.replace(/[.*+?^$\{}()|[\]\\/-]/g, String.raw`\$&`));
  return new RegExp(String.raw`(?<![\w:-])(?:${escaped.join("|")})(?![\w:-])`);
}
