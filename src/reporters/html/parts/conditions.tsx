import type { JSX } from "preact";
import type { Report, ReportedCondition } from "../../../report/schema.ts";
import { Name, None, Part, Places, Words } from "../words.tsx";

/** What has to be done before the pooler is switched on, to be ticked off. */
export function ConditionsPart({ report }: { readonly report: Report }): JSX.Element {
  const { conditions } = report;
  const lists = [
    { title: "To do first", own: conditions.filter(({ blocking }) => blocking) },
    { title: "To settle or to keep", own: conditions.filter(({ blocking }) => !blocking) },
  ];
  return (
    <Part id="conditions" number={4} title="Before the pooler is switched on">
      {conditions.length === 0 && <None>Nothing has to be done.</None>}
      {lists
        .filter(({ own }) => own.length > 0)
        .map(({ title, own }) => (
          <div key={title}>
            <h3>
              {title} ({own.length})
            </h3>
            <ul class="checklist">
              {own.map((condition) => (
                <Condition key={condition.id} condition={condition} severalWorkspaces={report.workspaces.length > 1} />
              ))}
            </ul>
          </div>
        ))}
    </Part>
  );
}

const Condition = ({
  condition,
  severalWorkspaces,
}: {
  readonly condition: ReportedCondition;
  readonly severalWorkspaces: boolean;
}): JSX.Element => (
  <li>
    <label>
      <input type="checkbox" />{" "}
      <strong>
        <Words>{condition.action}</Words>
      </strong>
    </label>
    <p>
      <Words>{condition.why}</Words>
      {severalWorkspaces && condition.workspaces.length > 0 && (
        <>
          {" "}
          In{" "}
          {condition.workspaces.map((workspace) => (
            <span key={workspace}>
              <Name>{workspace}</Name>{" "}
            </span>
          ))}
        </>
      )}
    </p>
    <Places places={condition.places} most={5} />
  </li>
);
