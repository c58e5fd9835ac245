import type {
  ConnectOptions,
  Driver,
  ExportShape,
  HandleShape,
  NamesStatements,
  Operation,
  QueryOperation,
} from "./driver.ts";

/**
 * postgres (postgres.js), and Bun's SQL, which took over its interface. Run: postgres 3.4.9 and 3.0.5, Bun 1.4.5; read: postgres
 * src/index.js (parseOptions, Sql) for what is a query, what is a part of one, and what goes into the startup packet.
 */

/** Keys of a URL's query that are options of the driver; every other one becomes a startup parameter. */
const urlOptions = [
  "sslmode",
  "ssl",
  "sslrootcert",
  "sslnegotiation",
  "max",
  "idle_timeout",
  "connect_timeout",
  "max_lifetime",
  "max_pipeline",
  "backoff",
  "keep_alive",
  "prepare",
  "debug",
  "fetch_types",
  "publications",
  "target_session_attrs",
  "host",
  "port",
];

/** Measured with 3.4.9 on 1.18.0: 35 to 38 of 48 transactions were lost, 5 of 24 concurrent queries never settled. */
export const namesStatements: NamesStatements = {
  option: "prepare",
  symptom: "`sql.begin` reports success for transactions that were rolled back, and queries fail or never settle",
  effect: "silent",
  seldom: { option: "max", value: 1 },
};

const options: ConnectOptions = {
  argument: [0, 1],
  startupParameters: {},
  urlOptions,
  optionsText: "options",
  nested: { connection: { argument: 0, startupParameters: "every", optionsText: "options" } },
  namesStatements,
};

/** Tagged templates are sent when somebody waits for them; inside another one they are a part of it. */
const tag: QueryOperation = { does: "query", sql: 0, protocol: "extended", lazy: {} };

const common: Readonly<Record<string, Operation>> = {
  unsafe: { does: "query", sql: 0, values: 1, lazy: {} },
  file: { does: "query", sql: -1, file: 0, lazy: {} },
  notify: { does: "nothing" },
  json: { does: "nothing" },
  array: { does: "nothing" },
  typed: { does: "nothing" },
};

const call: Operation = { does: "identifier" };

const database: HandleShape = {
  title: "pool",
  scope: "pool",
  tag,
  call,
  methods: {
    ...common,
    begin: { does: "transaction", parameter: 0, gives: "transaction" },
    beginDistributed: { does: "transaction", parameter: 0, gives: "transaction" },
    transaction: { does: "transaction", parameter: 0, gives: "transaction" },
    reserve: { does: "checkout", gives: "reserved", callbackParameter: 0 },
    // It opens a connection of its own with the same settings.
    listen: { does: "query", sql: -1, text: 'listen "{0}"' },
    subscribe: { does: "nothing" },
    end: { does: "nothing" },
    close: { does: "nothing" },
  },
};

const transaction: HandleShape = {
  title: "transaction",
  scope: "transaction",
  tag,
  call,
  methods: {
    ...common,
    savepoint: { does: "nested", parameter: 0, gives: "transaction" },
    prepare: { does: "nothing" },
  },
};

const reserved: HandleShape = {
  title: "reserved connection",
  scope: "client",
  tag,
  call,
  methods: { ...common, release: { does: "release" }, begin: database.methods["begin"] ?? { does: "nothing" } },
};

const handles = {
  database,
  transaction,
  reserved,
  /** What a type says may be a pool or a transaction that was passed on. */
  either: { ...database, title: "pool or transaction", scope: "unknown" },
} satisfies Record<string, HandleShape>;

const maker: ExportShape = { is: "handle-maker", makes: "database", options };

/** Bun numbers its names by process, `begin` and `commit` have none. Measured with 1.4.5 on 1.18.0: 60 of 160 results were another process's. */
const bunMaker: ExportShape = {
  is: "handle-maker",
  makes: "database",
  options: {
    ...options,
    namesStatements: {
      option: "prepare",
      symptom: "processes use the same names for different queries, so that one gets the rows of another's",
      effect: "silent",
    },
  },
};

export const postgresJs: Driver = {
  name: "postgres",
  source: "postgres 3.4.9",
  handles,
  modules: {
    postgres: {
      exports: { default: maker, postgres: maker },
      types: {
        Sql: "either",
        "postgres.Sql": "either",
        "default.Sql": "either",
        ISql: "either",
        TransactionSql: "transaction",
        "postgres.TransactionSql": "transaction",
        ReservedSql: "reserved",
        "postgres.ReservedSql": "reserved",
      },
    },
  },
};

export const bunSql: Driver = {
  name: "bun",
  source: "Bun 1.4.5",
  handles,
  modules: {
    bun: {
      exports: { SQL: bunMaker, sql: { is: "handle", makes: "database" } },
      types: { SQL: "either", TransactionSQL: "transaction", ReservedSQL: "reserved" },
    },
  },
};
