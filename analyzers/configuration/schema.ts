import * as z from "zod";
import type { PoolerConfiguration } from "../deployment/resolve-profile.ts";
import { ConfigurationError, poolerNames, poolerProfile } from "../pooler-profile.ts";
import { rules } from "../rules/all-rules.ts";
import { didYouMean } from "./nearest.ts";

/**
 * The configuration that a user writes, for the command (`pgbouncer-audit.config.*`) and for the ESLint plugin (`settings.pgbouncer`). One
 * source for its types, its validation, the published JSON Schema and the table in the documentation.
 */

const texts = z.array(z.string().min(1)).readonly();
const oneOrMore = z.union([z.string().min(1), texts]);
const globs = z.union([z.string().min(1), texts]);

const poolerShape = z
  .strictObject({
    kind: z
      .string()
      .optional()
      .meta({ description: `The pooler: ${poolerNames.join(", ")}. Default: pgbouncer.` }),
    version: z.string().optional().meta({ description: "Its version, such as 1.25 or 1.25.2." }),
    configFile: z
      .string()
      .optional()
      .meta({ description: "The pgbouncer.ini that counts, relative to this file. Other files say nothing then." }),
    poolMode: z
      .enum(["transaction", "session", "statement"])
      .optional()
      .meta({ description: "The pool mode to judge by. Default: what deployment files say, else transaction." }),
    maxPreparedStatements: z
      .int()
      .nonnegative()
      .optional()
      .meta({ description: "max_prepared_statements. Default: what deployment files say, else that of the version." }),
    trackExtraParameters: texts.optional().meta({ description: "track_extra_parameters." }),
    ignoreStartupParameters: texts.optional().meta({ description: "ignore_startup_parameters." }),
    postgresVersion: z.int().min(9).max(99).optional().meta({ description: "The major version of PostgreSQL." }),
  })
  .readonly();

const poolerSchema = z.union([z.string().min(1), poolerShape]).meta({
  description:
    'The pooler to judge by: "pgbouncer@1.25", or an object. Each fact goes before what deployment files say.',
});

const connectionSchema = z
  .strictObject({
    name: z.string().optional().meta({ description: "What reports call it." }),
    match: z
      .strictObject({
        env: oneOrMore.optional().meta({ description: "Environment variables, or settings such as config.db.url." }),
        host: oneOrMore.optional().meta({ description: "Hosts, `host` or `host:port`." }),
        file: globs
          .optional()
          .meta({ description: "Files whose connections all are of this kind; syntax of .gitignore." }),
      })
      .readonly()
      .refine(({ env, host, file }) => env !== undefined || host !== undefined || file !== undefined, {
        message: "needs env, host or file",
      }),
    via: z.enum(["pooler", "direct"]).meta({ description: "Whether it passes the pooler." }),
    reason: z.string().optional().meta({ description: "Why; shown in the report." }),
  })
  .readonly();

const sinkSchema = z
  .strictObject({
    import: z.string().min(1).meta({ description: "The module, as it is imported: @acme/db." }),
    name: z.string().min(1).meta({ description: "The export; default, or db.run for a method of an exported object." }),
    sqlArg: z.int().nonnegative().optional().meta({ description: "Position of the SQL among the arguments, from 0." }),
    valuesArg: z.int().nonnegative().optional().meta({ description: "Position of the bind values." }),
    callbackArg: z
      .int()
      .nonnegative()
      .optional()
      .meta({ description: "Position of a callback that is given a connection." }),
    clientParameter: z
      .int()
      .nonnegative()
      .optional()
      .meta({ description: "Position of the connection among the callback's parameters. Default: 0." }),
    opens: z
      .enum(["transaction", "client"])
      .optional()
      .meta({ description: "What the callback runs in. Default: transaction." }),
    gives: z.enum(["pool", "client"]).optional().meta({ description: "What calling it gives." }),
  })
  .readonly()
  .refine((sink) => sink.sqlArg !== undefined || sink.callbackArg !== undefined || sink.gives !== undefined, {
    message: "needs sqlArg, callbackArg or gives",
  });

