// ESLint over the files that are listed in a file: with one rule that counts (`none`), or with all rules of the plugin (`plugin`).
// Prints the milliseconds of each file, a line each.
import { readFileSync } from "node:fs";
import { Linter } from "eslint";
import * as parser from "@typescript-eslint/parser";

const [, , list, kind] = process.argv;
const trivial = { create: () => ({ Identifier: () => undefined }) };
const plugins = { trivial: { rules: { trivial } } };
const rules = { "trivial/trivial": "error" };
if (kind === "plugin") {
  const { default: pgbouncer } = await import("../../eslint-plugin/dist/index.mjs");
  plugins.pgbouncer = pgbouncer;
  for (const name of Object.keys(pgbouncer.rules)) rules[`pgbouncer/${name}`] = "error";
}
const config = {
  files: ["**/*.{js,cjs,mjs,jsx,ts,cts,mts,tsx}"],
  languageOptions: { parser },
  plugins,
  rules,
  linterOptions: { reportUnusedDisableDirectives: "off" },
};
const linter = new Linter({ cwd: "/" });
const times = [];
for (const file of readFileSync(list, "utf8").split("\n")) {
  const text = readFileSync(file, "utf8");
  const begun = performance.now();
  linter.verify(text, config, { filename: file });
  times.push((performance.now() - begun).toFixed(3));
}
console.log(times.join("\n"));
