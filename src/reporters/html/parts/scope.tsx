import type { JSX } from "preact";
import type { Report } from "../../../report/schema.ts";
import { At, Name, Part, Table, Words } from "../words.tsx";

const FROM: Readonly<Record<Report["profile"]["facts"][number]["from"], string>> = {
  configuration: "configuration or command line",
  deployment: "the project's files",
  default: "default",
};

/** What was audited, by what it was judged, and what was left out. */
export function ScopePart({ report }: { readonly report: Report }): JSX.Element {
  const { tool, scope, profile } = report;
  return (
    <Part id="scope" number={2} title="Scope">
      <dl>
        <dt>Tool and rule set</dt>
        <dd>
          {tool.name} {tool.version}, {scope.rules.count} rules; facts of the pooler of {profile.date}
        </dd>
        <dt>Audited</dt>
        <dd>
          {scope.paths.map((path) => (
            <span key={path}>
              <Name>{path}</Name>{" "}
            </span>
          ))}
        </dd>
        <dt>Configuration</dt>
        <dd>{scope.configuration === null ? "none" : <Name>{scope.configuration}</Name>}</dd>
        <dt>Baseline</dt>
        <dd>{scope.baseline === null ? "none" : <Name>{scope.baseline}</Name>}</dd>
        {scope.since !== null && (
          <>
            <dt>Listed</dt>
            <dd>
              what changed since <Name>{scope.since}</Name>; all was analysed
            </dd>
          </>
        )}
        {scope.rules.levels.length > 0 && (
          <>
            <dt>Levels of rules that were set</dt>
            <dd>{scope.rules.levels.map(({ id, level }) => `${id}: ${level}`).join(", ")}</dd>
          </>
        )}
      </dl>
      <Table caption="What the findings were judged by" head={["Fact", "Value", "From", "Where"]}>
        {profile.facts.map((fact) => (
          <tr key={fact.name}>
            <th scope="row">{fact.name}</th>
            <td>
              <Name>{fact.value}</Name>
            </td>
            <td>{FROM[fact.from]}</td>
            <td>{fact.path === null ? "–" : <At path={fact.path} line={fact.line ?? 1} />}</td>
          </tr>
        ))}
      </Table>
      {profile.doubts.length > 0 && (
        <>
          <h3>Not settled: none of it was used</h3>
          <ul>
            {profile.doubts.map(({ words, path, line }) => (
              <li key={`${words}${path ?? ""}`}>
                <Words>{words}</Words> {path !== null && <At path={path} line={line ?? 1} />}
              </li>
            ))}
          </ul>
        </>
      )}
      <h3>Sources</h3>
      <ul>
        {profile.sources.map((source) => (
          <li key={source}>{source}</li>
        ))}
      </ul>
      {(scope.excluded.length > 0 || scope.unusedDeclarations.length > 0) && (
        <>
          <h3>Left out, and why</h3>
          <ul>
            {scope.excluded.map(({ what, why, count }) => (
              <li key={why}>
                {count} {what}: <Words>{why}</Words>
              </li>
            ))}
            {scope.unusedDeclarations.map((name) => (
              <li key={name}>
                <Name>{name}</Name> is declared, and no connection was seen to use it
              </li>
            ))}
          </ul>
        </>
      )}
    </Part>
  );
}
