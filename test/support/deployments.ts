import type {
  Container,
  DeployedUrl,
  Deployment,
  Origin,
  PoolerDeployment,
  PoolerEntry,
  PoolerSetting,
  ServerDeployment,
  Stated,
} from "../../analyzers/index.ts";

/** A place in no file in particular. */
export const origin = (words: string): Origin => ({ location: { file: "deploy", range: { start: 0, end: 0 } }, words });

export const known = <T>(value: T, words = "deploy"): Stated<T> => ({ is: "known", value, origin: origin(words) });

const settingsOf = (values: Readonly<Record<string, string>>): PoolerSetting[] =>
  Object.entries(values).map(([name, value]) => ({ name, value: known(value, `${name} in deploy`), via: "ini" }));

/** Lines of `[databases]` or `[users]`: `{ app: { host: "db", pool_size: "5" } }`. */
export const entriesOf = (lines: Readonly<Record<string, Readonly<Record<string, string>>>>): PoolerEntry[] =>
  Object.entries(lines).map(([name, values]) => ({
    name: known(name),
    settings: settingsOf(values),
    origin: origin(name),
  }));

/** A container with nothing but a name, and what is given. */
export const container = (name: string, more: Partial<Container> = {}): Container => ({
  name,
  title: `service ${name}`,
  platform: "compose",
  group: "",
  forDevelopment: false,
  origin: origin(name),
  environment: [],
  command: [],
  mounts: [],
  ports: [],
  dependsOn: [],
  healthCheck: { state: "absent" },
  ...more,
});

/** A PgBouncer with these settings. */
export const pgbouncer = (
  settings: Readonly<Record<string, string>>,
  more: Partial<PoolerDeployment> = {},
): PoolerDeployment => ({
  kind: "pgbouncer",
  title: "pgbouncer.ini",
  origin: origin("pgbouncer.ini"),
  forDevelopment: false,
  settings: new Map(settingsOf(settings).map((setting) => [setting.name, setting])),
  written: settingsOf(settings),
  isWhole: true,
  databases: [],
  users: [],
  withoutEffect: [],
  problems: [],
  readFrom: "ini",
  ...more,
});

/** A PostgreSQL in a container of that name. */
export const postgres = (name: string, settings: Readonly<Record<string, string>> = {}): ServerDeployment => ({
  title: `service ${name}`,
  origin: origin(name),
  forDevelopment: false,
  settings: new Map(Object.entries(settings).map(([key, value]) => [key, known(value, `${key} of ${name}`)])),
  container: container(name),
});

/** A URL under a variable, without its query. */
export const urlOf = (name: string, text: string, of?: Container): DeployedUrl => {
  const url = new URL(text);
  return {
    name,
    host: url.hostname,
    ...(url.port === "" ? {} : { port: url.port }),
    database: url.pathname.slice(1),
    user: url.username,
    query: new Map(url.searchParams),
    origin: origin(name),
    forDevelopment: false,
    ...(of === undefined ? {} : { container: of }),
  };
};

/** A deployment of these parts. */
export const deployment = (parts: Partial<Deployment>): Deployment => ({
  poolers: [],
  servers: [],
  containers: [],
  urls: [],
  ...parts,
});
