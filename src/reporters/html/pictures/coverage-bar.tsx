import type { JSX } from "preact";
import { resolvedPercent } from "../../../report/coverage.ts";
import type { Report } from "../../../report/schema.ts";

const WIDTH = 640;

/** How much of the SQL was understood, as one bar. */
export function CoverageBar({ counts }: { readonly counts: Report["coverage"]["callSites"] }): JSX.Element {
  const { resolved, partial, unresolved } = counts;
  const total = resolved + partial + unresolved;
  const parts = [
    { id: "resolved", name: "resolved", count: resolved },
    { id: "partial", name: "in part", count: partial },
    { id: "unresolved", name: "not resolved", count: unresolved },
  ];
  let x = 0;
  return (
    <figure>
      <figcaption>SQL call sites{total === 0 ? "" : `: ${resolvedPercent(counts).toFixed(1)} % resolved`}</figcaption>
      {total === 0 ? (
        <p class="none">No SQL call site was found.</p>
      ) : (
        <svg
          class="bars"
          viewBox={`0 0 ${String(WIDTH)} 30`}
          role="img"
          aria-label={`SQL call sites: ${parts.map(({ name, count }) => `${String(count)} ${name}`).join(", ")}`}
        >
          {parts.map(({ id, count }) => {
            const width = (count / total) * WIDTH;
            const start = x;
            x += width;
            return width === 0 ? null : <rect key={id} class={`bar ${id}`} x={start} y={4} width={width} height={22} />;
          })}
        </svg>
      )}
      <ul class="legend">
        {parts.map(({ id, name, count }) => (
          <li key={id}>
            <span class={`swatch ${id}`} /> {count} {name}
          </li>
        ))}
      </ul>
    </figure>
  );
}
