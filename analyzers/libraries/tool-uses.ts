import { folderOf, isWithin } from "../deployment/deployment-file.ts";
import type { Manifest } from "../deployment/manifest.ts";
import type { DeploymentFacts } from "../deployment/read-deployment.ts";
import { reachUnits } from "../deployment/script-calls.ts";
import { settingOf, urlsInShell, urlsOfVariable } from "../deployment/shell-url.ts";
import { OCCASIONS } from "../deployment/unit.ts";
import { locationOf } from "../deployment/placed-text.ts";
import type { Confidence, ConnectionUrl, DeclaredRoutes, Evidence, LibraryUse, SourceLocation } from "../model.ts";
import { isLocal, routeOf } from "../source/connection-route.ts";
import { shownUrl } from "../source/connection-url.ts";
import { commands } from "./commands.ts";
import { fineUse } from "./library-use.ts";
import { prismaOf, type PrismaUrl } from "./prisma.ts";
import { optionValues, type ToolRun, toolRunsIn } from "./tool-runs.ts";
import { affectedBy } from "./versions.ts";

/** More places than these are not listed. */
const MAX_EVIDENCE = 6;

/** Packages by which a workspace that uses a tool for several kinds of database has PostgreSQL. */
const POSTGRES_PACKAGES = [
  "pg",
  "postgres",
  "pg-promise",
  "pg-native",
  "@neondatabase/serverless",
  "kysely-postgres-js",
];
const OTHER_PACKAGES = ["mysql", "mysql2", "sqlite3", "better-sqlite3", "tedious", "oracledb", "mssql"];

/**
 * The tools that package scripts, images, workflows and shell scripts run: one use for each tool and workspace, at the place that decides
 * where it connects, else at the place that is most of the deployment. Tools that need nothing are among them.
 */
