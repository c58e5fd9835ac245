import type { JSX } from "preact";
import type { Effect } from "../../../../analyzers/index.ts";
import type { ReportedFinding } from "../../../report/schema.ts";

const EFFECTS: readonly Effect[] = ["silent", "leak", "error", "pin"];
const NAMES: Readonly<Record<Effect, string>> = { silent: "silent", leak: "leaks", error: "fails", pin: "pins" };

const LABELS = 236;
const WIDTH = 640;
const ROW = 26;

/** How many open findings each rule has, by what the user sees of them: bars, and a table for those who do not see them. */
export function RuleBars({ findings }: { readonly findings: readonly ReportedFinding[] }): JSX.Element {
  const open = findings.filter(({ suppressed, severity }) => suppressed === null && severity !== "info");
  const ids = [...new Set(open.map(({ ruleId }) => ruleId))];
  const rows = ids
    .map((id) => ({
      id,
      counts: EFFECTS.map(
        (effect) => open.filter((finding) => finding.ruleId === id && finding.effect === effect).length,
      ),
    }))
    .map((row) => ({ ...row, total: row.counts.reduce((sum, count) => sum + count, 0) }))
    .sort((left, right) => right.total - left.total || (left.id < right.id ? -1 : 1));
  const most = Math.max(1, ...rows.map(({ total }) => total));
  const scale = (WIDTH - LABELS - 48) / most;
  const used = EFFECTS.filter((_, index) => rows.some(({ counts }) => (counts[index] ?? 0) > 0));
  if (rows.length === 0)
    return (
      <figure>
        <figcaption>Findings by rule and effect</figcaption>
        <p class="none">No open error or warning.</p>
      </figure>
    );
  return (
    <figure>
      <figcaption>Errors and warnings by rule and effect</figcaption>
      <div class="scroll" role="region" aria-label="Bars of errors and warnings by rule" tabIndex={0}>
        <svg
          class="bars"
          viewBox={`0 0 ${String(WIDTH)} ${String(rows.length * ROW + 8)}`}
          role="img"
          aria-label={`Errors and warnings by rule: ${rows.map(({ id, total }) => `${id} ${String(total)}`).join(", ")}`}
        >
          {rows.map(({ id, counts, total }, row) => {
            let x = LABELS;
            return (
              <g key={id}>
                <text x={LABELS - 8} y={row * ROW + 18} text-anchor="end">
                  {id}
                </text>
                {EFFECTS.map((effect, index) => {
                  const width = (counts[index] ?? 0) * scale;
                  if (width === 0) return null;
                  const start = x;
                  x += width;
                  return (
                    <rect
                      key={effect}
                      class={`bar ${effect}`}
                      x={start}
                      y={row * ROW + 4}
                      width={width}
                      height={ROW - 8}
                    />
                  );
                })}
                <text x={x + 6} y={row * ROW + 18} class="value">
                  {total}
                </text>
              </g>
            );
          })}
        </svg>
      </div>
      <ul class="legend" aria-hidden="true">
        {used.map((effect) => (
          <li key={effect}>
            <span class={`swatch ${effect}`} /> {NAMES[effect]}
          </li>
        ))}
      </ul>
    </figure>
  );
}