const level = z.enum(["off", "info", "warning", "error"]);
const ruleLevels = z.record(z.string(), level).readonly();
const coverageSchema = z
  .strictObject({
    min: z.number().min(0).max(100).optional().meta({ description: "Percent of call sites that must be resolved." }),
  })
  .readonly();

const connections = z.array(connectionSchema).readonly();

const workspaceSchema = z
  .strictObject({
    pooler: poolerSchema.optional(),
    connections: connections.optional(),
    rules: ruleLevels.optional(),
  })
  .readonly();

export const configurationSchema = z
  .strictObject({
    $schema: z.string().optional().meta({ description: "The JSON Schema of this file, for editors." }),
    pooler: poolerSchema.optional(),
    connections: connections.optional().meta({
      description: "Which connections pass the pooler, where their names do not say it. The first that matches counts.",
    }),
    sinks: z
      .array(sinkSchema)
      .readonly()
      .optional()
      .meta({ description: "Functions of your own packages that send SQL, open a transaction or give a connection." }),
    include: globs.optional().meta({ description: "Only these files; syntax of .gitignore, relative to the root." }),
    ignore: globs.optional().meta({ description: "Files to leave out; syntax of .gitignore, relative to the root." }),
    rules: ruleLevels.optional().meta({ description: "Level of a rule by its id; off drops its findings." }),
    failOn: z
      .enum(["error", "warning", "info", "never"])
      .optional()
      .meta({ description: "Findings of this level and above make the exit code 1. Default: error." }),
    coverage: coverageSchema.optional().meta({ description: "What of the SQL has to be understood." }),
    baseline: z.string().optional().meta({ description: "The file of accepted findings, relative to this file." }),
    workspaces: z.record(z.string(), workspaceSchema).readonly().optional().meta({
      description:
        "Settings of packages by folder (apps/worker): pooler, connections, rules. Each goes before what is said for all.",
    }),
  })
  .readonly()
  .meta({ title: "Configuration of pgbouncer-audit" });

/** A configuration that was checked. */
export type Configuration = z.infer<typeof configurationSchema>;
/** Which connections pass the pooler. */
export type ConnectionRule = z.infer<typeof connectionSchema>;
type Pooler = z.infer<typeof poolerSchema>;

/** The JSON Schema of a configuration. */
export const configurationJsonSchema = (): unknown => z.toJSONSchema(configurationSchema, { io: "input" });

/** Checks a configuration. `where` names it for the user. Throws a ConfigurationError that lists all that is wrong with it. */
export function parseConfiguration(given: unknown, where: string): Configuration {
  const result = configurationSchema.safeParse(given);
  const problems = result.success ? meaningProblems(result.data) : result.error.issues.flatMap(wordsOf);
  if (problems.length > 0 || !result.success)
    throw new ConfigurationError(`${where}: ${problems.join("; ")}.`.replace(/\?\.$/, "?"));
  return result.data;
}

type Issue = z.core.$ZodIssue;

const atPath = (path: readonly PropertyKey[]): string => (path.length === 0 ? "" : `${path.map(String).join(".")}: `);

/** What is wrong at one place, in words. */
function wordsOf(issue: Issue): string[] {
  const at = atPath(issue.path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => `${at}there is no "${key}"${nearTo(key, keysAt(issue.path))}`);
    case "invalid_union":
      return unionWords(issue);
    case "invalid_value":
      return [`${at}is one of ${issue.values.map(String).join(", ")}`];
    case "invalid_type":
      return [`${at}is ${nounOf(issue.expected)}`];
    default:
      return [`${at}${issue.message.replace(/^Too (?:big|small): expected \w+ to (?:be|have) /, "has to be ")}`];
  }
}

