import * as z from "zod";

/**
 * The report of an audit: the contract that other tools read (`--format json`, schemaVersion 1), and what every reporter is a function of.
 * One source for the types, for reading a report back (`merge`, `--previous`) and for the published JSON Schema.
 *
 * Paths are relative to the audited root, with `/`. Lines and columns count from 1; `endColumn` is exclusive. No clock, no absolute path, no
 * password is part of it: same input, same bytes.
 */

const count = z.int().nonnegative();
const line = z.int().positive();
const list = <Item extends z.ZodType>(item: Item) => z.array(item).readonly();

export const severitySchema = z.enum(["error", "warning", "info"]);
const levelSchema = z.enum(["off", "info", "warning", "error"]);
const confidenceSchema = z.enum(["certain", "likely", "possible"]).meta({
  description:
    "certain: proved by the code; likely: nothing but a reading that is nearly always right; possible: worth a look, for the audit only",
});
const effectSchema = z.enum(["error", "silent", "leak", "pin"]).meta({
  description:
    "what the user will see: an error, nothing at all, the state of somebody else, or a server connection that is never given back",
});
export const verdictSchema = z.enum(["ready", "ready-with-conditions", "not-ready", "inconclusive"]);
const routeSchema = z.enum(["direct", "pooled", "unknown"]).meta({
  description: "whether a connection passes the pooler: declared direct, seen to be pooled, or not told by anything",
});

const placeShape = { path: z.string(), line };
const spot = z.object(placeShape).readonly();
/** A place, where there is one. */
const placeOrNone = { path: z.string().nullable(), line: line.nullable() };
const regionShape = { ...placeShape, column: line, endLine: line, endColumn: line };

const suppressionSchema = z
  .object({
    kind: z.enum(["inline", "baseline"]),
    reason: z.string(),
    owner: z.string().nullable(),
    expires: z.iso.date().nullable().meta({ description: "the last day on which it holds" }),
    path: z.string().meta({ description: "where the suppression is written" }),
    line,
  })
  .readonly();

const snippetSchema = z
  .object({
    startLine: line,
    startColumn: line.meta({ description: "column of the first character shown; above 1 where long lines were cut" }),
    lines: list(z.string()).meta({
      description: "with secrets starred out, and characters that steer a terminal replaced",
    }),
  })
  .readonly();

const findingSchema = z
  .object({
    ruleId: z.string(),
    ...regionShape,
    severity: severitySchema,
    confidence: confidenceSchema,
    effect: effectSchema,
    message: z.string(),
    remedy: z.string(),
    condition: z.string().meta({
      description: "the remedy as a condition of switching the pooler on; findings that one change meets share it",
    }),
    sql: z
      .string()
      .nullable()
      .meta({ description: "the statement, holes as …, bind values as $n; null for options and libraries" }),
    breaksOn: list(z.string()),
    evidence: list(z.object({ ...placeShape, column: line, message: z.string() }).readonly()).meta({
      description: "the way to the finding: where the connection was made, where the transaction began, who called",
    }),
    connection: z
      .object({ name: z.string(), driver: z.string(), route: routeSchema, ...placeShape })
      .readonly()
      .nullable()
      .meta({ description: "the connection that it runs on" }),
    symbol: z
      .string()
      .meta({ description: "the function or class around it, outermost first: `TenantStore.switchTo`" }),
    workspace: z.string().meta({ description: "the folder of the package it is in; `.` for the root" }),
    fingerprint: z
      .string()
      .meta({ description: "identity:ordinal; stays when lines move, files are renamed and code is formatted anew" }),
    snippet: snippetSchema.nullable(),
    suppressed: suppressionSchema.nullable(),
  })
  .readonly();

const urlSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("environment"), name: z.string(), query: list(z.string()) }).readonly(),
  z.object({ kind: z.literal("setting"), name: z.string(), query: list(z.string()) }).readonly(),
  z
    .object({
      kind: z.literal("literal"),
      host: z.string().exactOptional(),
      port: z.string().exactOptional(),
      database: z.string().exactOptional(),
      query: list(z.string()),
    })
    .readonly(),
  z.object({ kind: z.literal("unknown") }).readonly(),
]);

