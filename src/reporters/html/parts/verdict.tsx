import type { JSX } from "preact";
import { resolvedPercent } from "../../../report/coverage.ts";
import type { Report } from "../../../report/schema.ts";
import { CoverageBar } from "../pictures/coverage-bar.tsx";
import { RuleBars } from "../pictures/rule-bars.tsx";
import { VerdictBadge } from "../marks.tsx";
import { Name, Part, Table, Words } from "../words.tsx";

/** The verdict and why, whole and for each workspace, with the pictures. */
export function VerdictPart({ report }: { readonly report: Report }): JSX.Element {
  const { reasons, workspaces } = report;
  const shown = workspaces.filter(({ verdict }) => verdict !== null);
  return (
    <Part id="verdict" number={1} title="Verdict">
      <ul class="reasons">
        {reasons.length === 0 && <li>Nothing was found that fails, and enough of the SQL was understood to say so.</li>}
        {reasons.map((reason) => (
          <li key={reason}>
            <Words>{reason}</Words>
          </li>
        ))}
      </ul>
      <div class="pictures">
        <RuleBars findings={report.findings} />
        <CoverageBar counts={report.coverage.callSites} />
      </div>
      {shown.length > 1 && (
        <Table
          caption="Verdict of each workspace"
          head={["Workspace", "Verdict", "Errors", "Warnings", "Notes", "Accepted", "SQL resolved", "Why"]}
        >
          {workspaces.map((workspace) => (
            <tr key={workspace.path}>
              <th scope="row">
                <Name>{workspace.path}</Name>
              </th>
              <td>
                <VerdictBadge verdict={workspace.verdict} />
              </td>
              <td class="figure">{workspace.findings.error}</td>
              <td class="figure">{workspace.findings.warning}</td>
              <td class="figure">{workspace.findings.info}</td>
              <td class="figure">{workspace.findings.suppressed}</td>
              <td class="figure">
                {workspace.verdict === null ? "–" : `${resolvedPercent(workspace.callSites).toFixed(1)} %`}
              </td>
              <td>
                <Words>{workspace.reasons.join("; ")}</Words>
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Part>
  );
}
