import { direct, type Library, listens } from "./library.ts";

/** Packages that listen for notifications or follow the write-ahead log. */
export const pubSub: readonly Library[] = [
  { package: "pg-listen", exports: ["default"], ...listens, source: "pg-listen 1.7.0, run: 0 of 5 arrived" },
  { package: "pg-pubsub", exports: ["default"], ...listens, source: "pg-pubsub 0.8.1, run: 0 of 5 arrived" },
  { package: "pg-notify", exports: ["default"], ...listens, source: "pg-notify 1.0.6, run: 0 of 5 arrived" },
  {
    package: "@socket.io/postgres-adapter",
    exports: ["createAdapter"],
    ...listens,
    symptom: "no event reaches the other servers, and there is no error",
    source: "@socket.io/postgres-adapter 0.5.0, run: 0 of 5 arrived",
  },
  { package: "pg-ipc", exports: ["default"], ...listens, source: "pg-ipc 1.0.5, read" },
  { package: "pg-ears", exports: ["default"], ...listens, source: "pg-ears 1.2.3, read" },
  { package: "@fetchq/pg-pubsub", exports: ["default"], ...listens, source: "@fetchq/pg-pubsub 0.8.0, read" },
  { package: "@imqueue/pg-pubsub", exports: ["PgPubSub"], ...listens, source: "@imqueue/pg-pubsub 1.10.0, read" },
  {
    package: "graphql-postgres-subscriptions",
    exports: ["PostgresPubSub"],
    ...listens,
    symptom: "no event reaches the subscriptions, and there is no error",
    source: "graphql-postgres-subscriptions 1.0.5, read: over pg-ipc",
  },
  {
    package: "casbin-pg-watcher",
    exports: ["newWatcher"],
    ...listens,
    symptom: "changes of the policy do not reach the other servers, and there is no error",
    source: "casbin-pg-watcher 0.1.1, read: over pg-listen",
  },
  {
    package: "nestjs-pg-notify",
    exports: ["PgNotifyServer", "PgNotifyClient"],
    ...listens,
    symptom: "no message arrives, and there is no error",
    source: "nestjs-pg-notify 1.0.13, read: over pg-listen, also for answers",
  },
  {
    package: "pg-logical-replication",
    exports: ["LogicalReplicationService"],
    needs: "a replication connection",
    symptom: "PgBouncer before 1.23 refuses the client: `unsupported startup parameter: replication`",
    effect: "error",
    remedy: direct,
    onlyNeeds: "replication",
    source: "pg-logical-replication 2.5.0, read; the startup parameter was run",
  },
  {
    package: "@socket.io/postgres-emitter",
    exports: ["Emitter"],
    needs: null,
    because: "it only sends NOTIFY",
    source: "@socket.io/postgres-emitter 0.1.1, read",
  },
];
