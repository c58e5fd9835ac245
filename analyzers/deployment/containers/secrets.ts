/** Words in the name of a variable whose value is a secret as a whole. */
const SECRET_WORDS =
  /(?:^|_)(?:PASS|PASSWD|PASSPHRASE|PASSWORD|PASSWORDS|PWD|SECRET|SECRETS|TOKEN|PRIVATE_KEY|API_?KEY|ACCESS_KEY|CREDENTIALS?|USERLIST)(?:_|$)/i;
/** Names that speak of a secret without holding it. */
const ABOUT_SECRETS = /_FILE$|_PATH$|_LENGTH$|_ENCRYPTION$|_POLICY$|^PGPASSFILE$/i;

/** Whether a variable's value is a secret, by its name. */
export const isSecretName = (name: string): boolean =>
  (SECRET_WORDS.test(name) || /^PGPASSWORD$/i.test(name)) && !ABOUT_SECRETS.test(name);

/** Whether a variable names the file that holds a secret: `POSTGRES_PASSWORD_FILE`. */
export const isSecretFile = (name: string): boolean =>
  /_FILE$/i.test(name) && SECRET_WORDS.test(name.replace(/_FILE$/i, ""));

/**
 * A text without the passwords in it: those of URLs, of `password=…` in connection strings, of `Password:` in others. Each is three stars,
 * however long it was.
 */
export const withoutPasswords = (text: string): string =>
  text
    .replace(/[^\s"']+/g, withoutPasswordOfUrl)
    .replace(/\b(pass(?:word|wd)?\s*[=:]\s*)(?:'(?:[^']|'')*'|"[^"]*"|[^\s;&]+)/gi, "$1***");

/** The user of a URL, up to the colon before the password. */
const USER = /:\/\/[^:/?#@]*:/;

/** A word without the password in it: what stands between the user of a URL and the last `@`. */
function withoutPasswordOfUrl(word: string): string {
  const at = word.lastIndexOf("@");
  const user = at < 0 ? null : USER.exec(word.slice(0, at));
  return user === null ? word : `${word.slice(0, user.index + user[0].length)}***${word.slice(at)}`;
}
