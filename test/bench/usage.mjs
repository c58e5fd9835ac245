// Preloaded into a process that is measured: says at its end how much memory it took at most.
import { writeFileSync } from "node:fs";

process.on("exit", () => {
  writeFileSync(process.env.USAGE_FILE, String(process.resourceUsage().maxRSS));
});
