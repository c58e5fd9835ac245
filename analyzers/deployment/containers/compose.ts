import type { Container, EnvironmentEntry } from "../../deployment-model.ts";
import { type DeploymentFile, deploymentKindOf, folderOf, isDevelopmentPath } from "../deployment-file.ts";
import { readEnvironmentFile } from "../line-files.ts";
import { at, entriesIn, itemsIn, readYamlTrees, textIn, type Tree } from "../yaml-tree.ts";
import { mergeTrees } from "./compose-merge.ts";
import { type ComposeSurroundings, containerOf, pathFrom, secretly } from "./compose-service.ts";
import type { Lookup } from "./interpolate.ts";

/** A file that was not understood, or in part only; the reason names the line where there is one. */
export interface FileProblem {
  readonly file: string;
  readonly reason: string;
}

const BASE = /^(?:docker-)?compose\.ya?ml$/;
const OVERRIDE = /^(?:docker-)?compose\.override\.ya?ml$/;
/** `extends` of `extends` of … goes no deeper than this. */
const MAX_EXTENDS = 8;

const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/**
 * The services of every compose project: in each folder the base file with its override, as `docker compose up` takes them; and every other
 * compose file over the base, where it leaves services incomplete that the base has, else by itself. `extends` and `include` are followed
 * within the project. Never throws: what is broken is a problem, and the rest is read.
 */
export function readComposeProjects(files: readonly DeploymentFile[]): {
  readonly containers: readonly Container[];
  readonly problems: readonly FileProblem[];
} {
  const problems: FileProblem[] = [];
  const compose = files.filter(({ path }) => deploymentKindOf(path) === "compose");
  const trees = new Map(
    compose.map((file) => {
      const read = readYamlTrees(file);
      for (const reason of read.problems)
        problems.push({ file: file.filename, reason: `read in part only: ${reason}` });
      return [file.path, read.trees[0]] as const;
    }),
  );
  const folders = [...new Set(compose.map(({ path }) => folderOf(path)))];
  const containers = folders.flatMap((folder) => {
    const own = compose.filter(({ path }) => folderOf(path) === folder);
    const base = own.find(({ path }) => BASE.test(nameOf(path)));
    const override = own.find(({ path }) => OVERRIDE.test(nameOf(path)));
    const main = [base, override].flatMap((file) => file ?? []);
    const variants = own.filter((file) => file !== base && file !== override);
    const projects = [
      ...(main.length === 0 ? [] : [main]),
      ...variants.map((variant) =>
        base !== undefined && leansOn(trees.get(variant.path), trees.get(base.path)) ? [base, variant] : [variant],
      ),
    ];
    return projects.flatMap((project) => readProject(project, { files, trees, problems }));
  });
  return { containers, problems };
}

/** Whether services of one file lack what another has: an image or a build. */
function leansOn(variant: Tree | undefined, base: Tree | undefined): boolean {
  return entriesIn(at(variant, "services")).some(
    ([name, service]) =>
      at(service, "image") === undefined &&
      at(service, "build") === undefined &&
      at(service, "extends") === undefined &&
      at(base, "services", name) !== undefined,
  );
}

interface Sources {
  readonly files: readonly DeploymentFile[];
  readonly trees: ReadonlyMap<string, Tree | undefined>;
  readonly problems: FileProblem[];
}

function readProject(project: readonly DeploymentFile[], sources: Sources): Container[] {
  const [first] = project;
  const last = project.at(-1);
  if (first === undefined || last === undefined) return [];
  const folder = folderOf(first.path);
  const included = project.flatMap(({ path }) => includedFrom(path, sources, [path]));
  const merged = [...included, ...project.map(({ path }) => sources.trees.get(path))].reduce<Tree | undefined>(
    (base, over) => mergeTrees(base, over),
    undefined,
  );
  const lookup = lookupIn(folder, sources);
  const around: ComposeSurroundings = {
    folder,
    path: last.path,
    project: project.map(({ path }) => nameOf(path)).join(" "),
    forDevelopment: isDevelopmentPath(last.path),
    lookup,
    environmentFile: (path) => environmentFile(path, sources),
    configs: at(merged, "configs"),
  };
  return entriesIn(at(merged, "services")).flatMap(([name, service]) => {
    const whole = extended(service, merged, folder, sources, 0);
    return whole?.kind === "map" ? [containerOf(name, whole, around)] : [];
  });
}

/** The files that `include` names, the first below the others. */
function includedFrom(path: string, sources: Sources, above: readonly string[]): (Tree | undefined)[] {
  return itemsIn(at(sources.trees.get(path), "include")).flatMap((item) => {
    const given = item.kind === "map" ? at(item, "path") : item;
    const names = given?.kind === "list" ? given.items : given === undefined ? [] : [given];
    return names.flatMap((name) => {
      const found = pathFrom(folderOf(path), textIn(name) ?? "");
      if (above.includes(found) || !sources.trees.has(found)) return [];
      return [...includedFrom(found, sources, [...above, found]), sources.trees.get(found)];
    });
  });
}

/** A service over the one that it extends, of the same file or another. */
function extended(
  service: Tree,
  file: Tree | undefined,
  folder: string,
  sources: Sources,
  depth: number,
): Tree | undefined {
  const extension = at(service, "extends");
  if (extension === undefined || depth > MAX_EXTENDS) return service;
  const name = textIn(extension.kind === "map" ? at(extension, "service") : extension);
  const other = textIn(at(extension, "file"));
  const path = other === undefined ? undefined : pathFrom(folder, other);
  const from = path === undefined ? file : sources.trees.get(path);
  const base = name === undefined ? undefined : at(from, "services", name);
  if (base === undefined) return service;
  const whole = extended(base, from, path === undefined ? folder : folderOf(path), sources, depth + 1);
  return mergeTrees(whole, service);
}

/** Variables of the `.env` beside the compose file. An example of one is no fact. */
function lookupIn(folder: string, { files }: Sources): Lookup {
  const file = files.find(({ path }) => path === (folder === "" ? ".env" : `${folder}/.env`));
  if (file === undefined) return () => undefined;
  const settings = new Map(readEnvironmentFile(file).settings.map(({ name, value }) => [name, value.text]));
  return (name) => settings.get(name);
}

function environmentFile(path: string, { files }: Sources): readonly EnvironmentEntry[] | undefined {
  const file = files.find((candidate) => candidate.path === path);
  if (file === undefined) return undefined;
  return readEnvironmentFile(file).settings.map(({ name, value }) => {
    const start = value.offsets[0] ?? 0;
    const end = (value.offsets.at(-1) ?? start - 1) + 1;
    const origin = { location: { file: file.filename, range: { start, end } }, words: `${name} in ${path}` };
    return secretly(name, { is: "known", value: value.text, origin }, !value.text.includes("$"));
  });
}
