import { defineConfig } from "tsdown";

const shared = {
  platform: "node",
  target: "node20.19",
  format: "esm",
  outExtensions: () => ({ js: ".mjs", dts: ".d.mts" }),
  dts: true,
  clean: true,
  // The plugin reads no YAML; without this an import of the package for nothing would stay in it.
  treeshake: { moduleSideEffects: (id: string) => (id === "yaml" ? false : undefined) },
  logLevel: "error",
} as const;

/** The command and its API, and the ESLint plugin. Both bundle the core; packages of others stay imports. */
export default defineConfig([
  { ...shared, entry: { main: "src/main.ts", index: "src/index.ts" }, outDir: "dist" },
  // Types of the core are bundled too, so the plugin needs no package for them.
  { ...shared, entry: { index: "eslint-plugin/src/index.ts" }, outDir: "eslint-plugin/dist" },
]);
