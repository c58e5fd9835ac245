import type { SourceLocation } from "./model.ts";

/**
 * The nouns of a deployment: what files say of containers, poolers and servers, before anybody judges it. Secrets are not part of them: a
 * reader drops passwords where it meets them.
 */

/** Where something is said, and in which words: "POOL_MODE in docker-compose.yml". */
export interface Origin {
  readonly location: SourceLocation;
  /** For a reader, without the line: the key or variable and the file as it is named in the project. */
  readonly words: string;
}

/** What a file says of something, or why it is not known although something is said of it. */
export type Stated<T> =
  | { readonly is: "known"; readonly value: T; readonly origin: Origin }
  | {
      readonly is: "unknown";
      readonly because: string;
      readonly origin: Origin;
      /** What is known of a text, with `…` for what is not. */
      readonly shape?: string;
    };

/** `registry/name:tag@digest`. A part that is not known or not written is absent. */
export interface ImageReference {
  /** Registry and name without tag, lower case: `docker.io/edoburu/pgbouncer`. */
  readonly name: string;
  readonly tag?: string;
  readonly isPinnedByDigest: boolean;
  readonly origin: Origin;
}

/** An environment variable of a container. */
export interface EnvironmentEntry {
  readonly name: string;
  /** Passwords in URLs are stars; what is secret as a whole is unknown because it is secret. */
  readonly value: Stated<string>;
  /** Whether the value is a secret in plain text, comes from a secret of the platform, or is none. */
  readonly secrecy: "plain-secret" | "from-secret" | "open";
}

/** A port of a container that is made known outside its network. */
export interface PublishedPort {
  /** Of the container. */
  readonly target: number | undefined;
  /** Of the machine; absent when the platform chooses it. */
  readonly published?: number;
  /** Whether only the machine itself reaches it: `127.0.0.1:6432:6432`. */
  readonly isLocal: boolean;
  readonly origin: Origin;
}

/** What a container waits for. */
export interface Dependency {
  /** Name of the other service. */
  readonly service: string;
  readonly condition: "started" | "healthy" | "completed" | "unknown";
  readonly origin: Origin;
}

/** A file or folder that is put into a container. */
export interface Mount {
  /** In the container. */
  readonly target: string;
  /** A path in the project (with `/`, resolved against the file that says it), or the name of a ConfigMap; absent when neither. */
  readonly source?: { readonly kind: "path" | "config-map" | "secret"; readonly name: string; readonly key?: string };
  readonly origin: Origin;
}

/** A container of a compose file or of Kubernetes, or an image that a Dockerfile builds. */
export interface Container {
  /** Of the service, workload or Pooler. */
  readonly name: string;
  /** For a reader: "service pgbouncer of docker-compose.yml". */
  readonly title: string;
  readonly platform: "compose" | "kubernetes" | "dockerfile";
  /** What shares its network and its names: the compose project's folder, the Kubernetes folder. */
  readonly group: string;
  /** Which of several settings-up of the group: the compose files that are merged. */
  readonly project?: string;
  readonly forDevelopment: boolean;
  readonly origin: Origin;
  /** Whether it does its work and ends: a job, or what runs before others start. */
  readonly runsOnce?: true;
  /** Whether a template writes it: not all of it may be there. */
  readonly isTemplated?: true;
  /** Names by which others of its group reach it, beside its own: aliases of a network, Services of Kubernetes. */
  readonly hostNames?: readonly string[];
  readonly image?: ImageReference;
  /** The Dockerfile it is built from, a path in the project. */
  readonly builtFrom?: string;
  /** Whether it has variables that were not read: a file of them is not there. Then nothing follows from the absence of one. */
  readonly environmentIsOpen?: { readonly words: string; readonly origin: Origin };
  /** Last wins; in the order of the files. */
  readonly environment: readonly EnvironmentEntry[];
  /** Words of entrypoint and command, where they are written. */
  readonly command: readonly string[];
  readonly commandOrigin?: Origin;
  readonly mounts: readonly Mount[];
  readonly ports: readonly PublishedPort[];
  readonly dependsOn: readonly Dependency[];
  /** `absent`: nothing is said, though an image may bring its own. For Kubernetes, of the readiness probe. */
  readonly healthCheck: { readonly state: "present" | "disabled" | "absent"; readonly origin?: Origin };
  /** `ulimits.nofile`. */
  readonly openFiles?: { readonly soft: Stated<number>; readonly hard: Stated<number> };
  readonly stopSignal?: Stated<string>;
  /** In seconds. */
  readonly stopGracePeriod?: Stated<number>;
  readonly replicas?: Stated<number>;
}

