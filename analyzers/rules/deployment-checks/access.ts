import type { PoolerDeployment } from "../../deployment-model.ts";
import {
  bouncers,
  type CheckResult,
  type DeploymentCheck,
  foundAt,
  namesIn,
  notKnown,
  originOf,
  passed,
  textOf,
} from "./check.ts";

const LOCAL_ADDRESS = /^(?:localhost|127\.\d+\.\d+\.\d+|::1)$/;

/** Whether others than the machine itself reach the listener; undefined when that is not known. */
function isReachable(pooler: PoolerDeployment): boolean | undefined {
  const setting = pooler.settings.get("listen_addr");
  if (setting === undefined) return pooler.isWhole && pooler.readFrom === "ini" ? false : undefined;
  if (setting.value.is === "unknown") return undefined;
  return namesIn(setting.value.value).some((address) => !LOCAL_ADDRESS.test(address));
}

function openToAll(pooler: PoolerDeployment): readonly CheckResult[] {
  const type = textOf(pooler, "auth_type")?.toLowerCase();
  if (type === undefined) return [passed(pooler, "auth_type is not turned off")];
  if (type !== "any" && type !== "trust") return [passed(pooler, `auth_type = ${type}`)];
  const reachable = isReachable(pooler);
  if (reachable === undefined) return [notKnown(pooler, "listen_addr is not known")];
  return reachable
    ? [foundAt(pooler, originOf(pooler, "auth_type"), "warning", { type })]
    : [passed(pooler, "it listens on the machine itself only")];
}

const isPublished = ({ container }: PoolerDeployment): boolean =>
  container?.ports.some(({ isLocal }) => !isLocal) ?? false;

function withoutTls(pooler: PoolerDeployment): readonly CheckResult[] {
  const mode = textOf(pooler, "client_tls_sslmode")?.toLowerCase();
  if (pooler.settings.has("client_tls_sslmode") && mode === undefined)
    return [notKnown(pooler, "client_tls_sslmode is not known")];
  if (mode !== undefined && mode !== "disable") return [passed(pooler, `client_tls_sslmode = ${mode}`)];
  const reachable = isReachable(pooler);
  if (reachable === false) return [passed(pooler, "it listens on the machine itself only")];
  if (!pooler.isWhole && mode === undefined) return [notKnown(pooler, "the configuration was read in part only")];
  if (reachable === undefined) return [notKnown(pooler, "listen_addr is not known")];
  // Inside the network of one machine or cluster it is a choice; on a published port it is a leak.
  return [foundAt(pooler, originOf(pooler, "client_tls_sslmode"), isPublished(pooler) ? "warning" : "info")];
}

const noListener = (pooler: PoolerDeployment): readonly CheckResult[] => {
  const setting = pooler.settings.get("listen_addr");
  if (pooler.readFrom !== "ini" || !pooler.isWhole) return [];
  if (setting !== undefined && textOf(pooler, "listen_addr") !== "") return [passed(pooler, "it is set")];
  return pooler.container === undefined
    ? [foundAt(pooler, originOf(pooler, "listen_addr"), "info")]
    : [foundAt(pooler, originOf(pooler, "listen_addr"), "error")];
};

/** Who reaches the pooler, and how. */
export const accessChecks: readonly DeploymentCheck[] = [
  {
    id: "noAuthentication",
    topic: "configuration",
    title: "clients have to log in",
    message:
      "auth_type = {{type}} and the listener is reached from other machines: whoever reaches it is let in as any user, without a password.",
    remedy: "Use scram-sha-256 with auth_file or auth_query, or hba; or listen on 127.0.0.1.",
    effect: "leak",
    source: "pgbouncer 1.25 doc/config.md, auth_type",
    run: (view) => bouncers(view).flatMap(openToAll),
  },
  {
    id: "noTls",
    topic: "configuration",
    title: "client connections are encrypted",
    message:
      "client_tls_sslmode is `disable` (the default) and the listener is reached from other machines: passwords and rows travel in plain text.",
    remedy:
      "Set client_tls_sslmode = require with client_tls_key_file and client_tls_cert_file, or keep the listener inside a private network.",
    effect: "leak",
    source: "pgbouncer 1.25 doc/config.md, client_tls_sslmode",
    run: (view) => bouncers(view).flatMap(withoutTls),
  },
  {
    id: "noListener",
    topic: "configuration",
    title: "it listens on TCP",
    message:
      "No listen_addr is set: PgBouncer listens on its unix socket only, and nothing reaches it over the network.",
    remedy: "Set listen_addr, in a container to `*`.",
    effect: "error",
    source: "pgbouncer 1.25 doc/config.md, listen_addr",
    run: (view) => bouncers(view).flatMap(noListener),
  },
];
