import type {
  Container,
  Origin,
  PoolerDeployment,
  PoolerSetting,
  ServerDeployment,
  Stated,
} from "../../deployment-model.ts";
import { folderOf, isDevelopmentPath } from "../deployment-file.ts";
import { at, entriesIn, itemsIn, textIn, type Tree } from "../yaml-tree.ts";
import { withoutTemplates } from "./helm.ts";
import { imageReference, versionInTag } from "./image-reference.ts";
import type { Resource } from "./resource.ts";

/** A resource of an operator that runs PgBouncer. */
interface PoolerResource {
  readonly kind: string;
  /** Begin of the apiVersion. */
  readonly group: string;
  /** Where the settings stand that PgBouncer gets as they are. */
  readonly parameters?: readonly string[];
  /** Where single settings stand, by parameter. */
  readonly settings: Readonly<Record<string, readonly string[]>>;
  /** What the operator sets when the resource does not. */
  readonly defaults: Readonly<Record<string, string>>;
  readonly instances: readonly string[];
  readonly instancesDefault: number;
  readonly image?: readonly string[];
  /** The host of the PostgreSQL that it leads to. */
  readonly server: (tree: Tree, name: string) => string;
  /** Only where this is there. */
  readonly when?: readonly string[];
  readonly source: string;
}

const POOLERS: readonly PoolerResource[] = [
  {
    kind: "Pooler",
    group: "postgresql.cnpg.io/",
    parameters: ["spec", "pgbouncer", "parameters"],
    settings: { pool_mode: ["spec", "pgbouncer", "poolMode"] },
    defaults: { pool_mode: "session" },
    instances: ["spec", "instances"],
    instancesDefault: 1,
    image: ["spec", "template", "spec", "containers"],
    server: (tree) =>
      `${textIn(at(tree, "spec", "cluster", "name")) ?? ""}-${textIn(at(tree, "spec", "type")) ?? "rw"}`,
    source: "CloudNativePG documentation, connection pooling",
  },
  {
    kind: "PostgresCluster",
    group: "postgres-operator.crunchydata.com/",
    parameters: ["spec", "proxy", "pgBouncer", "config", "global"],
    settings: {},
    defaults: {},
    instances: ["spec", "proxy", "pgBouncer", "replicas"],
    instancesDefault: 1,
    when: ["spec", "proxy", "pgBouncer"],
    server: (_, name) => `${name}-primary`,
    source: "Crunchy PostgreSQL operator 5 documentation, connection pooling",
  },
  {
    kind: "postgresql",
    group: "acid.zalan.do/",
    settings: {
      pool_mode: ["spec", "connectionPooler", "mode"],
      max_db_connections: ["spec", "connectionPooler", "maxDBConnections"],
    },
    defaults: { pool_mode: "transaction" },
    instances: ["spec", "connectionPooler", "numberOfInstances"],
    instancesDefault: 2,
    when: ["spec", "connectionPooler"],
    server: (_, name) => name,
    source: "Zalando postgres-operator documentation, connection pooler",
  },
];

const named = (name: string, { location, words }: Origin): Origin => ({ location, words: `${name} in ${words}` });

const isOf = ({ kind, tree }: Resource, row: { readonly kind: string; readonly group: string }): boolean =>
  kind === row.kind && (textIn(at(tree, "apiVersion")) ?? "").startsWith(row.group);

/** The PgBouncer that an operator runs for a resource. */
export function customPooler(resource: Resource): PoolerDeployment | undefined {
  const row = POOLERS.find((candidate) => isOf(resource, candidate));
  if (row === undefined || (row.when !== undefined && at(resource.tree, ...row.when) === undefined)) return undefined;
  const { tree, name, file, kind } = resource;
  const settings = settingsOf(tree, row);
  const title = `${[kind, name].filter((part) => part !== "").join(" ")} in ${file.path}`;
  const origin: Origin = { location: (at(tree, "kind") ?? tree).origin.location, words: file.path };
  const container = containerOf(resource, row, title, origin);
  const version = versionInTag(container.image?.tag);
  return {
    kind: "pgbouncer",
    title,
    origin,
    forDevelopment: isDevelopmentPath(withoutTemplates(file.path)),
    ...(version === undefined || container.image === undefined
      ? {}
      : { version: { is: "known", value: version, origin: container.image.origin } as const }),
    settings: new Map(settings.map((setting) => [setting.name, setting])),
    written: settings.filter(({ via }) => via === "manifest"),
    // The operator adds settings of its own.
    isWhole: false,
    databases: [
      {
        name: { is: "known", value: "*", origin },
        settings: [{ name: "host", value: { is: "known", value: row.server(tree, name), origin }, via: "manifest" }],
        origin,
      },
    ],
    users: [],
    withoutEffect: [],
    problems: [],
    container,
    readFrom: "manifest",
  };
}

