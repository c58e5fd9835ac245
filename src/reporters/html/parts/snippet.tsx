import type { JSX } from "preact";
import type { ReportedFinding } from "../../../report/schema.ts";

/** The lines of a finding with its range marked. */
export function Snippet({ finding }: { readonly finding: ReportedFinding }): JSX.Element | null {
  const { snippet, line, endLine, column, endColumn } = finding;
  if (snippet === null) return null;
  const { startLine, startColumn, lines } = snippet;
  return (
    <pre class="snippet" tabIndex={0} aria-label={`Code of ${finding.path}`}>
      {lines.map((text, index) => {
        const number = startLine + index;
        const isMarked = number >= line && number <= endLine;
        const from = isMarked && number === line ? Math.max(column - startColumn, 0) : 0;
        const to = isMarked && number === endLine ? Math.max(endColumn - startColumn, from) : text.length;
        return (
          <span key={number} class={isMarked ? "line marked" : "line"}>
            <span class="gutter">{String(number).padStart(5)}</span>
            <span class="text">
              {startColumn > 1 && "…"}
              {isMarked ? (
                <>
                  {text.slice(0, from)}
                  <mark>{text.slice(from, to)}</mark>
                  {text.slice(to)}
                </>
              ) : (
                text
              )}
            </span>
            {"\n"}
          </span>
        );
      })}
    </pre>
  );
}
