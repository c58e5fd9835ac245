/** A room of the house: the files it has, and the rooms its files may import. */
interface Room {
  readonly name: string;
  readonly holds: RegExp;
  readonly mayImport: readonly string[];
}

/** Who may import whom. A file belongs to the first room that holds it. */
const ROOMS: readonly Room[] = [
  { name: "model", holds: /^analyzers\/(?:deployment-)?model\.ts$/, mayImport: [] },
  {
    name: "pooler-profile",
    holds: /^analyzers\/(?:pooler-(?:profile|table)|pgbouncer-parameters)\.ts$/,
    mayImport: ["model"],
  },
  { name: "sql", holds: /^analyzers\/sql\//, mayImport: ["model"] },
  { name: "source", holds: /^analyzers\/source\//, mayImport: ["model"] },
  {
    name: "driver-interface",
    holds: /^analyzers\/drivers\/(?:driver|query-operation|query-methods|catalogue)\.ts$/,
    mayImport: ["model", "source", "sql", "pooler-profile"],
  },
  {
    name: "drivers",
    holds: /^analyzers\/drivers\//,
    mayImport: ["model", "source", "sql", "pooler-profile", "driver-interface"],
  },
  { name: "deployment", holds: /^analyzers\/deployment\//, mayImport: ["model", "source", "sql", "pooler-profile"] },
  // A tool is known by its command line, which is in a deployment file.
  {
    name: "libraries",
    holds: /^analyzers\/libraries\//,
    mayImport: ["model", "source", "sql", "pooler-profile", "deployment"],
  },
  { name: "flow", holds: /^analyzers\/flow\//, mayImport: ["model", "sql", "source", "driver-interface"] },
  { name: "rules", holds: /^analyzers\/rules\//, mayImport: ["model", "pooler-profile"] },
  {
    name: "configuration",
    holds: /^analyzers\/configuration\//,
    mayImport: ["model", "pooler-profile", "deployment", "rules"],
  },
  { name: "suppressions", holds: /^analyzers\/suppressions\//, mayImport: ["model", "source", "sql"] },
  { name: "project", holds: /^analyzers\/project\.ts$/, mayImport: ["model", "source", "deployment", "drivers"] },
  { name: "prefilter", holds: /^analyzers\/prefilter\.ts$/, mayImport: ["drivers", "driver-interface"] },
  { name: "sql-files", holds: /^analyzers\/sql-files\.ts$/, mayImport: ["model", "source", "sql", "flow"] },
  {
    name: "core",
    holds: /^analyzers\/index\.ts$/,
    mayImport: [
      "model",
      "pooler-profile",
      "sql",
      "source",
      "driver-interface",
      "drivers",
      "libraries",
      "deployment",
      "flow",
      "rules",
      "project",
      "prefilter",
      "sql-files",
      "suppressions",
      "configuration",
    ],
  },
  { name: "command", holds: /^src\//, mayImport: ["core"] },
  { name: "plugin", holds: /^eslint-plugin\//, mayImport: ["core"] },
];

/** A file with the files it imports; paths from the root of the repository, with `/`. */
export interface Imports {
  readonly file: string;
  readonly imports: readonly string[];
}

const roomOf = (file: string): Room | undefined => ROOMS.find((room) => room.holds.test(file));

/** Imports that lead where they may not, and circles, each in words. */
export function brokenLayers(files: readonly Imports[]): string[] {
  const broken: string[] = [];
  for (const { file, imports } of files) {
    const room = roomOf(file);
    if (room === undefined) {
      broken.push(`${file} is in no room`);
      continue;
    }
    for (const imported of imports) {
      const target = roomOf(imported);
      if (target !== undefined && target !== room && !room.mayImport.includes(target.name))
        broken.push(`${file} imports ${imported}`);
    }
  }
  return [...broken, ...circles(files)];
}

function circles(files: readonly Imports[]): string[] {
  const graph = new Map(files.map((item) => [item.file, item.imports]));
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      found.push(`circle: ${[...path.slice(path.indexOf(file)), file].join(" -> ")}`);
      return;
    }
    if (done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const { file } of files) visit(file, []);
  return found;
}
