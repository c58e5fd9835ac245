/** ESLint rules for code that runs behind PgBouncer's pool_mode = transaction. */
import type { ESLint, Linter, Rule as EslintRule } from "eslint";
import { rules as everyRule } from "../../analyzers/index.ts";
import manifest from "../package.json" with { type: "json" };
import { makeEslintRule } from "./rule.ts";

export const meta = { name: manifest.name, version: manifest.version, namespace: "pgbouncer" } as const;

/** An editor shows source files: what is said of deployments is the command's. */
const coreRules = everyRule.filter(({ judges }) => judges !== "deployment");

/** By id: the ids of the command. */
export const rules: Record<string, EslintRule.RuleModule> = Object.fromEntries(
  coreRules.map((rule) => [rule.id, makeEslintRule(rule)]),
);

const plugin: ESLint.Plugin & { configs: Record<"recommended" | "strict" | "all", Linter.Config> } = {
  meta,
  rules,
  configs: { recommended: {}, strict: {}, all: {} },
};

const config = (name: string, ids: readonly string[], options: readonly unknown[]): Linter.Config => ({
  name: `pgbouncer/${name}`,
  plugins: { pgbouncer: plugin },
  rules: Object.fromEntries(ids.map((id) => [`pgbouncer/${id}`, ["error", ...options] as Linter.RuleEntry])),
});

const recommended = coreRules.filter((rule) => rule.recommended).map((rule) => rule.id);
const aboutIgnores = coreRules.filter(({ judges }) => judges === "suppressions").map((rule) => rule.id);
const everything = coreRules.map((rule) => rule.id);

/**
 * - `recommended`: what is certain or likely;
 * - `strict`: also what is only possible, and ignore comments that accept nothing or say no reason;
 * - `all`: every rule, also the one that lists SQL which could not be resolved.
 */
export const configs: Record<"recommended" | "strict" | "all", Linter.Config> = Object.assign(plugin.configs, {
  recommended: config("recommended", recommended, []),
  strict: config("strict", [...recommended, ...aboutIgnores], [{ minConfidence: "possible" }]),
  all: config("all", everything, [{ minConfidence: "possible" }]),
});

export default plugin;
