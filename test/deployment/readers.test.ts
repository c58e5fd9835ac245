import { describe, expect, it } from "vitest";
import { deploymentKindOf, isDevelopmentPath, isForDevelopment } from "../../analyzers/deployment/deployment-file.ts";
import { locationOf } from "../../analyzers/deployment/placed-text.ts";
import { readPrismaSchema } from "../../analyzers/deployment/prisma-schema.ts";
import { type DeploymentFacts, readDeployment } from "../../analyzers/deployment/read-deployment.ts";

const facts = (path: string, text: string): DeploymentFacts =>
  readDeployment([{ filename: path, path, text }], /./, () => undefined);

/** `occasion title: words` of every command, with the text in the file that the words span. */
function commandsIn(path: string, text: string): string[] {
  return facts(path, text).units.flatMap((unit) =>
    unit.commands.map(({ words }) => {
      const [first] = words;
      const last = words.at(-1);
      const start = first === undefined ? 0 : locationOf(first).range.start;
      const end = last === undefined ? 0 : locationOf(last).range.end;
      const written = text.slice(start, end);
      const said = words.map((word) => word.text).join(" ");
      return `${unit.occasion} ${unit.title}: ${said}${written === said ? "" : ` ~ ${written}`}`;
    }),
  );
}

const settingsIn = (path: string, text: string): string[] =>
  facts(path, text).settings.map(({ name, value }) => {
    const { start, end } = locationOf(value).range;
    return `${name}=${value.text}${text.slice(start, end) === value.text ? "" : ` ~ ${text.slice(start, end)}`}`;
  });

describe("names of files", () => {
  it("say what they are", () => {
    const kinds = (
      [
        "package.json",
        "Dockerfile",
        "Dockerfile.prod",
        "docker/api.Dockerfile",
        "scripts/run.sh",
        ".github/workflows/ci.yml",
        ".gitlab-ci.yml",
        "docker-compose.prod.yaml",
        "compose.yml",
        "k8s/deploy.yaml",
        "Procfile",
        "Makefile",
        "fly.toml",
        "api/railway.json",
        "vercel.json",
        ".env.example",
        "prisma/schema.prisma",
        "prisma.config.ts",
      ] as const
    ).map(deploymentKindOf);
    expect(kinds).toEqual([
      "manifest",
      "dockerfile",
      "dockerfile",
      "dockerfile",
      "shell",
      "workflow",
      "workflow",
      "compose",
      "compose",
      "yaml",
      "procfile",
      "makefile",
      "toml",
      "yaml",
      "yaml",
      "environment",
      "prisma-schema",
      "prisma-config",
    ]);
  });

  it("of other files say nothing", () => {
    for (const path of [
      "pnpm-lock.yaml",
      "package-lock.json",
      "src/dockerfile.ts",
      "tsconfig.json",
      "prisma.ts",
      "a.toml",
    ])
      expect(deploymentKindOf(path), path).toBeUndefined();
  });

  it("say what is for development", () => {
    for (const name of ["dev", "db:migrate:dev", "pretest", "docker-compose.test.yml", "migrate_local"])
      expect(isForDevelopment(name), name).toBe(true);
    for (const name of ["deploy", "latest", "device", "contest", "migrate", "release:production"])
      expect(isForDevelopment(name), name).toBe(false);
    expect(isDevelopmentPath("examples/basic/Dockerfile")).toBe(true);
    expect(isDevelopmentPath("apps/api/Dockerfile")).toBe(false);
  });
});

describe("a package.json", () => {
  it("has scripts, each placed letter by letter", () => {
    expect(
      commandsIn("package.json", `{ "scripts": { "start": "X=\\"1\\" node a.js && prisma\\tmigrate deploy" } }`),
    ).toEqual([
      "start package script start: node a.js",
      "start package script start: prisma migrate deploy ~ prisma\\tmigrate deploy",
    ]);
  });

  it("that is no JSON is a problem", () => {
    expect(facts("package.json", "{").problems).toEqual([{ file: "package.json", reason: "not valid JSON" }]);
  });

  it("has ranges of its dependencies", () => {
    const { manifests } = facts("package.json", `{ "name": "a", "devDependencies": { "kysely": "^0.28.0" } }`);
    expect(manifests[0]?.dependencies.get("kysely")).toBe("^0.28.0");
  });
});

