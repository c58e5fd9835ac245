import type {
  Container,
  Dependency,
  EnvironmentEntry,
  Mount,
  Origin,
  PublishedPort,
  Stated,
} from "../../deployment-model.ts";
import { at, entriesIn, itemsIn, textIn, type Tree } from "../yaml-tree.ts";
import { asMap } from "./compose-merge.ts";
import { imageReference } from "./image-reference.ts";
import { interpolate, type Lookup } from "./interpolate.ts";
import { isSecretFile, isSecretName, withoutPasswords } from "./secrets.ts";

/** What a service is read with. */
export interface ComposeSurroundings {
  /** The folder of the project. */
  readonly folder: string;
  /** The compose file that a reader would name. */
  readonly path: string;
  readonly project: string;
  readonly forDevelopment: boolean;
  readonly lookup: Lookup;
  /** Variables of an env_file, by its path in the project; undefined when there is no such file. */
  readonly environmentFile: (path: string) => readonly EnvironmentEntry[] | undefined;
  /** The `configs` of the project. */
  readonly configs: Tree | undefined;
}

/** For a reader: `POOL_MODE in docker-compose.yml`. */
const named = (name: string, { location, words }: Origin): Origin => ({ location, words: `${name} in ${words}` });

/** A scalar with its variables filled in. */
export function statedText(tree: Tree, name: string, lookup: Lookup): Stated<string> {
  const origin = named(name, tree.origin);
  if (tree.kind !== "scalar") return { is: "unknown", because: "it is no text", origin };
  const value = interpolate(tree.text, lookup);
  return "unknown" in value
    ? { is: "unknown", because: value.unknown, origin, shape: value.shape }
    : { is: "known", value: value.text, origin };
}

/** A whole number with its variables filled in. */
function statedNumber(tree: Tree, name: string, lookup: Lookup): Stated<number> {
  const text = statedText(tree, name, lookup);
  if (text.is === "unknown") return text;
  const value = Number(text.value);
  return text.value.trim() !== "" && Number.isInteger(value)
    ? { is: "known", value, origin: text.origin }
    : { is: "unknown", because: `${name} is no whole number`, origin: text.origin };
}

/** A service of a compose project. */
export function containerOf(name: string, service: Tree, around: ComposeSurroundings): Container {
  const { lookup } = around;
  const imageTree = at(service, "image");
  const image = imageTree === undefined ? undefined : statedText(imageTree, "image", lookup);
  const reference = image?.is === "known" ? imageReference(image.value, image.origin) : undefined;
  const built = builtFrom(at(service, "build"), around);
  const command = [...wordsIn(at(service, "entrypoint"), lookup), ...wordsIn(at(service, "command"), lookup)];
  const commandTree = at(service, "command") ?? at(service, "entrypoint");
  const replicas = at(service, "deploy", "replicas") ?? at(service, "scale");
  const openFiles = openFilesIn(at(service, "ulimits", "nofile"), lookup);
  const stopSignal = at(service, "stop_signal");
  const grace = at(service, "stop_grace_period");
  const containerName = textIn(at(service, "container_name"));
  return {
    name,
    title: `service ${name} of ${around.path}`,
    platform: "compose",
    group: around.folder,
    project: around.project,
    forDevelopment: around.forDevelopment,
    origin: { location: (service.key ?? service.origin).location, words: around.path },
    hostNames: [
      ...(containerName === undefined ? [] : [containerName]),
      ...[textIn(at(service, "hostname"))].flatMap((host) => host ?? []),
      ...entriesIn(at(service, "networks")).flatMap(([, network]) =>
        itemsIn(at(network, "aliases")).flatMap((alias) => textIn(alias) ?? []),
      ),
    ],
    ...(reference === undefined ? {} : { image: reference }),
    ...(built === undefined ? {} : { builtFrom: built }),
    ...openEnvironment(service, around),
    environment: environmentOf(service, around),
    command,
    ...(commandTree === undefined ? {} : { commandOrigin: named("command", commandTree.origin) }),
    mounts: mountsOf(service, around),
    ports: itemsIn(at(service, "ports")).flatMap((port) => publishedPort(port, lookup)),
    dependsOn: dependenciesOf(at(service, "depends_on")),
    healthCheck: healthOf(at(service, "healthcheck")),
    ...(openFiles === undefined ? {} : { openFiles }),
    ...(stopSignal === undefined ? {} : { stopSignal: statedText(stopSignal, "stop_signal", lookup) }),
    ...(grace === undefined ? {} : { stopGracePeriod: durationOf(grace, lookup) }),
    ...(replicas === undefined ? {} : { replicas: statedNumber(replicas, "replicas", lookup) }),
  };
}

