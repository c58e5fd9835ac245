import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { MARKER } from "../../src/reporters/markdown.ts";

const script = join(import.meta.dirname, "../../ci/github/comment.mjs");
const TOKEN = "ghs_theTokenOfTheJob";
const REPORT = `${MARKER}\n## NOT READY for transaction mode\n`;

interface Comment {
  readonly id: number;
  readonly user: { readonly login: string; readonly type: "Bot" | "User" } | null;
  body: string | null;
}

const bot = (id: number, body: string): Comment => ({ id, user: { login: "github-actions[bot]", type: "Bot" }, body });
const person = (id: number, body: string | null): Comment => ({ id, user: { login: "ann", type: "User" }, body });

let folder = "";
let server: Server;
let address = "";
/** The comments of pull request 7 of acme/shop, in the order in which GitHub lists them. */
let comments: Comment[] = [];
/** What was asked for: method and path. */
let asked: string[] = [];
/** Answers instead of what GitHub would say, by method. */
let refusals: Readonly<Record<string, { readonly status: number; readonly location?: string }>> = {};

const bodySchema = z.object({ body: z.string() });

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(z.instanceof(Uint8Array).parse(chunk)));
  return Buffer.concat(chunks).toString("utf8");
}

/** Plays the three calls of GitHub's API for comments of an issue; anything else is 404. */
async function answer(request: IncomingMessage): Promise<readonly [status: number, value: unknown]> {
  const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
  const { method = "" } = request;
  asked.push(`${method} ${request.url ?? ""}`);
  if (request.headers.authorization !== `Bearer ${TOKEN}`) return [401, { message: "Bad credentials" }];
  const refusal = refusals[method];
  // GitHub does not repeat a token; a proxy before it may.
  if (refusal !== undefined) return [refusal.status, { message: `refused: ${TOKEN}\n::warning::x` }];
  if (pathname === "/repos/acme/shop/issues/7/comments" && method === "GET") {
    const size = Number(searchParams.get("per_page") ?? 30);
    const first = (Number(searchParams.get("page") ?? 1) - 1) * size;
    return [200, comments.slice(first, first + size)];
  }
  if (pathname === "/repos/acme/shop/issues/7/comments" && method === "POST") {
    const comment = bot(1000 + comments.length, bodySchema.parse(JSON.parse(await textOf(request))).body);
    comments.push(comment);
    return [201, comment];
  }
  const id = /^\/repos\/acme\/shop\/issues\/comments\/(\d+)$/.exec(pathname)?.[1];
  const comment = comments.find((candidate) => String(candidate.id) === id);
  if (comment !== undefined && method === "PATCH") {
    comment.body = bodySchema.parse(JSON.parse(await textOf(request))).body;
    return [200, comment];
  }
  return [404, { message: "Not Found" }];
}

