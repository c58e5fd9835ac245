import { defineConfig } from "tsdown";

/** The command and its API, and the ESLint plugin. Both bundle the core; packages of others stay imports. */
export default defineConfig([
  {
    entry: { main: "src/main.ts", index: "src/index.ts" },
    outDir: "dist",
    platform: "node",
    target: "node20.19",
    format: "esm",
    outExtensions: () => ({ js: ".mjs", dts: ".d.mts" }),
    dts: true,
    clean: true,
    logLevel: "warn",
  },
]);
