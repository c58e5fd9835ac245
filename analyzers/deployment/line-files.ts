import { type DeploymentFile, isDevelopmentPath, isForDevelopment } from "./deployment-file.ts";
import { joined, partOfFile, type PlacedText, slice } from "./placed-text.ts";
import { readShell } from "./shell.ts";
import { type FileFacts, linesOf, makeUnit, settingIn, together, trimmed, unquoted } from "./unit.ts";

/** A Procfile: `release: npx prisma migrate deploy`. */
export const readProcfile = ({ filename, path, text }: DeploymentFile): FileFacts =>
  together(
    linesOf(filename, text).map((line) => {
      const match = /^\s*([\w-]+)\s*:/.exec(line.text);
      if (match === null) return { units: [], settings: [] };
      const [head, name = ""] = match;
      return makeUnit(
        {
          file: filename,
          path,
          title: `process ${name}`,
          occasion: "deploy",
          forDevelopment: isDevelopmentPath(path) || isForDevelopment(name),
        },
        readShell(slice(line, head.length)),
      );
    }),
  );

/** A Makefile: each target is a unit. Lines of a recipe begin with a tab; variables of make are left as they stand. */
export function readMakefile({ filename, path, text }: DeploymentFile): FileFacts {
  const recipes = new Map<string, PlacedText[]>();
  let target = "";
  for (const line of linesOf(filename, text)) {
    const match = /^([\w./%-][^:=#]*)::?(?!=)/.exec(line.text);
    if (match !== null) target = (match[1] ?? "").trim();
    else if (line.text.startsWith("\t")) {
      const start = /^\t+[@+-]*/.exec(line.text)?.[0].length ?? 0;
      const end = partOfFile(filename, "\n", 0, 1);
      recipes.set(target, [
        ...(recipes.get(target) ?? []),
        slice(line, start),
        { ...end, offsets: [line.offsets.at(-1) ?? 0] },
      ]);
    }
  }
  return together(
    [...recipes].map(([name, lines]) =>
      makeUnit(
        {
          file: filename,
          path,
          title: `make ${name}`,
          script: name,
          occasion: "script",
          forDevelopment: isDevelopmentPath(path) || isForDevelopment(name),
        },
        readShell(joined(filename, lines)),
      ),
    ),
  );
}

/** A file of environment variables: `NAME=value`, with `export` in front or not. */
export function readEnvironmentFile({ filename, path, text }: DeploymentFile): FileFacts {
  const forDevelopment = isDevelopmentPath(path);
  const settings = linesOf(filename, text).flatMap((line) => {
    const start = /^\s*(?:export\s+)?/.exec(line.text)?.[0].length ?? 0;
    const setting = settingIn(slice(line, start));
    return setting === undefined
      ? []
      : [{ name: setting.name, value: unquoted(setting.value), ambient: true, forDevelopment }];
  });
  return { units: [], settings };
}

const TOML_COMMANDS: Readonly<Record<string, string>> = {
  release_command: "release command",
  preDeployCommand: "command before the deployment",
  startCommand: "start command",
  buildCommand: "build command",
};

/** fly.toml, railway.toml: the commands of the platform and the processes; the rest of TOML is passed over. */
export function readToml({ filename, path, text }: DeploymentFile): FileFacts {
  let section = "";
  return together(
    linesOf(filename, text).map((line): FileFacts => {
      section = /^\s*\[+\s*([\w.-]+)\s*\]+/.exec(line.text)?.[1] ?? section;
      const match = /^\s*([\w-]+)\s*=\s*(["'])/.exec(line.text);
      if (match === null) return { units: [], settings: [] };
      const [head, key = "", quote = '"'] = match;
      const end = line.text.lastIndexOf(quote);
      const value = trimmed(slice(line, head.length, end < head.length ? line.text.length : end));
      if (section === "env" || section.endsWith(".env"))
        return { units: [], settings: [{ name: key, value, ambient: true }] };
      const title = TOML_COMMANDS[key] ?? (section === "processes" ? `process ${key}` : undefined);
      if (title === undefined) return { units: [], settings: [] };
      const facts = {
        file: filename,
        path,
        title,
        occasion: key === "buildCommand" ? ("start" as const) : ("deploy" as const),
        forDevelopment: isDevelopmentPath(path),
      };
      return makeUnit(facts, readShell(value));
    }),
  );
}
