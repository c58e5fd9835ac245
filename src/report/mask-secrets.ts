const USER_INFO = /\b([a-z][a-z\d+.-]*:\/\/)([^\s"'`<>]+)(?=@)/gi;
const ONLY_CODE = /^(?:\$\{[^}]*\}|:)*$/;

/** Stars in place of user and password in URLs, as many as there were letters; what only names variables is left. */
export const maskSecrets = (words: string): string =>
  words.replace(USER_INFO, (whole, scheme: string, user: string) =>
    ONLY_CODE.test(user) ? whole : scheme + "*".repeat(user.length),
  );

const SECRET_NAME =
  "\\w*(?:pass(?:word|wd|phrase)?|secret|token|credentials?|private_?key|access_?key|api_?key|pwd|userlist)\\w*";
/** A key or variable that says its value is a secret, and the value behind `:`, `=` or a blank: quoted, or up to the next blank. */
const SECRET_VALUE = new RegExp(
  String.raw`((?:^|[^\w])${SECRET_NAME}["']?(?:\s*[:=]\s*|\s+(?=["'])))('(?:[^']|'')*'?|"(?:\\.|[^"\\])*"?|[^\s"',;}]+)`,
  "gi",
);
/** `{ name: PASSWORD, value: … }`, as Kubernetes and charts have it. */
const NAMED_VALUE = new RegExp(
  String.raw`(\bname["']?\s*:\s*["']?${SECRET_NAME}["']?\s*,\s*["']?value["']?\s*:\s*)('[^']*'?|"[^"]*"?|[^\s,}]+)`,
  "gi",
);
const NAMES_SECRET = new RegExp(String.raw`\bname["']?\s*:\s*["']?${SECRET_NAME}["']?\s*$`, "i");
/** `value: …` below such a name. */
const VALUE_BELOW = /^(\s*["']?value["']?\s*:\s*)(\S.*)$/i;
/** A line of a list of users: `"app" "password"`. */
const USER_LINE = /^(\s*"(?:[^"]|"")*"\s+)("(?:[^"]|"")*"?)/;
/** What is no secret although it stands there: a variable, a template, a path, a boolean, a list. */
const NO_SECRET = /^["']?(?:\$|\{|\[|<%|\/|%|@|\||>|true\b|false\b|null\b|yes\b|no\b)/i;
const ABOUT_SECRETS = /_(?:FILE|PATH|LENGTH|ENCRYPTION|POLICY)["']?\s*[:=]\s*$/i;

const MAX_LINE = 5000;

/** As many stars as there were letters, quotes kept. */
const stars = (value: string): string => value.replace(/[^"']/g, "*");

const masked = (whole: string, key: string, value: string): string =>
  NO_SECRET.test(value) || ABOUT_SECRETS.test(key) ? whole : key + stars(value);

/** The same for a line of a deployment file, where passwords stand behind their names, or below them: `above` is the line before. */
export function maskDeploymentSecrets(line: string, above = ""): string {
  // Nobody writes such a line by hand, and it would take long to look through it.
  if (line.length > MAX_LINE) return stars(line);
  const plain = maskSecrets(line).replace(SECRET_VALUE, masked).replace(NAMED_VALUE, masked).replace(USER_LINE, masked);
  return NAMES_SECRET.test(above) ? plain.replace(VALUE_BELOW, masked) : plain;
}