/** The Dockerfile of `build`, a path in the project. */
function builtFrom(build: Tree | undefined, { folder, lookup }: ComposeSurroundings): string | undefined {
  if (build === undefined) return undefined;
  const context = build.kind === "scalar" ? build : at(build, "context");
  const where = context === undefined ? { is: "known" as const, value: "." } : statedText(context, "build", lookup);
  const file = at(build, "dockerfile");
  const name =
    file === undefined ? { is: "known" as const, value: "Dockerfile" } : statedText(file, "dockerfile", lookup);
  return where.is === "known" && name.is === "known" && !/^\w+:\/\/|^git@/.test(where.value)
    ? pathFrom(folder, where.value, name.value)
    : undefined;
}

/** Joins paths of a project; `..` goes up as far as the project goes. */
export function pathFrom(...parts: readonly string[]): string {
  const names: string[] = [];
  for (const name of parts.join("/").split("/")) {
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  }
  return names.join("/");
}

/** The words of a command, split as a shell would; those that are not known as `…`. */
function wordsIn(tree: Tree | undefined, lookup: Lookup): readonly string[] {
  const known = (part: Tree): string => {
    const text = statedText(part, "", lookup);
    return text.is === "known" ? text.value : "…";
  };
  if (tree?.kind === "list") return tree.items.map(known);
  if (tree?.kind !== "scalar" || tree.isNull) return [];
  return [...known(tree).matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? "",
  );
}

/** The files of variables that a service names. */
function environmentFiles(
  service: Tree,
  { folder, lookup }: ComposeSurroundings,
): readonly { readonly path: string; readonly tree: Tree }[] {
  const files = at(service, "env_file");
  const items = files === undefined ? [] : files.kind === "list" ? files.items : [files];
  return items.flatMap((item) => {
    const tree = item.kind === "map" ? at(item, "path") : item;
    const path = tree === undefined ? undefined : knownText(tree, lookup);
    return tree === undefined || path === undefined || path === "" ? [] : [{ path: pathFrom(folder, path), tree }];
  });
}

/** The first of them that is not there. */
function openEnvironment(service: Tree, around: ComposeSurroundings): Pick<Container, "environmentIsOpen"> {
  const gone = environmentFiles(service, around).find(({ path }) => around.environmentFile(path) === undefined);
  return gone === undefined
    ? {}
    : {
        environmentIsOpen: {
          words: `env_file ${gone.path} is not among the audited files`,
          origin: named("env_file", gone.tree.origin),
        },
      };
}

function environmentOf(service: Tree, around: ComposeSurroundings): readonly EnvironmentEntry[] {
  const fromFiles = environmentFiles(service, around).flatMap(({ path }) => around.environmentFile(path) ?? []);
  const tree = at(service, "environment");
  const own = entriesIn(tree === undefined ? undefined : asMap(tree)).map(([name, value]) =>
    environmentEntry(name, value, around.lookup),
  );
  const byName = new Map([...fromFiles, ...own].map((entry) => [entry.name, entry]));
  return [...byName.values()];
}

