import { HOLE, PARAMETER, type SourceLocation, type SqlSegment, type SqlText } from "../model.ts";

/** The pieces of a text in one string, with the way back to the source. */
export interface JoinedText {
  readonly text: string;
  /** The smallest range of the source that covers `start`..`end` of the text. */
  readonly locate: (start: number, end: number) => SourceLocation;
  /** The range of the source that corresponds to `start`..`end` character by character; undefined where there is none. */
  readonly exact: (start: number, end: number) => SourceLocation | undefined;
  /** Why the hole at this offset is not known; undefined when there is none there. */
  readonly holeAt: (offset: number) => string | undefined;
}

interface Placed {
  readonly segment: SqlSegment;
  readonly start: number;
  readonly end: number;
  readonly oneToOne: boolean;
}

const NOWHERE: SourceLocation = { file: "", range: { start: 0, end: 0 } };

/** Joins segments; holes and parameters become one character each. */
export function joinText(segments: SqlText): JoinedText {
  const placed: Placed[] = [];
  let text = "";
  for (const segment of segments) {
    const words = segment.kind === "text" ? segment.value : segment.kind === "hole" ? HOLE : PARAMETER;
    const { range } = segment.location;
    const oneToOne = segment.kind === "text" && words.length === range.end - range.start;
    placed.push({ segment, start: text.length, end: text.length + words.length, oneToOne });
    text += words;
  }

  /** The piece that holds the character at `offset`; the last one for the end of the text. */
  const pieceAt = (offset: number): Placed | undefined => {
    let low = 0;
    let high = placed.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      const piece = placed[middle];
      if (piece !== undefined && piece.end <= offset) low = middle + 1;
      else high = middle;
    }
    return placed[low];
  };

  const locate = (start: number, end: number): SourceLocation => {
    const first = pieceAt(start);
    if (first === undefined) return NOWHERE;
    const { file, range } = first.segment.location;
    const from = first.oneToOne ? range.start + start - first.start : range.start;
    if (end <= start) return { file, range: { start: from, end: from } };
    const last = pieceAt(end - 1) ?? first;
    if (last.segment.location.file !== file) return { file, range: { start: from, end: Math.max(from, range.end) } };
    const to = last.oneToOne ? last.segment.location.range.start + end - last.start : last.segment.location.range.end;
    // Pieces of one text may stand anywhere in a file: a constant above, the rest at the call.
    return to < from
      ? { file, range: { start: from, end: Math.max(from, range.end) } }
      : { file, range: { start: from, end: to } };
  };

  const exact = (start: number, end: number): SourceLocation | undefined => {
    const first = pieceAt(Math.max(0, start === end && start > 0 ? start - 1 : start));
    if (first?.oneToOne !== true) return undefined;
    const location = first.segment.location;
    const from = location.range.start + start - first.start;
    const last = end > first.end ? pieceAt(end - 1) : first;
    if (last?.oneToOne !== true || last.segment.location.file !== location.file) return undefined;
    const to = last.segment.location.range.start + end - last.start;
    return to - from === end - start ? { file: location.file, range: { start: from, end: to } } : undefined;
  };

  return {
    text,
    locate,
    exact,
    holeAt: (offset) => {
      const piece = pieceAt(offset);
      return piece?.segment.kind === "hole" ? piece.segment.reason : undefined;
    },
  };
}
