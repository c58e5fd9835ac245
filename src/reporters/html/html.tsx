import { createHash } from "node:crypto";
import type { JSX } from "preact";
import { renderToString } from "preact-render-to-string";
import type { Report } from "../../report/schema.ts";
import { inert, wellFormed } from "../../report/inert.ts";
import { plural } from "../../words.ts";
import { VERDICT_WORDS } from "../words.ts";
import script from "./client/report.js?raw";
import { VerdictBadge } from "./marks.tsx";
import { AcceptedPart, ChangePart, MethodPart, SafePart, SignOffPart } from "./parts/acceptance.tsx";
import { ConditionsPart } from "./parts/conditions.tsx";
import { ConnectionsPart } from "./parts/connections.tsx";
import { CoveragePart } from "./parts/coverage.tsx";
import { DeploymentPart } from "./parts/deployment.tsx";
import { FindingsPart } from "./parts/findings.tsx";
import { LibrariesPart } from "./parts/libraries.tsx";
import { ScopePart } from "./parts/scope.tsx";
import { UnresolvedPart } from "./parts/unresolved.tsx";
import { VerdictPart } from "./parts/verdict.tsx";
import style from "./report.css?raw";
import { Name, Words } from "./words.tsx";

const hashOf = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** Nothing is loaded, and nothing runs or styles but what this file itself holds. */
const POLICY = [
  "default-src 'none'",
  `script-src ${hashOf(script)}`,
  `style-src ${hashOf(style)}`,
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/**
 * The audit report as one HTML file that loads nothing: fourteen parts, readable without JavaScript; with it, findings can be filtered, searched,
 * grouped and copied. The same report gives the same bytes.
 */
export const reportAsHtml = (report: Report): string =>
  // The page itself has none of the characters that are taken out: they can only be a project's.
  `<!doctype html>\n${inert(wellFormed(renderToString(<Page report={report} />)))}\n`;

const PARTS: readonly { readonly id: string; readonly title: string; readonly count?: (report: Report) => number }[] = [
  { id: "verdict", title: "Verdict" },
  { id: "scope", title: "Scope" },
  { id: "coverage", title: "Coverage" },
  { id: "conditions", title: "Before switching on", count: ({ conditions }) => conditions.length },
  { id: "findings", title: "Findings", count: ({ findings }) => findings.length },
  { id: "unresolved", title: "Unresolved SQL", count: ({ unresolved }) => unresolved.length },
  { id: "connections", title: "Connections", count: ({ connections }) => connections.length },
  { id: "libraries", title: "Packages and tools", count: ({ libraries }) => libraries.length },
  { id: "deployment", title: "Set-up", count: ({ deployment }) => deployment.length },
  { id: "accepted", title: "Accepted risks", count: ({ acceptedRisks }) => acceptedRisks.length },
  { id: "safe", title: "Seen and right" },
  { id: "method", title: "Method and limits" },
  { id: "change", title: "Since last time" },
  { id: "sign-off", title: "Sign-off" },
];

const Page = ({ report }: { readonly report: Report }): JSX.Element => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content={POLICY} />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="referrer" content="no-referrer" />
      <meta name="color-scheme" content="light dark" />
      <title>{`${VERDICT_WORDS[report.verdict]}: pgbouncer-audit`}</title>
      <link rel="icon" href="data:," />
      <style dangerouslySetInnerHTML={{ __html: style }} />
    </head>
    <body>
      <a class="skip" href="#content">
        Skip to the report
      </a>
      <Head report={report} />
      <div class="columns">
        <nav aria-label="Parts of the report">
          <ol>
            {PARTS.map(({ id, title, count }) => (
              <li key={id}>
                <a href={`#${id}`}>
                  {title}
                  {count !== undefined && <span class="tally">{count(report)}</span>}
                </a>
              </li>
            ))}
          </ol>
        </nav>
        <main id="content">
          <VerdictPart report={report} />
          <ScopePart report={report} />
          <CoveragePart report={report} />
          <ConditionsPart report={report} />
          <FindingsPart report={report} />
          <UnresolvedPart report={report} />
          <ConnectionsPart report={report} />
          <LibrariesPart report={report} />
          <DeploymentPart report={report} />
          <AcceptedPart report={report} />
          <SafePart report={report} />
          <MethodPart report={report} />
          <ChangePart report={report} />
          <SignOffPart />
        </main>
      </div>
      <script dangerouslySetInnerHTML={{ __html: script }} />
    </body>
  </html>
);

/** What was audited: the name of the project, and the paths where only some were asked for. */
function subjectOf({ workspaces, scope }: Report): string {
  const name = workspaces.find(({ path }) => path === ".")?.name ?? ".";
  const paths = scope.paths.filter((path) => path !== ".");
  const shown = name === "." ? [] : [name];
  return [...shown, ...(paths.length === 0 ? [] : [paths.join(", ")])].join(": ") || "the audited folder";
}

function Head({ report }: { readonly report: Report }): JSX.Element {
  const { verdict, profile, findings, coverage } = report;
  const open = findings.filter(({ suppressed }) => suppressed === null);
  const count = (severity: string): number => open.filter((finding) => finding.severity === severity).length;
  const silent = open.filter(({ effect, severity }) => effect === "silent" && severity !== "info").length;
  const { resolved, partial, unresolved } = coverage.callSites;
  return (
    <header class={`head ${verdict}`}>
      <p class="kind">Audit for PgBouncer's {profile.poolMode} mode</p>
      <h1>
        <VerdictBadge verdict={verdict} />
      </h1>
      <p class="subject">
        <strong>
          <Words>{subjectOf(report)}</Words>
        </strong>{" "}
        · judged by{" "}
        <Name>{`${profile.pooler}${profile.version === "unknown" ? " of unknown version" : ` ${profile.version}`}`}</Name>
      </p>
      <dl class="figures">
        <div>
          <dt>errors</dt>
          <dd>{count("error")}</dd>
        </div>
        <div>
          <dt>warnings</dt>
          <dd>{count("warning")}</dd>
        </div>
        <div>
          <dt>of these silent</dt>
          <dd>{silent}</dd>
        </div>
        <div>
          <dt>accepted</dt>
          <dd>{findings.length - open.length}</dd>
        </div>
        <div>
          <dt>SQL call sites</dt>
          <dd>{resolved + partial + unresolved}</dd>
        </div>
        <div>
          <dt>{plural(coverage.files.analysed, "file").replace(/^\d+ /, "")}</dt>
          <dd>{coverage.files.analysed}</dd>
        </div>
      </dl>
    </header>
  );
}
