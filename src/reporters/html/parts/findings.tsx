import { marked } from "marked";
import type { JSX } from "preact";
import { type Rule, rules, type Severity } from "../../../../analyzers/index.ts";
import { pageOf } from "../../../pages.ts";
import type { Report, ReportedFinding } from "../../../report/schema.ts";
import { EFFECT_SENTENCES, EffectBadge, SeverityBadge } from "../marks.tsx";
import { anchorOf, At, Name, None, Part, Words } from "../words.tsx";
import { Snippet } from "./snippet.tsx";

const SEVERITIES: readonly Severity[] = ["error", "warning", "info"];

/** The findings by rule. The controls need the script, and are hidden without it. */
export function FindingsPart({ report }: { readonly report: Report }): JSX.Element {
  const { findings } = report;
  const worst = (own: readonly ReportedFinding[]): number =>
    Math.min(...own.map(({ severity, suppressed }) => (suppressed === null ? SEVERITIES.indexOf(severity) : 3)));
  const groups = rules
    .map((rule) => ({ rule, own: findings.filter(({ ruleId }) => ruleId === rule.id) }))
    .filter(({ own }) => own.length > 0)
    .sort((left, right) => worst(left.own) - worst(right.own));
  return (
    <Part id="findings" number={5} title="Findings">
      {findings.length === 0 ? (
        <None>No finding.</None>
      ) : (
        <>
          <Controls findings={findings} />
          <div id="groups">
            {groups.map(({ rule, own }) => (
              <Group key={rule.id} rule={rule} findings={own} />
            ))}
          </div>
        </>
      )}
    </Part>
  );
}

const distinct = (values: readonly string[]): string[] => [...new Set(values)].sort();

function Controls({ findings }: { readonly findings: readonly ReportedFinding[] }): JSX.Element {
  const has = (pick: (finding: ReportedFinding) => string): string[] => distinct(findings.map(pick));
  return (
    <form id="controls" class="controls" role="search" aria-label="Filter the findings" hidden>
      <label class="search">
        Search <input type="search" id="search" autocomplete="off" aria-keyshortcuts="/" />
      </label>
      <Choice
        name="severity"
        title="Severity"
        values={SEVERITIES.filter((value) => has((finding) => finding.severity).includes(value))}
      />
      <Choice name="effect" title="Effect" values={has(({ effect }) => effect)} />
      <Choice
        name="confidence"
        title="Confidence"
        values={["certain", "likely", "possible"].filter((value) =>
          has(({ confidence }) => confidence).includes(value),
        )}
      />
      <Choice name="rule" title="Rule" values={has(({ ruleId }) => ruleId)} />
      <Choice name="workspace" title="Workspace" values={has(({ workspace }) => workspace)} />
      <Choice name="connection" title="Connection" values={has(({ connection }) => connection?.name ?? "none")} />
      <Choice
        name="state"
        title="State"
        values={has(({ suppressed }) => (suppressed === null ? "open" : "accepted"))}
      />
      <label>
        Group by{" "}
        <select id="group">
          {["rule", "file", "workspace", "severity", "effect", "connection"].map((value) => (
            <option key={value} value={value}>
              {value}
            </option>
          ))}
        </select>
      </label>
      <span class="buttons">
        <button type="button" id="copy-all">
          Copy list as Markdown
        </button>{" "}
        <button type="reset">Reset</button>
      </span>
      <p id="count" role="status" aria-live="polite" />
    </form>
  );
}

const Choice = ({
  name,
  title,
  values,
}: {
  readonly name: string;
  readonly title: string;
  readonly values: readonly string[];
}): JSX.Element => (
  <label>
    {title}{" "}
    <select name={name}>
      <option value="">all</option>
      {values.map((value) => (
        <option key={value} value={value}>
          {value}
        </option>
      ))}
    </select>
  </label>
);