export function toolUses(facts: DeploymentFacts, declared: DeclaredRoutes): LibraryUse[] {
  const runs = reachUnits(facts.units, facts.manifests).flatMap(toolRunsIn);
  const groups = new Map<string, ToolRun[]>();
  for (const run of runs) {
    const key = `${run.tool.tool}\n${workspaceOf(run, facts.manifests)?.folder ?? ""}`;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  const used = [...groups.values()].flatMap((group) => groupUse(group, facts, declared) ?? []);
  return [...merged(used), ...unusedConfigs(facts, runs, declared)];
}

/** Workspaces that share the place where the URL is written have one use there, as sure as the surest. */
function merged(uses: readonly LibraryUse[]): LibraryUse[] {
  const byPlace = new Map<string, LibraryUse>();
  for (const use of uses) {
    const { file, range } = use.location;
    const key = [use.library, use.status, file, String(range.start)].join("\n");
    const known = byPlace.get(key);
    const [first, second] =
      known?.confidence === "possible" && use.confidence !== "possible" ? [use, known] : [known, use];
    byPlace.set(
      key,
      first === undefined
        ? use
        : { ...first, evidence: [...first.evidence, ...second.evidence].slice(0, MAX_EVIDENCE) },
    );
  }
  return [...byPlace.values()];
}

/** The workspace a run belongs to: the nearest that has the tool, else the only one that has it, else the nearest. */
function workspaceOf({ tool, unit }: ToolRun, manifests: readonly Manifest[]): Manifest | undefined {
  const above = manifests
    .filter(({ folder }) => isWithin(folderOf(unit.path), folder))
    .sort((left, right) => right.folder.length - left.folder.length);
  const name = tool.package;
  if (name === undefined) return above[0];
  const having = manifests.filter(({ dependencies }) => dependencies.has(name));
  return above.find((manifest) => having.includes(manifest)) ?? (having.length === 1 ? having[0] : above[0]);
}

/** One run, with what it is given and what that means. */
interface Judged {
  readonly run: ToolRun;
  readonly status: "needs-session" | "direct" | "switched-off";
  readonly because: string;
  readonly urls: readonly ConnectionUrl[];
  /** Where the URL is written that it uses, when that is the place to change. */
  readonly place: PrismaUrl | undefined;
  readonly confidence: Confidence;
  readonly evidence: readonly Evidence[];
}

function groupUse(group: readonly ToolRun[], facts: DeploymentFacts, declared: DeclaredRoutes): LibraryUse | undefined {
  const ordered = [...group].sort(byWeight);
  const [first] = ordered;
  if (first === undefined) return undefined;
  const { tool } = first;
  const workspace = workspaceOf(first, facts.manifests);
  if (tool.needs === null) return fineUse(tool.tool, tool.because ?? "", tool.source, first.location);
  const doubts: Confidence[] = [];
  if (tool.versions !== undefined) {
    const range = workspace?.dependencies.get(tool.versions.of);
    const affected = affectedBy(range, tool.versions.affected);
    if (affected === "none")
      return fineUse(
        tool.tool,
        `${tool.versions.of} ${range ?? ""} is a version that needs nothing of the session`,
        tool.source,
        first.location,
      );
    if (affected === "depends") doubts.push("possible");
  }
  if (tool.severalDialects === true) {
    const has = (names: readonly string[]): boolean => names.some((name) => workspace?.dependencies.has(name) === true);
    if (has(OTHER_PACKAGES) && !has(POSTGRES_PACKAGES)) return undefined;
    if (!has(POSTGRES_PACKAGES) || has(OTHER_PACKAGES)) doubts.push("possible");
  }
  const judged = ordered.flatMap((run) => judge(run, workspace?.folder ?? "", facts, declared) ?? []);
  const open = judged.filter(({ status }) => status === "needs-session");
  const best = surest(open) ?? judged[0];
  if (best === undefined) return undefined;
  const confidence = doubts[0] ?? best.confidence;
  return useOf(best, open, confidence);
}

const surest = (judged: readonly Judged[]): Judged | undefined =>
  judged.find(({ confidence }) => confidence !== "possible") ?? judged[0];

function useOf(best: Judged, open: readonly Judged[], confidence: Confidence): LibraryUse {
  const { tool } = best.run;
  const location = best.place?.location ?? best.run.location;
  const others = open
    .filter((other) => best.place !== undefined || other !== best)
    .filter(({ run }, index, all) => all.findIndex((other) => isSamePlace(other.run.location, run.location)) === index)
    .filter(({ run }) => !isSamePlace(run.location, location))
    .map(({ run }): Evidence => ({ location: run.location, message: `run by ${whereWords(run)}` }));
  const known = shownUrls(best.urls);
  return {
    library: tool.tool,
    status: best.status,
    because: best.because,
    needs: tool.needs ?? "",
    symptom: tool.symptom ?? "",
    effect: tool.effect ?? "error",
    remedy: tool.remedy ?? "",
    location,
    confidence,
    ...(tool.onlyNeeds === undefined ? {} : { onlyNeeds: tool.onlyNeeds }),
    ...(known === "" ? {} : { url: known }),
    evidence: [...best.evidence, ...others].slice(0, MAX_EVIDENCE),
    source: tool.source,
  };
}

const shownUrls = (urls: readonly ConnectionUrl[]): string =>
  urls
    .filter((url) => url.kind !== "unknown")
    .map(shownUrl)
    .join(" or ");

const directWords = (url: string): string => `it is given ${url}, which is declared direct`;

const whereWords = ({ unit }: ToolRun): string => {
  const [caller] = unit.calledBy;
  return caller === undefined ? unit.title : `${unit.title}, called by ${caller.title}`;
};

const isSamePlace = (left: SourceLocation, right: SourceLocation): boolean =>
  left.file === right.file && left.range.start === right.range.start;

/** The run that says most of the deployment first; of several in one file in the order of the file. */
const byWeight = (left: ToolRun, right: ToolRun): number =>
  Number(left.unit.forDevelopment) - Number(right.unit.forDevelopment) ||
  OCCASIONS.indexOf(right.unit.occasion) - OCCASIONS.indexOf(left.unit.occasion) ||
  compare(left.unit.path, right.unit.path) ||
  left.location.range.start - right.location.range.start;

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

function judge(run: ToolRun, folder: string, facts: DeploymentFacts, declared: DeclaredRoutes): Judged | undefined {
  const { tool, settings, unit, words } = run;
  const schemaPath = optionValues(words, ["--schema"])[0]?.text;
  const prisma = tool.url.prisma === true ? prismaOf(facts, folder, schemaPath) : undefined;
  if (prisma?.provider === "other") return undefined;
  const { urls, place, evidence } = addressOf(run, prisma?.url);
  const option = tool.fixedByOptions?.find((name) => words.some(({ text }) => text === name));
  const variable = tool.fixedByEnvironment?.find((name) =>
    isOn(settingOf(name, settings)?.value.text ?? settingOf(name, facts.settings)?.value.text),
  );
  const key = tool.fixedByQuery?.find((name) => urls.some((url) => url.kind !== "unknown" && url.query.includes(name)));
  const fix = option ?? variable ?? key;
  const isDirect = routeOf(urls, declared) === "direct";
  const isInside = run.inContainer && tool.isServersOwn === true;
  const isBeside =
    urls.length > 0 &&
    urls.every((url) => url.kind === "literal" && unit.serverHosts?.includes(url.host ?? "") === true);
  const isAside =
    unit.forDevelopment ||
    (tool.development ?? []).includes(run.subcommand ?? "") ||
    prisma?.provider === "unknown" ||
    (urls.length > 0 && urls.every(isLocal)) ||
    // Without a host the clients of PostgreSQL ask the socket of their own machine, unless PGHOST is set where nobody sees it.
    (tool.isServersOwn === true && urls.length === 0);
  const known = shownUrls(urls);
  return {
    run,
    status: fix !== undefined ? "switched-off" : isDirect || isInside || isBeside ? "direct" : "needs-session",
    because:
      fix !== undefined
        ? `${fix} makes it do without`
        : isDirect
          ? directWords(known)
          : isInside
            ? "it runs inside the container of the server"
            : isBeside
              ? `it is given ${known}, the server of the same file`
              : "",
    urls,
    place,
    confidence: isAside ? "possible" : "likely",
    evidence,
  };
}

const isOn = (value: string | undefined): boolean => value !== undefined && !/^(?:|0|false|no|off)$/i.test(value);

interface Address {
  readonly urls: readonly ConnectionUrl[];
  readonly place: PrismaUrl | undefined;
  /** What makes it another one than it seems. */
  readonly evidence: readonly Evidence[];
}

/** Where a run connects: what its options say, then the schema or configuration, then the environment it is run in. */
function addressOf({ tool, words, settings }: ToolRun, prisma: PrismaUrl | undefined): Address {
  const { url } = tool;
  const said = [
    ...optionValues(words, url.options ?? []),
    ...(url.positional === true ? words.filter(({ text }) => isAddress(text)) : []),
  ];
  const hosts = optionValues(words, url.hostOptions ?? []);
  if (said.length > 0 || hosts.length > 0) {
    const urls = said.flatMap((word) => urlsInShell(word, settings));
    const atHosts = hosts.map((host): ConnectionUrl => ({ kind: "literal", host: host.text, query: [] }));
    // A database name is no address: the host beside it is.
    const told = urls.filter((address) => address.kind !== "unknown");
    return { urls: [...told, ...atHosts], place: undefined, evidence: [] };
  }
  const names = optionValues(words, url.variableOptions ?? []).map(({ text }) => text);
  if (names.length === 0 && prisma !== undefined) return prismaAddress(prisma, settings);
  const asked = names.length > 0 ? names : url.environment.filter((name) => settingOf(name, settings) !== undefined);
  const variables = asked.length > 0 ? asked.slice(0, 1) : url.environment.slice(0, 1);
  // What libpq reads when nothing is set is the socket of the same machine, or a service file: nothing is known of it.
  if (url.positional === true && asked.length === 0) return { urls: [], place: undefined, evidence: [] };
  return {
    urls: variables.flatMap((name) => addressOfVariable(name, settings)),
    place: undefined,
    evidence: variables.flatMap((name) => setHere(name, settings)),
  };
}

const addressOfVariable = (name: string, settings: ToolRun["settings"]): ConnectionUrl[] => {
  const setting = settingOf(name, settings);
  // `PGHOST=db` is a host by itself.
  if (setting !== undefined && /HOST$/.test(name) && !/[$%]/.test(setting.value.text))
    return [{ kind: "literal", host: setting.value.text, query: [] }];
  return urlsOfVariable(name, settings);
};

function prismaAddress(prisma: PrismaUrl, settings: ToolRun["settings"]): Address {
  const names = prisma.urls.flatMap((url) => (url.kind === "environment" ? [url.name] : []));
  const evidence = names.flatMap((name) => setHere(name, settings));
  if (evidence.length === 0) return { urls: prisma.urls, place: prisma, evidence: [] };
  const urls = prisma.urls.flatMap((url) => (url.kind === "environment" ? urlsOfVariable(url.name, settings) : [url]));
  return { urls, place: undefined, evidence };
}

/** Where a variable is set from another one: then its own name says nothing of where it leads. */
function setHere(name: string, settings: ToolRun["settings"]): Evidence[] {
  const setting = settingOf(name, settings);
  if (setting === undefined) return [];
  const from = urlsOfVariable(name, settings).filter((url) => url.kind === "environment" && url.name !== name);
  if (from.length === 0) return [];
  return [
    { location: locationOf(setting.value), message: `${name} is set from ${from.map(shownUrl).join(" or ")} here` },
  ];
}

/** A word that is a URL or a variable, and not the name of a database or file. */
const isAddress = (text: string): boolean =>
  /^(?:postgres(?:ql)?|db):/.test(text) ||
  (/^\$\{?[A-Z_]*(?:URL|URI|DSN|CONN)[A-Z_]*\b/.test(text) && !text.startsWith("-"));

/** Configurations of Prisma that no command was seen to use: they are made for one all the same. */
function unusedConfigs(facts: DeploymentFacts, runs: readonly ToolRun[], declared: DeclaredRoutes): LibraryUse[] {
  const used = runs
    .filter(({ tool }) => tool.url.prisma === true)
    .map((run) => workspaceOf(run, facts.manifests)?.folder ?? "");
  const tool = commands.find(({ url }) => url.prisma === true);
  return facts.configs.flatMap(({ url, folder }): LibraryUse[] => {
    const isUsed =
      used.some((workspace) => isWithin(folder, workspace)) || (used.length > 0 && facts.configs.length === 1);
    if (tool === undefined || url === undefined || isUsed) return [];
    if (prismaOf(facts, folder, undefined).provider !== "postgres") return [];
    const isDirect = routeOf(url.urls, declared) === "direct";
    const known = shownUrls(url.urls);
    return [
      {
        library: tool.tool,
        status: isDirect ? "direct" : "needs-session",
        because: isDirect ? directWords(known) : "",
        needs: tool.needs ?? "",
        symptom: tool.symptom ?? "",
        effect: tool.effect ?? "error",
        remedy: tool.remedy ?? "",
        location: url.location,
        confidence: "possible",
        ...(known === "" ? {} : { url: known }),
        evidence: [],
        source: tool.source,
      },
    ];
  });
}