/** One variable of a container. */
function environmentEntry(name: string, tree: Tree, lookup: Lookup): EnvironmentEntry {
  const origin = named(name, tree.origin);
  if (tree.kind === "scalar" && tree.isNull) {
    const value = lookup(name);
    return value === undefined
      ? {
          name,
          value: { is: "unknown", because: "it comes from the shell that starts the container", origin },
          secrecy: "open",
        }
      : secretly(name, { is: "known", value, origin }, true);
  }
  const text = statedText(tree, name, lookup);
  const isLiteral = tree.kind === "scalar" && !tree.text.includes("$");
  return secretly(name, text, isLiteral);
}

/** A variable without the secrets in it. */
export function secretly(name: string, value: Stated<string>, isLiteral: boolean): EnvironmentEntry {
  if (isSecretFile(name)) return { name, value, secrecy: "from-secret" };
  const { origin } = value;
  if (isSecretName(name)) {
    const isPlain = isLiteral && value.is === "known" && value.value !== "";
    return { name, value: { is: "unknown", because: "a secret", origin }, secrecy: isPlain ? "plain-secret" : "open" };
  }
  if (value.is === "unknown") {
    const { shape } = value;
    return {
      name,
      value: shape === undefined ? value : { ...value, shape: withoutPasswords(shape) },
      secrecy: "open",
    };
  }
  const shown = withoutPasswords(value.value);
  return {
    name,
    value: { ...value, value: shown },
    secrecy: shown !== value.value && isLiteral ? "plain-secret" : "open",
  };
}

/** `/a:/b:ro`, `{ type: bind, source, target }`, and configs and secrets of the project, which are files too. */
function mountsOf(service: Tree, around: ComposeSurroundings): readonly Mount[] {
  const { folder, lookup } = around;
  const volumes = itemsIn(at(service, "volumes")).flatMap((item): Mount[] => {
    const [source, target] =
      item.kind === "map"
        ? [textIn(at(item, "source")), textIn(at(item, "target"))]
        : splitVolume(item.kind === "scalar" ? knownText(item, lookup) : "");
    if (target === undefined) return [];
    const isPath = source !== undefined && /^[./~]/.test(source);
    return [
      {
        target,
        ...(isPath
          ? { source: { kind: "path" as const, name: pathFrom(source.startsWith("/") ? "" : folder, source) } }
          : {}),
        origin: named("volumes", item.origin),
      },
    ];
  });
  const configs = itemsIn(at(service, "configs")).flatMap((item): Mount[] => {
    const name = textIn(item.kind === "map" ? at(item, "source") : item);
    if (name === undefined) return [];
    const target = textIn(at(item, "target")) ?? `/${name}`;
    const file = textIn(at(around.configs, name, "file"));
    const source =
      file === undefined
        ? { kind: "config-map" as const, name }
        : { kind: "path" as const, name: pathFrom(folder, file) };
    return [{ target: target.startsWith("/") ? target : `/${target}`, source, origin: named("configs", item.origin) }];
  });
  return [...volumes, ...configs];
}

const knownText = (tree: Tree, lookup: Lookup): string => {
  const text = statedText(tree, "", lookup);
  return text.is === "known" ? text.value : "";
};

function splitVolume(text: string): readonly [string | undefined, string | undefined] {
  const parts = text.split(":");
  // A drive letter of Windows is no part of its own.
  const [first = "", second, third] = /^[A-Za-z]$/.test(parts[0] ?? "")
    ? [parts.slice(0, 2).join(":"), ...parts.slice(2)]
    : parts;
  return second === undefined || (third === undefined && /^(?:ro|rw|z|Z)$/.test(second))
    ? [undefined, first]
    : [first, second];
}