const Group = ({
  rule,
  findings,
}: {
  readonly rule: Rule;
  readonly findings: readonly ReportedFinding[];
}): JSX.Element => (
  <section class="group" data-group={rule.id}>
    <h3>
      {rule.id} <span class="tally">{findings.length}</span>
    </h3>
    <p class="summary">{rule.summary}.</p>
    <details class="about">
      <summary>What happens, and what to do instead</summary>
      <Markdown>{`${rule.explanation}\n\n${rule.remedies}`}</Markdown>
      <Example title="Reported" code={rule.examples.reported[0]?.code} />
      <Example title="Right" code={rule.examples.unreported[0]?.code} />
      <p>
        <a href={pageOf(rule.id)} rel="noreferrer">
          The page of the rule
        </a>
      </p>
    </details>
    <div class="list">
      {findings.map((finding) => (
        <Finding key={finding.fingerprint + finding.path} finding={finding} />
      ))}
    </div>
  </section>
);

const Example = ({ title, code }: { readonly title: string; readonly code: string | undefined }): JSX.Element | null =>
  code === undefined ? null : (
    <figure class="example">
      <figcaption>{title}</figcaption>
      <pre class="snippet" tabIndex={0}>
        {code}
      </pre>
    </figure>
  );

/** Words of a rule, which are this tool's own. */
const Markdown = ({ children }: { readonly children: string }): JSX.Element => (
  <div class="prose" dangerouslySetInnerHTML={{ __html: marked.parse(children, { async: false }) }} />
);

const Finding = ({ finding }: { readonly finding: ReportedFinding }): JSX.Element => {
  const { severity, effect, confidence, ruleId, workspace, connection, suppressed, path, line } = finding;
  const anchor = anchorOf(finding);
  return (
    <article
      class={`finding ${suppressed === null ? severity : "accepted"} ${effect}`}
      id={anchor}
      data-severity={severity}
      data-effect={effect}
      data-confidence={confidence}
      data-rule={ruleId}
      data-workspace={workspace}
      data-connection={connection?.name ?? "none"}
      data-state={suppressed === null ? "open" : "accepted"}
      data-path={path}
    >
      <h4>
        <SeverityBadge severity={severity} /> <EffectBadge effect={effect} />{" "}
        <span class="confidence">{confidence}</span>{" "}
        <a class="place" href={`#${anchor}`}>
          <At path={path} line={line} />
        </a>{" "}
        <span class="rule">{ruleId}</span>
        <button type="button" class="copy" hidden>
          Copy<span class="hidden"> this finding as Markdown</span>
        </button>
      </h4>
      <p class="message">
        <Words>{finding.message}</Words>
      </p>
      {effect === "silent" && <p class="silence">{EFFECT_SENTENCES.silent}</p>}
      <p class="remedy">
        <Words>{finding.remedy}</Words>
      </p>
      <Snippet finding={finding} />
      {suppressed !== null && (
        <p class="acceptance">
          Accepted ({suppressed.kind === "inline" ? "comment" : "baseline"},{" "}
          <At path={suppressed.path} line={suppressed.line} />
          ): <Words>{suppressed.reason}</Words>
          {suppressed.owner !== null && <> · {suppressed.owner}</>}
          {suppressed.expires !== null && <> · until {suppressed.expires}</>}
        </p>
      )}
      <Evidence finding={finding} />
    </article>
  );
};

const Evidence = ({ finding }: { readonly finding: ReportedFinding }): JSX.Element | null => {
  const { evidence, connection, symbol, breaksOn, sql } = finding;
  if (evidence.length === 0 && connection === null && sql === null && symbol === "") return null;
  return (
    <ul class="evidence">
      {evidence.map((step, index) => (
        <li key={index}>
          <Words>{step.message}</Words>: <At path={step.path} line={step.line} />
        </li>
      ))}
      {connection !== null && evidence.length === 0 && (
        <li>
          connection <Name>{connection.name}</Name> ({connection.driver}, {connection.route}):{" "}
          <At path={connection.path} line={connection.line} />
        </li>
      )}
      {symbol !== "" && (
        <li>
          in <Name>{symbol}</Name>
        </li>
      )}
      {sql !== null && (
        <li>
          <Name>{sql}</Name>
        </li>
      )}
      {breaksOn.length > 0 && <li>on {breaksOn.join(", ")}</li>}
    </ul>
  );
};
