import type { JSX } from "preact";
import type { Report } from "../../../report/schema.ts";
import { At, Name, None, Part, Table, Words } from "../words.tsx";

/** SQL that was not resolved: what is known, what is missing, what would resolve it. */
export const UnresolvedPart = ({ report }: { readonly report: Report }): JSX.Element => (
  <Part id="unresolved" number={6} title="SQL that was not resolved">
    {report.unresolved.length === 0 ? (
      <None>All SQL was resolved.</None>
    ) : (
      <Table
        caption="SQL that was not resolved, or in part only"
        head={["Where", "Call", "Known", "Missing", "What would resolve it"]}
      >
        {report.unresolved.map((site, index) => (
          <tr key={index}>
            <th scope="row">
              <At path={site.path} line={site.line} />
            </th>
            <td>
              <Name>{site.sink}</Name>
              <div>{site.resolution === "partial" ? "in part" : "nothing"}</div>
            </td>
            <td>
              <Name>{site.known === "" ? "…" : site.known}</Name>
            </td>
            <td>
              {site.holes.map((hole, at) => (
                <div key={at}>
                  <Words>{hole.reason}</Words>
                </div>
              ))}
            </td>
            <td>
              <Words>{site.advice}</Words>
            </td>
          </tr>
        ))}
      </Table>
    )}
  </Part>
);
