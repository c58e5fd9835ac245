import { describe, expect, it } from "vitest";
import { readDeployment } from "../../analyzers/deployment/read-deployment.ts";
import { reachUnits } from "../../analyzers/deployment/script-calls.ts";

/** `title: occasion`, with `for development` where that is so, of every unit. */
function reached(files: Readonly<Record<string, string>>): string[] {
  const given = Object.entries(files).map(([path, text]) => ({ filename: path, path, text }));
  const { units, manifests } = readDeployment(given, /./, () => undefined);
  return reachUnits(units, manifests).map(
    ({ path, title, occasion, forDevelopment }) =>
      `${path} ${title}: ${occasion}${forDevelopment ? " for development" : ""}`,
  );
}

const scripts = (entries: Readonly<Record<string, string>>, name?: string): string =>
  JSON.stringify({ name, scripts: entries });

describe("a script", () => {
  it("is a script by itself", () => {
    expect(reached({ "package.json": scripts({ migrate: "a" }) })).toEqual([
      "package.json package script migrate: script",
    ]);
  });

  it("that the start of a container calls is part of the deployment", () => {
    expect(
      reached({
        Dockerfile: `CMD ["sh", "-c", "npm run migrate && node b"]`,
        "package.json": scripts({ migrate: "a", other: "c" }),
      }),
    ).toEqual([
      "Dockerfile start of the container: deploy",
      "package.json package script migrate: deploy",
      "package.json package script other: script",
    ]);
  });

  it("is followed through shell scripts and other scripts", () => {
    expect(
      reached({
        "api/Dockerfile": `ENTRYPOINT ["/usr/src/run.sh"]`,
        "api/run.sh": "yarn db:prepare",
        "api/package.json": scripts({ "db:prepare": "pnpm run migrate:dev", "migrate:dev": "a" }),
      }),
    ).toEqual([
      "api/Dockerfile start of the container: deploy",
      "api/run.sh shell script run.sh: deploy",
      "api/package.json package script db:prepare: deploy",
      "api/package.json package script migrate:dev: deploy",
    ]);
  });

  it("of a workspace is found by the name of the package or its folder", () => {
    expect(
      reached({
        ".github/workflows/a.yml":
          "jobs: { a: { steps: [{ run: pnpm --filter @x/db migrate }, { run: npm run up -w packages/e }] } }",
        "packages/db/package.json": scripts({ migrate: "a" }, "@x/db"),
        "packages/e/package.json": scripts({ migrate: "a", up: "b" }, "@x/e"),
      }),
    ).toEqual([
      ".github/workflows/a.yml a of a.yml: workflow",
      ".github/workflows/a.yml a of a.yml: workflow",
      "packages/db/package.json package script migrate: workflow",
      "packages/e/package.json package script migrate: script",
      "packages/e/package.json package script up: workflow",
    ]);
  });

  it("of every workspace is called by a task runner", () => {
    expect(
      reached({
        "package.json": scripts({ start: "turbo run migrate --parallel" }),
        "a/package.json": scripts({ migrate: "a" }),
        "b/package.json": scripts({ migrate: "b" }),
      }).slice(1),
    ).toEqual(["a/package.json package script migrate: start", "b/package.json package script migrate: start"]);
  });

  it("is not called by installing a package of its name", () => {
    expect(
      reached({ Dockerfile: "CMD npm install migrate && npx migrate", "package.json": scripts({ migrate: "a" }) })[1],
    ).toBe("package.json package script migrate: script");
  });

  it("that only tests call stays what it is; one for tests stays for tests", () => {
    expect(
      reached({
        "compose.test.yml": "services: { a: { command: npm run migrate } }",
        "package.json": scripts({ migrate: "a", "test:db": "npm run b" }),
      }),
    ).toEqual([
      "compose.test.yml service a of compose.test.yml: deploy for development",
      "package.json package script migrate: script",
      "package.json package script test:db: script for development",
    ]);
  });

  it("may call itself", () => {
    expect(reached({ "package.json": scripts({ start: "npm run start" }) })).toEqual([
      "package.json package script start: start",
    ]);
  });

  it("of a Makefile is called by its target", () => {
    expect(reached({ "deploy.sh": "make migrate", Makefile: "migrate:\n\ta\nother:\n\tb\n" }).slice(1)).toEqual([
      "Makefile make migrate: start",
      "Makefile make other: script",
    ]);
  });
});
