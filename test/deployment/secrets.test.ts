import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { audit, formatters } from "../../src/index.ts";
import { budgetTable } from "../../src/reporters/budget-table.ts";
import { reportAsText } from "../../src/reporters/text.ts";

/** Stands wherever a secret can stand. */
const SECRET = "s3cr3t";

const files: Readonly<Record<string, string>> = {
  "docker-compose.yml": `services:
  api:
    image: api:1
    command: ["node", "x.js", "--password", "${SECRET}"]
    environment:
      DATABASE_URL: postgres://app:${SECRET}@pgbouncer:6432/app?statement_timeout=5&password=${SECRET}
      DIRECT_URL: "postgres://app:${SECRET}@pgbouncer:6432/app"
      API_KEY: ${SECRET}
      SESSION_SECRET: "a ${SECRET} with blanks"
  pgbouncer:
    image: bitnami/pgbouncer:latest
    ports: ["6432:6432"]
    environment:
      POSTGRESQL_HOST: db
      POSTGRESQL_PASSWORD: ${SECRET}
      PGBOUNCER_USERLIST: '"app" "${SECRET}"'
      PGBOUNCER_DSN_0: live=host=db password=${SECRET} pool_mode=session
      PGBOUNCER_TRACK_EXTRA_PARAMETERS: search_path
      PGBOUNCER_QUERY_TIMEOUT: 5
      PGBOUNCER_SERVER_RESET_QUERY: DISCARD ALL
  db:
    image: postgres:17
    environment: { POSTGRES_PASSWORD: "${SECRET}", PGPASSWORD: ${SECRET} }
`,
  "pgbouncer.ini": `[databases]
app = host=db user=app password=${SECRET} pool_mode=tx
quoted = host=db password='${SECRET} ${SECRET}' nonsense=1
broken = host=db password = '${SECRET}
[users]
app = password=${SECRET}
[pgbouncer]
listen_addr = *
auth_type = trust
; password=${SECRET}
unknown_key = 1
`,
  "userlist.txt": `"app" "${SECRET}"\n`,
  ".env.production": `PGPASSWORD=${SECRET}\nBROKEN_URL=postgres://app:${SECRET}@@host:port/x\nDATABASE_URL=postgres://app:${SECRET}@db-pooler.internal:6432/app?options=-c%20search_path%3Dx\n`,
  "k8s/bouncer.yaml": `apiVersion: v1
kind: Secret
metadata: { name: s }
stringData: { password: ${SECRET} }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: pgbouncer }
spec:
  template:
    spec:
      containers:
        - name: pgbouncer
          image: edoburu/pgbouncer:latest
          args: ["--password=${SECRET}"]
          env:
            - { name: DB_PASSWORD, value: ${SECRET} }
            - { name: DATABASE_URL, value: "postgres://app:${SECRET}@db/app" }
            - name: OTHER_PASSWORD
              value: "${SECRET}"
            - { name: PGBOUNCER_POOL_MODE, value: transaction }
`,
  "chart/Chart.yaml": "name: app\n",
  "chart/values.yaml": `pgbouncer:\n  image: edoburu/pgbouncer\n  env:\n    DB_PASSWORD: ${SECRET}\n    POOL_MODE: session\n  password: ${SECRET}\n`,
  Dockerfile: `FROM edoburu/pgbouncer:latest\nENV DB_PASSWORD=${SECRET} DATABASE_URL=postgres://app:${SECRET}@db/app\n`,
  ".github/workflows/ci.yml": `jobs:\n  a:\n    env: { DATABASE_URL: "postgres://u:${SECRET}@h:6543/x", PGPASSWORD: ${SECRET} }\n    steps: [{ run: "psql postgres://u:${SECRET}@h/x -c 'SET a = 1'" }]\n`,
  "src/db.ts": `import { Pool } from "pg";
export const pool = new Pool({ connectionString: "postgres://app:${SECRET}@pgbouncer:6432/app", statement_timeout: 5 });
export const run = () => pool.query("SET work_mem = '1MB'");
`,
};

const folder = mkdtempSync(join(tmpdir(), "pgbouncer-audit-secrets-"));
for (const [path, text] of Object.entries(files)) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const { report } = audit({ paths: [folder] });

/** The lines of a report that hold the secret. */
const leaking = (text: string): string[] => text.split("\n").filter((line) => line.includes(SECRET));

describe("a report of a project full of secrets", () => {
  it("finds enough to show", () => {
    expect(report.findings.filter(({ ruleId }) => ruleId === "pooler-config").length).toBeGreaterThan(15);
  });

  it("shows none as JSON", () => {
    expect(leaking(formatters.json(report))).toEqual([]);
  });

  it("shows none as text, code frames included", () => {
    expect(leaking(reportAsText(report, { color: false, showInfo: true, showSuppressed: true, quiet: false }))).toEqual(
      [],
    );
  });

  it("shows none in the budget", () => {
    expect(leaking(budgetTable(report, false))).toEqual([]);
  });
});
