import type { Confidence, Severity } from "../../analyzers/index.ts";
import { compareText, plural } from "../words.ts";
import { addressWords } from "./connection-map.ts";
import type { Report, ReportedCondition, ReportedFinding } from "./schema.ts";

/** What conditions are made from. */
export interface ConditionParts {
  readonly findings: readonly ReportedFinding[];
  readonly connections: Report["connections"];
  readonly directConnections: Report["directConnections"];
  readonly unresolved: Report["unresolved"];
}

/** Rules whose findings ask for nothing to be done before a pooler is switched on. */
const NO_CONDITION: ReadonlySet<string> = new Set(["unresolved-sql", "valid-suppression"]);

const spotsOf = (
  findings: readonly { readonly path: string; readonly line: number }[],
): ReportedCondition["places"] => [
  ...new Map(findings.map(({ path, line }) => [`${path}:${String(line)}`, { path, line }])).values(),
];

/** An error that is more than possible fails for certain; all else depends on something. */
const isBlocking = ({
  severity,
  confidence,
}: {
  readonly severity: Severity;
  readonly confidence: Confidence;
}): boolean => severity === "error" && confidence !== "possible";

/**
 * What has to be done, or kept so, before the pooler is switched on: one condition for all findings that the same change meets, those that
 * block first. Accepted findings and notes make none.
 */
export function conditionsOf(parts: ConditionParts): ReportedCondition[] {
  return [...fromFindings(parts.findings), ...keepDirect(parts), ...settleRoutes(parts), ...readUnresolved(parts)];
}

function fromFindings(findings: readonly ReportedFinding[]): ReportedCondition[] {
  const groups = new Map<string, ReportedFinding[]>();
  for (const finding of findings) {
    const isOpen = finding.suppressed === null && finding.severity !== "info" && !NO_CONDITION.has(finding.ruleId);
    if (!isOpen) continue;
    const key = `${finding.ruleId}\n${finding.condition}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups]
    .map(([key, members]): ReportedCondition => {
      const [ruleId = "", action = ""] = key.split("\n");
      const worst = members.find(isBlocking) ?? members[0];
      return {
        id: `${ruleId}/${slugOf(action)}`,
        action,
        why: worst?.message ?? "",
        blocking: members.some(isBlocking),
        ruleId,
        workspaces: [...new Set(members.map(({ workspace }) => workspace))].sort(compareText),
        places: spotsOf(members),
        findings: members.map(({ fingerprint }) => fingerprint),
      };
    })
    .sort(
      (left, right) =>
        Number(right.blocking) - Number(left.blocking) ||
        right.places.length - left.places.length ||
        compareText(left.id, right.id),
    );
}

/** What relies on a direct connection has to keep it. */
function keepDirect({ directConnections }: ConditionParts): ReportedCondition[] {
  const groups = new Map<string, Report["directConnections"][number][]>();
  for (const connection of directConnections.filter(({ callSites }) => callSites.length > 0)) {
    const { urls, driver } = connection;
    const name = urls.some(({ kind }) => kind !== "unknown")
      ? addressWords(urls)
      : `the direct connection of ${driver}`;
    groups.set(name, [...(groups.get(name) ?? []), connection]);
  }
  return [...groups].map(([name, members]) => {
    const places = spotsOf(members.flatMap(({ callSites }) => callSites));
    return {
      id: `keep-direct/${slugOf(name)}`,
      action: `Keep ${name} past the pooler, and leave room for its connections in max_connections.`,
      why: `${plural(places.length, "place")} rely on a session: they were not judged for the pooler.`,
      blocking: false,
      ruleId: null,
      workspaces: [],
      places,
      findings: [],
    };
  });
}

/** Connections that claim to be direct, where something speaks against it. */
function settleRoutes({ connections }: ConditionParts): ReportedCondition[] {
  return connections
    .filter(({ doubt }) => doubt !== null)
    .map(({ name, doubt, path, line, workspace }) => ({
      id: `settle-route/${slugOf(`${name}-${path}`)}`,
      action: `Give ${name} the address of PostgreSQL itself.`,
      why: `${doubt ?? ""}: code that was left unjudged because of its name runs behind the pooler.`,
      blocking: true,
      ruleId: null,
      workspaces: [workspace],
      places: [{ path, line }],
      findings: [],
    }));
}

function readUnresolved({ unresolved }: ConditionParts): ReportedCondition[] {
  const open = unresolved.filter(({ resolution }) => resolution === "unresolved");
  if (open.length === 0) return [];
  return [
    {
      id: "read-unresolved",
      action: `Read what ${plural(open.length, "call site")} can send, or make the text known to the audit.`,
      why: "Nothing was checked there; each may hold the worst SET of the program.",
      blocking: false,
      ruleId: "unresolved-sql",
      workspaces: [...new Set(open.map(({ workspace }) => workspace))].sort(compareText),
      places: spotsOf(open),
      findings: [],
    },
  ];
}

const slugOf = (words: string): string =>
  words
    .toLowerCase()
    .replace(/[^a-z\d]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 80);
