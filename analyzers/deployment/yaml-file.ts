import { isMap, isNode, isScalar, isSeq, parseAllDocuments, type Scalar, type YAMLMap } from "yaml";
import { type DeploymentFile, type DeploymentKind, isDevelopmentPath, isForDevelopment } from "./deployment-file.ts";
import { isHelmTemplate, untemplated } from "./containers/helm.ts";
import { placeScalar, type PlacedText } from "./placed-text.ts";
import { execCommand, readShell, type ShellCommand } from "./shell.ts";
import { type FileFacts, makeUnit, nothing, type Occasion, type Setting, settingIn, together } from "./unit.ts";

/** Keys whose text, or list of texts, a shell runs. */
const SHELL_KEYS = new Set([
  "run",
  "script",
  "before_script",
  "after_script",
  "bash",
  "commands",
  "inlineScript",
  "buildCommand",
  "startCommand",
  "preDeployCommand",
  "dockerCommand",
  "release_command",
  "post_deploy",
  "postdeploy",
  // DBOS: `database: { migrate: [command] }`.
  "migrate",
]);
/** Keys whose text a shell runs, or whose list is one command. */
const EXEC_KEYS = new Set(["command", "entrypoint", "cmd", "args"]);
const ENVIRONMENT_KEYS = new Set(["env", "environment", "variables", "envVars", "env_variables"]);
/** Keys below which everything is a name that somebody chose: of a job, a service, a step. */
const NAMED_BELOW = new Set(["jobs", "services", "tasks", "pipelines", "stages", "workflows"]);

const KEY = new RegExp(
  String.raw`(?:^|[{,])[ \t-]*["']?(?:${[...SHELL_KEYS, ...EXEC_KEYS, ...ENVIRONMENT_KEYS].join("|")})["']?[ \t]*:`,
  "m",
);

/** Whether a YAML text has any key below which something is run or set. */
export const holdsCommands = (text: string): boolean => KEY.test(text);

