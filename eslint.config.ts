import { defineConfig } from "eslint/config";
import regexp from "eslint-plugin-regexp";
import tseslint from "typescript-eslint";

export default defineConfig(
  { ignores: ["**/dist/**", "**/node_modules/**", "fixtures/**", "**/*.mjs", "**/*.cjs"] },
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    files: ["analyzers/**", "src/**", "eslint-plugin/**"],
    // Whatever is read may be hostile: no regular expression may take more than linear time.
    plugins: { regexp },
    rules: {
      "regexp/no-super-linear-backtracking": ["error", { report: "potential" }],
      "regexp/no-super-linear-move": ["error", { report: "potential" }],
    },
  },
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // Node types are compared as the strings that any ESTree producer writes; the enum of one producer would have to be loaded for it.
      "@typescript-eslint/no-unsafe-enum-comparison": "off",
      // A switch over node types names the few it treats; the rest is what `default` is for.
      "@typescript-eslint/switch-exhaustiveness-check": "off",
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true },
      ],
    },
  },
);
