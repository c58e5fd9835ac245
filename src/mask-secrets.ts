const USER_INFO = /\b([a-z][a-z\d+.-]*:\/\/)([^\s"'`<>]+)(?=@)/gi;
const ONLY_CODE = /^(?:\$\{[^}]*\}|:)*$/;

/** Stars in place of user and password in URLs, as many as there were letters; what only names variables is left. */
export const maskSecrets = (words: string): string =>
  words.replace(USER_INFO, (whole, scheme: string, user: string) =>
    ONLY_CODE.test(user) ? whole : scheme + "*".repeat(user.length),
  );

/** A key or variable that says its value is a secret, and the value behind `:` or `=`. */
const SECRET_VALUE =
  /(\b\w*(?:pass(?:word|wd|phrase)?|secret|token|credentials?|private_key|api_?key|pwd)\w*["']?\s*[:=]\s*)(["']?)([^\s"',;}]+)/gi;
/** What is no secret although it stands there: a variable, a template, a path, a boolean, the name of something else. */
const NO_SECRET = /^(?:\$|\{|<%|\/|%|@|true$|false$|null$|yes$|no$)/i;
const ABOUT_SECRETS = /_(?:FILE|PATH|LENGTH|ENCRYPTION|POLICY)["']?\s*[:=]\s*$/i;

/** The same for a line of a deployment file, where passwords stand behind their names. */
export const maskDeploymentSecrets = (line: string): string =>
  maskSecrets(line).replace(SECRET_VALUE, (whole, key: string, quote: string, value: string) =>
    NO_SECRET.test(value) || ABOUT_SECRETS.test(key) ? whole : key + quote + "*".repeat(value.length),
  );
