/** Levels that oxc-parser's stack holds whatever they are made of: oxc-parser 0.159 on 8 MiB ends the process between 2,000 and 10,000. */
const MAX_LEVELS = 1_000;

/** Constructs that nest without a bracket, of which each is one level more. */
const CHAINS: readonly RegExp[] = [
  /\)\s*(?:if|for|while|with)\b/g,
  /\belse\b/g,
  /\?\s/g,
  /\b[\w$]+\s*:\s*(?=[\w$]+\s*:)/g,
  /=>\s*(?:[\w$]+|\([^()]*\))\s*(?==>)/g,
  /=\s*[\w$.]+\s*(?==)/g,
  /\byield\s/g,
];

/**
 * Whether a text may be nested deeper than a parser with a stack of its own survives. By brackets and chains alone, in time linear in the
 * text; what stands in strings counts too, so that a text may be suspected without reason, but none that is too deep is trusted.
 */
export function mayBeTooDeep(text: string): boolean {
  let level = 0;
  let angles = 0;
  for (let index = 0; index < text.length; index++) {
    switch (text.charCodeAt(index)) {
      case 40: // (
      case 91: // [
        level++;
        break;
      case 123: // {
        level++;
        angles = 0;
        break;
      case 41: // )
      case 93: // ]
        if (level > 0) level--;
        break;
      case 125: // }
        if (level > 0) level--;
        angles = 0;
        break;
      case 59: // ;
        angles = 0;
        break;
      case 60: // <
        angles++;
        break;
      case 62: // >
        if (angles > 0 && text.charCodeAt(index - 1) !== 61) angles--;
        break;
    }
    if (level + angles > MAX_LEVELS) return true;
  }
  return CHAINS.some((pattern) => hasMany(text, pattern));
}

function hasMany(text: string, pattern: RegExp): boolean {
  pattern.lastIndex = 0;
  for (let count = 0; pattern.test(text);) {
    if (++count > MAX_LEVELS) return true;
  }
  return false;
}