/** `"127.0.0.1:6432:5432/tcp"`, `{ target, published, host_ip }`, ranges left out. */
function publishedPort(tree: Tree, lookup: Lookup): PublishedPort[] {
  const origin = named("ports", tree.origin);
  if (tree.kind === "map") {
    const target = Number(textIn(at(tree, "target")));
    const host = textIn(at(tree, "host_ip"));
    const published = Number(textIn(at(tree, "published")));
    return [port(target, published, host, origin)];
  }
  const stated = statedText(tree, "ports", lookup);
  if (stated.is === "unknown") {
    // Of `${HOST_PORT}:6432` it is not known where it is reached; that it is, is.
    const target = tree.kind === "scalar" ? Number(/:(\d+)(?:\/\w+)?$/.exec(tree.text)?.[1]) : NaN;
    return [
      port(
        target,
        NaN,
        tree.kind === "scalar" ? /^(127\.[\d.]+|\[?::1\]?|localhost):/.exec(tree.text)?.[1] : undefined,
        origin,
      ),
    ];
  }
  const words = stated.value.replace(/\/\w+$/, "");
  const match = /^(?:(.+):)?(\d+)(?:-\d+)?:(\d+)(?:-\d+)?$/.exec(words) ?? /^(?:(.+)::)?()(\d+)(?:-\d+)?$/.exec(words);
  if (match === null) return [];
  const [, host, published, target] = match;
  return [port(Number(target), published === "" ? NaN : Number(published), host, origin)];
}

const port = (target: number, published: number, host: string | undefined, origin: Origin): PublishedPort => ({
  target: Number.isInteger(target) ? target : undefined,
  ...(Number.isInteger(published) ? { published } : {}),
  isLocal: host !== undefined && /^(?:127\.|\[?::1\]?$|localhost$)/.test(host),
  origin,
});

function dependenciesOf(tree: Tree | undefined): readonly Dependency[] {
  const conditions: Readonly<Record<string, Dependency["condition"]>> = {
    service_started: "started",
    service_healthy: "healthy",
    service_completed_successfully: "completed",
  };
  if (tree?.kind === "list")
    return tree.items.flatMap((item) => {
      const service = textIn(item);
      return service === undefined
        ? []
        : [{ service, condition: "started" as const, origin: named("depends_on", item.origin) }];
    });
  return entriesIn(tree).map(([service, entry]) => {
    const condition = textIn(at(entry, "condition"));
    return {
      service,
      condition: condition === undefined ? "started" : (conditions[condition] ?? "unknown"),
      origin: named("depends_on", entry.origin),
    };
  });
}

function healthOf(tree: Tree | undefined): Container["healthCheck"] {
  if (tree === undefined) return { state: "absent" };
  const origin = named("healthcheck", tree.origin);
  const test = at(tree, "test");
  const first = textIn(test?.kind === "list" ? test.items[0] : test);
  const isOff = textIn(at(tree, "disable")) === "true" || first === "NONE";
  return { state: isOff ? "disabled" : "present", origin };
}

function openFilesIn(tree: Tree | undefined, lookup: Lookup): Container["openFiles"] {
  if (tree === undefined) return undefined;
  if (tree.kind === "scalar") {
    const both = statedNumber(tree, "ulimits.nofile", lookup);
    return { soft: both, hard: both };
  }
  const soft = at(tree, "soft") ?? at(tree, "hard");
  const hard = at(tree, "hard") ?? soft;
  return soft === undefined || hard === undefined
    ? undefined
    : {
        soft: statedNumber(soft, "ulimits.nofile.soft", lookup),
        hard: statedNumber(hard, "ulimits.nofile.hard", lookup),
      };
}

const UNITS: Readonly<Record<string, number>> = { us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600, d: 86_400 };

/** `1m30s` in seconds. */
function durationOf(tree: Tree, lookup: Lookup): Stated<number> {
  const text = statedText(tree, "stop_grace_period", lookup);
  if (text.is === "unknown") return text;
  const { origin } = text;
  if (/^\d+$/.test(text.value)) return { is: "known", value: Number(text.value), origin };
  const parts = [...text.value.matchAll(/(?<![\d.])(\d+(?:\.\d+)?)(us|ms|s|m|h|d)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== text.value)
    return { is: "unknown", because: "it is no duration", origin };
  return {
    is: "known",
    value: parts.reduce((sum, [, count, unit = "s"]) => sum + Number(count) * (UNITS[unit] ?? 0), 0),
    origin,
  };
}