describe("a Dockerfile", () => {
  it("builds and starts, in shell and exec form", () => {
    const text = `# syntax=docker/dockerfile:1
FROM node AS base
RUN npm ci && \\
    # a comment between
    npx prisma generate
ONBUILD RUN a
ENTRYPOINT ["/app/entrypoint.sh", "--flag"]
CMD npm start
HEALTHCHECK CMD curl localhost
`;
    expect(commandsIn("Dockerfile", text)).toEqual([
      "start build of the image: npm ci",
      "start build of the image: npx prisma generate",
      "start build of the image: a",
      'deploy start of the container: /app/entrypoint.sh --flag ~ /app/entrypoint.sh", "--flag',
      "deploy start of the container: npm start",
    ]);
  });

  it("runs the body of a here-document", () => {
    expect(commandsIn("Dockerfile", "RUN <<EOF\nnpm ci\nnpx a\nEOF\nCMD b\n")).toEqual([
      "start build of the image: npm ci",
      "start build of the image: npx a",
      "deploy start of the container: b",
    ]);
    expect(commandsIn("Dockerfile", "COPY <<EOF /etc/x\nCMD c\nEOF\nCMD b\n")).toEqual([
      "deploy start of the container: b",
    ]);
  });

  it("sets variables, in both forms", () => {
    expect(settingsIn("Dockerfile", 'ENV A=1 B="two words"\nENV C three\n')).toEqual(["A=1", "B=two words", "C=three"]);
  });
});

describe("YAML", () => {
  it("of a workflow has steps with the environment around them", () => {
    const text = `on: push
env:
  A: top
jobs:
  build:
    env: { B: job }
    steps:
      - name: migrate
        run: |
          npm ci
            prisma migrate deploy
        env:
          C: \${{ secrets.URL }}
      - run: >-
          folded
          text
`;
    expect(commandsIn(".github/workflows/deploy.yml", text)).toEqual([
      "workflow build of deploy.yml: npm ci",
      "workflow build of deploy.yml: prisma migrate deploy",
      "workflow build of deploy.yml: folded text ~ folded\n          text",
    ]);
    const [unit] = facts(".github/workflows/deploy.yml", text).units;
    expect(unit?.commands[0]?.settings.map(({ name }) => name)).toEqual(["A", "B", "C"]);
  });

  it("of a job with its own PostgreSQL is for tests", () => {
    const job = (services: string): string => `jobs:\n  check:\n${services}    steps:\n      - run: a\n`;
    const isForTests = (text: string): boolean | undefined =>
      facts(".github/workflows/main.yml", text).units[0]?.forDevelopment;
    expect(isForTests(job("    services:\n      db:\n        image: postgres:17\n"))).toBe(true);
    expect(isForTests(job("    services:\n      cache:\n        image: redis\n"))).toBe(false);
  });

  it("of a compose file has services", () => {
    const text = `services:
  migrate:
    command: sh -c "prisma migrate deploy"
    environment:
      - A=1
  api:
    entrypoint: ["node", "a.js"]
    command: ["--port", "80"]
    environment: { B: "2" }
`;
    expect(commandsIn("compose.yml", text)).toEqual([
      'deploy service migrate of compose.yml: sh -c prisma migrate deploy ~ sh -c "prisma migrate deploy',
      "deploy service migrate of compose.yml: prisma migrate deploy",
      'deploy service api of compose.yml: node a.js --port 80 ~ node", "a.js"]\n    command: ["--port", "80',
    ]);
    expect(settingsIn("compose.yml", text)).toEqual(["A=1", "B=2"]);
  });

  it("of Kubernetes has commands and arguments", () => {
    const text = `kind: Job
spec:
  containers:
    - command: [npx]
      args: [prisma, migrate, deploy]
      env:
        - name: A
          value: "1"
`;
    expect(commandsIn("k8s/job.yaml", text)).toEqual([
      "deploy job.yaml: npx prisma migrate deploy ~ npx]\n      args: [prisma, migrate, deploy",
    ]);
    expect(settingsIn("k8s/job.yaml", text)).toEqual(["A=1"]);
  });

  it("of a platform may be JSON", () => {
    const text = `{
  "build": { "builder": "NIXPACKS" },
  "deploy": { "preDeployCommand": ["npx prisma migrate deploy"], "startCommand": "node \\"dist/main.js\\"" }
}
`;
    expect(commandsIn("railway.json", text)).toEqual([
      "deploy railway.json: npx prisma migrate deploy",
      expect.stringMatching(/^deploy railway.json: node dist\/main.js/),
    ]);
    expect(commandsIn("vercel.json", `{ "buildCommand": "a && b" }`)).toEqual([
      "start vercel.json: a",
      "start vercel.json: b",
    ]);
  });

  it("of a framework lists what migrates its database", () => {
    expect(commandsIn("config.yaml", "database:\n  migrate:\n    - npx prisma migrate deploy\n")).toEqual([
      "deploy config.yaml: npx prisma migrate deploy",
    ]);
  });

  it("of several documents is read to the end", () => {
    expect(commandsIn("a.yaml", "a: 1\n---\ncommand: [b]\n---\ncommand: [c]\n")).toEqual([
      "deploy a.yaml: b",
      "deploy a.yaml: c",
    ]);
  });

  it("that is broken is said to be, and read as far as it can be", () => {
    const text = "a: {{ .Values.x }}\ncommand: [b]\n {{- if }}\nc: 1\n";
    const { problems } = facts("deploy/a.yaml", text);
    expect(problems).toEqual([
      {
        file: "deploy/a.yaml",
        reason: expect.stringContaining("read in part only: not valid YAML") as string,
      },
    ]);
    expect(commandsIn("deploy/a.yaml", text)).toEqual(["deploy a.yaml: b"]);
  });

  it("that is a template of Helm is read without its actions", () => {
    const text = "{{- if .Values.x }}\ncommand: [b, {{ .Values.y }}]\n{{- end }}\n";
    expect(facts("chart/templates/a.yaml", text).problems).toEqual([]);
    expect(commandsIn("chart/templates/a.yaml", text)[0]).toContain("a.yaml: b");
  });

  it("with an alias that leads nowhere does not end the run", () => {
    expect(commandsIn("compose.yml", "services:\n  a: *gone\n  b:\n    command: c\n")).toEqual([
      "deploy service b of compose.yml: c",
    ]);
  });

  it("nested too deep for the stack is given up and named", () => {
    const deep = `run: a\nb: ${"[".repeat(100_000)}`;
    expect(facts("a.yaml", deep).problems).toEqual([{ file: "a.yaml", reason: expect.any(String) as string }]);
  });
});

