/** How many single-letter changes lead from one word to another (Damerau-Levenshtein without transpositions across edits). */
function distance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const change = left[row - 1] === right[column - 1] ? 0 : 1;
      current.push(
        Math.min((previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (previous[column - 1] ?? 0) + change),
      );
    }
    previous = current;
  }
  return previous[right.length] ?? right.length;
}

/** ` Did you mean "x"?`, or nothing when no word is near. */
export function didYouMean(given: string, words: readonly string[]): string {
  const near = words
    .map((word) => ({ word, far: distance(given, word) }))
    .filter(({ word, far }) => far <= Math.max(2, Math.floor(word.length / 3)))
    .sort((left, right) => left.far - right.far)[0];
  return near === undefined ? "" : ` Did you mean "${near.word}"?`;
}
