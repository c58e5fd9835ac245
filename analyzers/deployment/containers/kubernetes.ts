import type {
  Container,
  EnvironmentEntry,
  Mount,
  Origin,
  PoolerDeployment,
  PublishedPort,
  ServerDeployment,
  Stated,
} from "../../deployment-model.ts";
import { type DeploymentFile, deploymentKindOf, folderOf, isDevelopmentPath } from "../deployment-file.ts";
import type { IniText } from "../pgbouncer-ini.ts";
import { at, entriesIn, itemsIn, readYamlTrees, textIn, type Tree, type YamlTrees } from "../yaml-tree.ts";
import type { FileProblem } from "./compose.ts";
import { secretly } from "./compose-service.ts";
import { customPooler, customServer } from "./custom-resources.ts";
import { actionValue, type Chart, chartOf, chartsIn, isHelmTemplate, untemplated, withoutTemplates } from "./helm.ts";
import { imageReference } from "./image-reference.ts";
import type { Resource } from "./resource.ts";
import { poolersInValues } from "./values-poolers.ts";

/** What manifests set up. */
export interface KubernetesReading {
  readonly containers: readonly Container[];
  readonly poolers: readonly PoolerDeployment[];
  readonly servers: readonly ServerDeployment[];
  /** Every ini that a manifest or a values file holds; those of a ConfigMap under its name. */
  readonly inis: readonly (IniText & { readonly configMap?: string })[];
  readonly problems: readonly FileProblem[];
}

