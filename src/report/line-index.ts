/** Lines and columns of one text, both counted from 1, columns in UTF-16 units. */
export interface LineIndex {
  readonly positionOf: (offset: number) => { readonly line: number; readonly column: number };
}

/** Indexes a text once. Lines end at LF; the CR of a CRLF belongs to the line's end. */
export function makeLineIndex(text: string): LineIndex {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return {
    positionOf: (offset) => {
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((starts[middle] ?? 0) <= offset) low = middle;
        else high = middle - 1;
      }
      return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
    },
  };
}
