import type {
  Container,
  EnvironmentEntry,
  Origin,
  PoolerDeployment,
  PoolerEntry,
  PoolerSetting,
  Stated,
} from "../../deployment-model.ts";
import { PARAMETERS } from "../../pgbouncer-parameters.ts";
import { shortName, versionInTag } from "./image-reference.ts";
import { type DatabaseVariables, OTHER_IMAGE, POOLER_IMAGES, type PoolerImage } from "./pooler-images.ts";

const PREFIXES = ["PGBOUNCER_", ""];

const isParameter = (name: string): boolean => PARAMETERS.pgbouncer.has(name);

/** Names that programs of all kinds read, whatever PgBouncer's parameters are called. */
const COMMON_NAMES = new Set(["user", "verbose", "logfile", "syslog", "timezone"]);

/** The row of the image that a container runs; that of any PgBouncer where only its command says so. */
export function poolerImageOf({ image, command, name, builtFrom }: Container): PoolerImage | undefined {
  const found = image === undefined ? undefined : POOLER_IMAGES.find((row) => row.name.test(shortName(image)));
  if (found !== undefined) return isExporter(image?.name ?? "") ? undefined : found;
  const runsIt = command.some((word) => /(?:^|\/)pgbouncer$/.test(word));
  // An image of the project's own, of which only the name of its service says what is in it.
  const isNamed = image === undefined && builtFrom !== undefined && /(?:^|[-_])pgbouncer$/.test(name);
  return runsIt || isNamed ? OTHER_IMAGE : undefined;
}

/** What watches a PgBouncer is none. */
const isExporter = (name: string): boolean => /exporter|metrics|monitor/.test(name);

/** The pooler that a container with its environment is; undefined for one that is none. Configuration files are not looked at. */
export function poolerOfContainer(container: Container): PoolerDeployment | undefined {
  const row = poolerImageOf(container);
  if (row === undefined) return undefined;
  const { image, origin } = container;
  const settings = row.kind === "pgbouncer" ? settingsOf(container, row) : [];
  const version = versionInTag(image?.tag);
  const users = row.database === undefined ? undefined : onlyUsers(container, row.database);
  return {
    kind: row.kind,
    title: container.title,
    origin,
    forDevelopment: container.forDevelopment,
    ...(version === undefined || image === undefined
      ? {}
      : { version: { is: "known", value: version, origin: image.origin } as const }),
    settings: new Map(settings.map((setting) => [setting.name, setting])),
    written: settings.filter(({ via }) => via === "environment"),
    isWhole:
      row.isVerified &&
      container.isTemplated !== true &&
      container.environmentIsOpen === undefined &&
      !replacesEntrypoint(container),
    databases: row.database === undefined ? [] : databasesOf(container, row.database),
    users: [],
    ...(users === undefined ? {} : { knownUsers: users }),
    withoutEffect: row.isVerified ? withoutEffect(container, row) : [],
    problems:
      container.environmentIsOpen === undefined
        ? []
        : [{ message: container.environmentIsOpen.words, origin: container.environmentIsOpen.origin, kind: "unread" }],
    container,
    readFrom: "environment",
    imageRow: row.id,
  };
}

/** Whether a script of the project's own is run instead of the image's: what it sets is not known. */
const replacesEntrypoint = ({ mounts, command, builtFrom }: Container): boolean =>
  mounts.some(({ target }) => /entrypoint/i.test(target)) ||
  (builtFrom !== undefined && command.some((word) => /(?:^|\/)[\w.-]+\.sh$/.test(word)));

/** The parameter that a variable stands for in an image. */
function parameterOf(variable: string, { prefix, parameters, renamed, isVerified }: PoolerImage): string | undefined {
  const own = renamed?.[variable];
  if (own !== undefined) return own;
  const prefixes = isVerified ? [prefix] : PREFIXES;
  for (const start of prefixes) {
    if (!variable.startsWith(start)) continue;
    const name = variable.slice(start.length).toLowerCase();
    if (variable !== variable.toUpperCase()) continue;
    const isTaken =
      parameters === "every"
        ? isParameter(name) && (start !== "" || !COMMON_NAMES.has(name))
        : parameters.includes(name);
    if (isTaken) return name;
  }
  return undefined;
}

function settingsOf({ environment, image, origin }: Container, row: PoolerImage): readonly PoolerSetting[] {
  const from: Origin = {
    location: (image?.origin ?? origin).location,
    words: `default of the image ${image === undefined ? "" : shortName(image)}`.trim(),
  };
  const defaults = Object.entries(row.defaults).map(([name, value]): PoolerSetting => ({
    name,
    value: { is: "known", value, origin: from },
    via: "image-default",
  }));
  const own = environment.flatMap(({ name, value }): PoolerSetting[] => {
    const parameter = parameterOf(name, row);
    // An empty variable is as good as none (`${POOL_MODE:+…}`).
    if (parameter === undefined || (value.is === "known" && value.value === "")) return [];
    return [{ name: parameter, value, via: "environment" }];
  });
  return [...defaults, ...own];
}