/** Images of PostgreSQL, in the `services` of a job: what the job talks to is thrown away with it. */
const POSTGRES_IMAGE = /(?:^|[/\s"'])(?:postgres|postgis|timescale\w*|pgvector|supabase\/postgres)\b/i;

interface Surroundings {
  readonly file: DeploymentFile;
  readonly kind: DeploymentKind;
  readonly settings: readonly Setting[];
  /** The job, service or step, for a reader. */
  readonly name: string;
  readonly forDevelopment: boolean;
  readonly serverHosts: readonly string[];
}

/**
 * A workflow, a compose file, or any other YAML: every text that is run, by the keys that hold such texts, with the environment of the maps
 * around it. What cannot be read is said in `problem`, and the rest is read all the same.
 */
export function readYamlFile(original: DeploymentFile, kind: DeploymentKind): FileFacts {
  const file = isHelmTemplate(original) ? { ...original, text: untemplated(original.text).text } : original;
  const documents = parseAllDocuments(file.text, { logLevel: "silent", uniqueKeys: false });
  const forDevelopment = isDevelopmentPath(file.path);
  return together(
    [...documents].map((document): FileFacts => {
      const [error] = document.errors;
      const words = error?.message.split("\n")[0]?.replace(/:$/, "");
      const serverHosts = kind === "compose" ? serversIn(document.contents, file) : [];
      const around: Surroundings = { file, kind, settings: [], name: "", forDevelopment, serverHosts };
      const facts = isNode(document.contents) ? readNode(document.contents, around) : nothing;
      return words === undefined ? facts : { ...facts, problem: `not valid YAML: ${words}` };
    }),
  );
}

function readNode(node: unknown, around: Surroundings): FileFacts {
  if (isSeq(node)) return together(node.items.map((item) => readNode(item, around)));
  return isMap(node) ? readMap(node, around) : nothing;
}

function readMap(map: YAMLMap, outer: Surroundings): FileFacts {
  const pairs = map.items.flatMap(({ key, value }) => (isScalar(key) ? [{ key: String(key.value), value }] : []));
  const own = pairs
    .filter(({ key }) => ENVIRONMENT_KEYS.has(key))
    .flatMap(({ value }) => settingsIn(value, outer.file));
  const isTested =
    outer.kind === "workflow" && pairs.some(({ key, value }) => key === "services" && holdsPostgres(value, outer.file));
  const named = pairs.find(({ key }) => key === "name" || key === "id")?.value;
  const stepName = outer.kind === "workflow" && isScalar(named) ? String(named.value) : "";
  const around: Surroundings = {
    ...outer,
    settings: [...outer.settings, ...own],
    forDevelopment: outer.forDevelopment || isTested || isForDevelopment(outer.name) || isForDevelopment(stepName),
  };
  const commands = commandsIn(pairs, around);
  const inner = pairs
    .filter(({ key, value }) => !ENVIRONMENT_KEYS.has(key) && !isScalar(value))
    .map(({ key, value }) =>
      NAMED_BELOW.has(key) && isMap(value)
        ? together(
            value.items.map(({ key: name, value: item }) =>
              readNode(item, { ...around, name: isScalar(name) ? String(name.value) : around.name }),
            ),
          )
        : readNode(value, around),
    );
  return together([
    makeUnit(
      {
        file: around.file.filename,
        path: around.file.path,
        title: titleOf(around),
        occasion: occasionOf(
          around,
          pairs.map(({ key }) => key),
        ),
        forDevelopment: around.forDevelopment,
        serverHosts: around.serverHosts,
      },
      commands,
      around.settings,
    ),
    {
      units: [],
      settings: own.map((setting) => ({ ...setting, ambient: true, forDevelopment: around.forDevelopment })),
    },
    ...inner,
  ]);
}

interface KeyValue {
  readonly key: string;
  readonly value: unknown;
}

function commandsIn(pairs: readonly KeyValue[], { file }: Surroundings): ShellCommand[] {
  const texts = pairs
    .filter(({ key }) => SHELL_KEYS.has(key))
    .flatMap(({ value }) => scalarsIn(value))
    .flatMap((scalar) => readShell(placed(scalar, file)));
  // `entrypoint` and `command`, or `command` and `args`, are the two halves of one command.
  const words = pairs
    .filter(({ key }) => EXEC_KEYS.has(key))
    .sort((left, right) => halfOf(left.key) - halfOf(right.key));
  const lists = words.filter(({ value }) => isSeq(value)).flatMap(({ value }) => scalarsIn(value));
  return [
    ...texts,
    ...words.flatMap(({ value }) => (isScalar(value) ? readShell(placed(value, file)) : [])),
    ...(lists.length === 0 ? [] : [execCommand(lists.map((scalar) => placed(scalar, file)))]),
  ];
}

const halfOf = (key: string): number => (key === "entrypoint" ? 0 : key === "args" ? 2 : 1);

/** A scalar, or the scalars of a list. */
const scalarsIn = (value: unknown): Scalar[] =>
  isScalar(value) ? [value] : isSeq(value) ? value.items.filter((item) => isScalar(item)) : [];

/** `{ NAME: value }`, `["NAME=value"]`, `[{ name: NAME, value: … }]`. */
function settingsIn(value: unknown, file: DeploymentFile): Setting[] {
  if (isMap(value)) {
    return value.items.flatMap(({ key, value: item }) =>
      isScalar(key) && isScalar(item) ? [{ name: String(key.value), value: placed(item, file) }] : [],
    );
  }
  if (!isSeq(value)) return [];
  return value.items.flatMap((item): Setting[] => {
    if (isScalar(item)) {
      const setting = settingIn(placed(item, file));
      return setting === undefined ? [] : [setting];
    }
    if (!isMap(item)) return [];
    const name: unknown = item.get("name") ?? item.get("key");
    const held: unknown = item.get("value", true);
    return typeof name === "string" && isScalar(held) ? [{ name, value: placed(held, file) }] : [];
  });
}

/** The services of a compose file that run PostgreSQL: their names are hosts. */
function serversIn(contents: unknown, { text }: DeploymentFile): string[] {
  const services: unknown = isMap(contents) ? contents.get("services") : undefined;
  if (!isMap(services)) return [];
  return services.items.flatMap(({ key, value }) => {
    const image: unknown = isMap(value) ? value.get("image", true) : undefined;
    const words = isScalar(image) ? text.slice(image.range?.[0] ?? 0, image.range?.[1] ?? 0) : "";
    return isScalar(key) && POSTGRES_IMAGE.test(` ${words}`) ? [String(key.value)] : [];
  });
}

const holdsPostgres = (value: unknown, { text }: DeploymentFile): boolean =>
  (isSeq(value) || isMap(value)) && POSTGRES_IMAGE.test(text.slice(value.range?.[0] ?? 0, value.range?.[1] ?? 0));

function placed(scalar: Scalar, { filename, text }: DeploymentFile): PlacedText {
  const { value: held } = scalar;
  const value = typeof held === "string" ? held : held === null ? "" : text.slice(scalar.range?.[0], scalar.range?.[1]);
  const [start, end] = scalar.range ?? [0, 0];
  const isBlock = scalar.type === "BLOCK_LITERAL" || scalar.type === "BLOCK_FOLDED";
  const body = isBlock ? text.indexOf("\n", start) + 1 : start + (/^["']/.test(text.slice(start, end)) ? 1 : 0);
  return placeScalar(filename, text, { start: body, end }, value, scalar.type === "QUOTE_DOUBLE");
}

function titleOf({ file, kind, name }: Surroundings): string {
  const base = file.path.slice(file.path.lastIndexOf("/") + 1);
  if (name === "") return base;
  return kind === "compose" ? `service ${name} of ${base}` : `${name} of ${base}`;
}

const occasionOf = ({ kind }: Surroundings, keys: readonly string[]): Occasion =>
  kind === "workflow" ? "workflow" : keys.includes("buildCommand") ? "start" : "deploy";
