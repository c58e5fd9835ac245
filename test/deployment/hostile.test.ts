import { describe, expect, it } from "vitest";
import { connectionBudget } from "../../analyzers/deployment/budget/budget.ts";
import { aliasUses } from "../../analyzers/deployment/client-pools.ts";
import { readDeployed } from "../../analyzers/deployment/read-deployed.ts";
import { resolveProfile } from "../../analyzers/deployment/resolve-profile.ts";
import { defaultOf } from "../../analyzers/pgbouncer-parameters.ts";
import { poolerProfile } from "../../analyzers/pooler-profile.ts";
import { judgeDeployment } from "../../analyzers/rules/judge-deployment.ts";
import { deploymentSamples } from "../support/deployment-samples.ts";
import { mutated, numbersFrom } from "../support/mutations.ts";

/** Everything that is made of deployment files. */
function run(files: Readonly<Record<string, string>>): number {
  const { deployment } = readDeployed(Object.entries(files).map(([path, text]) => ({ filename: path, path, text })));
  const { spec, settings } = resolveProfile({}, deployment);
  const budget = connectionBudget(deployment, [], (pooler, name) =>
    defaultOf(name, pooler.version?.is === "known" ? pooler.version.value : undefined),
  );
  const program = {
    startupParameters: [],
    statementNamings: [],
    callSites: [],
    statementUses: [],
    libraryUses: [],
    connections: [],
  };
  const profile = poolerProfile(spec, settings);
  return judgeDeployment({ deployment, profile, budget, program, uses: aliasUses(deployment) }).outcomes.length;
}

const SEEDS = Number(process.env["MUTANTS"] ?? 400);

describe("deployment files that are broken", () => {
  it("are survived, whatever is broken in them", () => {
    const paths = Object.keys(deploymentSamples);
    const texts = Object.values(deploymentSamples);
    for (let seed = 0; seed < SEEDS; seed++) {
      const next = numbersFrom(seed);
      const path = paths[Math.floor(next() * paths.length)] ?? "";
      const text = mutated(deploymentSamples[path] ?? "", texts, next);
      try {
        run({ ...deploymentSamples, [path]: text });
      } catch (error) {
        throw new Error(`seed ${String(seed)}, ${path}:\n${text}`, { cause: error });
      }
    }
  });

  it("are judged when they are whole", () => {
    expect(run(deploymentSamples)).toBeGreaterThan(100);
  });

  it.each([
    ["docker-compose.yml", "services:\n  a:\n    image: x\n    command: ", "a ${b} '\""],
    ["docker-compose.yml", "services:\n  a:\n    image: ", "${A:-"],
    ["pgbouncer.ini", "[pgbouncer]\n", "a = b ; c\n"],
    ["pgbouncer.ini", "[databases]\nx = ", "a='b' "],
    ["pgbouncer.ini", "[databases]\nx = ", "'"],
    [".env", "DATABASE_URL=postgres://", "a:b@"],
    [".env", "DATABASE_URL=postgres://u@h/d?", "a=%20&"],
    ["chart/templates/a.yaml", "kind: Deployment\na: ", "{{ a }} "],
    ["chart/templates/a.yaml", "kind: Deployment\na: ", "{{"],
    ["Dockerfile", "FROM a\nENV A=", "${B:-c} \\\n"],
    ["postgresql.conf", "", "a = 'b' # c\n"],
  ])("of a megabyte of the same are read: %s %j", (path, start, piece) => {
    const text = start + piece.repeat(Math.ceil(300_000 / piece.length));
    expect(() => run({ [path]: text })).not.toThrow();
  });
});
