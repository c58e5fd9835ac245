import type { JSX } from "preact";
import { METHOD } from "../../../report/limits.ts";
import type { Report } from "../../../report/schema.ts";
import { VERDICT_WORDS } from "../../words.ts";
import { SeverityBadge } from "../marks.tsx";
import { anchorOf, At, None, Part, Places, Table, Words } from "../words.tsx";

/** Findings that somebody accepted, and why. */
export const AcceptedPart = ({ report }: { readonly report: Report }): JSX.Element => (
  <Part id="accepted" number={10} title="Accepted risks">
    {report.acceptedRisks.length === 0 ? (
      <None>None.</None>
    ) : (
      <Table
        caption="Findings that were accepted"
        head={["Where", "Rule", "Severity", "Reason", "Owner", "Until", "Accepted in"]}
      >
        {report.acceptedRisks.map((risk, index) => (
          <tr key={index}>
            <th scope="row">
              <a href={`#${anchorOf(risk)}`}>
                <At path={risk.path} line={risk.line} />
              </a>
            </th>
            <td>{risk.ruleId}</td>
            <td>
              <SeverityBadge severity={risk.severity} />
            </td>
            <td>
              <Words>{risk.accepted.reason}</Words>
            </td>
            <td>{risk.accepted.owner === null ? "–" : <Words>{risk.accepted.owner}</Words>}</td>
            <td>{risk.accepted.expires ?? "–"}</td>
            <td>
              <At path={risk.accepted.path} line={risk.accepted.line} />
            </td>
          </tr>
        ))}
      </Table>
    )}
  </Part>
);

/** What of the session was seen and is right: it shows that the audit looked. */
export const SafePart = ({ report }: { readonly report: Report }): JSX.Element => (
  <Part id="safe" number={11} title="Seen and right">
    {report.safeFeatures.length === 0 ? (
      <None>Nothing that belongs to a session or a transaction was seen beside the findings.</None>
    ) : (
      <Table
        caption="Features of session and transaction that are used as they should be"
        head={["What", "Places", "The first of them"]}
      >
        {report.safeFeatures.map(({ id, title, count, places }) => (
          <tr key={id}>
            <th scope="row">{title}</th>
            <td class="figure">{count}</td>
            <td>
              <Places places={places} />
            </td>
          </tr>
        ))}
      </Table>
    )}
  </Part>
);

export const MethodPart = ({ report }: { readonly report: Report }): JSX.Element => (
  <Part id="method" number={12} title="Method and limits">
    <h3>How it was looked at</h3>
    <ul>
      {METHOD.map((words) => (
        <li key={words}>{words}</li>
      ))}
    </ul>
    <h3>What it cannot see</h3>
    <ul>
      {report.limits.map((words) => (
        <li key={words}>
          <Words>{words}</Words>
        </li>
      ))}
    </ul>
  </Part>
);

export function ChangePart({ report }: { readonly report: Report }): JSX.Element {
  const { change, findings } = report;
  if (change === null)
    return (
      <Part id="change" number={13} title="Since the previous report">
        <None>No previous report was given (--previous FILE).</None>
      </Part>
    );
  const added = new Set(change.added);
  return (
    <Part id="change" number={13} title="Since the previous report">
      <p>
        Before: {VERDICT_WORDS[change.previous.verdict]}, {change.previous.findings} findings, by {change.previous.tool}
        . Today: {VERDICT_WORDS[report.verdict]}; {change.added.length} new, {change.fixed.length} gone, {change.kept}{" "}
        as before. SQL resolved: {change.coverage.before} % before, {change.coverage.after} % today.
      </p>
      {added.size > 0 && (
        <>
          <h3>New</h3>
          <ul>
            {findings
              .filter(({ fingerprint }) => added.has(fingerprint))
              .map((finding, index) => (
                <li key={index}>
                  <a href={`#${anchorOf(finding)}`}>
                    <At path={finding.path} line={finding.line} />
                  </a>{" "}
                  {finding.ruleId}: <Words>{finding.message}</Words>
                </li>
              ))}
          </ul>
        </>
      )}
      {change.fixed.length > 0 && (
        <>
          <h3>Gone</h3>
          <ul>
            {change.fixed.map((fixed, index) => (
              <li key={index}>
                <At path={fixed.path} line={fixed.line} /> {fixed.ruleId}: <Words>{fixed.message}</Words>
              </li>
            ))}
          </ul>
        </>
      )}
    </Part>
  );
}

/** Where the reviewer signs. */
export const SignOffPart = (): JSX.Element => (
  <Part id="sign-off" number={14} title="Sign-off">
    <Table caption="Who answers for the decision" head={["Name", "Role", "Date", "Decision", "Signature"]}>
      {["first", "second"].map((row) => (
        <tr key={row} class="signature">
          <td />
          <td />
          <td />
          <td>☐ switch on ☐ with the conditions ☐ not yet</td>
          <td />
        </tr>
      ))}
    </Table>
  </Part>
);
