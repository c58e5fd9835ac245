import { type ConnectionUrl, HOLE, type SqlText } from "../model.ts";
import { type HandleValue, alternatives, settingName, type ObjectValue, type Value } from "./values.ts";
import { isVariableName } from "./variable-names.ts";

/** What an option or a part of a URL says: its words, with `$NAME` and `…` as in a ConnectionUrl. */
type Part = string | undefined;

/** Options that hold a URL, or all that stands for one; the first that is given counts. */
const URL_OPTIONS = [
  "connection",
  "connectionString",
  "connectionUrl",
  "connectionURL",
  "connectionUri",
  "databaseUrl",
  "databaseURL",
  "datasourceUrl",
  "systemDatabaseUrl",
  "clientUrl",
  "url",
  "uri",
  "dsn",
];
const HOST_OPTIONS = ["host", "hostname"];
const PORT_OPTIONS = ["port"];
const DATABASE_OPTIONS = ["database", "dbName", "dbname", "db"];

/** Options that hold several connections by names of the program's own. */
const NAMED_CONNECTIONS = ["connections", "datasources"];
/** Options that are, when they hold an object, settings of a connection in their turn. */
const NESTED_OPTIONS = [
  "connectionOptions",
  "dbCredentials",
  "database",
  "db",
  "primary",
  "replication",
  "master",
  "slaves",
  "write",
  "read",
  "useFactory",
  "useClass",
  "useExisting",
];

/** How deep settings are looked for in settings. */
const MAX_DEPTH = 3;
/** More addresses than these are not told apart. */
const MAX_URLS = 12;

const nowhere: ConnectionUrl = { kind: "unknown" };

/** What a handle that is given in the place of settings is connected with. */
type UrlsOfHandle = (handle: HandleValue) => readonly ConnectionUrl[];

const ofNoHandle: UrlsOfHandle = () => [nowhere];

/**
 * Where a connection leads that is made with these arguments: a URL, an object of settings, or both; all that it may be, each once, in the
 * order of the source. Empty when the arguments say nothing of it (`new Pool({ max: 5 })`): the driver then looks elsewhere.
 */
export function urlsOfArguments(values: readonly Value[], ofHandle: UrlsOfHandle = ofNoHandle): ConnectionUrl[] {
  const given = values.filter((value) => !(value.kind === "constant" && value.value == null));
  const objects = given.filter((value) => alternatives(value).some((member) => member.kind === "object"));
  // Several texts are database, user and password: then only the settings beside them say where the server is.
  const asked = given.length - objects.length > 1 ? objects : given;
  return distinct(asked.flatMap((value) => urlsOf(value, ofHandle)));
}

/** Where a connection leads that is made with this URL, these settings, or this handle of another driver. */
export function urlsOf(value: Value, ofHandle: UrlsOfHandle = ofNoHandle, depth = 0): ConnectionUrl[] {
  return distinct(
    alternatives(value).flatMap((member): readonly ConnectionUrl[] => {
      switch (member.kind) {
        case "text":
          return urlsInText(member.segments);
        case "constant":
          return member.value == null ? [] : [nowhere];
        case "object":
          return urlsInObject(member, ofHandle, depth);
        case "array":
          return depth > MAX_DEPTH
            ? [nowhere]
            : member.elements.flatMap((element) => urlsOf(element, ofHandle, depth + 1));
        case "handle":
          return ofHandle(member);
        case "instance":
          return member.base === undefined ? [nowhere] : ofHandle(member.base);
        default: {
          const name = settingName(member);
          return [name === undefined ? nowhere : named(name, [])];
        }
      }
    }),
  );
}

const named = (name: string, query: readonly string[]): ConnectionUrl => ({
  kind: isVariableName(name) ? "environment" : "setting",
  name,
  query,
});

function distinct(urls: readonly ConnectionUrl[]): ConnectionUrl[] {
  const found = [...new Map(urls.map((url) => [urlKey(url), url])).values()];
  return found.length > MAX_URLS ? [nowhere] : found;
}

