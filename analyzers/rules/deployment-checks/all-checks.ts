import { accessChecks } from "./access.ts";
import { budgetChecks } from "./budget.ts";
import type { DeploymentCheck } from "./check.ts";
import { healthChecks } from "./health.ts";
import { parameterChecks } from "./parameters.ts";
import { poolModeChecks } from "./pool-mode.ts";
import { startupChecks } from "./startup.ts";
import { timeoutChecks } from "./timeouts.ts";
import { urlChecks } from "./urls.ts";

/** Every check of a deployment, in the order of the report. */
export const deploymentChecks: readonly DeploymentCheck[] = [
  ...poolModeChecks,
  ...startupChecks,
  ...parameterChecks,
  ...urlChecks,
  ...timeoutChecks,
  ...accessChecks,
  ...budgetChecks,
  ...healthChecks,
];
