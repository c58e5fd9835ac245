/** One setting in the text of the startup parameter `options`. */
export interface StartupOption {
  readonly name: string;
  readonly value: string | undefined;
  /** Offsets of the name in the text. */
  readonly start: number;
  readonly end: number;
  readonly syntax: "-c" | "--" | "other";
}

/** `-c name=value`, `-cname=value`, `--name=value` and anything else of such a text, as the server splits what libpq sends it. */
export function optionsIn(text: string): StartupOption[] {
  const found: StartupOption[] = [];
  const words = [...text.matchAll(/(?:\\.|[^\s\\])+/gs)].map((match) => ({ word: match[0], start: match.index }));
  for (let index = 0; index < words.length; index++) {
    const current = words[index];
    if (current === undefined) break;
    let { word } = current;
    let { start } = current;
    let syntax: StartupOption["syntax"] = "other";
    if (word === "-c") {
      const next = words[++index];
      if (next === undefined) break;
      ({ word, start } = next);
      syntax = "-c";
    } else if (word.startsWith("-c")) {
      word = word.slice(2);
      start += 2;
      syntax = "-c";
    } else if (word.startsWith("--")) {
      word = word.slice(2);
      start += 2;
      syntax = "--";
    }
    const equals = word.indexOf("=");
    const isSetting = syntax !== "other" && equals > 0;
    found.push({
      name: isSetting ? word.slice(0, equals) : word,
      value: isSetting ? word.slice(equals + 1) : undefined,
      start,
      end: start + (isSetting ? equals : word.length),
      syntax: isSetting ? syntax : "other",
    });
  }
  return found;
}
