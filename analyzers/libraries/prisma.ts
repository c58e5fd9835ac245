import { isWithin } from "../deployment/deployment-file.ts";
import type { Manifest } from "../deployment/manifest.ts";
import { locationOf, type PlacedText } from "../deployment/placed-text.ts";
import { type SchemaBlock, schemaList, schemaValue } from "../deployment/prisma-schema.ts";
import type { DeploymentFacts, PlacedConfig, PlacedSchema } from "../deployment/read-deployment.ts";
import type { ConnectionUrl, SourceLocation, StatementNaming } from "../model.ts";
import { urlsOf } from "../source/connection-url.ts";
import { lowestMajor } from "./versions.ts";

/** Providers of a datasource that are PostgreSQL. */
const POSTGRES = new Set(["postgresql", "postgres"]);

/** Where `prisma migrate` connects, and where that is written. */
export interface PrismaUrl {
  /** The file that says it: `prisma.config.ts`, the schema's `directUrl` or `url`. */
  readonly from: "config" | "directUrl" | "url";
  readonly urls: readonly ConnectionUrl[];
  readonly location: SourceLocation;
}

/** What is known of the Prisma of a workspace. */
export interface PrismaWorkspace {
  readonly provider: "postgres" | "other" | "unknown";
  readonly url?: PrismaUrl;
}

/**
 * The schema and configuration that the Prisma of a workspace uses: those in its folder, else the only ones of the project. `schemaPath` is
 * what a command names. A configuration goes before the schema, `directUrl` before `url` (prisma 6.19 and 7.10).
 */
export function prismaOf(facts: DeploymentFacts, folder: string, schemaPath: string | undefined): PrismaWorkspace {
  const schemas = schemasOf(facts, folder, schemaPath);
  const providers = schemas.map(providerOf);
  const schema = schemas.find((_, index) => providers[index] === "postgres");
  const provider =
    schema !== undefined
      ? "postgres"
      : providers.length > 0 && providers.every((one) => one === "other")
        ? "other"
        : "unknown";
  const config = configOf(facts, folder, schemas);
  if (config?.url !== undefined) return { provider, url: { from: "config", ...config.url } };
  const datasource = schema?.blocks.find(({ kind }) => kind === "datasource");
  const [direct, url] = ["directUrl", "url"].map((name) => datasource?.settings.get(name));
  if (direct !== undefined) return { provider, url: { from: "directUrl", ...placeOf(direct) } };
  return url === undefined ? { provider } : { provider, url: { from: "url", ...placeOf(url) } };
}