/** A line of an ini file, or an environment variable that stands for one. */
export interface PoolerSetting {
  /** Lower case, as in pgbouncer.ini. */
  readonly name: string;
  /** As PgBouncer reads it: everything behind `=`, blanks trimmed, quotes and comments included. */
  readonly value: Stated<string>;
  readonly via: "ini" | "environment" | "image-default" | "manifest";
}

/** A line of `[databases]`, `[users]` or `[peers]`. */
export interface PoolerEntry {
  /** `*` for every other one. */
  readonly name: Stated<string>;
  /** `host=… pool_size=…`, without passwords. */
  readonly settings: readonly PoolerSetting[];
  readonly origin: Origin;
  /** Why it was read in part only. */
  readonly problem?: string;
}

/** Why a configuration is read in part only, or what PgBouncer would not accept whatever its version. */
export interface ConfigurationProblem {
  readonly message: string;
  readonly origin: Origin;
  /** `refuses`: PgBouncer does not start. `unread`: this analysis does not know what is there. */
  readonly kind: "refuses" | "unread";
  /** The versions that refuse it, where some do not: "PgBouncer older than 1.21". */
  readonly onlyOn?: string;
  /** The version from which on it is accepted; absent where every version refuses it. */
  readonly since?: readonly [number, number];
  /** What to do about it, as a sentence. */
  readonly fix?: string;
}

/** What a pgbouncer.ini says, with all that it includes. */
export interface PgBouncerConfiguration {
  /** Path in the project. */
  readonly path: string;
  readonly origin: Origin;
  /** Whether it has the section `[pgbouncer]`; else it is a part of another. */
  readonly isMain: boolean;
  /** `[pgbouncer]`, in order; of a name that comes twice the last wins. */
  readonly settings: readonly PoolerSetting[];
  readonly databases: readonly PoolerEntry[];
  readonly users: readonly PoolerEntry[];
  readonly peers: readonly PoolerEntry[];
  readonly problems: readonly ConfigurationProblem[];
}

/** A pooler that files of the project set up. */
export interface PoolerDeployment {
  /** `pgbouncer`, or the kind of another pooler in the pooler table. */
  readonly kind: string;
  /** For a reader: "service pgbouncer of docker-compose.yml", "deploy/pgbouncer.ini". */
  readonly title: string;
  readonly origin: Origin;
  readonly forDevelopment: boolean;
  /** `1.25.2`, `1.21`; absent when nothing says it. */
  readonly version?: Stated<string>;
  /** What can only be read by this version or a newer one, where the version itself is not said. */
  readonly versionAtLeast?: string;
  /** Effective settings by name. */
  readonly settings: ReadonlyMap<string, PoolerSetting>;
  /** Every setting as written, also those that a later one replaces. */
  readonly written: readonly PoolerSetting[];
  /** False where settings may be in force that were not read; then nothing follows from the absence of one. */
  readonly isWhole: boolean;
  readonly databases: readonly PoolerEntry[];
  readonly users: readonly PoolerEntry[];
  /** How many processes know each other as peers, this one among them (pgbouncer 1.19 NEWS.md). */
  readonly peers?: number;
  /** The users that can log in, where a file says them all: an image makes one of its variables. */
  readonly knownUsers?: readonly string[];
  /** Environment variables that look like settings and that the image passes over in silence, with the reason. */
  readonly withoutEffect: readonly { readonly name: string; readonly because: string; readonly origin: Origin }[];
  readonly problems: readonly ConfigurationProblem[];
  readonly container?: Container;
  /** Where its configuration was read: an ini, the environment of an image, a Pooler of CloudNativePG. */
  readonly readFrom: "ini" | "environment" | "manifest";
  /** The row of the image table, where one fits: `edoburu`. */
  readonly imageRow?: string;
}

