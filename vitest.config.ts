import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Otherwise the style of the HTML report is empty in tests.
    css: true,
    globalSetup: ["test/support/witness-notice.ts"],
    // The witness waits for servers most of the time; vitest would leave one core idle, which on two is half of them.
    maxWorkers: "100%",
    // Child processes (ESLint, the built command) take seconds on a busy machine; nothing here measures time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
