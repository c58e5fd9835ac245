import { readFileSync } from "node:fs";
import { defineConfig } from "tsdown";

/** `import text from "./file?raw"`, as Vite has it: the text of a file, kept in the bundle. */
const raw = {
  name: "raw",
  load: (id: string) =>
    id.endsWith("?raw")
      ? {
          code: `export default ${JSON.stringify(readFileSync(id.slice(0, -"?raw".length), "utf8"))}`,
          moduleType: "js" as const,
        }
      : undefined,
};

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
  { ...shared, plugins: [raw], entry: { main: "src/main.ts", index: "src/index.ts" }, outDir: "dist" },
  // Types of the core are bundled too, so the plugin needs no package for them.
  { ...shared, entry: { index: "eslint-plugin/src/index.ts" }, outDir: "eslint-plugin/dist" },
]);
