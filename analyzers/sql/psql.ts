/** Replaces every character but line ends by a space, so that offsets and lines stay. */
const blank = (text: string): string => text.replace(/[^\r\n]/g, " ");

/**
 * Blanks what psql reads itself in a script: the byte order mark, lines that begin with a backslash command, a backslash command at the
 * end of a statement (`\gset`, `\g`), the data after `COPY … FROM stdin;`, and the colon of `:variable` and `:'variable'`.
 */
export function maskPsql(contents: string): string {
  const lines = contents.split("\n");
  let data = false;
  const masked = lines.map((line) => {
    const bare = line.replace(/\r$/, "");
    if (data) {
      data = bare !== "\\.";
      return blank(line);
    }
    if (/^\s*\\[a-z!?]/i.test(bare)) return blank(line);
    data = /^\s*copy\s.*\sfrom\s+stdin\b[^;]*;\s*$/i.test(bare);
    return line
      .replace(/\\(?:gset|gexec|gdesc|g|gx|crosstabview)\b.*$/, blank)
      .replace(/(^|[\s(,=])(:)(?=["'a-z_])/gi, "$1 ");
  });
  const text = masked.join("\n");
  return text.startsWith("\uFEFF") ? ` ${text.slice(1)}` : text;
}
