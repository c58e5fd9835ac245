#!/usr/bin/env node
// Writes the Markdown report as one comment on the pull request, and the next one in its place. Without permission, as on a pull request from a
// fork, it says so and ends with 0: the audit decides over the job, not its comment.
import { readFileSync } from "node:fs";

const MARKER = "<!-- pgbouncer-audit -->";
const PER_PAGE = 100;
const TIMEOUT_MS = 30_000;

/** Says something in the log of the job. A workflow command is one line, whatever is in the message. */
function say(level, message) {
  const line = message.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
  console.log(`::${level} title=pgbouncer-audit::${line}`);
}

/** An answer of GitHub other than success. */
class Refused extends Error {
  constructor(status) {
    super(`GitHub answered ${status}`);
    this.status = status;
  }
}

/** Asks GitHub's API. The token goes to this address only: a redirection is an error, not followed. */
async function ask(method, path, body) {
  const response = await fetch(`${process.env.GITHUB_API_URL ?? "https://api.github.com"}${path}`, {
    method,
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${process.env.GITHUB_TOKEN}`,
      "content-type": "application/json",
      "user-agent": "pgbouncer-audit",
      "x-github-api-version": "2022-11-28",
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    redirect: "error",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Refused(response.status);
  return response.json();
}

/** The number of the pull request that the workflow runs for; undefined when it runs for something else. */
function pullRequest() {
  const path = process.env.GITHUB_EVENT_PATH;
  if (!path) return undefined;
  const number = JSON.parse(readFileSync(path, "utf8")).pull_request?.number;
  return Number.isSafeInteger(number) ? number : undefined;
}

/** Which folder of the repository a comment is about; undefined when it is none of ours. */
function folderOf(body) {
  const [first, second = ""] = body.split(/\r?\n/);
  if (first !== MARKER) return undefined;
  return /^<!-- folder: (\S+) -->$/.exec(second)?.[1] ?? "";
}

/** The comment of a bot about this folder, on whatever page of the list it is. */
async function existing(comments, folder) {
  for (let page = 1; ; page++) {
    const found = await ask("GET", `${comments}?per_page=${PER_PAGE}&page=${page}`);
    const ours = found.find(({ user, body }) => user?.type === "Bot" && folderOf(body ?? "") === folder);
    if (ours !== undefined || found.length < PER_PAGE) return ours;
  }
}

/** The report with what finds it again: the marker, and the folder when it is not the whole repository. */
function bodyOf(report, folder) {
  const text = report.startsWith(MARKER) ? report.slice(MARKER.length).trimStart() : report;
  if (folder === "") return `${MARKER}\n${text}`;
  return `${MARKER}\n<!-- folder: ${encodeURIComponent(folder)} -->\n\n\`${folder.replace(/`/g, "'")}\`\n\n${text}`;
}

/** Creates the comment, or changes the one there is, where it says something else. */
async function write(number, folder, body) {
  const repository = `/repos/${process.env.GITHUB_REPOSITORY}`;
  const comments = `${repository}/issues/${number}/comments`;
  const comment = await existing(comments, encodeURIComponent(folder));
  if (comment === undefined) await ask("POST", comments, { body });
  else if (comment.body !== body) await ask("PATCH", `${repository}/issues/comments/${comment.id}`, { body });
}

/** Why there is no comment. Only words of this program are printed: an answer or a header may hold what is not for a log. */
function sayWhyNot(error) {
  if (!(error instanceof Refused)) {
    say("warning", `No comment was written: GitHub did not answer as it should (${error?.name}).`);
  } else if ([401, 403, 404].includes(error.status)) {
    const needed = "The job needs the permission pull-requests: write, which a pull request from a fork has not.";
    say("notice", `No comment was written: ${error.message}. ${needed}`);
  } else {
    say("warning", `No comment was written: ${error.message}.`);
  }
}

const number = pullRequest();
if (number === undefined) {
  say("notice", "There is no pull request to comment on.");
} else {
  const folder = process.env.AUDIT_FOLDER ?? "";
  const body = bodyOf(readFileSync(process.env.AUDIT_MARKDOWN_FILE, "utf8"), folder);
  await write(number, folder, body).catch(sayWhyNot);
}
