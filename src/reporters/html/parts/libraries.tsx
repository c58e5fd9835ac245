import type { JSX } from "preact";
import type { Report } from "../../../report/schema.ts";
import { Name, None, Part, Places, Table, Words } from "../words.tsx";

const STATUS: Readonly<Record<Report["libraries"][number]["status"], string>> = {
  "needs-session": "needs a session",
  direct: "connects directly",
  "switched-off": "does without",
  fine: "fine",
};

const ORDER = ["needs-session", "direct", "switched-off", "fine"] as const;

/** Packages and tools that need a session, with what fixes each. */
export const LibrariesPart = ({ report }: { readonly report: Report }): JSX.Element => (
  <Part id="libraries" number={8} title="Packages and tools that need a session">
    {report.libraries.length === 0 ? (
      <None>None of the packages and tools that are known to need a session is used.</None>
    ) : (
      <Table
        caption="Packages and tools that were looked at"
        head={["Package or tool", "Status", "It needs", "What fixes it, or why it is fine", "Where"]}
      >
        {report.libraries
          .toSorted((left, right) => ORDER.indexOf(left.status) - ORDER.indexOf(right.status))
          .map(({ library, status, needs, because, remedy, url, places }, index) => (
            <tr key={index}>
              <th scope="row">
                <Name>{library}</Name>
              </th>
              <td>{STATUS[status]}</td>
              <td>{needs === "" ? "–" : <Words>{needs}</Words>}</td>
              <td>
                <Words>{status === "needs-session" ? remedy : because}</Words>
                {url !== null && (
                  <div>
                    connects with <Name>{url}</Name>
                  </div>
                )}
              </td>
              <td>
                <Places places={places} most={4} />
              </td>
            </tr>
          ))}
      </Table>
    )}
  </Part>
);
