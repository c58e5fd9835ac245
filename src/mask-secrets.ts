const USER_INFO = /\b([a-z][a-z\d+.-]*:\/\/)([^\s"'`<>]+)(?=@)/gi;
const ONLY_CODE = /^(?:\$\{[^}]*\}|:)*$/;

/** Stars in place of user and password in URLs, as many as there were letters; what only names variables is left. */
export const maskSecrets = (words: string): string =>
  words.replace(USER_INFO, (whole, scheme: string, user: string) =>
    ONLY_CODE.test(user) ? whole : scheme + "*".repeat(user.length),
  );