/** A PostgreSQL that files of the project set up. */
export interface ServerDeployment {
  readonly title: string;
  readonly origin: Origin;
  readonly forDevelopment: boolean;
  /** Major version. */
  readonly version?: Stated<number>;
  /** Of postgresql.conf and of `-c name=value`, names in lower case. */
  readonly settings: ReadonlyMap<string, Stated<string>>;
  readonly container?: Container;
}

/** A connection URL, or the variables that stand for one, in an environment or configuration file. */
export interface DeployedUrl {
  /** The variable or key: `DATABASE_URL`. */
  readonly name: string;
  readonly host?: string;
  readonly port?: string;
  readonly database?: string;
  readonly user?: string;
  /** Of the query, decoded; keys as written. */
  readonly query: ReadonlyMap<string, string>;
  readonly origin: Origin;
  readonly forDevelopment: boolean;
  /** The container in whose environment it is. */
  readonly container?: Container;
}

/** All that the files of a project say of how it is deployed. */
export interface Deployment {
  readonly poolers: readonly PoolerDeployment[];
  readonly servers: readonly ServerDeployment[];
  readonly containers: readonly Container[];
  readonly urls: readonly DeployedUrl[];
}

/** Where a URL leads, as far as the project's own files say: an alias of a pooler, or a server itself. */
export type Destination =
  | {
      readonly to: "pooler";
      readonly pooler: PoolerDeployment;
      /** The line of `[databases]` that serves it, `*` included; absent when no line is known. */
      readonly alias?: PoolerEntry;
    }
  | { readonly to: "server"; readonly server: ServerDeployment };

/** A number in a calculation. */
export interface Amount {
  /** What it is: `max_client_conn`, `pool app/api`. */
  readonly name: string;
  /** Absent when nothing is known of it. */
  readonly value?: number;
  /** Whether it may be more. */
  readonly isLeast: boolean;
  /** Where it comes from, for a reader: "docker-compose.yml", "default of PgBouncer 1.25", "not known: …". */
  readonly words: string;
  readonly origin?: Origin;
}

/** One comparison of what is needed with what there is. */
export interface BudgetLine {
  readonly kind: "file-descriptors" | "server-connections" | "client-connections";
  /** The pooler or server whose limit it is. */
  readonly title: string;
  readonly terms: readonly Amount[];
  /** The calculation in figures, each with its name: "100 + 20 × 1 × 1 = 120 (PgBouncer's documented formula)". */
  readonly arithmetic: readonly string[];
  /** What may be needed at most. */
  readonly needed: Amount;
  readonly limit: Amount;
  /** `unknown`: one side is not known well enough; `unknowns` says what is missing. */
  readonly verdict: "fits" | "exceeds" | "unknown";
  readonly unknowns: readonly string[];
  readonly forDevelopment: boolean;
  /** Where a finding about it belongs. */
  readonly origin: Origin;
}

/** A pool of the program's own, with the processes that hold it. */
export interface ClientPool {
  /** For a reader: the variable or address it is made with, and the file. */
  readonly name: string;
  /** Client connections of one process. */
  readonly size: Amount;
  readonly processes: Amount;
  /** Where it leads; neither when that is not known. */
  readonly pooler?: PoolerDeployment;
  readonly server?: ServerDeployment;
  /** Whether it goes past the pooler, though the server it reaches is not known. */
  readonly isDirect: boolean;
}

/** What a check came to for one thing that it looked at. */
export interface CheckOutcome {
  /** The message id of `pooler-config`. */
  readonly check: string;
  readonly topic: "configuration" | "budget" | "health";
  readonly title: string;
  /** The pooler, container or server. */
  readonly subject: string;
  readonly outcome: "passed" | "found" | "unknown";
  /** What was seen, or why it is not known. */
  readonly words: string;
  readonly source: string;
}