const connectionSchema = z
  .object({
    ...placeShape,
    name: z.string().meta({ description: "its address in words: `DATABASE_URL`" }),
    driver: z.string(),
    known: z.enum(["created", "annotated", "inferred"]),
    urls: list(urlSchema),
    route: routeSchema,
    reason: z.string().nullable().meta({ description: "why it is declared direct or pooled, from the configuration" }),
    callSites: count.meta({ description: "places that send SQL on it, or on a client or transaction taken from it" }),
    workspace: z.string(),
    doubt: z.string().nullable().meta({
      description: "what speaks against its route: it claims to be direct and has the address of a pooled one",
    }),
  })
  .readonly();

const directConnectionSchema = z
  .object({ ...placeShape, driver: z.string(), urls: list(urlSchema), callSites: list(spot) })
  .readonly();

const librarySchema = z
  .object({
    library: z.string(),
    status: z.enum(["needs-session", "direct", "switched-off", "fine"]),
    needs: z.string().meta({ description: "what it needs of the session; empty for one that is fine" }),
    because: z.string().meta({ description: "why it is not reported; empty for one that is" }),
    remedy: z.string().meta({ description: "the option or URL that makes it work" }),
    url: z.string().nullable(),
    places: list(spot),
  })
  .readonly();

const profileSchema = z
  .object({
    pooler: z.string(),
    version: z.string(),
    poolMode: z.string(),
    maxPreparedStatements: z.union([count, z.literal("unknown")]),
    facts: list(
      z
        .object({
          name: z.string(),
          value: z.string(),
          from: z.enum(["configuration", "deployment", "default"]),
          ...placeOrNone,
        })
        .readonly(),
    ),
    doubts: list(z.object({ words: z.string(), ...placeOrNone }).readonly()).meta({
      description: "what files say against one another or leave open; nothing of it was used",
    }),
    sources: list(z.string()),
    date: z.string().meta({ description: "when the pooler's row was last looked at: 2026-11" }),
  })
  .readonly();

const amountSchema = z
  .object({ name: z.string(), value: z.number().nullable(), isLeast: z.boolean(), words: z.string(), ...placeOrNone })
  .readonly();

const budgetLineSchema = z
  .object({
    kind: z.enum(["file-descriptors", "server-connections", "client-connections"]),
    title: z.string(),
    verdict: z.enum(["fits", "exceeds", "unknown"]),
    needed: amountSchema,
    limit: amountSchema,
    arithmetic: list(z.string()),
    terms: list(amountSchema),
    unknowns: list(z.string()),
    forDevelopment: z.boolean(),
  })
  .readonly();

const checkSchema = z
  .object({
    check: z.string(),
    topic: z.enum(["configuration", "budget", "health"]),
    title: z.string(),
    subject: z.string(),
    outcome: z.enum(["passed", "found", "unknown"]),
    words: z.string(),
    source: z.string(),
  })
  .readonly();

const fileCounts = z.object({ analysed: count, skipped: count, failed: count }).readonly();
const callSiteCounts = z.object({ resolved: count, partial: count, unresolved: count }).readonly();

const coverageSchema = z
  .object({
    files: fileCounts,
    callSites: callSiteCounts.meta({
      description: "partial: the statement is known, a part of its text is not; unresolved: not even that",
    }),
    connections: z.object({ pool: count, client: count, transaction: count, direct: count, unknown: count }).readonly(),
    notAnalysed: list(z.object({ path: z.string(), reason: z.string() }).readonly()),
    unknownPackages: list(z.object({ package: z.string(), paths: list(z.string()) }).readonly()).meta({
      description: "database packages that this version does not understand, with the files that use them",
    }),
  })
  .readonly();

const workspaceSchema = z
  .object({
    name: z.string().meta({ description: "the name in its package.json, else its folder" }),
    path: z.string().meta({ description: "its folder; `.` for the root" }),
    verdict: verdictSchema.nullable().meta({ description: "null where nothing reaches PostgreSQL" }),
    reasons: list(z.string()),
    poolMode: z.string(),
    files: fileCounts,
    callSites: callSiteCounts,
    findings: z.object({ error: count, warning: count, info: count, suppressed: count }).readonly(),
  })
  .readonly();

