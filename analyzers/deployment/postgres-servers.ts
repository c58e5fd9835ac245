import type { Container, Origin, ServerDeployment, Stated } from "../deployment-model.ts";
import { shortName } from "./containers/image-reference.ts";
import { type DeploymentFile, deploymentKindOf } from "./deployment-file.ts";
import { locationOf, slice } from "./placed-text.ts";
import { isTemplated } from "./templates.ts";
import { linesOf, trimmed } from "./unit.ts";

/** Images of PostgreSQL itself, with where the major version stands in the tag. */
const IMAGES: readonly (readonly [RegExp, RegExp])[] = [
  [/^(?:library\/)?postgres$/, /^(\d+)/],
  [/(?:^|\/)postgresql(?:-repmgr)?$/, /^(\d+)/],
  [/(?:^|\/)postgis$/, /^(\d+)/],
  [/(?:^|\/)timescaledb(?:-ha|-docker-ha)?$/, /pg(\d+)/],
  [/(?:^|\/)pgvector$/, /pg(\d+)/],
  [/^supabase\/postgres$/, /^(\d+)/],
  [/(?:^|\/)postgres(?:ql)?(?:-\w+)?$/, /^(?:v|pg)?(\d+)/],
];

/** Not PostgreSQL, whatever their names hold. */
const OTHERS = /exporter|backup|bouncer|pool|admin|meta|operator|rest\b|client/;

/** The PostgreSQL that a container runs, with the settings of its command, its variables and the postgresql.conf that is put into it. */
export function serverOfContainer(
  container: Container,
  files: readonly DeploymentFile[],
): ServerDeployment | undefined {
  const { image, command } = container;
  // The image of PostgreSQL is a client's too.
  if (image === undefined || container.runsOnce === true || !startsServer(command)) return undefined;
  const name = shortName(image);
  const row = OTHERS.test(name) ? undefined : IMAGES.find(([pattern]) => pattern.test(name));
  if (row === undefined) return undefined;
  const version = row[1].exec(image.tag ?? "")?.[1];
  const settings = new Map<string, Stated<string>>([
    ...mountedSettings(container, files),
    ...environmentSettings(container),
    ...commandSettings(command, container.commandOrigin ?? container.origin),
  ]);
  return {
    title: container.title,
    origin: container.origin,
    forDevelopment: container.forDevelopment,
    ...(version === undefined
      ? {}
      : { version: { is: "known", value: Number(version), origin: image.origin } as const }),
    settings,
    container,
  };
}

/** Whether a command starts PostgreSQL: none at all, options for it, or its name. */
const startsServer = ([first]: readonly string[]): boolean =>
  first === undefined ||
  first === "" ||
  first.startsWith("-") ||
  /(?:^|\/)(?:postgres|docker-entrypoint\.sh|entrypoint\.sh|run\.sh)$/.test(first) ||
  first === "…";

/** `-c name=value`, `--name=value`, `-N 300` (PostgreSQL 18 documentation, postgres). */
export function commandSettings(
  command: readonly string[],
  origin: Origin,
): readonly (readonly [string, Stated<string>])[] {
  const found: (readonly [string, Stated<string>])[] = [];
  const add = (name: string, value: string): void => {
    const key = name.trim().replaceAll("-", "_").toLowerCase();
    const from = { ...origin, words: `${key} in ${origin.words.replace(/^command in /, "")}` };
    found.push([
      key,
      value.includes("…") || isTemplated(value)
        ? { is: "unknown", because: "a variable writes it", origin: from }
        : { is: "known", value: value.trim(), origin: from },
    ]);
  };
  for (let index = 0; index < command.length; index++) {
    const word = command[index] ?? "";
    const joined = /^-c\s*([^\s=]+)=(.*)$/.exec(word) ?? /^--([\w-]+)=(.*)$/.exec(word);
    if (joined !== null) add(joined[1] ?? "", joined[2] ?? "");
    else if (word === "-c") {
      const [, name, value] = /^([\w.]+)\s*=(.*)$/.exec(command[++index] ?? "") ?? [];
      if (name !== undefined && value !== undefined) add(name, value);
    } else if (word === "-N") add("max_connections", command[++index] ?? "");
    else if (/^-N\d+$/.test(word)) add("max_connections", word.slice(2));
  }
  return found;
}

/** Variables by which images take settings: bitnami's POSTGRESQL_MAX_CONNECTIONS. */
const VARIABLES: Readonly<Record<string, string>> = { POSTGRESQL_MAX_CONNECTIONS: "max_connections" };

const environmentSettings = ({ environment }: Container): readonly (readonly [string, Stated<string>])[] =>
  environment.flatMap(({ name, value }) => {
    const setting = VARIABLES[name];
    return setting === undefined ? [] : [[setting, value] as const];
  });

function mountedSettings(
  { mounts }: Container,
  files: readonly DeploymentFile[],
): readonly (readonly [string, Stated<string>])[] {
  const file = mounts.flatMap(({ source }) =>
    source?.kind === "path"
      ? files.filter(({ path }) => deploymentKindOf(path) === "postgresql-conf" && path === source.name)
      : [],
  )[0];
  return file === undefined ? [] : [...readPostgresqlConf(file)];
}

/** A postgresql.conf: `name = value` or `name value`, comments behind values, quotes; the last of a name counts. */
export function readPostgresqlConf({ filename, path, text }: DeploymentFile): ReadonlyMap<string, Stated<string>> {
  const found = new Map<string, Stated<string>>();
  for (const line of linesOf(filename, text).map((raw) => trimmed(raw))) {
    const match = /^([A-Za-z_][\w.]*)(?:\s*=\s*|\s+)('(?:[^']|'')*'|[^\s#]+)/.exec(line.text);
    if (match === null) continue;
    const [whole, name = "", value = ""] = match;
    const key = name.toLowerCase();
    const origin: Origin = {
      location: locationOf(slice(line, whole.length - value.length, whole.length)),
      words: `${key} in ${path}`,
    };
    const words = value.startsWith("'") ? value.slice(1, -1).replaceAll("''", "'") : value;
    found.set(
      key,
      isTemplated(words)
        ? { is: "unknown", because: "a template writes it", origin }
        : { is: "known", value: words, origin },
    );
  }
  return found;
}
