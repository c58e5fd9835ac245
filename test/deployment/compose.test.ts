import { describe, expect, it } from "vitest";
import type { Container, EnvironmentEntry } from "../../analyzers/index.ts";
import { readComposeProjects } from "../../analyzers/deployment/containers/compose.ts";
import { interpolate } from "../../analyzers/deployment/containers/interpolate.ts";

const files = (texts: Readonly<Record<string, string>>) =>
  Object.entries(texts).map(([path, text]) => ({ filename: path, path, text }));

const read = (texts: Readonly<Record<string, string>>) => readComposeProjects(files(texts));

/** The only container of that name. */
const service = (name: string, texts: Readonly<Record<string, string>>): Container => {
  const [found, ...others] = read(texts).containers.filter((container) => container.name === name);
  if (found === undefined || others.length > 0) throw new Error(`${name}: ${String(others.length + 1)} containers`);
  return found;
};

const shown = ({ name, value, secrecy }: EnvironmentEntry): string =>
  `${name}=${value.is === "known" ? value.value : `? ${value.because}`}${secrecy === "open" ? "" : ` (${secrecy})`}`;

const environment = (name: string, texts: Readonly<Record<string, string>>): string[] =>
  service(name, texts).environment.map(shown);

const one = (text: string): Record<string, string> => ({
  "docker-compose.yml": `services:\n  a:\n    image: x\n${text}`,
});

describe("interpolation", () => {
  const lookup = (name: string): string | undefined => ({ A: "1", EMPTY: "" })[name];
  it.each([
    ["plain", "plain"],
    ["$A", "1"],
    ["${A}", "1"],
    ["x${A}y", "x1y"],
    ["${B:-2}", "2"],
    ["${EMPTY:-2}", "2"],
    ["${EMPTY-2}", ""],
    ["${B:-${A}}", "1"],
    ["${A:+yes}", "yes"],
    ["${B:+yes}", ""],
    ["$$A", "$A"],
    ["100$", "100$"],
  ])("%s is %s", (text, result) => {
    expect(interpolate(text, lookup)).toEqual({ text: result });
  });

  it.each(["$B", "${B}", "${B:?needed}", "${B!}"])("%s is not known", (text) => {
    expect(interpolate(text, lookup)).toHaveProperty("unknown");
  });

  it("keeps what is known around it", () => {
    expect(interpolate("postgres://u:$B@db/x", lookup)).toMatchObject({ shape: "postgres://u:…@db/x" });
  });
});

describe("the environment of a service", () => {
  it("is a map or a list", () => {
    expect(environment("a", one("    environment:\n      X: 1\n      Y: two\n"))).toEqual(["X=1", "Y=two"]);
    expect(environment("a", one("    environment:\n      - X=1\n      - Y=a=b\n"))).toEqual(["X=1", "Y=a=b"]);
  });

  it("without a value comes from the shell", () => {
    expect(environment("a", one("    environment:\n      - X\n"))).toEqual([
      "X=? it comes from the shell that starts the container",
    ]);
    expect(environment("a", one("    environment:\n      X:\n"))).toHaveLength(1);
  });

  it("comes from .env beside the file, not from an example of it", () => {
    const text = "    environment:\n      X: ${X}\n      Y: ${Y}\n";
    expect(environment("a", { ...one(text), ".env": "X=5\n", ".env.example": "Y=6\n" })).toEqual([
      "X=5",
      "Y=? the variable Y is not set in these files",
    ]);
  });

  it("comes from env_file, and its own goes before", () => {
    const text = "    env_file: [a.env, b.env]\n    environment:\n      Y: own\n";
    expect(environment("a", { ...one(text), "a.env": "X=1\nY=2\n", "b.env": "X=3\n" })).toEqual(["X=3", "Y=own"]);
  });

  it("is open where an env_file is missing", () => {
    const container = service("a", one("    env_file: gone.env\n"));
    expect(container.environmentIsOpen?.words).toBe("env_file gone.env is not among the audited files");
    expect(read(one("    env_file: gone.env\n")).problems).toEqual([]);
  });

  it("holds no secret", () => {
    const text =
      "    environment:\n      DB_PASSWORD: hunter2\n      API_TOKEN: ${TOKEN}\n      URL: postgres://u:hunter2@db/x\n      PASSWORD_FILE: /run/s\n";
    expect(environment("a", one(text))).toEqual([
      "DB_PASSWORD=? a secret (plain-secret)",
      "API_TOKEN=? a secret",
      "URL=postgres://u:***@db/x (plain-secret)",
      "PASSWORD_FILE=/run/s (from-secret)",
    ]);
    expect(JSON.stringify(read(one(text)))).not.toContain("hunter2");
  });
});

