import type { Rule } from "../model.ts";
import { deploymentChecks } from "./deployment-checks/all-checks.ts";
import { poolerConfigExamples } from "./examples/pooler-config.ts";

/** How the pooler is set up: the findings of the table of deployment checks. */
export const poolerConfig: Rule = {
  id: "pooler-config",
  summary: "How the pooler is set up: pool mode, limits, time-outs, parameters, connection budget, health",
  explanation: `Whether code works behind a pooler depends on the pooler's version and settings, and half of what goes wrong in production is in
the settings themselves: a pool mode that is not the one meant, a variable that the image does not know, a key that this version refuses, a
parameter that is ignored rather than applied, limits that do not fit together.

The command reads \`pgbouncer.ini\` with what it includes, compose files, Dockerfiles, Kubernetes manifests, Helm values, CloudNativePG's
\`Pooler\`, environment files and \`postgresql.conf\`, and judges what they set up. What it cannot read it says, and does not take for right.

The rule is the command's: an editor that shows one source file does not see the deployment.`,
  remedies: `Each finding says what to change. \`pgbouncer-audit budget\` prints the connection budget with its arithmetic.`,
  messages: Object.fromEntries(deploymentChecks.map(({ id, message, remedy }) => [id, { message, remedy }])),
  recommended: true,
  judges: "deployment",
  examples: poolerConfigExamples,
};
