/** Where the project is. */
export const REPOSITORY = "https://github.com/pgbouncer-audit/pgbouncer-audit";

/** The page of a rule. */
export const pageOf = (id: string): string => `${REPOSITORY}/blob/main/eslint-plugin/docs/rules/${id}.md`;
