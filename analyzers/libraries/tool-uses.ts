import { folderOf, isWithin } from "../deployment/deployment-file.ts";
import type { Manifest } from "../deployment/manifest.ts";
import type { DeploymentFacts } from "../deployment/read-deployment.ts";
import { reachUnits } from "../deployment/script-calls.ts";
import { OCCASIONS } from "../deployment/unit.ts";
import type { Confidence, DeclaredRoutes, Evidence, LibraryUse, SourceLocation } from "../model.ts";
import { routeOf } from "../source/connection-route.ts";
import { commands } from "./commands.ts";
import { type JudgedRun, judgeRun, prismaFor, shownUrls } from "./judge-tool-run.ts";
import { directWords } from "./library-use.ts";
import { fineUse } from "./library-use.ts";
import { prismaOf } from "./prisma.ts";
import { type ToolRun, toolRunsIn } from "./tool-runs.ts";
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
    const key = `${run.tool.tool}\n${groupOf(run, facts)}`;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  const used = [...groups.values()].flatMap((group) => groupUse(group, facts, declared) ?? []);
  return [...used, ...unusedConfigs(facts, runs, declared)];
}

/** What the runs of one use share: the place where their URL is written, else their workspace. */
function groupOf(run: ToolRun, facts: DeploymentFacts): string {
  const folder = workspaceOf(run, facts.manifests)?.folder ?? "";
  const place = run.tool.url.prisma === true ? prismaFor(run, folder, facts).url?.location : undefined;
  return place === undefined ? folder : `${place.file}:${String(place.range.start)}`;
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
  const judged = ordered.flatMap((run) => judgeRun(run, workspace?.folder ?? "", facts, declared) ?? []);
  const open = judged.filter(({ status }) => status === "needs-session");
  const best = surest(open) ?? judged[0];
  if (best === undefined) return undefined;
  const confidence = doubts[0] ?? best.confidence;
  return useOf(best, open, confidence);
}

const surest = (judged: readonly JudgedRun[]): JudgedRun | undefined =>
  judged.find(({ confidence }) => confidence !== "possible") ?? judged[0];

function useOf(best: JudgedRun, open: readonly JudgedRun[], confidence: Confidence): LibraryUse {
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
    const isDirect = routeOf(url.urls, declared, url.location.file) === "direct";
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
