import { expect, it } from "vitest";
import { withoutPasswords } from "../../analyzers/deployment/containers/secrets.ts";
import { wholeText } from "../../analyzers/deployment/placed-text.ts";
import { urlsInShell } from "../../analyzers/deployment/shell-url.ts";

it.each([
  ["postgres://app:hunter2@db/app", "postgres://app:***@db/app"],
  ["${DATABASE_URL:-postgres://app:hunter2@db/app}", "${DATABASE_URL:-postgres://app:***@db/app}"],
  ["--url=1postgres://app:hunter2@db", "--url=1postgres://app:***@db"],
  ["host=db password=hunter2", "host=db password=***"],
])("%s is shown without its password", (text, shown) => {
  expect(withoutPasswords(text)).toBe(shown);
});

it.each([
  ["${DATABASE_URL}", "DATABASE_URL"],
  ["${{ secrets.DATABASE_URL }}", "DATABASE_URL"],
  ["${DATABASE_URL:?is not set}", "DATABASE_URL"],
  ["${DATABASE_URL%/}", "DATABASE_URL"],
])("%s names a variable", (text, name) => {
  expect(urlsInShell(wholeText(".env", text))).toEqual(expect.arrayContaining([expect.objectContaining({ name })]));
});
