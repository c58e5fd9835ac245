import { describe, expect, it } from "vitest";
import { readDeployed } from "../../analyzers/deployment/read-deployed.ts";

const read = (files: Readonly<Record<string, string>>) =>
  readDeployed(Object.entries(files).map(([path, text]) => ({ filename: path, path, text })));

const urls = (files: Readonly<Record<string, string>>): string[] =>
  read(files).deployment.urls.map(
    ({ name, user, host, port, database, query, forDevelopment }) =>
      `${name} ${user ?? ""}@${host ?? ""}:${port ?? ""}/${database ?? ""}${query.size > 0 ? ` ${[...query].map((pair) => pair.join("=")).join("&")}` : ""}${forDevelopment ? " (development)" : ""}`,
  );

describe("URLs of a deployment", () => {
  it("come from environment files, with their parts", () => {
    expect(
      urls({
        ".env.production":
          'DATABASE_URL="postgresql://app:p%40ss@db-pooler.internal:6432/shop?pgbouncer=true&connection_limit=5"\n',
      }),
    ).toEqual(["DATABASE_URL app@db-pooler.internal:6432/shop pgbouncer=true&connection_limit=5"]);
  });

  it("of an example are no facts", () => {
    expect(urls({ ".env.example": "DATABASE_URL=postgres://u:p@localhost:5432/x\n" })).toEqual([
      "DATABASE_URL u@localhost:5432/x (development)",
    ]);
  });

  it("stand in workflows, scripts and platform files too", () => {
    const workflow =
      "jobs:\n  deploy:\n    env:\n      DATABASE_URL: postgres://u:${{ secrets.PW }}@db.internal:6543/x\n    steps:\n      - run: npm run migrate\n";
    expect(urls({ ".github/workflows/deploy.yml": workflow })).toEqual(["DATABASE_URL u@db.internal:6543/x"]);
    expect(urls({ "deploy.sh": "export DIRECT_URL=postgres://u:$PW@db.internal/x\nnpm run migrate\n" })).toEqual([
      "DIRECT_URL u@db.internal:/x",
    ]);
    expect(urls({ "fly.toml": '[env]\nDATABASE_URL = "postgres://u@pg.internal/x"\n' })).toEqual([
      "DATABASE_URL u@pg.internal:/x",
    ]);
  });

  it("may be put together of variables", () => {
    expect(urls({ ".env": "DB_HOST=pgbouncer\nDB_PORT=6432\nDB_NAME=shop\nDB_USER=app\n" })).toEqual([
      "DB_HOST app@pgbouncer:6432/shop",
    ]);
    expect(urls({ ".env": "DB_HOST=pgbouncer\n" })).toEqual([]);
  });

  it("that cannot be read are named, without what is in them", () => {
    const files = {
      ".env": "A_URL=postgres://u:p@ss:w0rd@db:port/x\nB_URL=postgres://u:p@db:5432/x\nC_URL=postgres//db\n",
    };
    const { problems } = read(files);
    expect(problems.map(({ reason }) => reason)).toEqual([
      "read in part only: A_URL begins as a URL of PostgreSQL and is none",
    ]);
    expect(JSON.stringify(problems)).not.toContain("w0rd");
  });

  it("keep no password, wherever it stands", () => {
    const files = { ".env": "A=postgres://u:hunter2@db/x?password=hunter2&sslpassword=hunter2\n" };
    expect(
      JSON.stringify([...read(files).deployment.urls.map((url) => ({ ...url, query: [...url.query] }))]),
    ).not.toContain("hunter2");
  });
});
