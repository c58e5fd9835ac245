import type { ComponentChildren, JSX } from "preact";
import type { ReportedFinding } from "../../report/schema.ts";
import { inert } from "../../report/inert.ts";

/** A name, path or SQL of the project: isolated, so that its direction of writing changes nothing around it. */
export const Name = ({ children }: { readonly children: string }): JSX.Element => <code>{inert(children)}</code>;

/** A sentence in which names stand between backticks. */
export function Words({ children }: { readonly children: string }): JSX.Element {
  const parts = inert(children).split(/`([^`]+)`/);
  return <bdi>{parts.map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}</bdi>;
}

/** A place in the project. */
export const At = ({ path, line }: { readonly path: string; readonly line: number }): JSX.Element => (
  <Name>{`${path}:${String(line)}`}</Name>
);

/** Several places, the first of them named. */
export function Places({
  places,
  most = 8,
}: {
  readonly places: readonly { readonly path: string; readonly line: number }[];
  readonly most?: number;
}): JSX.Element {
  const rest = places.length - most;
  return (
    <ul class="places">
      {places.slice(0, most).map((place) => (
        <li key={`${place.path}:${String(place.line)}`}>
          <At {...place} />
        </li>
      ))}
      {rest > 0 && <li>and {rest} more</li>}
    </ul>
  );
}

/** A table that scrolls inside its box on a narrow screen; the box can be reached with the keyboard for that. */
export const Table = ({
  caption,
  head,
  children,
}: {
  readonly caption: string;
  readonly head: readonly string[];
  readonly children: ComponentChildren;
}): JSX.Element => (
  <div class="scroll" role="region" aria-label={caption} tabIndex={0}>
    <table>
      <caption>{caption}</caption>
      <thead>
        <tr>
          {head.map((title) => (
            <th key={title} scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </div>
);

/** A part of the report, with its number. */
export const Part = ({
  id,
  number,
  title,
  children,
}: {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly children: ComponentChildren;
}): JSX.Element => (
  <section class="part" id={id} aria-labelledby={`${id}-title`}>
    <h2 id={`${id}-title`}>
      <span class="number">{number}</span> {title}
    </h2>
    {children}
  </section>
);

/** What stands where a part has nothing to show. */
export const None = ({ children }: { readonly children: string }): JSX.Element => <p class="none">{children}</p>;

/** The anchor of a finding; the same for the same fingerprint. */
export const anchorOf = ({ fingerprint }: Pick<ReportedFinding, "fingerprint">): string =>
  `f-${fingerprint.replace(/[^\w]/g, "-")}`;
