/** How an audit is made, for whoever signs it. */
export const METHOD: readonly string[] = [
  "Every JavaScript, TypeScript and SQL file was looked through; those that can reach PostgreSQL were parsed, and each connection was followed from where it is made through control flow, helpers and files to each place that sends SQL.",
  "At each of these places the SQL was read as PostgreSQL's lexer and grammar read it, with what is known of its text, and judged by whether a transaction is open there on every way that leads to it.",
  "Package scripts, containers, workflows, environment files and the pooler's own configuration were read for how the program is run and which pooler it meets.",
  "No code of the project was run, no database was asked, and nothing was sent anywhere.",
  "What the rules say of PgBouncer was measured: every example of a rule was run behind real PgBouncers with a server switch before each transaction. What is said of other poolers is their documentation.",
];

/** What an audit of this kind cannot see; part of every report. */
export const LIMITS: readonly string[] = [
  "SQL that is made at run time of what is not in the code: it is counted and listed as unresolved, and not judged.",
  "What functions, triggers and extensions inside the database do, as far as they are not in the SQL files that were read.",
  "Packages that send SQL of their own, other than those of the table of libraries.",
  "Where a variable leads in production: that is taken from its name, from deployment files and from the configuration.",
  "Settings that ALTER ROLE, ALTER DATABASE or the pooler's administrators made without a file.",
  "Load: whether the pool is large enough for it. The connection budget compares limits, not traffic.",
];