const WORTH_READING = /^[ \t]*["']?(?:apiVersion|kind)["']?\s*:|pgbouncer/im;

const named = (name: string, { location, words }: Origin): Origin => ({ location, words: `${name} in ${words}` });

/**
 * Reads Kubernetes manifests, and any other YAML that holds an ini of PgBouncer: workloads with their containers, Services in front of them,
 * autoscalers, ConfigMaps, and the resources of operators. Never throws: what is broken is a problem, and the rest is read.
 */
export function readKubernetes(files: readonly DeploymentFile[]): KubernetesReading {
  const problems: FileProblem[] = [];
  const resources: Resource[] = [];
  const inis: (IniText & { readonly configMap?: string })[] = [];
  const values: PoolerDeployment[] = [];
  const charts = chartsIn(files);
  for (const file of files) {
    if (deploymentKindOf(file.path) !== "yaml" || !WORTH_READING.test(file.text)) continue;
    const isTemplate = isHelmTemplate(file);
    const read = isTemplate ? readTemplate(file, charts) : readYamlTrees(file);
    const isManifest = read.trees.some((tree) => textIn(at(tree, "kind")) !== undefined);
    // Of broken YAML that is no manifest nothing was expected.
    if (isManifest || file.text.includes("[pgbouncer]"))
      for (const reason of read.problems)
        problems.push({ file: file.filename, reason: `read in part only: ${reason}` });
    for (const tree of read.trees) {
      resources.push(...resourcesIn(tree, file).map((resource) => ({ ...resource, isTemplate })));
      inis.push(...inisIn(tree, file));
      if (!isTemplate && textIn(at(tree, "kind")) === undefined) values.push(...poolersInValues(tree, file));
    }
  }
  const containers = resources.flatMap((resource) => containersOf(resource, resources));
  return {
    containers,
    poolers: [...resources.flatMap((resource) => customPooler(resource) ?? []), ...values],
    servers: resources.flatMap((resource) => customServer(resource) ?? []),
    inis,
    problems,
  };
}

/** A template as YAML, with the values of its chart. */
function readTemplate(file: DeploymentFile, charts: readonly Chart[]): YamlTrees {
  const { text, actions } = untemplated(file.text);
  const chart = chartOf(charts, file.path);
  const valueAt = (start: number): string | undefined => {
    const action = actions.get(start);
    return action === undefined ? undefined : actionValue(action, chart);
  };
  return readYamlTrees(file, { text, valueAt });
}

function resourcesIn(tree: Tree, file: DeploymentFile): Resource[] {
  const kind = textIn(at(tree, "kind"));
  if (kind === undefined) return [];
  if (kind === "List") return itemsIn(at(tree, "items")).flatMap((item) => resourcesIn(item, file));
  return [{ tree, kind, name: textIn(at(tree, "metadata", "name")) ?? "", file }];
}

/** Every text in a tree that is an ini of PgBouncer. */
function inisIn(tree: Tree, file: DeploymentFile): (IniText & { readonly configMap?: string })[] {
  const configMap = textIn(at(tree, "kind")) === "ConfigMap" ? textIn(at(tree, "metadata", "name")) : undefined;
  const found: (IniText & { readonly configMap?: string })[] = [];
  const visit = (node: Tree): void => {
    if (node.kind === "map") for (const inner of node.entries.values()) visit(inner);
    else if (node.kind === "list") for (const inner of node.items) visit(inner);
    else if (/^[ \t]*\[pgbouncer\]/m.test(node.text))
      found.push({ path: file.path, text: node.placed(), ...(configMap === undefined ? {} : { configMap }) });
  };
  visit(tree);
  return found;
}

/** Where the template of the pods stands, by kind. */
const POD_PATHS: Readonly<Record<string, readonly string[]>> = {
  Deployment: ["spec", "template"],
  StatefulSet: ["spec", "template"],
  DaemonSet: ["spec", "template"],
  ReplicaSet: ["spec", "template"],
  Rollout: ["spec", "template"],
  Job: ["spec", "template"],
  CronJob: ["spec", "jobTemplate", "spec", "template"],
  Pod: [],
};

function containersOf(resource: Resource, all: readonly Resource[]): Container[] {
  const path = POD_PATHS[resource.kind];
  if (path === undefined) return [];
  const pod = at(resource.tree, ...path);
  const spec = at(pod, "spec");
  const services = servicesFor(at(pod, "metadata", "labels"), resource, all);
  const isJob = resource.kind === "Job" || resource.kind === "CronJob";
  const read = (list: Tree | undefined, runsOnce: boolean): Container[] =>
    itemsIn(list).flatMap((tree): Container[] => {
      if (tree.kind !== "map") return [];
      const container = containerOf(tree, spec, resource, services, all);
      return [runsOnce ? { ...container, runsOnce: true } : container];
    });
  return [...read(at(spec, "containers"), isJob), ...read(at(spec, "initContainers"), true)];
}

function containerOf(
  tree: Tree,
  spec: Tree | undefined,
  resource: Resource,
  services: readonly Resource[],
  all: readonly Resource[],
): Container {
  const { file, kind, name } = resource;
  const own = textIn(at(tree, "name")) ?? name;
  const imageTree = at(tree, "image");
  const text = textIn(imageTree);
  const image =
    imageTree === undefined || text === undefined ? undefined : imageReference(text, named("image", imageTree.origin));
  const probe = at(tree, "readinessProbe") ?? at(tree, "livenessProbe");
  const grace = at(spec, "terminationGracePeriodSeconds");
  const replicas = replicasOf(resource, all);
  const hook = at(tree, "lifecycle", "preStop");
  const commandTree = at(tree, "command") ?? at(tree, "args");
  return {
    name: own,
    title: `container ${own} of ${kind} ${name} in ${file.path}`,
    platform: "kubernetes",
    group: folderOf(file.path),
    forDevelopment: isDevelopmentPath(withoutTemplates(file.path)),
    origin: { location: (at(tree, "name") ?? tree).origin.location, words: file.path },
    ...(resource.isTemplate === true ? { isTemplated: true } : {}),
    hostNames: services.map((service) => service.name),
    ...(image === undefined ? {} : { image }),
    environment: environmentOf(tree, all),
    command: [...itemsIn(at(tree, "command")), ...itemsIn(at(tree, "args"))].map((word) => textIn(word) ?? "…"),
    ...(commandTree === undefined ? {} : { commandOrigin: named("command", commandTree.origin) }),
    mounts: mountsOf(tree, spec),
    ports: services.flatMap(servicePorts),
    dependsOn: [],
    healthCheck: probe === undefined ? { state: "absent" } : { state: "present", origin: named("probe", probe.origin) },
    ...(hook === undefined ? {} : { stopSignal: hookSignal(hook) }),
    ...(grace === undefined ? {} : { stopGracePeriod: numberIn(grace, "terminationGracePeriodSeconds") }),
    ...(replicas === undefined ? {} : { replicas }),
  };
}

/** What a preStop hook does is known when it sends a signal. */
function hookSignal(hook: Tree): Stated<string> {
  const origin = named("preStop", hook.origin);
  const words = itemsIn(at(hook, "exec", "command")).map((word) => textIn(word) ?? "");
  const signal = /(?:kill|pkill|killall)\s+(?:-s\s+|-)(?:SIG)?(INT|TERM|QUIT|2|15|3)\b/.exec(words.join(" "))?.[1];
  return signal === undefined
    ? { is: "unknown", because: "a preStop hook stops it", origin }
    : { is: "known", value: `SIG${signal}`, origin };
}

function numberIn(tree: Tree, name: string): Stated<number> {
  const origin = named(name, tree.origin);
  const value = Number(textIn(tree) ?? NaN);
  return Number.isInteger(value)
    ? { is: "known", value, origin }
    : { is: "unknown", because: `${name} is no whole number`, origin };
}

/** The replicas of a workload; an autoscaler that leads it decides instead. */
function replicasOf({ kind, name, tree }: Resource, all: readonly Resource[]): Stated<number> | undefined {
  const scaler = all.find(
    (other) =>
      other.kind === "HorizontalPodAutoscaler" &&
      textIn(at(other.tree, "spec", "scaleTargetRef", "name")) === name &&
      (textIn(at(other.tree, "spec", "scaleTargetRef", "kind")) ?? kind) === kind,
  );
  const most = at(scaler?.tree, "spec", "maxReplicas");
  // The budget is about what may be needed at most.
  if (most !== undefined) return numberIn(most, "maxReplicas");
  const replicas = at(tree, "spec", "replicas");
  if (replicas !== undefined) return numberIn(replicas, "replicas");
  return kind === "DaemonSet"
    ? { is: "unknown", because: "a DaemonSet runs once on every node", origin: named("kind", tree.origin) }
    : undefined;
}

/** The Services whose selector fits the labels of a pod. */
function servicesFor(labels: Tree | undefined, { file }: Resource, all: readonly Resource[]): readonly Resource[] {
  const own = new Map(entriesIn(labels).map(([key, value]) => [key, textIn(value)]));
  return all.filter((other) => {
    const selector = entriesIn(at(other.tree, "spec", "selector"));
    return (
      other.kind === "Service" &&
      selector.length > 0 &&
      folderOf(other.file.path) === folderOf(file.path) &&
      selector.every(([key, value]) => own.get(key) === textIn(value))
    );
  });
}

/** Ports that a Service makes known outside the cluster. */
function servicePorts({ tree }: Resource): PublishedPort[] {
  const type = textIn(at(tree, "spec", "type"));
  if (type !== "LoadBalancer" && type !== "NodePort") return [];
  const isInternal = entriesIn(at(tree, "metadata", "annotations")).some(
    ([key, value]) => /internal/i.test(key) && textIn(value) !== "false",
  );
  if (isInternal) return [];
  return itemsIn(at(tree, "spec", "ports")).map((port) => {
    const target = Number(textIn(at(port, "targetPort")) ?? textIn(at(port, "port")));
    const published = Number(textIn(at(port, "port")));
    return {
      target: Number.isInteger(target) ? target : undefined,
      ...(Number.isInteger(published) ? { published } : {}),
      isLocal: false,
      origin: named(`type: ${type}`, at(tree, "spec", "type")?.origin ?? port.origin),
    };
  });
}

function environmentOf(tree: Tree, all: readonly Resource[]): readonly EnvironmentEntry[] {
  const configMap = (name = ""): Tree | undefined =>
    all.find((other) => other.kind === "ConfigMap" && name !== "" && other.name === name)?.tree;
  const fromMaps = itemsIn(at(tree, "envFrom")).flatMap((item) =>
    entriesIn(at(configMap(textIn(at(item, "configMapRef", "name"))), "data")).map(([name, value]) =>
      entryOf(name, value),
    ),
  );
  const own = itemsIn(at(tree, "env")).flatMap((item): EnvironmentEntry[] => {
    const name = textIn(at(item, "name"));
    if (name === undefined) return [];
    const value = at(item, "value");
    if (value !== undefined) return [entryOf(name, value)];
    const origin = named(name, item.origin);
    if (at(item, "valueFrom", "secretKeyRef") !== undefined)
      return [{ name, value: { is: "unknown", because: "it comes from a Secret", origin }, secrecy: "from-secret" }];
    const reference = at(item, "valueFrom", "configMapKeyRef");
    const held = at(configMap(textIn(at(reference, "name"))), "data", textIn(at(reference, "key")) ?? "");
    return held === undefined
      ? [{ name, value: { is: "unknown", because: "it comes from elsewhere in the cluster", origin }, secrecy: "open" }]
      : [entryOf(name, held)];
  });
  return [...new Map([...fromMaps, ...own].map((entry) => [entry.name, entry])).values()];
}

/** `$(OTHER)` is filled in by Kubernetes from the same container. */
function entryOf(name: string, tree: Tree): EnvironmentEntry {
  const origin = named(name, tree.origin);
  const text = textIn(tree);
  const isKnown = text !== undefined && !/\$\(|\{\{/.test(text);
  return secretly(
    name,
    isKnown
      ? { is: "known", value: text, origin }
      : { is: "unknown", because: "it is put together in the cluster", origin },
    isKnown,
  );
}

function mountsOf(tree: Tree, spec: Tree | undefined): readonly Mount[] {
  const volumes = itemsIn(at(spec, "volumes"));
  return itemsIn(at(tree, "volumeMounts")).flatMap((mount): Mount[] => {
    const target = textIn(at(mount, "mountPath"));
    const volume = volumes.find((candidate) => textIn(at(candidate, "name")) === textIn(at(mount, "name")));
    if (target === undefined) return [];
    const map = textIn(at(volume, "configMap", "name"));
    const secret = textIn(at(volume, "secret", "secretName"));
    const key = textIn(at(mount, "subPath"));
    const source =
      map !== undefined
        ? { kind: "config-map" as const, name: map }
        : secret !== undefined
          ? { kind: "secret" as const, name: secret }
          : undefined;
    return [
      {
        target,
        ...(source === undefined ? {} : { source: { ...source, ...(key === undefined ? {} : { key }) } }),
        origin: named("volumeMounts", mount.origin),
      },
    ];
  });
}
