/** An ini, and which PgBouncers start on it: by hand, from the sources of PgBouncer. */
export interface IniFixture {
  readonly name: string;
  readonly text: string;
  /** `never`, `always`, or the first version that starts. */
  readonly starts: "always" | "never" | { readonly since: string };
  /** Files beside it, by name. */
  readonly beside?: Readonly<Record<string, string>>;
  /** What the reader says of its problems, a part of each message in order; empty where it says nothing. */
  readonly says?: readonly string[];
}

const MAIN = "[databases]\napp = host=127.0.0.1 port=5432\n\n[pgbouncer]\n";

/** `FOLDER` stands for the folder that the file is in. */
export const iniFixtures: readonly IniFixture[] = [
  { name: "nothing but its section", text: "[pgbouncer]\n", starts: "always" },
  { name: "a usual file", text: `${MAIN}pool_mode = transaction\nmax_client_conn = 500\n`, starts: "always" },
  { name: "no section at all", text: "pool_mode = transaction\n", starts: "never", says: ["before any section"] },
  { name: "an unknown key", text: `${MAIN}pool_mod = transaction\n`, starts: "never", says: ["no parameter pool_mod"] },
  {
    name: "a key in capitals",
    text: `${MAIN}POOL_MODE = transaction\n`,
    starts: "never",
    says: ["no parameter POOL_MODE"],
  },
  { name: "a key of a database", text: `${MAIN}pool_size = 20\n`, starts: "never", says: ["belongs to [databases]"] },
  { name: "a time zone for all", text: `${MAIN}timezone = UTC\n`, starts: "never", says: ["belongs to [databases]"] },
  { name: "a mode in capitals", text: `${MAIN}pool_mode = TRANSACTION\n`, starts: "always" },
  {
    name: "a mode that is none",
    text: `${MAIN}pool_mode = transactional\n`,
    starts: "never",
    says: ["pool_mode cannot be"],
  },
  { name: "a mode in quotes", text: `${MAIN}pool_mode = "transaction"\n`, starts: "never", says: ["quotes are part"] },
  {
    name: "a mode in single quotes",
    text: `${MAIN}pool_mode = 'transaction'\n`,
    starts: "never",
    says: ["quotes are part"],
  },
  {
    name: "a comment behind a mode",
    text: `${MAIN}pool_mode = transaction ; why\n`,
    starts: "never",
    says: ["a comment behind"],
  },
  {
    name: "a comment behind a number",
    text: `${MAIN}max_client_conn = 100 # why\n`,
    starts: "never",
    says: ["a comment behind"],
  },
  { name: "a comment behind a text", text: `${MAIN}admin_users = root ; why\n`, starts: "always" },
  { name: "comments on lines of their own", text: `${MAIN}; one\n  # two\npool_mode = session\n`, starts: "always" },
  { name: "the same key twice", text: `${MAIN}pool_mode = session\npool_mode = transaction\n`, starts: "always" },
  {
    name: "the same key twice, first wrong",
    text: `${MAIN}pool_mode = x\npool_mode = session\n`,
    starts: "never",
    says: ["pool_mode cannot be"],
  },
  { name: "no number", text: `${MAIN}max_client_conn = many\n`, starts: "never", says: ["no number"] },
  { name: "a number with a unit", text: `${MAIN}default_pool_size = 20k\n`, starts: "never", says: ["no number"] },
  { name: "a negative number", text: `${MAIN}default_pool_size = -1\n`, starts: "always" },
  { name: "a hexadecimal number", text: `${MAIN}max_client_conn = 0x64\n`, starts: "always" },
  {
    name: "an octal number that is none",
    text: `${MAIN}max_client_conn = 090\n`,
    starts: "never",
    says: ["no number"],
  },
  { name: "a fraction for a number", text: `${MAIN}max_client_conn = 1.5\n`, starts: "never", says: ["no number"] },
  { name: "nothing for a number", text: `${MAIN}max_client_conn =\n`, starts: "never", says: ["cannot be empty"] },
  { name: "nothing for a text", text: `${MAIN}server_reset_query =\n`, starts: "always" },
  { name: "a boolean word", text: `${MAIN}server_round_robin = yes\n`, starts: "never", says: ["no number"] },
  { name: "a boolean number", text: `${MAIN}server_round_robin = 1\n`, starts: "always" },
  { name: "a fraction of seconds", text: `${MAIN}query_timeout = 0.5\n`, starts: "always" },
  { name: "seconds with their unit", text: `${MAIN}query_timeout = 30s\n`, starts: "never", says: ["no number"] },
  { name: "negative seconds", text: `${MAIN}query_timeout = -1\n`, starts: "never", says: ["no number"] },
  { name: "seconds in scientific notation", text: `${MAIN}query_timeout = 1e2\n`, starts: "always" },
  {
    name: "an authentication that is none",
    text: `${MAIN}auth_type = password\n`,
    starts: "never",
    says: ["auth_type cannot be"],
  },
  {
    name: "TLS that is a word",
    text: `${MAIN}client_tls_sslmode = on\n`,
    starts: "never",
    says: ["client_tls_sslmode cannot be"],
  },
  {
    name: "prepared statements",
    text: `${MAIN}max_prepared_statements = 100\n`,
    starts: { since: "1.21" },
    says: ["before 1.21"],
  },
  {
    name: "tracked parameters",
    text: `${MAIN}track_extra_parameters = IntervalStyle\n`,
    starts: { since: "1.20" },
    says: ["before 1.20"],
  },
  {
    name: "a transaction timeout",
    text: `${MAIN}transaction_timeout = 60\n`,
    starts: { since: "1.25" },
    says: ["before 1.25"],
  },
  {
    name: "limits of clients",
    text: `${MAIN}max_user_client_connections = 10\n`,
    starts: { since: "1.24" },
    says: ["before 1.24"],
  },
  {
    name: "peers",
    text: `${MAIN}peer_id = 1\n[peers]\n1 = host=127.0.0.1\n`,
    starts: { since: "1.19" },
    says: ["peer_id", "[peers]"],
  },
  {
    name: "a peer without a host",
    text: `${MAIN}[peers]\n1 = port=6432\n`,
    starts: "never",
    says: ["[peers]", "no host"],
  },
  {
    name: "a peer with a name",
    text: `${MAIN}[peers]\nfirst = host=127.0.0.1\n`,
    starts: "never",
    says: ["[peers]", "no number"],
  },
  { name: "a line without =", text: `${MAIN}pool_mode transaction\n`, starts: "never", says: ["neither"] },
  { name: "a line of words", text: `${MAIN}this is no setting\n`, starts: "never", says: ["neither"] },
  { name: "an unknown section", text: `${MAIN}\n[pools]\na = b\n`, starts: "never", says: ["no section [pools]"] },
  {
    name: "a section in capitals",
    text: "[PGBOUNCER]\npool_mode = session\n",
    starts: "never",
    says: ["no section [PGBOUNCER]"],
  },
  {
    name: "a section that is not closed",
    text: "[pgbouncer\npool_mode = session\n",
    starts: "never",
    says: ["no closing bracket"],
  },
  { name: "a setting on the line of the section", text: "[pgbouncer] pool_mode = session\n", starts: "always" },
  { name: "Windows line ends", text: `${MAIN}pool_mode = transaction\n`.replaceAll("\n", "\r\n"), starts: "always" },
  { name: "a byte order mark", text: `\uFEFF${MAIN}pool_mode = transaction\n`, starts: "never", says: ["neither"] },
  { name: "no line end at the end", text: `${MAIN}pool_mode = transaction`, starts: "always" },
  {
    name: "a very long line",
    text: `${MAIN}ignore_startup_parameters = ${"extra_float_digits, ".repeat(500)}options\n`,
    starts: "always",
  },
  { name: "blanks around everything", text: `${MAIN}\t pool_mode \t=\t transaction \t\n`, starts: "always" },
  {
    name: "settings of a database",
    text: `[databases]\napp = host=127.0.0.1 pool_size=5 pool_mode=session reserve_pool=2\n[pgbouncer]\n`,
    starts: "always",
  },
  {
    name: "a new key of a database",
    text: `[databases]\napp = host=127.0.0.1 reserve_pool_size=2\n[pgbouncer]\n`,
    starts: { since: "1.24" },
    says: ["before 1.24"],
  },
  {
    name: "an unknown key of a database",
    text: `[databases]\napp = host=127.0.0.1 sslmode=require\n[pgbouncer]\n`,
    starts: "never",
    says: ["no parameter sslmode"],
  },
  {
    name: "a mode of a database that is none",
    text: `[databases]\napp = host=127.0.0.1 pool_mode=tx\n[pgbouncer]\n`,
    starts: "never",
    says: ["pool_mode cannot be"],
  },
  {
    name: "a port that is none",
    text: `[databases]\napp = host=127.0.0.1 port=pg\n[pgbouncer]\n`,
    starts: "never",
    says: ["port cannot be"],
  },
  { name: "an empty value of a database", text: `[databases]\napp = host= port=5432\n[pgbouncer]\n`, starts: "always" },
  {
    name: "a quoted value of a database",
    text: `[databases]\napp = host=127.0.0.1 connect_query='set x to ''y'''\n[pgbouncer]\n`,
    starts: "always",
  },
  {
    name: "a quote that is not closed",
    text: `[databases]\napp = host=127.0.0.1 connect_query='set x\n[pgbouncer]\n`,
    starts: "never",
    says: ["[databases]"],
  },
  {
    name: "every other database, wrong",
    text: `[databases]\n* = host=127.0.0.1 nothing=here\n[pgbouncer]\n`,
    starts: "always",
  },
  {
    name: "the name of the console",
    text: `[databases]\npgbouncer = host=127.0.0.1\n[pgbouncer]\n`,
    starts: "never",
    says: ["admin console"],
  },
  {
    name: "a quoted name of a database",
    text: `[databases]\n'my app' = host=127.0.0.1\n[pgbouncer]\n`,
    starts: { since: "1.25" },
    says: ["before 1.25"],
  },
  {
    name: "a name in double quotes",
    text: `[databases]\n"my app" = host=127.0.0.1\n[pgbouncer]\n`,
    starts: "never",
    says: ["neither"],
  },
  {
    name: "settings of a user",
    text: `${MAIN}[users]\napp = pool_mode=session max_user_connections=5\n`,
    starts: "always",
  },
  {
    name: "a pool of a user",
    text: `${MAIN}[users]\napp = pool_size=5\n`,
    starts: { since: "1.23" },
    says: ["before 1.23"],
  },
  {
    name: "an unknown key of a user",
    text: `${MAIN}[users]\napp = password=x\n`,
    starts: "never",
    says: ["no parameter password"],
  },
  {
    name: "an included file",
    text: "%include FOLDER/databases.ini\n[pgbouncer]\npool_mode = transaction\n",
    beside: { "databases.ini": "[databases]\napp = host=127.0.0.1\n" },
    starts: "always",
  },
  {
    name: "an included file that is wrong",
    text: "[pgbouncer]\n%include FOLDER/more.ini\n",
    beside: { "more.ini": "pool_mode = x\n" },
    starts: "never",
    says: ["pool_mode cannot be"],
  },
  {
    name: "files that include each other",
    text: "[pgbouncer]\n%include FOLDER/more.ini\n",
    beside: { "more.ini": "%include FOLDER/more.ini\n" },
    starts: "never",
    says: ["includes itself"],
  },
];