function settingsOf(tree: Tree, row: PoolerResource): readonly PoolerSetting[] {
  const setting = (name: string, value: Tree): PoolerSetting[] => {
    const text = textIn(value);
    const origin = named(name, value.origin);
    const stated: Stated<string> =
      text === undefined || text.includes("{{")
        ? { is: "unknown", because: "a template writes its value", origin }
        : { is: "known", value: text, origin };
    return [{ name: name.toLowerCase(), value: stated, via: "manifest" }];
  };
  const defaults = Object.entries(row.defaults).map(([name, value]): PoolerSetting => ({
    name,
    value: { is: "known", value, origin: named(`default of ${row.kind}`, tree.origin) },
    via: "image-default",
  }));
  const own = Object.entries(row.settings).flatMap(([name, path]) => {
    const value = at(tree, ...path);
    return value === undefined ? [] : setting(name, value);
  });
  const free = row.parameters === undefined ? [] : entriesIn(at(tree, ...row.parameters));
  return [...defaults, ...own, ...free.flatMap(([name, value]) => setting(name, value))];
}

/** What runs for the resource: its name is the name of its Service. */
function containerOf({ tree, name, file }: Resource, row: PoolerResource, title: string, origin: Origin): Container {
  const instances = at(tree, ...row.instances);
  const count = Number(textIn(instances) ?? row.instancesDefault);
  const imageTree =
    row.image === undefined
      ? undefined
      : itemsIn(at(tree, ...row.image))
          .map((container) => at(container, "image"))
          .find((image) => image !== undefined);
  const text = textIn(imageTree);
  const image =
    imageTree === undefined || text === undefined ? undefined : imageReference(text, named("image", imageTree.origin));
  const replicas: Stated<number> = Number.isInteger(count)
    ? { is: "known", value: count, origin: named("instances", instances?.origin ?? tree.origin) }
    : { is: "unknown", because: "instances is no whole number", origin: named("instances", tree.origin) };
  return {
    name,
    title,
    platform: "kubernetes",
    group: folderOf(file.path),
    forDevelopment: isDevelopmentPath(withoutTemplates(file.path)),
    origin,
    ...(image === undefined ? {} : { image }),
    environment: [],
    command: [],
    mounts: [],
    ports: [],
    dependsOn: [],
    // The operator brings probes, and stops it in its own way.
    healthCheck: { state: "present", origin },
    stopSignal: { is: "unknown", because: "its operator stops it", origin },
    replicas,
  };
}

/** A resource of an operator that runs PostgreSQL. */
const SERVERS = [
  {
    kind: "Cluster",
    group: "postgresql.cnpg.io/",
    parameters: ["spec", "postgresql", "parameters"],
    image: ["spec", "imageName"],
    version: undefined,
    hosts: (name: string) => [`${name}-rw`, `${name}-ro`, `${name}-r`],
  },
  {
    kind: "PostgresCluster",
    group: "postgres-operator.crunchydata.com/",
    parameters: ["spec", "patroni", "dynamicConfiguration", "postgresql", "parameters"],
    image: undefined,
    version: ["spec", "postgresVersion"],
    hosts: (name: string) => [`${name}-primary`, `${name}-ha`],
  },
  {
    kind: "postgresql",
    group: "acid.zalan.do/",
    parameters: ["spec", "postgresql", "parameters"],
    image: undefined,
    version: ["spec", "postgresql", "version"],
    hosts: (name: string) => [name],
  },
] as const;

/** The PostgreSQL that an operator runs for a resource. */
export function customServer(resource: Resource): ServerDeployment | undefined {
  const row = SERVERS.find((candidate) => isOf(resource, candidate));
  if (row === undefined) return undefined;
  const { tree, name, file, kind } = resource;
  const title = `${[kind, name].filter((part) => part !== "").join(" ")} in ${file.path}`;
  const origin: Origin = { location: (at(tree, "kind") ?? tree).origin.location, words: file.path };
  const versionTree = row.version === undefined ? at(tree, ...row.image) : at(tree, ...row.version);
  const text = textIn(versionTree);
  const major = Number(/(?:^|:)(\d+)/.exec(text ?? "")?.[1]);
  const settings = entriesIn(at(tree, ...row.parameters)).map(([key, value]): [string, Stated<string>] => {
    const words = textIn(value);
    const from = named(key, value.origin);
    return [
      key.toLowerCase(),
      words === undefined || words.includes("{{")
        ? { is: "unknown", because: "a template writes its value", origin: from }
        : { is: "known", value: words, origin: from },
    ];
  });
  return {
    title,
    origin,
    forDevelopment: isDevelopmentPath(withoutTemplates(file.path)),
    ...(Number.isInteger(major) && versionTree !== undefined
      ? { version: { is: "known", value: major, origin: named("version", versionTree.origin) } as const }
      : {}),
    settings: new Map(settings),
    container: {
      name,
      title,
      platform: "kubernetes",
      group: folderOf(file.path),
      forDevelopment: isDevelopmentPath(withoutTemplates(file.path)),
      origin,
      hostNames: row.hosts(name),
      environment: [],
      command: [],
      mounts: [],
      ports: [],
      dependsOn: [],
      healthCheck: { state: "present", origin },
    },
  };
}