/** What is wrong with the alternative that fits best: else what all of them want. */
function unionWords({ path, errors }: z.core.$ZodIssueInvalidUnion): string[] {
  const isOfType = (issues: readonly Issue[]): boolean =>
    issues.every((inner) => inner.code !== "invalid_type" || inner.path.length > 0);
  const near = errors.find(isOfType);
  if (near !== undefined) return near.flatMap((inner) => wordsOf({ ...inner, path: [...path, ...inner.path] }));
  const wanted = errors.flat().flatMap((inner) => (inner.code === "invalid_type" ? [nounOf(inner.expected)] : []));
  return [`${atPath(path)}is ${[...new Set(wanted)].join(" or ")}`];
}

const nearTo = (key: string, known: readonly string[]): string => {
  const near = didYouMean(key, known);
  return near === "" ? ` (there are ${known.join(", ")})` : near.replace(/^ Did/, ", did");
};

const NOUNS: ReadonlyMap<string, string> = new Map([
  ["int", "a whole number"],
  ["number", "a whole number"],
  ["string", "a text"],
  ["array", "a list"],
  ["object", "an object"],
  ["record", "an object"],
]);

const nounOf = (expected: string): string => NOUNS.get(expected) ?? expected;

type JsonSchema = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is JsonSchema => typeof value === "object" && value !== null;

/** The keys that an object of the schema may have at a path. */
function keysAt(path: readonly PropertyKey[]): string[] {
  const whole = configurationJsonSchema();
  const definitions = isRecord(whole) && isRecord(whole["$defs"]) ? whole["$defs"] : {};
  const branches = (node: unknown): JsonSchema[] => {
    if (!isRecord(node)) return [];
    if (typeof node["$ref"] === "string") return branches(definitions[node["$ref"].replace("#/$defs/", "")]);
    return Array.isArray(node["anyOf"]) ? (node["anyOf"] as unknown[]).flatMap(branches) : [node];
  };
  let nodes = branches(whole);
  for (const step of path)
    nodes = nodes.flatMap(({ items, properties, additionalProperties }) =>
      branches(
        typeof step === "number"
          ? items
          : ((isRecord(properties) ? properties[String(step)] : undefined) ?? additionalProperties),
      ),
    );
  return nodes.flatMap(({ properties }) => (isRecord(properties) ? Object.keys(properties) : []));
}

/** What the shape does not say: rules and poolers that there are. */
function meaningProblems({ rules: levels = {}, workspaces = {}, pooler }: Configuration): string[] {
  const ids = rules.map(({ id }) => id);
  const ofRules = (given: Readonly<Record<string, unknown>>, at: string): string[] =>
    Object.keys(given)
      .filter((id) => !ids.includes(id))
      .map((id) => `${at}: there is no rule "${id}"${nearTo(id, ids)}`);
  const ofPooler = (given: Pooler | undefined): string[] => {
    if (given === undefined) return [];
    try {
      poolerProfile(poolerOf(given).spec);
      return [];
    } catch (error) {
      if (error instanceof ConfigurationError) return [error.message.replace(/\.$/, "")];
      throw error;
    }
  };
  return [
    ...ofRules(levels, "rules"),
    ...ofPooler(pooler),
    ...Object.entries(workspaces).flatMap(([folder, workspace]) => [
      ...ofRules(workspace.rules ?? {}, `workspaces.${folder}.rules`),
      ...ofPooler(workspace.pooler),
    ]),
  ];
}

/** What a configuration says of the pooler, as the core takes it; `configFile` as it is written. */
export function poolerOf(pooler: Pooler | undefined): PoolerConfiguration {
  if (pooler === undefined) return {};
  if (typeof pooler === "string") return { spec: pooler };
  const { kind, version, ...rest } = pooler;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return {
    ...(kind === undefined && version === undefined
      ? {}
      : { spec: version === undefined ? (kind ?? "pgbouncer") : `${kind ?? "pgbouncer"}@${version}` }),
    ...given,
  };
}