describe("anchors and extensions", () => {
  it("are followed", () => {
    const text = `x-common: &common
  restart: always
  environment: &env
    X: 1
services:
  a:
    <<: *common
    image: x
  b:
    image: x
    environment:
      <<: *env
      Y: 2
`;
    expect(environment("a", { "compose.yaml": text })).toEqual(["X=1"]);
    expect(environment("b", { "compose.yaml": text })).toEqual(["X=1", "Y=2"]);
  });

  it("of another service or file are merged below", () => {
    const base = "services:\n  base:\n    image: x\n    environment: { X: 1, Y: 1 }\n";
    const text = "services:\n  a:\n    extends: { file: base.yml, service: base }\n    environment: { Y: 2 }\n";
    expect(environment("a", { "docker-compose.yml": text, "docker-compose.base.yml": base })).toEqual(["Y=2"]);
    const named = text.replace("base.yml", "docker-compose.base.yml");
    expect(environment("a", { "docker-compose.yml": named, "docker-compose.base.yml": base })).toEqual(["X=1", "Y=2"]);
  });

  it("that lead in a circle end", () => {
    const text = "services:\n  a:\n    image: x\n    extends: b\n  b:\n    image: x\n    extends: a\n";
    expect(read({ "docker-compose.yml": text }).containers).toHaveLength(2);
  });
});

describe("several files", () => {
  const base = "services:\n  a:\n    image: x:1\n    ports: ['1:1']\n    environment: { X: 1 }\n    command: [old]\n";

  it("the override is merged as docker compose merges it", () => {
    const override =
      "services:\n  a:\n    image: x:2\n    ports: ['2:2']\n    environment: { Y: 2 }\n    command: [new]\n";
    const container = service("a", { "docker-compose.yml": base, "docker-compose.override.yml": override });
    expect(container.image?.tag).toBe("2");
    expect(container.ports.map(({ published }) => published)).toEqual([1, 2]);
    expect(container.environment.map(shown)).toEqual(["X=1", "Y=2"]);
    expect(container.command).toEqual(["new"]);
  });

  it("!reset takes away, !override replaces", () => {
    const override = "services:\n  a:\n    ports: !override ['3:3']\n    environment: !reset {}\n";
    const container = service("a", { "docker-compose.yml": base, "docker-compose.override.yml": override });
    expect(container.ports.map(({ published }) => published)).toEqual([3]);
    expect(container.environment).toEqual([]);
  });

  it("one that lacks an image is over the base, one that has them all stands alone", () => {
    const production = "services:\n  a:\n    environment: { X: 9 }\n";
    const found = read({ "docker-compose.yml": base, "docker-compose.prod.yml": production }).containers;
    expect(found.map(({ project, environment: entries }) => `${project ?? ""}: ${entries.map(shown).join()}`)).toEqual([
      "docker-compose.yml: X=1",
      "docker-compose.yml docker-compose.prod.yml: X=9",
    ]);
    const whole = "services:\n  b:\n    image: y\n";
    expect(
      read({ "docker-compose.yml": base, "docker-compose.prod.yml": whole }).containers.map(({ name }) => name),
    ).toEqual(["a", "b"]);
  });

  it("for tests are for development", () => {
    expect(service("a", { "docker-compose.test.yml": base }).forDevelopment).toBe(true);
    expect(service("a", { "docker-compose.yml": base }).forDevelopment).toBe(false);
  });
});

