/** Words of PostgreSQL's, a pooler's or a driver's without the numbers and names that differ from run to run. */
export const masked = (words: string): string =>
  words
    .replaceAll(/prepared statement (?=[a-z0-9]*\d)[a-z0-9]{9,}$/g, "prepared statement …")
    .replaceAll(/prepared statement "(?=[a-z0-9]*\d)[a-z0-9]{6,}"/g, 'prepared statement "…"')
    .replaceAll(/\b(PID|pid) \d+/g, "$1 …")
    // The identifier of an exported snapshot.
    .replaceAll(/"[0-9A-F]{8}-[0-9A-F]{8}-\d+"/g, '"…"')
    .replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:…");
