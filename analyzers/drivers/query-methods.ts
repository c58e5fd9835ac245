/** Method names by which objects of unknown make are asked to run SQL, when what they are given is SQL. */
export const QUERY_METHODS: ReadonlySet<string> = new Set([
  "query",
  "execute",
  "executeSql",
  "raw",
  "rawQuery",
  "runSql",
  "unsafe",
  "queryRaw",
  "runQuery",
]);

/** Further ones, when what they are given was made by a tag for SQL. */
export const TAGGED_QUERY_METHODS: ReadonlySet<string> = new Set([
  "any",
  "one",
  "none",
  "many",
  "maybeOne",
  "oneOrNone",
  "manyOrNone",
  "anyFirst",
  "oneFirst",
  "maybeOneFirst",
  "manyFirst",
  "exists",
  "command",
  "executeQuery",
]);