/** A key that is equal for the same address. */
export const urlKey = (url: ConnectionUrl): string =>
  url.kind === "unknown" ? "?" : `${url.kind} ${shownUrl(url)}?${url.query.join("&")}`;

/** An address in words: `DATABASE_URL`, `$DB_HOST:6432/app`. */
export function shownUrl(url: ConnectionUrl): string {
  switch (url.kind) {
    case "environment":
    case "setting":
      return url.name;
    case "literal":
      return [
        url.host ?? "…",
        ...(url.port === undefined ? [] : [`:${url.port}`]),
        ...(url.database === undefined ? [] : [`/${url.database}`]),
      ].join("");
    case "unknown":
      return "…";
  }
}

/** The settings of a connection among the properties of an object. */
function urlsInObject(object: ObjectValue, ofHandle: UrlsOfHandle, depth: number): readonly ConnectionUrl[] {
  for (const option of URL_OPTIONS) {
    // Beside several connections it is the name of one: `{ connection: "main", connections: { main: … } }`.
    if (option === "connection" && NAMED_CONNECTIONS.some((name) => object.properties.has(name))) continue;
    const value = object.properties.get(option)?.value;
    const urls = value === undefined ? [] : urlsOf(value, ofHandle, depth + 1);
    if (urls.length > 0) return urls;
  }
  const hosts = partsOf(object, HOST_OPTIONS);
  const ports = partsOf(object, PORT_OPTIONS);
  if (hosts.length > 0 || ports.length > 0) {
    const databases = partsOf(object, DATABASE_OPTIONS);
    // Fallbacks come in order: the second host is for where the first one is not given, and so is the second port.
    const nth = (parts: readonly string[], index: number): Part => parts[index] ?? parts.at(-1);
    return Array.from({ length: Math.max(hosts.length, ports.length) }, (_, index) =>
      literal({ host: nth(hosts, index), port: nth(ports, index), database: nth(databases, index) }, []),
    );
  }
  const urls = depth < MAX_DEPTH ? urlsInside(object, ofHandle, depth) : [];
  if (urls.length > 0 || !object.open) return urls;
  return object.rest === undefined ? [nowhere] : urlsOf(object.rest, ofHandle, depth + 1);
}

/** The settings of connections in what an object holds. */
function urlsInside(object: ObjectValue, ofHandle: UrlsOfHandle, depth: number): readonly ConnectionUrl[] {
  return [...object.properties].flatMap(([name, { value }]) =>
    alternatives(value).flatMap((member): readonly ConnectionUrl[] => {
      if (member.kind === "handle" || member.kind === "instance") return ofHeld(member, ofHandle);
      if (member.kind !== "object" && member.kind !== "array") return [];
      if (NESTED_OPTIONS.includes(name)) return urlsOf(member, ofHandle, depth + 1);
      return NAMED_CONNECTIONS.includes(name) && member.kind === "object"
        ? [...member.properties.values()].flatMap((named) => urlsOf(named.value, ofHandle, depth + 1))
        : [];
    }),
  );
}

const ofHeld = (value: Value, ofHandle: UrlsOfHandle): readonly ConnectionUrl[] => {
  const handle = value.kind === "instance" ? value.base : value.kind === "handle" ? value : undefined;
  return handle === undefined ? [] : ofHandle(handle);
};

/** What the first of these options that is given may be. */
function partsOf(object: ObjectValue, options: readonly string[]): readonly string[] {
  for (const option of options) {
    const value = object.properties.get(option)?.value;
    const parts = value === undefined ? [] : alternatives(value).flatMap(partOf);
    if (parts.length > 0) return [...new Set(parts)];
  }
  return [];
}

/** What one value of an option says; nothing when it is not given. */
function partOf(value: Value): readonly string[] {
  if (value.kind === "constant") return value.value == null || value.value === false ? [] : [String(value.value)];
  if (value.kind === "text") {
    const part = partIn(markedText(value.segments));
    return value.segments.length === 0 ? [] : [part ?? "…"];
  }
  const name = settingName(value);
  return [name === undefined ? "…" : `$${name}`];
}

