/** Characters that move a cursor, change colours, break lines or turn the direction of writing; tab and line feed are left. */
const ACTIVE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Makes text of the analysed project harmless to a terminal. The length stays. */
export const inert = (words: string): string => words.replace(ACTIVE, "·");

/** The text without halves of surrogate pairs, which no encoding can hold: U+FFFD stands for each. */
export const wellFormed = (words: string): string => Buffer.from(words, "utf8").toString("utf8");
