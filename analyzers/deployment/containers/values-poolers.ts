import type {
  Container,
  EnvironmentEntry,
  Origin,
  PoolerDeployment,
  PoolerSetting,
  Stated,
} from "../../deployment-model.ts";
import { PARAMETERS } from "../../pgbouncer-parameters.ts";
import { type DeploymentFile, folderOf, isDevelopmentPath } from "../deployment-file.ts";
import { at, entriesIn, itemsIn, textIn, type Tree } from "../yaml-tree.ts";
import { secretly } from "./compose-service.ts";
import { imageReference } from "./image-reference.ts";
import { poolerImageOf, poolerOfContainer } from "./pooler-of-container.ts";

/** Keys by which charts take environment variables. */
const ENVIRONMENT_KEYS = ["env", "environment", "extraEnv", "extraEnvVars", "envVars"];
const REPLICA_KEYS = ["replicaCount", "replicacount", "replicas", "instances"];
const MAX_DEPTH = 12;

const named = (name: string, { location, words }: Origin): Origin => ({ location, words: `${name} in ${words}` });

/**
 * Poolers among the values of charts: maps with an image of a pooler and its environment, and maps that are named after PgBouncer and hold
 * its parameters, in its spelling or in camelCase. Charts add settings of their own, so that nothing follows from what is not there.
 */
export function poolersInValues(tree: Tree, file: DeploymentFile): readonly PoolerDeployment[] {
  const found: PoolerDeployment[] = [];
  const visit = (node: Tree, name: string, depth: number): void => {
    if (
      depth > MAX_DEPTH ||
      textIn(at(node, "enabled")) === "false" ||
      name.startsWith("_") ||
      /exporter|metrics/i.test(name)
    )
      return;
    const pooler = node.kind === "map" ? poolerIn(node, name, file) : undefined;
    if (pooler !== undefined) {
      found.push(pooler);
      return;
    }
    for (const [key, inner] of entriesIn(node)) visit(inner, key, depth + 1);
    for (const inner of itemsIn(node)) visit(inner, name, depth + 1);
  };
  visit(tree, "", 0);
  return found;
}

function poolerIn(node: Tree, name: string, file: DeploymentFile): PoolerDeployment | undefined {
  const container = containerOf(node, name, file);
  const isNamed = /pg-?_?bouncer/i.test(name);
  const isImage = container.image !== undefined && poolerImageOf(container) !== undefined;
  const settings = isNamed || isImage ? parametersIn(node, 0) : [];
  const hasVariables = container.environment.length > 0;
  // An image alone is for the templates, which say what runs in it.
  if (settings.length === 0 && !(isImage && hasVariables)) return undefined;
  const fromImage = isImage ? poolerOfContainer(container) : undefined;
  // What an image sets when no variable does is not known of a chart that may set it in another way.
  const variables = hasVariables ? [...(fromImage?.settings.values() ?? [])] : [];
  const all = [...variables, ...settings];
  return {
    kind: fromImage?.kind ?? "pgbouncer",
    title: container.title,
    origin: container.origin,
    forDevelopment: container.forDevelopment,
    ...(fromImage?.version === undefined ? {} : { version: fromImage.version }),
    settings: new Map(all.map((setting) => [setting.name, setting])),
    written: all.filter(({ via }) => via !== "image-default"),
    isWhole: false,
    databases: fromImage?.databases ?? [],
    users: [],
    withoutEffect: fromImage?.withoutEffect ?? [],
    problems: [],
    container,
    readFrom: "manifest",
  };
}

/** `maxClientConn` as `max_client_conn`. */
const snakeCase = (name: string): string => name.replace(/([a-z\d])([A-Z])/g, "$1_$2").toLowerCase();

/** Names that say nothing by themselves in a chart. */
const COMMON = new Set(["user", "verbose", "logfile", "syslog", "pidfile"]);

/** Parameters of PgBouncer among the entries of a map, and of maps in it. */
function parametersIn(node: Tree, depth: number): PoolerSetting[] {
  return entriesIn(node).flatMap(([key, value]): PoolerSetting[] => {
    if (value.kind === "map")
      return depth < 3 && !/exporter|metrics|database|users/i.test(key) ? parametersIn(value, depth + 1) : [];
    const name = snakeCase(key);
    if (!PARAMETERS.pgbouncer.has(name) || COMMON.has(name) || value.kind !== "scalar") return [];
    const origin = named(key, value.origin);
    const text = textIn(value);
    if (text === undefined || text === "") return [];
    const stated: Stated<string> = { is: "known", value: text, origin };
    return [{ name, value: stated, via: "manifest" }];
  });
}

function containerOf(node: Tree, name: string, file: DeploymentFile): Container {
  const image = imageIn(at(node, "image"));
  const replicas = REPLICA_KEYS.map((key) => at(node, key)).find((tree) => textIn(tree) !== undefined);
  const count = Number(textIn(replicas));
  const environment = ENVIRONMENT_KEYS.flatMap((key) => variablesIn(at(node, key)));
  const key = node.key ?? node.origin;
  return {
    name: name === "" ? file.path : name,
    title: `${name === "" ? "the pooler" : name} in ${file.path}`,
    platform: "kubernetes",
    group: folderOf(file.path),
    forDevelopment: isDevelopmentPath(file.path),
    origin: { location: key.location, words: file.path },
    ...(image === undefined ? {} : { image }),
    environment,
    command: [],
    mounts: [],
    ports: [],
    dependsOn: [],
    // The templates of the chart say it.
    healthCheck: { state: "present" },
    stopSignal: { is: "unknown", because: "the templates of the chart say it", origin: named(name, key) },
    ...(replicas === undefined || !Number.isInteger(count)
      ? {}
      : { replicas: { is: "known", value: count, origin: named("replicas", replicas.origin) } as const }),
  };
}

/** `repo/name:tag`, or `{ registry, repository, tag }`. */
function imageIn(tree: Tree | undefined): ReturnType<typeof imageReference> {
  if (tree === undefined) return undefined;
  const text = textIn(tree);
  if (text !== undefined) return imageReference(text, named("image", tree.origin));
  const repository = at(tree, "repository");
  const name = textIn(repository);
  if (repository === undefined || name === undefined) return undefined;
  const tag = textIn(at(tree, "tag"));
  const origin = named("image", (at(tree, "tag") ?? repository).origin);
  return imageReference(`${name}${tag === undefined || tag === "" ? "" : `:${tag}`}`, origin);
}

/** `[{ name, value }]` and `{ NAME: value }`. */
function variablesIn(tree: Tree | undefined): EnvironmentEntry[] {
  const entry = (name: string, value: Tree): EnvironmentEntry[] => {
    const text = textIn(value);
    const origin = named(name, value.origin);
    return text === undefined ? [] : [secretly(name, { is: "known", value: text, origin }, true)];
  };
  const listed = itemsIn(tree).flatMap((item) => {
    const name = textIn(at(item, "name"));
    const value = at(item, "value");
    return name === undefined || value === undefined ? [] : entry(name, value);
  });
  return [...listed, ...entriesIn(tree).flatMap(([name, value]) => entry(name, value))];
}
