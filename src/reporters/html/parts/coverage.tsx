import type { JSX } from "preact";
import { resolvedPercent } from "../../../report/coverage.ts";
import type { Report } from "../../../report/schema.ts";
import { Name, None, Part, Table, Words } from "../words.tsx";

/** How much was understood, with lists of what was not. */
export function CoveragePart({ report }: { readonly report: Report }): JSX.Element {
  const { files, callSites, connections, notAnalysed, unknownPackages } = report.coverage;
  const total = callSites.resolved + callSites.partial + callSites.unresolved;
  return (
    <Part id="coverage" number={3} title="Coverage">
      <p>
        {total} SQL call sites: {callSites.resolved} resolved, {callSites.partial} in part, {callSites.unresolved} not (
        {resolvedPercent(callSites).toFixed(1)} % of which it is known which statement runs there). {files.analysed}{" "}
        files analysed, {files.skipped} passed over, {files.failed} that should have been analysed and could not be.
      </p>
      <p>
        Connection handles: {connections.pool} pools, {connections.client} clients, {connections.transaction}{" "}
        transactions, {connections.direct} past the pooler, {connections.unknown} of unknown kind.
      </p>
      {unknownPackages.length > 0 && (
        <Table caption="Database packages that are not understood" head={["Package", "Files"]}>
          {unknownPackages.map((entry) => (
            <tr key={entry.package}>
              <th scope="row">
                <Name>{entry.package}</Name>
              </th>
              <td>
                {entry.paths.map((path) => (
                  <div key={path}>
                    <Name>{path}</Name>
                  </div>
                ))}
              </td>
            </tr>
          ))}
        </Table>
      )}
      {notAnalysed.length === 0 ? (
        <None>Every file was analysed whole.</None>
      ) : (
        <Table caption="Not analysed, wholly or in part" head={["File", "Why"]}>
          {notAnalysed.map(({ path, reason }) => (
            <tr key={`${path}\n${reason}`}>
              <th scope="row">
                <Name>{path}</Name>
              </th>
              <td>
                <Words>{reason}</Words>
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Part>
  );
}
