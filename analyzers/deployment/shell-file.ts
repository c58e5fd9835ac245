import { type DeploymentFile, isDevelopmentPath } from "./deployment-file.ts";
import { wholeText } from "./placed-text.ts";
import { readShell } from "./shell.ts";
import { type FileFacts, makeUnit } from "./unit.ts";

/** Names of scripts that are run where the program is released or started. */
const STARTS = /(?:^|[^a-z])(?:entrypoint|start|startup|release|deploy|run|launch|boot|bootstrap)(?:[^a-z]|$)/i;

/** A shell script: one unit. */
export function readShellFile({ filename, path, text }: DeploymentFile): FileFacts {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return makeUnit(
    {
      file: filename,
      path,
      title: `shell script ${name}`,
      occasion: /entrypoint/i.test(name) ? "deploy" : STARTS.test(name) ? "start" : "script",
      forDevelopment: isDevelopmentPath(path),
    },
    readShell(wholeText(filename, text)),
  );
}