/** The configuration with a URL that a workspace uses: its own, the one that names its schema, or the only one where it has no schema. */
function configOf(facts: DeploymentFacts, folder: string, schemas: readonly PlacedSchema[]): PlacedConfig | undefined {
  const configs = facts.configs.filter(({ url }) => url !== undefined);
  const names = ({ folder: base, schema }: PlacedConfig): boolean => {
    const path = [base, schema?.replace(/^\.\//, "")].filter((part) => part !== undefined && part !== "").join("/");
    return schema !== undefined && schemas.some((found) => isWithin(found.path, path));
  };
  const hasOwnSchema = schemas.some((schema) => isWithin(schema.folder, folder));
  return (
    configs.find((config) => isWithin(config.folder, folder)) ??
    configs.find(names) ??
    (configs.length === 1 && !hasOwnSchema ? configs[0] : undefined)
  );
}

const placeOf = (value: PlacedText): Omit<PrismaUrl, "from"> => ({
  urls: urlsInSchema(value),
  location: locationOf(value),
});

function urlsInSchema(value: PlacedText): readonly ConnectionUrl[] {
  const { variable, literal } = schemaValue(value);
  if (variable !== undefined) return [{ kind: "environment", name: variable, query: [] }];
  if (literal === undefined) return [{ kind: "unknown" }];
  return urlsOf({ kind: "text", segments: [{ kind: "text", value: literal, location: locationOf(value) }] });
}

function schemasOf(facts: DeploymentFacts, folder: string, schemaPath: string | undefined): readonly PlacedSchema[] {
  const withSource = facts.schemas.filter(({ blocks }) => blocks.some(({ kind }) => kind === "datasource"));
  const tail = schemaPath?.replace(/^(?:\.{0,2}\/)+/, "");
  const named = tail === undefined ? [] : withSource.filter(({ path }) => path.endsWith(tail) || isWithin(path, tail));
  const own = named.filter((schema) => isWithin(schema.folder, folder));
  if (named.length > 0) return own.length > 0 ? own : named;
  const inside = withSource.filter((schema) => isWithin(schema.folder, folder));
  return inside.length > 0 ? inside : withSource.length === 1 ? withSource : [];
}

function providerOf({ blocks }: PlacedSchema): PrismaWorkspace["provider"] {
  const value = blocks.find(({ kind }) => kind === "datasource")?.settings.get("provider");
  const literal = value === undefined ? undefined : schemaValue(value).literal;
  return literal === undefined ? "unknown" : POSTGRES.has(literal) ? "postgres" : "other";
}

const ENGINE = /^prisma-client(?:-js)?$/;

/**
 * Schemas whose client speaks through the Rust engine, which names its statements (up to Prisma 6, without a driver adapter) unless
 * `pgbouncer=true` stands in a URL that is seen. The URL may hold it where nobody sees it, so this is never certain.
 */
export function prismaNamings(facts: DeploymentFacts): StatementNaming[] {
  return facts.schemas.flatMap((schema): StatementNaming[] => {
    const datasource = schema.blocks.find(({ kind }) => kind === "datasource");
    const url = datasource?.settings.get("url");
    if (url === undefined || providerOf(schema) !== "postgres" || saysPgbouncer(url, facts)) return [];
    const folder = facts.schemas.filter((other) => isWithin(other.folder, schema.folder));
    const generators = folder.flatMap(({ blocks }) => blocks).filter(isClient);
    if (!generators.some((generator) => hasEngine(generator))) return [];
    const manifest = nearest(facts.manifests, schema.folder);
    const range = manifest?.dependencies.get("@prisma/client") ?? manifest?.dependencies.get("prisma");
    if ((lowestMajor(range) ?? 0) >= 7 || hasAdapter(manifest)) return [];
    return [
      {
        driver: "The engine of Prisma",
        symptom: 'queries fail with `prepared statement "s0" already exists`',
        effect: "error",
        fix: "`?pgbouncer=true` in the URL",
        location: locationOf(url),
        confidence: facts.manifests.some((other) => hasAdapter(other) && uses(other, manifest)) ? "possible" : "likely",
      },
    ];
  });
}

const isClient = ({ kind, settings }: SchemaBlock): boolean => {
  const provider = settings.get("provider");
  return kind === "generator" && provider !== undefined && ENGINE.test(schemaValue(provider).literal ?? "");
};

function hasEngine({ settings }: SchemaBlock): boolean {
  const type = settings.get("engineType");
  const features = settings.get("previewFeatures");
  return (
    (type === undefined || schemaValue(type).literal !== "client") &&
    !(features !== undefined && schemaList(features).includes("queryCompiler"))
  );
}

const hasAdapter = (manifest: Manifest | undefined): boolean =>
  [...(manifest?.dependencies.keys() ?? [])].some((name) => name.startsWith("@prisma/adapter-"));

const uses = (user: Manifest, used: Manifest | undefined): boolean =>
  used?.name !== undefined && user.dependencies.has(used.name);

/** The nearest package.json above a folder that has Prisma, else the nearest. */
function nearest(manifests: readonly Manifest[], folder: string): Manifest | undefined {
  const above = manifests
    .filter((manifest) => isWithin(folder, manifest.folder))
    .sort((left, right) => right.folder.length - left.folder.length);
  return above.find(({ dependencies }) => dependencies.has("@prisma/client") || dependencies.has("prisma")) ?? above[0];
}

const PGBOUNCER = /[?&]pgbouncer=true\b/;

function saysPgbouncer(url: PlacedText, { settings }: DeploymentFacts): boolean {
  const { variable, literal } = schemaValue(url);
  return (
    PGBOUNCER.test(literal ?? "") ||
    settings.some((setting) => setting.name === variable && PGBOUNCER.test(setting.value.text))
  );
}