describe("other files", () => {
  it("of a Procfile are processes", () => {
    expect(commandsIn("Procfile", "release: a\nweb: npm start\n# no: b\n")).toEqual([
      "deploy process release: a",
      "deploy process web: npm start",
    ]);
  });

  it("of a Makefile are targets", () => {
    expect(
      commandsIn("Makefile", "X := 1\nmigrate: build\n\t@A=1 npx prisma \\\n\t  migrate deploy\nnext:\n\t-b\n"),
    ).toEqual([
      "script make migrate: npx prisma migrate deploy ~ npx prisma \\\n\t  migrate deploy",
      "script make next: b",
    ]);
  });

  it("of a platform are its commands", () => {
    expect(
      commandsIn(
        "fly.toml",
        `app = "x"\n[deploy]\n  release_command = "a b"\n[processes]\nweb = 'c'\n[env]\nA = "1"\n`,
      ),
    ).toEqual(["deploy release command: a b", "deploy process web: c"]);
    expect(settingsIn("fly.toml", `[env]\n  A = "1"\n`)).toEqual(["A=1"]);
  });

  it("of the environment are settings", () => {
    expect(settingsIn(".env.example", `# A=0\nA=1\nexport B="two"\nC='x # y'\n`)).toEqual(["A=1", "B=two", "C=x # y"]);
  });
});

describe("a Prisma schema", () => {
  it("has a datasource and generators; comments and models are passed over", () => {
    const text = `// datasource db { provider = "mysql" }
generator client {
  provider        = "prisma-client-js" // the old one
  previewFeatures = ["views",
    "driverAdapters"]
}
datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
  // directUrl = env("DIRECT_URL")
}
model A { id Int @id @default(dbgenerated("x // y")) }
`;
    const blocks = readPrismaSchema({ filename: "schema.prisma", path: "schema.prisma", text });
    expect(
      blocks.map(({ kind, settings }) => [kind, [...settings].map(([key, value]) => `${key}: ${value.text}`)]),
    ).toEqual([
      ["generator", ['provider: "prisma-client-js"', 'previewFeatures: ["views",\n    "driverAdapters"]']],
      ["datasource", ['provider: "postgresql"', 'url: env("DATABASE_URL")']],
    ]);
    const url = blocks[1]?.settings.get("url");
    const { start, end } = url === undefined ? { start: 0, end: 0 } : locationOf(url).range;
    expect(text.slice(start, end)).toBe('env("DATABASE_URL")');
  });
});
