import {
  type ConnectOptions,
  type Driver,
  drivers,
  type ExportShape,
  type HandleShape,
  libraries,
  type Library,
  type Operation,
  NOT_UNDERSTOOD,
} from "../analyzers/index.ts";

const code = (words: string): string => `\`${words}\``;
const codes = (words: readonly string[]): string => words.map(code).join(", ");
const cell = (words: string): string => words.replaceAll("|", "\\|");

/** What the methods of handles do, as a column each; what is of no interest to a reader has none. */
const COLUMNS: readonly (readonly [string, readonly Operation["does"][]])[] = [
  ["sends SQL", ["query"]],
  ["opens a transaction", ["transaction", "begin"]],
  ["gives a client connection", ["checkout"]],
];

/** A row of the table of handles, where the handle does any of it. */
function handleRow({ title, scope, methods, tag, call }: HandleShape): readonly string[] {
  const all: readonly (readonly [string, Operation])[] = [
    ...(tag === undefined ? [] : [["as a tag", tag] as const]),
    ...(call === undefined ? [] : [["called", call] as const]),
    ...Object.entries(methods),
  ];
  const columns = COLUMNS.map(([, does]) =>
    all.flatMap(([name, operation]) => (does.includes(operation.does) ? [name] : [])),
  );
  if (columns.every((names) => names.length === 0)) return [];
  return [`| ${[title, scope, ...columns.map(codes)].map(cell).join(" | ")} |`];
}

const handleRows = (driver: Driver | undefined): readonly string[] =>
  Object.values(driver?.handles ?? {}).flatMap(handleRow);

/** The handles of a driver that are not those of the driver below it. */
function handlesTable(driver: Driver): string {
  const below = new Set(handleRows(drivers.find(({ name }) => name === driver.over)));
  const rows = [...new Set(handleRows(driver))].filter((row) => !below.has(row));
  if (rows.length === 0) return "";
  const titles = ["handle", "is", ...COLUMNS.map(([title]) => title)];
  return [`| ${titles.join(" | ")} |`, `|${" --- |".repeat(titles.length)}`, ...rows].join("\n");
}

/** Every set of settings that something in the driver's modules takes. */
function settingsOf({ modules }: Driver): readonly ConnectOptions[] {
  const within = (shape: ExportShape): readonly ConnectOptions[] => [
    ...(shape.is === "handle-maker" && shape.options !== undefined ? withNested(shape.options) : []),
    ...Object.values(shape.exports ?? {}).flatMap(within),
    ...(shape.call === undefined ? [] : within(shape.call)),
  ];
  return Object.values(modules).flatMap(({ exports }) => Object.values(exports).flatMap(within));
}

const withNested = (options: ConnectOptions): readonly ConnectOptions[] => [
  options,
  ...Object.values(options.nested ?? {}).flatMap(withNested),
];

/** What the settings of a connection come to behind a pooler, a line each. */
function settingsLines(driver: Driver): string[] {
  const all = settingsOf(driver);
  const sent = all.flatMap(({ startupParameters }) =>
    startupParameters === "every"
      ? ["every option that is not the driver's own"]
      : Object.keys(startupParameters).map(code),
  );
  const named = all.flatMap(({ namesStatements }) => namesStatements ?? []);
  const statements = all.flatMap(({ connectStatements }) =>
    Object.entries(connectStatements ?? {}).map(
      ([option, sql]) => `${code(option)} sends ${code(typeof sql === "string" ? sql : sql.sql)}`,
    ),
  );
  const between = all.flatMap(({ statementsByDefault = [] }) =>
    statementsByDefault.map(({ sql, unless }) => `${code(sql)} unless ${code(unless)} is given`),
  );
  const byDefault = all.flatMap(({ sentByDefault = [] }) =>
    sentByDefault.map(
      ({ parameter, value, option, offBy }) =>
        `${code(`${parameter} = ${value}`)} unless ${code(option)} is ${code(offBy)}`,
    ),
  );
  const hooks = all.flatMap(({ hooks: given = {} }) => Object.keys(given).map(code));
  const pools = all.flatMap(({ poolSize }) =>
    poolSize === undefined
      ? []
      : [
          `${String(poolSize.default ?? "by the machine")}${poolSize.options.length > 0 ? `, set by ${codes(poolSize.options)}` : ""} (${poolSize.source})`,
        ],
  );
  const lines: readonly (readonly [string, readonly string[]])[] = [
    ["Sent in the startup packet", sent],
    ["Sent in the startup packet by default", byDefault],
    [
      "Named statements",
      named.map(({ option, onlyWith }) =>
        onlyWith === true ? `with ${code(option)}` : `unless ${code(option)} is false`,
      ),
    ],
    ["Sent on each new connection", statements],
    ["Sent between two users of a connection", between],
    ["Called with each new connection", hooks],
    ["Client connections of a pool", pools],
  ];
  return lines.flatMap(([title, words]) =>
    words.length === 0 ? [] : [`- ${title}: ${[...new Set(words)].join("; ")}.`],
  );
}

function driverSection(driver: Driver): string {
  const { name, source, modules, over } = driver;
  return [
    `## ${name}`,
    `Checked with ${source}. Imported from ${codes(Object.keys(modules))}.${over === undefined ? "" : ` Its connections are those of ${code(over)}.`}`,
    settingsLines(driver).join("\n"),
    handlesTable(driver),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function libraryRow(library: Library): string {
  const used = `${code(library.package)}${library.exports.includes("*") ? "" : `: ${codes(library.exports)}`}`;
  const cells =
    library.needs === null
      ? [used, "nothing of the session", library.because, "", library.source]
      : [used, library.needs, library.symptom, library.remedy, library.source];
  return `| ${cells.map(cell).join(" | ")} |`;
}

/** What is known of each driver, ORM and library, in Markdown: the tables that the analysis reads. */
export function driversPage(): string {
  return [
    "<!-- Generated from analyzers/drivers and analyzers/libraries by `npm run docs`. -->",
    "# Drivers, ORMs and libraries",
    "What the analysis knows of the packages through which a program reaches PostgreSQL. `pool`: each call may use another client connection. `client`: one client connection, whose server connection may still change after each transaction. `transaction`: one transaction. A package of your own is declared as a [sink](https://github.com/pgbouncer-audit/pgbouncer-audit/blob/main/docs/configuration.md).",
    ...drivers.map(driverSection),
    "## Libraries",
    "Packages on top of a driver, as they were run or read.",
    [
      "| package | needs | through the pooler | instead | seen |",
      "| --- | --- | --- | --- | --- |",
      ...libraries.map(libraryRow),
    ].join("\n"),
    "## Known, and not understood",
    `A file that imports one of these is named in the report, and the verdict is _inconclusive_: ${codes([...NOT_UNDERSTOOD].sort())}.`,
  ].join("\n\n");
}