const conditionSchema = z
  .object({
    id: z.string(),
    action: z.string().meta({ description: "what has to be done before the pooler is switched on, as an instruction" }),
    why: z.string(),
    blocking: z.boolean().meta({ description: "whether it fails for certain, or depends on a setting or version" }),
    ruleId: z.string().nullable(),
    workspaces: list(z.string()),
    places: list(spot),
    findings: list(z.string()).meta({ description: "fingerprints" }),
  })
  .readonly();

const unresolvedSchema = z
  .object({
    ...regionShape,
    sink: z.string(),
    resolution: z.enum(["partial", "unresolved"]),
    known: z.string().meta({ description: "what is known of the text; … for what is not" }),
    holes: list(z.object({ ...placeShape, reason: z.string() }).readonly()),
    advice: z.string().meta({ description: "what would resolve it" }),
    workspace: z.string(),
  })
  .readonly();

const safeFeatureSchema = z
  .object({ id: z.string(), title: z.string(), count, places: list(spot).meta({ description: "the first of them" }) })
  .readonly();

const acceptedRiskSchema = z
  .object({
    ruleId: z.string(),
    ...placeShape,
    message: z.string(),
    severity: severitySchema,
    effect: effectSchema,
    fingerprint: z.string(),
    accepted: suppressionSchema,
  })
  .readonly();

const scopeSchema = z
  .object({
    paths: list(z.string()),
    configuration: z.string().nullable(),
    baseline: z.string().nullable(),
    since: z
      .string()
      .nullable()
      .meta({ description: "only what changed since this commit is listed; all was analysed" }),
    rules: z.object({ count, levels: list(z.object({ id: z.string(), level: levelSchema }).readonly()) }).readonly(),
    unusedDeclarations: list(z.string()).meta({ description: "declared names that no connection was seen to use" }),
    excluded: list(z.object({ what: z.string(), why: z.string(), count }).readonly()),
  })
  .readonly();

const changeSchema = z
  .object({
    previous: z.object({ tool: z.string(), verdict: verdictSchema, findings: count }).readonly(),
    added: list(z.string()).meta({ description: "fingerprints of findings that the previous report does not have" }),
    fixed: list(
      z
        .object({
          ruleId: z.string(),
          ...placeShape,
          severity: severitySchema,
          message: z.string(),
          fingerprint: z.string(),
        })
        .readonly(),
    ),
    kept: count,
    coverage: z.object({ before: z.number(), after: z.number() }).readonly(),
  })
  .readonly();

export const reportSchema = z
  .object({
    schemaVersion: z.literal(1),
    tool: z.object({ name: z.string(), version: z.string() }).readonly(),
    profile: profileSchema,
    verdict: verdictSchema,
    reasons: list(z.string()),
    scope: scopeSchema,
    workspaces: list(workspaceSchema),
    coverage: coverageSchema,
    conditions: list(conditionSchema),
    findings: list(findingSchema).meta({ description: "sorted by path, line, column, rule" }),
    unresolved: list(unresolvedSchema),
    connections: list(connectionSchema),
    directConnections: list(directConnectionSchema),
    libraries: list(librarySchema),
    deployment: list(checkSchema),
    budget: list(budgetLineSchema),
    acceptedRisks: list(acceptedRiskSchema),
    safeFeatures: list(safeFeatureSchema),
    limits: list(z.string()).meta({ description: "what an audit of this kind cannot see" }),
    change: changeSchema.nullable(),
    exit: z.object({ code: z.union([z.literal(0), z.literal(1)]), reasons: list(z.string()) }).readonly(),
  })
  .readonly()
  .meta({ title: "Report of pgbouncer-audit" });

/** The whole result of an audit; every reporter is a function of it. */
export type Report = z.infer<typeof reportSchema>;
export type ReportedFinding = Report["findings"][number];
export type ReportedConnection = Report["connections"][number];
export type DirectConnection = Report["directConnections"][number];
export type ReportedLibrary = Report["libraries"][number];
export type ReportedBudgetLine = Report["budget"][number];
export type ReportedAmount = ReportedBudgetLine["needed"];
export type ReportedWorkspace = Report["workspaces"][number];
export type ReportedCondition = Report["conditions"][number];
export type Suppression = NonNullable<ReportedFinding["suppressed"]>;
export type Snippet = NonNullable<ReportedFinding["snippet"]>;
export type Verdict = Report["verdict"];

/** A place in a file of the project. */
export interface ReportedPlace {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}