/** Variables that look like settings of PgBouncer and that the image does not read. */
function withoutEffect({ environment, image }: Container, row: PoolerImage): PoolerDeployment["withoutEffect"] {
  const shown = image === undefined ? "the image" : shortName(image);
  return environment.flatMap(({ name, value: { origin } }) => {
    if (parameterOf(name, row) !== undefined || isDatabaseVariable(name, row.database)) return [];
    const bare = name
      .replace(/^PGBOUNCER_/, "")
      .replace(/_FILE$/, "")
      .toLowerCase();
    const isPrefixed = name.startsWith("PGBOUNCER_");
    if (name !== name.toUpperCase() || !isParameter(bare)) return [];
    if (!isPrefixed && COMMON_NAMES.has(bare)) return [];
    if (parameterOf(name.replace(/_FILE$/, ""), row) !== undefined) return [];
    const right = spellingIn(bare, row);
    return [
      {
        name,
        because: right === undefined ? `${shown} has no variable for ${bare}` : `${shown} calls it ${right}`,
        origin,
      },
    ];
  });
}

/** The variable by which an image knows a parameter. */
function spellingIn(parameter: string, row: PoolerImage): string | undefined {
  const renamed = Object.entries(row.renamed ?? {}).find(([, name]) => name === parameter)?.[0];
  if (renamed !== undefined) return renamed;
  return row.parameters === "every" || row.parameters.includes(parameter)
    ? row.prefix + parameter.toUpperCase()
    : undefined;
}

const isDatabaseVariable = (name: string, variables: DatabaseVariables | undefined): boolean =>
  variables !== undefined &&
  ([variables.url, variables.host, variables.port, variables.user, variables.alias, variables.forcesUser].includes(
    name,
  ) ||
    variables.onlyUserUnless?.includes(name) === true ||
    variables.more?.test(name) === true);

const find = (environment: readonly EnvironmentEntry[], name: string | undefined): EnvironmentEntry | undefined =>
  environment.findLast((entry) => entry.name === name);

const isYes = (value: Stated<string> | undefined): boolean =>
  value?.is === "known" && /^(?:yes|true|1)$/i.test(value.value);

/** The lines of `[databases]` that the variables of a container make. */
function databasesOf(container: Container, variables: DatabaseVariables): readonly PoolerEntry[] {
  const { environment } = container;
  const url = find(environment, variables.url);
  const more = environment.filter(({ name }) => variables.more?.test(name) === true).flatMap(dsnEntry);
  if (url !== undefined) return [...urlEntries(url), ...more];
  const host = find(environment, variables.host);
  const alias = find(environment, variables.alias);
  if (host === undefined && alias === undefined && variables.hostDefault === undefined) return more;
  const from: Origin = (host ?? alias)?.value.origin ?? container.origin;
  const setting = (name: string, value: Stated<string> | undefined): PoolerSetting[] =>
    value === undefined ? [] : [{ name, value, via: "environment" }];
  const forces = find(environment, variables.forcesUser)?.value;
  const user = find(environment, variables.user)?.value;
  const isForced = isYes(forces) || (variables.forcesUser === variables.user && user !== undefined);
  const hostDefault: Stated<string> | undefined =
    variables.hostDefault === undefined ? undefined : { is: "known", value: variables.hostDefault, origin: from };
  const entry: PoolerEntry = {
    name: alias?.value ?? { is: "known", value: variables.aliasDefault, origin: from },
    settings: [
      ...setting("host", host?.value ?? hostDefault),
      ...setting("port", find(environment, variables.port)?.value),
      ...(isForced ? setting("user", user) : []),
    ],
    origin: from,
  };
  return [entry, ...more];
}

/** `postgres://user:***@host:port/name`, several separated by commas. */
function urlEntries({ value }: EnvironmentEntry): readonly PoolerEntry[] {
  const { origin } = value;
  if (value.is === "unknown") {
    const unknown: Stated<string> = { is: "unknown", because: value.because, origin };
    return [{ name: unknown, settings: [{ name: "host", value: unknown, via: "environment" }], origin }];
  }
  return value.value.split(",").flatMap((text): PoolerEntry[] => {
    const match = /^\w+:\/\/(?:[^@/]*@)?([^:/?]+)(?::(\d+))?(?:\/([^?]*))?/.exec(text.trim());
    if (match === null) return [];
    const [, host = "", port, name] = match;
    const known = (words: string): Stated<string> => ({ is: "known", value: words, origin });
    return [
      {
        name: known(name === undefined || name === "" ? "*" : name),
        settings: [
          { name: "host", value: known(host), via: "environment" },
          ...(port === undefined ? [] : [{ name: "port", value: known(port), via: "environment" } as const]),
        ],
        origin,
      },
    ];
  });
}

/** `name=host=db port=5432 pool_mode=session`. */
function dsnEntry({ value }: EnvironmentEntry): readonly PoolerEntry[] {
  const { origin } = value;
  if (value.is === "unknown") return [];
  const equals = value.value.indexOf("=");
  if (equals < 0) return [];
  const pairs = [...value.value.slice(equals + 1).matchAll(/\b(\w+)\s*=\s*(?:'((?:[^']|'')*)'|(\S+))/g)];
  return [
    {
      name: { is: "known", value: value.value.slice(0, equals).trim(), origin },
      settings: pairs
        .filter(([, name]) => name !== "password")
        .map(([, name = "", quoted, plain = ""]) => ({
          name,
          value: { is: "known", value: quoted ?? plain, origin },
          via: "environment",
        })),
      origin,
    },
  ];
}

/** The users that can log in, where the image lets nobody in but the one that it is given. */
function onlyUsers({ environment }: Container, variables: DatabaseVariables): readonly string[] | undefined {
  const { onlyUserUnless } = variables;
  if (onlyUserUnless === undefined || onlyUserUnless.some((name) => find(environment, name) !== undefined))
    return undefined;
  const user = find(environment, variables.user)?.value;
  return user?.is === "known" ? [user.value] : undefined;
}
