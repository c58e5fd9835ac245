import type { JSX } from "preact";
import type { Report, ReportedAmount } from "../../../report/schema.ts";
import { Badge } from "../marks.tsx";
import { At, None, Part, Table, Words } from "../words.tsx";

const OUTCOMES = { found: "found", unknown: "not known", passed: "passed" } as const;
const ORDER = ["found", "unknown", "passed"] as const;

const figure = ({ value, isLeast }: ReportedAmount): string =>
  value === null ? "?" : `${isLeast ? "≥ " : ""}${String(value)}`;

/** How the pooler is set up: every check with what it came to, and the connection budget. */
export function DeploymentPart({ report }: { readonly report: Report }): JSX.Element {
  const { deployment, budget } = report;
  return (
    <Part id="deployment" number={9} title="How the pooler is set up">
      {deployment.length === 0 ? (
        <None>No pooler is set up in these files: there was nothing to check.</None>
      ) : (
        <Table caption="Checks of the deployment" head={["Outcome", "Check", "Of", "What was seen", "Source"]}>
          {deployment
            .toSorted((left, right) => ORDER.indexOf(left.outcome) - ORDER.indexOf(right.outcome))
            .map((check, index) => (
              <tr key={index}>
                <td>
                  <Badge kind={check.outcome}>{OUTCOMES[check.outcome]}</Badge>
                </td>
                <th scope="row">{check.title}</th>
                <td>
                  <Words>{check.subject}</Words>
                </td>
                <td>
                  <Words>{check.words}</Words>
                </td>
                <td class="source">{check.source}</td>
              </tr>
            ))}
        </Table>
      )}
      {budget.length > 0 && (
        <Table caption="Connection budget" head={["Of", "What", "Needed", "There is", "Verdict", "Arithmetic"]}>
          {budget.map((line, index) => (
            <tr key={index}>
              <th scope="row">
                <Words>{line.title}</Words>
              </th>
              <td>{line.kind.replace("-", " ")}</td>
              <td class="figure">{figure(line.needed)}</td>
              <td class="figure">{figure(line.limit)}</td>
              <td>
                <Badge kind={line.verdict}>{line.verdict}</Badge>
              </td>
              <td>
                {line.arithmetic.map((words) => (
                  <div key={words}>
                    <Words>{words}</Words>
                  </div>
                ))}
                {line.terms
                  .filter(({ path }) => path !== null)
                  .map((term, at) => (
                    <div key={at} class="source">
                      {term.name} {figure(term)}: <At path={term.path ?? ""} line={term.line ?? 1} />
                    </div>
                  ))}
                {line.unknowns.length > 0 && <div>not known: {line.unknowns.join("; ")}</div>}
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Part>
  );
}