/** Makes an address of its parts; a part of which nothing is known is as good as none. */
function literal(
  parts: { readonly host: Part; readonly port: Part; readonly database: Part },
  query: readonly string[],
): ConnectionUrl {
  const known = Object.entries(parts).filter(([, part]) => part !== undefined && part !== "…");
  return known.length === 0 && query.length === 0 ? nowhere : { kind: "literal", ...Object.fromEntries(known), query };
}

/** A text with its holes as one letter each, and what each of them is called. */
interface MarkedText {
  readonly text: string;
  readonly names: readonly (string | undefined)[];
}

const markedText = (segments: SqlText): MarkedText => ({
  text: segments.map((segment) => (segment.kind === "text" ? segment.value : HOLE)).join(""),
  names: segments.flatMap((segment) =>
    segment.kind === "text" ? [] : [segment.kind === "hole" ? segment.setting : undefined],
  ),
});

/** A piece of a marked text, with the names of its own holes. */
function cut({ text, names }: MarkedText, start: number, end: number): MarkedText {
  const holes = (upTo: number): number => text.slice(0, upTo).split(HOLE).length - 1;
  return { text: text.slice(start, end), names: names.slice(holes(start), holes(end)) };
}

/** Letters of host names, addresses, socket folders, ports and database names, with `…` and `$NAME` for what is not written. */
const PART = /^[\w.\-:[\]/%…$]+$/;

/** The words of a piece; undefined when it is empty or holds letters that no host, port or database has. */
function partIn({ text, names }: MarkedText): Part {
  let hole = 0;
  const words = text.replaceAll(HOLE, () => {
    const name = names[hole++];
    return name === undefined ? "…" : `$${name}`;
  });
  return PART.test(words) ? words : undefined;
}

const SCHEME = /^(?:postgres(?:ql)?|pg|cockroachdb|prisma\+postgres|\uE000):\/\//i;

/**
 * The address in a text. Of what stands before the last `@` nothing is kept: it is user and password, whatever letters they have.
 */
function urlsInText(segments: SqlText): readonly ConnectionUrl[] {
  const whole = markedText(segments);
  if (whole.text === "") return [];
  const question = whole.text.indexOf("?");
  const end = question < 0 ? whole.text.length : question;
  const query = question < 0 ? [] : queryKeys(whole.text.slice(question));
  if (whole.text.startsWith(HOLE) && !SCHEME.test(whole.text)) return ofBase(whole, query);
  const scheme = SCHEME.exec(whole.text)?.[0];
  // An `@` behind a question mark may belong to a password with a question mark in it.
  if (scheme === undefined || whole.text.includes("@", end)) return [nowhere];
  const start = Math.max(whole.text.lastIndexOf("@", end) + 1, scheme.length);
  const slash = whole.text.slice(0, end).indexOf("/", start);
  const authority = slash < 0 ? end : slash;
  const colon = /:[^:\]]*$/.exec(whole.text.slice(start, authority));
  const hostEnd = colon === null ? authority : start + colon.index;
  const port = partIn(cut(whole, hostEnd + 1, authority));
  // User and password of a URL without `@` would be read as host and port.
  if (colon !== null && port !== undefined && !/^(?:\d+|[$…].*)$/.test(port)) return [nowhere];
  return [
    literal(
      {
        host: partIn(cut(whole, start, hostEnd)),
        port: colon === null ? undefined : port,
        database: slash < 0 ? undefined : partIn(cut(whole, slash + 1, end)),
      },
      query,
    ),
  ];
}

/** `${process.env.DATABASE_URL}?pgbouncer=true`: what a variable says, with something added. */
function ofBase({ text, names }: MarkedText, query: readonly string[]): readonly ConnectionUrl[] {
  const [name] = names;
  const isWhole = text === HOLE || /^\uE000[/?&]/.test(text);
  return [name === undefined || !isWhole ? nowhere : named(name, query)];
}

/** Keys of a URL's query, but those that are said to be false. */
const queryKeys = (query: string): string[] =>
  [...query.matchAll(/[?&]([\w.-]+)(?:=([^&#]*))?/g)]
    .filter(([, , value]) => value !== "false")
    .map(([, key = ""]) => key)
    .sort();
