import { bouncers, type DeploymentCheck, foundAt, notKnown, passed, versionOf } from "./check.ts";

/** What keeps PgBouncer from starting, and what it never gets to see. */
export const startupChecks: readonly DeploymentCheck[] = [
  {
    id: "refusesToStart",
    topic: "configuration",
    title: "PgBouncer starts with this configuration",
    message: "PgBouncer does not start: {{problem}}.",
    remedy: "{{fix}}",
    effect: "error",
    source: "measured on PgBouncer 1.18.0, 1.21.0, 1.23.1, 1.24.1 and 1.25.2, which were started on such files",
    run: (view) =>
      bouncers(view).flatMap((pooler) => {
        const refused = pooler.problems.filter(({ kind }) => kind === "refuses");
        if (refused.length === 0)
          return [
            pooler.isWhole ? passed(pooler, "nothing in it is refused") : notKnown(pooler, "it was read in part only"),
          ];
        return refused.map(({ message, origin, onlyOn, fix }) =>
          foundAt(pooler, origin, onlyOn === undefined ? "error" : "warning", {
            problem: onlyOn === undefined ? message : `${message} (${onlyOn})`,
            fix: fix ?? "Correct the line, or take it out.",
          }),
        );
      }),
  },
  {
    id: "variableWithoutEffect",
    topic: "configuration",
    title: "every variable that looks like a setting is one",
    message: "`{{name}}` does nothing: {{because}}.",
    remedy: "Mount a pgbouncer.ini, or use the variable that the image knows.",
    effect: "silent",
    source: "the entrypoints of the images, versions in analyzers/deployment/containers/pooler-images.ts",
    run: (view) =>
      bouncers(view).flatMap((pooler) => {
        if (pooler.readFrom !== "environment" && pooler.withoutEffect.length === 0) return [];
        return pooler.withoutEffect.length === 0
          ? [passed(pooler, "all are known to the image")]
          : pooler.withoutEffect.map(({ name, because, origin }) =>
              foundAt(pooler, origin, "warning", { name, because }, { confidence: "likely" }),
            );
      }),
  },
  {
    id: "readInPart",
    topic: "configuration",
    title: "the configuration could be read as a whole",
    message: "A part of the configuration was not read: {{problem}}. What it sets is not known.",
    remedy: "Bring the missing part into the audited folder, or name what it sets with --pooler.",
    effect: "silent",
    source: "this analysis",
    run: (view) =>
      bouncers(view).flatMap((pooler) => {
        const unread = pooler.problems.filter(({ kind }) => kind === "unread");
        return unread.length === 0
          ? [passed(pooler, "it was")]
          : unread.map(({ message, origin }) => foundAt(pooler, origin, "info", { problem: message }));
      }),
  },
  {
    id: "notPinned",
    topic: "health",
    title: "the image of the pooler is pinned",
    message:
      "The image `{{image}}` is not pinned: the next pull may bring a PgBouncer with other defaults (max_prepared_statements is 0 before 1.24 and 200 since; SIGTERM cuts transactions off before 1.23 and waits for all clients since).",
    remedy: "Name a version, such as `{{name}}:1.25.1`, or a digest.",
    effect: "silent",
    source: "pgbouncer NEWS.md, 1.23.0 and 1.24.0",
    run: (view) =>
      bouncers(view).flatMap((pooler) => {
        const image = pooler.container?.image;
        if (image === undefined) return [];
        if (image.isPinnedByDigest || versionOf(pooler) !== undefined) return [passed(pooler, "it is")];
        const tag = image.tag ?? "latest";
        if (!/^(?:latest|master|main|edge|stable|nightly)$/i.test(tag))
          return [notKnown(pooler, `what version the tag ${tag} is`)];
        return [foundAt(pooler, image.origin, "warning", { image: `${image.name}:${tag}`, name: image.name })];
      }),
  },
];
