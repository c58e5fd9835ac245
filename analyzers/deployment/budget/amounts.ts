import type { Amount, Origin, Stated } from "../../deployment-model.ts";

/** Of a program or pooler that runs at least once. */
export const HOW_MANY = "how many run is not said";

/** An amount of which nothing is known, and why. */
export const notKnown = (name: string, because: string, origin?: Origin): Amount => ({
  name,
  isLeast: true,
  words: `not known: ${because}`,
  ...(origin === undefined ? {} : { origin }),
});

export const exactly = (name: string, value: number, words: string, origin?: Origin): Amount => ({
  name,
  value,
  isLeast: false,
  words,
  ...(origin === undefined ? {} : { origin }),
});

/** The same amount as a lower bound. */
export const atLeast = (amount: Amount): Amount => ({ ...amount, isLeast: true });

/** A whole number that a file states; not known where it states something else. */
export function statedAmount(name: string, stated: Stated<string> | Stated<number>): Amount {
  const { origin } = stated;
  if (stated.is === "unknown") return notKnown(name, stated.because, origin);
  const value = Number(String(stated.value).trim());
  return Number.isInteger(value)
    ? exactly(name, value, origin.words, origin)
    : notKnown(name, `${origin.words} is no whole number`, origin);
}

/** The sum; a lower bound as soon as a part is one, or is not known at all. */
export function sumOf(name: string, parts: readonly Amount[], words: string): Amount {
  return {
    name,
    value: parts.reduce((sum, { value = 0 }) => sum + value, 0),
    isLeast: parts.some(({ isLeast, value }) => isLeast || value === undefined),
    words,
  };
}

/** The product; not known where a factor is not. */
export function productOf(name: string, factors: readonly Amount[], words: string): Amount {
  const isLeast = factors.some((factor) => factor.isLeast);
  return factors.some(({ value }) => value === undefined)
    ? notKnown(name, factors.find(({ value }) => value === undefined)?.words.replace(/^not known: /, "") ?? "")
    : { name, value: factors.reduce((product, { value = 1 }) => product * value, 1), isLeast, words };
}

/** `20`, `at least 20`, `?`. */
export const figure = ({ value, isLeast }: Amount): string =>
  value === undefined ? "?" : isLeast ? `at least ${String(value)}` : String(value);

/** Whether what is needed fits into what there is; `unknown` where a lower bound fits, or a side is not known. */
export function compare(needed: Amount, limit: Amount): "fits" | "exceeds" | "unknown" {
  if (needed.value === undefined || limit.value === undefined || limit.isLeast) return "unknown";
  if (needed.value > limit.value) return "exceeds";
  return needed.isLeast ? "unknown" : "fits";
}