describe("a service", () => {
  it("has ports in every spelling", () => {
    const ports = service(
      "a",
      one(
        "    ports:\n      - '127.0.0.1:6432:5432'\n      - 6433:5432/tcp\n      - '5432'\n      - { target: 1, published: 2, host_ip: 127.0.0.1 }\n      - '${P}:7'\n",
      ),
    ).ports;
    expect(ports.map(({ published, target, isLocal }) => [published, target, isLocal])).toEqual([
      [6432, 5432, true],
      [6433, 5432, false],
      [undefined, 5432, false],
      [2, 1, true],
      [undefined, 7, false],
    ]);
  });

  it("waits for others", () => {
    const long = "    depends_on:\n      b: { condition: service_healthy }\n      c: {}\n";
    expect(service("a", one(long)).dependsOn.map(({ service: name, condition }) => `${name} ${condition}`)).toEqual([
      "b healthy",
      "c started",
    ]);
    expect(service("a", one("    depends_on: [b]\n")).dependsOn).toMatchObject([
      { service: "b", condition: "started" },
    ]);
  });

  it("has a health check, or has it turned off", () => {
    expect(service("a", one("    healthcheck: { test: [CMD, x] }\n")).healthCheck.state).toBe("present");
    expect(service("a", one("    healthcheck: { disable: true }\n")).healthCheck.state).toBe("disabled");
    expect(service("a", one("    healthcheck: { test: [NONE] }\n")).healthCheck.state).toBe("disabled");
    expect(service("a", one("")).healthCheck.state).toBe("absent");
  });

  it("has limits, replicas and a way to stop", () => {
    const container = service(
      "a",
      one(
        "    ulimits: { nofile: { soft: 1024, hard: 2048 } }\n    deploy: { replicas: 3 }\n    stop_signal: SIGINT\n    stop_grace_period: 1m30s\n",
      ),
    );
    expect(container.openFiles?.soft).toMatchObject({ value: 1024 });
    expect(container.openFiles?.hard).toMatchObject({ value: 2048 });
    expect(container.replicas).toMatchObject({ value: 3 });
    expect(container.stopSignal).toMatchObject({ value: "SIGINT" });
    expect(container.stopGracePeriod).toMatchObject({ value: 90 });
    expect(service("a", one("    ulimits: { nofile: 512 }\n")).openFiles?.soft).toMatchObject({ value: 512 });
  });

  it("has files of the project in it", () => {
    const text =
      "    volumes:\n      - ./pgbouncer.ini:/etc/pgbouncer/pgbouncer.ini:ro\n      - data:/data\n      - { type: bind, source: ./x, target: /x }\n    configs:\n      - source: ini\n        target: /etc/p.ini\nconfigs:\n  ini:\n    file: ./p.ini\n";
    expect(service("a", one(text)).mounts.map(({ source, target }) => `${source?.name ?? "-"} ${target}`)).toEqual([
      "pgbouncer.ini /etc/pgbouncer/pgbouncer.ini",
      "- /data",
      "x /x",
      "p.ini /etc/p.ini",
    ]);
  });

  it("is pointed at by its key, and what it sets by the value", () => {
    const text = "services:\n  a:\n    image: x\n    environment:\n      X: one\n";
    const container = service("a", { "docker-compose.yml": text });
    const { start, end } = container.origin.location.range;
    expect(text.slice(start, end)).toBe("a");
    const place = container.environment[0]?.value.origin;
    expect(text.slice(place?.location.range.start, place?.location.range.end)).toBe("one");
    expect(place?.words).toBe("X in docker-compose.yml");
  });
});

describe("what is broken", () => {
  it("is said with its line, and the rest is read", () => {
    const found = read({ "docker-compose.yml": "services:\n  a:\n    image: x\n  b: [1\n" });
    expect(found.problems[0]?.reason).toMatch(/^read in part only: not valid YAML in line \d+: /);
    expect(found.containers.map(({ name }) => name)).toContain("a");
  });

  it.each([
    ["services: 5"],
    ["services: [1, 2]"],
    ["services:\n  a: 5\n  b:\n  c: []"],
    [
      "services:\n  a:\n    image: {}\n    environment: 5\n    ports: x\n    depends_on: 7\n    volumes: { a: b }\n    ulimits: x",
    ],
    ["services:\n  a:\n    image: *gone\n    environment: [[1], { a: b }, null]"],
    ["a: &a [*a]\nservices: *a"],
    [
      `a: &a [x]\n${Array.from({ length: 30 }, (_, index) => `b${String(index)}: &b${String(index)} [*${index === 0 ? "a" : `b${String(index - 1)}`}, *${index === 0 ? "a" : `b${String(index - 1)}`}]`).join("\n")}\nservices: *b29`,
    ],
    ["\u0000\uFFFF"],
    ["services:\n  a:\n    image: ${A:-${B:-${C:-${D}}}}\n    environment:\n      X: ${\n      Y: $"],
    ["[".repeat(5000)],
  ])("never throws: %#", (text) => {
    expect(() => read({ "docker-compose.yml": text })).not.toThrow();
  });
});