beforeEach(async () => {
  comments = [];
  asked = [];
  refusals = {};
  folder = mkdtempSync(join(tmpdir(), "pgbouncer-audit-comment-"));
  writeFileSync(join(folder, "event.json"), JSON.stringify({ pull_request: { number: 7 } }));
  writeFileSync(join(folder, "report.md"), REPORT);
  server = createServer((request, response) => {
    void answer(request).then(([status, value]) => {
      const location = refusals[request.method ?? ""]?.location;
      response.writeHead(status, {
        "content-type": "application/json",
        ...(location === undefined ? {} : { location }),
      });
      response.end(JSON.stringify(value));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const bound = server.address();
  address = typeof bound === "object" && bound !== null ? `http://127.0.0.1:${String(bound.port)}` : "";
});

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the step; the log is all that it printed. */
async function comment(
  environment: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly log: string }> {
  const child = spawn(process.execPath, [script], {
    env: {
      PATH: process.env["PATH"],
      GITHUB_API_URL: address,
      GITHUB_REPOSITORY: "acme/shop",
      GITHUB_EVENT_PATH: join(folder, "event.json"),
      GITHUB_TOKEN: TOKEN,
      AUDIT_MARKDOWN_FILE: join(folder, "report.md"),
      AUDIT_FOLDER: "",
      ...environment,
    },
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => (log += text));
  }
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  expect(log).not.toContain(TOKEN);
  return { code, log };
}

const bodies = (): readonly (string | null)[] => comments.map(({ body }) => body);

describe("the comment on the pull request", () => {
  it("is created when there is none", async () => {
    expect(await comment()).toEqual({ code: 0, log: "" });
    expect(asked).toEqual([
      "GET /repos/acme/shop/issues/7/comments?per_page=100&page=1",
      "POST /repos/acme/shop/issues/7/comments",
    ]);
    expect(bodies()).toEqual([REPORT]);
  });

  it("takes the place of the one before, and others stay as they are", async () => {
    comments = [person(1, "LGTM"), bot(2, `${MARKER}\nREADY`), bot(3, "Coverage: 90 %")];
    expect((await comment()).code).toBe(0);
    expect(bodies()).toEqual(["LGTM", REPORT, "Coverage: 90 %"]);
    expect(asked[1]).toBe("PATCH /repos/acme/shop/issues/comments/2");
  });

  it("is found on a later page", async () => {
    comments = Array.from({ length: 250 }, (_, index) => person(index + 1, "a"));
    comments.push(bot(251, `${MARKER}\r\nREADY\r\n`));
    await comment();
    expect(asked).toEqual([
      "GET /repos/acme/shop/issues/7/comments?per_page=100&page=1",
      "GET /repos/acme/shop/issues/7/comments?per_page=100&page=2",
      "GET /repos/acme/shop/issues/7/comments?per_page=100&page=3",
      "PATCH /repos/acme/shop/issues/comments/251",
    ]);
    expect(comments).toHaveLength(251);
  });

  it("is looked for until a page is not full", async () => {
    comments = Array.from({ length: 100 }, (_, index) => person(index + 1, "a"));
    await comment();
    expect(asked[1]).toBe("GET /repos/acme/shop/issues/7/comments?per_page=100&page=2");
    expect(comments).toHaveLength(101);
  });

  it("is not a person's with the same marker, nor one that quotes it", async () => {
    const deleted: Comment = { id: 3, user: null, body: `${MARKER}\nREADY` };
    comments = [
      person(1, `${MARKER}\nREADY`),
      bot(2, `> ${MARKER}\nREADY`),
      deleted,
      person(4, null),
      bot(5, `see\n${MARKER}`),
    ];
    await comment();
    expect(bodies().slice(0, 5)).toEqual([
      `${MARKER}\nREADY`,
      `> ${MARKER}\nREADY`,
      `${MARKER}\nREADY`,
      null,
      `see\n${MARKER}`,
    ]);
    expect(bodies()[5]).toBe(REPORT);
  });

  it("is not written again when it says the same", async () => {
    comments = [bot(1, REPORT)];
    await comment();
    expect(asked).toEqual(["GET /repos/acme/shop/issues/7/comments?per_page=100&page=1"]);
  });

  it("is one for each audited folder", async () => {
    comments = [bot(1, REPORT)];
    await comment({ AUDIT_FOLDER: "apps/my api --><b>" });
    const [whole, api] = bodies();
    expect(whole).toBe(REPORT);
    expect(api).toBe(
      `${MARKER}\n<!-- folder: apps%2Fmy%20api%20--%3E%3Cb%3E -->\n\n\`apps/my api --><b>\`\n\n## NOT READY for transaction mode\n`,
    );
    writeFileSync(join(folder, "report.md"), `${MARKER}\n## READY\n`);
    await comment({ AUDIT_FOLDER: "apps/my api --><b>" });
    expect(comments).toHaveLength(2);
    expect(bodies()[1]).toContain("## READY");
    await comment();
    expect(bodies()[0]).toBe(`${MARKER}\n## READY\n`);
  });
});

describe("without a comment", () => {
  for (const status of [401, 403, 404])
    it(`a refusal with ${String(status)}, as for a fork, is a notice`, async () => {
      for (const method of ["GET", "POST"]) {
        refusals = { [method]: { status } };
        expect(await comment()).toEqual({
          code: 0,
          log: `::notice title=pgbouncer-audit::No comment was written: GitHub answered ${String(status)}. The job needs the permission pull-requests: write, which a pull request from a fork has not.\n`,
        });
      }
      expect(comments).toEqual([]);
    });

  it("an error of GitHub is a warning", async () => {
    refusals = { PATCH: { status: 502 } };
    comments = [bot(1, `${MARKER}\nREADY`)];
    expect(await comment()).toEqual({
      code: 0,
      log: "::warning title=pgbouncer-audit::No comment was written: GitHub answered 502.\n",
    });
  });

  it("a redirection is not followed: the token is for one address", async () => {
    refusals = { GET: { status: 302, location: `${address}/elsewhere` } };
    const { code, log } = await comment();
    expect(code).toBe(0);
    expect(log).toMatch(/^::warning /);
    expect(asked).toHaveLength(1);
  });

  it("no answer is a warning", async () => {
    const { code, log } = await comment({ GITHUB_API_URL: "http://127.0.0.1:1" });
    expect(code).toBe(0);
    expect(log).toMatch(/^::warning title=pgbouncer-audit::No comment was written: [^\n]*\n$/);
  });

  it("nothing is asked when the workflow runs for no pull request", async () => {
    writeFileSync(
      join(folder, "event.json"),
      JSON.stringify({ ref: "refs/heads/main", pull_request: { number: "7/.." } }),
    );
    expect(await comment()).toEqual({
      code: 0,
      log: "::notice title=pgbouncer-audit::There is no pull request to comment on.\n",
    });
    expect(asked).toEqual([]);
  });
});
