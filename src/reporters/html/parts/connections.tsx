import type { JSX } from "preact";
import type { Report } from "../../../report/schema.ts";
import { ROUTE_WORDS } from "../../words.ts";
import { RouteBadge } from "../marks.tsx";
import { ConnectionMap } from "../pictures/connection-map.tsx";
import { At, Name, None, Part, Table, Words } from "../words.tsx";

/** Which connections pass the pooler, and which claim not to. */
export function ConnectionsPart({ report }: { readonly report: Report }): JSX.Element {
  const { connections } = report;
  const doubtful = connections.filter(({ doubt }) => doubt !== null);
  return (
    <Part id="connections" number={7} title="Connections">
      {connections.length === 0 ? (
        <None>No connection was seen.</None>
      ) : (
        <>
          <ConnectionMap report={report} />
          {doubtful.length > 0 && (
            <div class="alarm">
              <h3>They claim to be direct, and are not</h3>
              <ul>
                {doubtful.map(({ name, doubt, path, line }, index) => (
                  <li key={index}>
                    <Name>{name}</Name> at <At path={path} line={line} />: <Words>{doubt ?? ""}</Words>
                  </li>
                ))}
              </ul>
            </div>
          )}
          <Table
            caption="Connections that the program makes or is given"
            head={["Route", "Address", "Driver", "Made at", "Call sites", "Why"]}
          >
            {connections.map((connection, index) => (
              <tr key={index}>
                <td>
                  <RouteBadge route={connection.route} />
                </td>
                <th scope="row">
                  <Name>{connection.name}</Name>
                </th>
                <td>
                  <Name>{connection.driver}</Name>
                </td>
                <td>
                  <At path={connection.path} line={connection.line} />
                </td>
                <td class="figure">{connection.callSites}</td>
                <td>
                  <Words>{connection.reason ?? ROUTE_WORDS[connection.route]}</Words>
                </td>
              </tr>
            ))}
          </Table>
        </>
      )}
    </Part>
  );
}
