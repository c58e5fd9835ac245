import { locationOf } from "../deployment/placed-text.ts";
import type { DeploymentFacts } from "../deployment/read-deployment.ts";
import { settingOf, urlsInShell, urlsOfVariable } from "../deployment/shell-url.ts";
import type { Setting } from "../deployment/unit.ts";
import type { Confidence, ConnectionUrl, DeclaredRoutes, Evidence } from "../model.ts";
import { isLocal, routeOf } from "../source/connection-route.ts";
import { shownUrl } from "../source/connection-url.ts";
import { prismaOf, type PrismaUrl, type PrismaWorkspace } from "./prisma.ts";
import { directWords } from "./library-use.ts";
import { optionValues, type ToolRun } from "./tool-runs.ts";

/** One run, with what it is given and what that means. */
export interface JudgedRun {
  readonly run: ToolRun;
  readonly status: "needs-session" | "direct" | "switched-off";
  readonly because: string;
  readonly urls: readonly ConnectionUrl[];
  /** Where the URL is written that it uses, when that is the place to change. */
  readonly place: PrismaUrl | undefined;
  readonly confidence: Confidence;
  readonly evidence: readonly Evidence[];
}

type Verdict = Pick<JudgedRun, "status" | "because">;

/**
 * Says of a run where it connects and whether that matters. `folder` is that of its workspace. Undefined for a run that is about another
 * kind of database.
 */
export function judgeRun(
  run: ToolRun,
  folder: string,
  facts: DeploymentFacts,
  declared: DeclaredRoutes,
): JudgedRun | undefined {
  const { tool, subcommand, unit } = run;
  const prisma = tool.url.prisma === true ? prismaFor(run, folder, facts) : undefined;
  if (prisma?.provider === "other") return undefined;
  const settings = facts.settings.filter(({ forDevelopment }) => forDevelopment !== true);
  const { urls, place, evidence } = addressOf(run, prisma?.url);
  const verdict = fixOf(run, urls, settings) ?? directness(run, urls, declared);
  const isDeployed = unit.occasion !== "script";
  const doubts = verdict?.status === "direct" && isDeployed ? undoneBy(urls, settings, declared) : [];
  const isAside =
    unit.forDevelopment ||
    (tool.development ?? []).includes(subcommand ?? "") ||
    prisma?.provider === "unknown" ||
    doubts.length > 0 ||
    (urls.length > 0 && urls.every(isLocal)) ||
    // Without a host the clients of PostgreSQL ask the socket of their own machine, unless PGHOST is set where nobody sees it.
    (tool.isServersOwn === true && urls.length === 0);
  return {
    run,
    ...(verdict === undefined || doubts.length > 0 ? { status: "needs-session", because: "" } : verdict),
    urls,
    // What a variable is set to elsewhere is nothing to change where its name is written.
    place: doubts.length > 0 ? undefined : place,
    confidence: isAside ? "possible" : "likely",
    evidence: [...evidence, ...doubts],
  };
}

/** The Prisma that a run uses: that of its workspace, or of the schema it names. */
export const prismaFor = ({ words }: ToolRun, folder: string, facts: DeploymentFacts): PrismaWorkspace =>
  prismaOf(facts, folder, optionValues(words, ["--schema"])[0]?.text);

/** What makes the tool do without a session. */
function fixOf(
  { tool, words, settings }: ToolRun,
  urls: readonly ConnectionUrl[],
  others: readonly Setting[],
): Verdict | undefined {
  const option = tool.fixedByOptions?.find((name) => words.some(({ text }) => text === name));
  const variable = tool.fixedByEnvironment?.find((name) =>
    isOn((settingOf(name, settings) ?? settingOf(name, others))?.value.text),
  );
  const key = tool.fixedByQuery?.find((name) => urls.some((url) => url.kind !== "unknown" && url.query.includes(name)));
  const fix = option ?? variable ?? key;
  return fix === undefined ? undefined : { status: "switched-off", because: `${fix} makes it do without` };
}

/** What says that the tool is not given the pooler. */
function directness(
  { tool, unit, inContainer, location }: ToolRun,
  urls: readonly ConnectionUrl[],
  declared: DeclaredRoutes,
): Verdict | undefined {
  const isServer = (url: ConnectionUrl): boolean =>
    url.kind === "literal" && unit.serverHosts?.includes(url.host ?? "") === true;
  const because =
    routeOf(urls, declared, location.file) === "direct"
      ? directWords(shownUrls(urls))
      : inContainer && tool.isServersOwn === true
        ? "it runs inside the container of the server"
        : urls.length > 0 && urls.every(isServer)
          ? `it is given ${shownUrls(urls)}, the server of the same file`
          : undefined;
  return because === undefined ? undefined : { status: "direct", because };
}

/** Where a variable that is called direct is set from one that is not, for whatever runs in that environment. */
function undoneBy(urls: readonly ConnectionUrl[], settings: readonly Setting[], declared: DeclaredRoutes): Evidence[] {
  const names = urls.flatMap((url) => (url.kind === "environment" ? [url.name] : []));
  return settings
    .filter(({ name, ambient }) => names.includes(name) && ambient === true)
    .flatMap((setting): Evidence[] => {
      const from = urlsInShell(setting.value).filter(
        (url) => url.kind === "environment" && url.name !== setting.name && routeOf([url], declared) !== "direct",
      );
      return from.length === 0 ? [] : [setFrom(setting, from)];
    });
}

const setFrom = ({ name, value }: Setting, from: readonly ConnectionUrl[]): Evidence => ({
  location: locationOf(value),
  message: `${name} is set from ${shownUrls(from)} here`,
});

/** Addresses in words, those that are not known left out. */
export const shownUrls = (urls: readonly ConnectionUrl[]): string =>
  urls
    .filter((url) => url.kind !== "unknown")
    .map(shownUrl)
    .join(" or ");

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
  if (setting !== undefined && name.endsWith("HOST") && !/[$%]/.test(setting.value.text))
    return [{ kind: "literal", host: setting.value.text, query: [] }];
  return urlsOfVariable(name, settings);
};

function prismaAddress(prisma: PrismaUrl, settings: ToolRun["settings"]): Address {
  const names = prisma.urls.flatMap((url) => (url.kind === "environment" ? [url.name] : []));
  const evidence = names.flatMap((name) => setHere(name, settings));
  const urls = prisma.urls.flatMap((url) => (url.kind === "environment" ? urlsOfVariable(url.name, settings) : [url]));
  // A script that decides between variables is the place to change; one that gives the variable a value is only one of its users.
  return { urls, place: evidence.length === 0 ? prisma : undefined, evidence };
}

/** Where a variable is set from another one: then its own name says nothing of where it leads. */
function setHere(name: string, settings: ToolRun["settings"]): Evidence[] {
  const setting = settingOf(name, settings);
  if (setting === undefined) return [];
  const from = urlsOfVariable(name, settings).filter((url) => url.kind === "environment" && url.name !== name);
  if (from.length === 0) return [];
  return [setFrom(setting, from)];
}

/** A word that is a URL or a variable, and not the name of a database or file. */
const isAddress = (text: string): boolean =>
  /^(?:postgres(?:ql)?|db):/.test(text) ||
  (/^\$\{?[A-Z_]*(?:URL|URI|DSN|CONN)[A-Z_]*\b/.test(text) && !text.startsWith("-"));
