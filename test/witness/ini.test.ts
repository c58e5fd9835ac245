import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { readPgBouncerIni } from "../../analyzers/deployment/pgbouncer-ini.ts";
import { startProblems } from "../../analyzers/deployment/pgbouncer-start.ts";
import { wholeText } from "../../analyzers/deployment/placed-text.ts";
import { isBefore, PARAMETERS, type Version, versionIn } from "../../analyzers/pgbouncer-parameters.ts";
import { type IniFixture, iniFixtures } from "../support/ini-fixtures.ts";
import { availablePgBouncers, compareVersions, type PgBouncerBinary } from "../support/servers/binaries.ts";
import { startGuardian } from "../support/servers/guardian.ts";
import { freePort } from "../support/servers/ports.ts";
import { runnablePgBouncer } from "../support/servers/runnable-binaries.ts";
import { temporaryFolder } from "../support/servers/temporary-folders.ts";
import { unprivilegedUser } from "../support/servers/unprivileged-user.ts";

const poolers = availablePgBouncers();

/** What is added so that it can run here. A section that begins again starts from the defaults, and what was wrong before stays wrong. */
const surroundings = (port: number): string =>
  `\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${String(port)}\nunix_socket_dir =\nauth_type = trust\nauth_file =\n`;

/** Whether a PgBouncer starts on a file, and what it logs. */
async function start(
  binary: PgBouncerBinary,
  { text, beside = {} }: Pick<IniFixture, "text" | "beside">,
): Promise<{ readonly starts: boolean; readonly log: string }> {
  const user = unprivilegedUser();
  const folder = temporaryFolder(user);
  const here = (content: string): string => content.replaceAll("FOLDER", folder);
  const path = join(folder, "pgbouncer.ini");
  writeFileSync(path, here(text) + (/^\s*\[pgbouncer\]/m.test(text) ? surroundings(await freePort()) : ""));
  for (const [name, content] of Object.entries(beside)) writeFileSync(join(folder, name), here(content));
  const guardian = startGuardian({
    folder,
    user,
    server: [runnablePgBouncer(binary), path],
    stopSignal: compareVersions(binary.version, "1.23") < 0 ? "TERM" : "QUIT",
  });
  const isUp = (): boolean => guardian.log().includes("process up");
  while (!isUp() && !guardian.ended()) await sleep(5);
  const starts = isUp();
  await guardian.stop();
  return { starts, log: guardian.log() };
}

/** What the analysis predicts for a version. */
function predicted({ text, beside = {} }: Pick<IniFixture, "text" | "beside">, version: string | undefined) {
  const files = new Map(Object.entries(beside));
  const find = (path: string) => {
    const found = files.get(path);
    return found === undefined ? undefined : { filename: path, path, text: found };
  };
  return startProblems(
    readPgBouncerIni({ path: "pgbouncer.ini", text: wholeText("pgbouncer.ini", text) }, find),
    version,
  );
}

const startsOn = ({ starts }: IniFixture, version: string): boolean =>
  starts === "always" || (starts !== "never" && compareVersions(version, starts.since) >= 0);

describe("what the reader says of each file", () => {
  it.each(iniFixtures)("$name", (fixture) => {
    const problems = predicted(fixture, undefined);
    const { says = [] } = fixture;
    expect(problems.map(({ message }) => message)).toHaveLength(says.length);
    says.forEach((part, index) => {
      expect(problems[index]?.message).toContain(part);
    });
    if (fixture.starts === "always") expect(problems).toEqual([]);
    if (fixture.starts === "never") expect(problems.some(({ onlyOn }) => onlyOn === undefined)).toBe(true);
    if (typeof fixture.starts === "object") expect(problems.every(({ onlyOn }) => onlyOn !== undefined)).toBe(true);
  });
});

describe.each(poolers)("PgBouncer $version", (binary) => {
  const { version } = binary;
  const own: Version = versionIn(version) ?? [0, 0];

  it.each(iniFixtures)("starts or not, as predicted: $name", async (fixture) => {
    const { starts, log } = await start(binary, fixture);
    expect(starts, log).toBe(startsOn(fixture, version));
    expect(predicted(fixture, version).length === 0).toBe(starts);
  });

  const table = [...PARAMETERS.pgbouncer.values()];
  const isKnown = ({ since }: (typeof table)[number]): boolean => since === undefined || !isBefore(own, since);

  it("knows every parameter of the table that it should, with its default", async () => {
    const lines = table.filter(isKnown).map((parameter) => {
      const value =
        parameter.defaults.findLast(({ since }) => since === undefined || !isBefore(own, since))?.value ?? "";
      return `${parameter.name} = ${value}`;
    });
    const { starts, log } = await start(binary, { text: `[pgbouncer]\n${lines.join("\n")}\n` });
    expect(starts, log).toBe(true);
  });

  it.each(table.filter((parameter) => !isKnown(parameter)))("does not know $name yet", async ({ name, defaults }) => {
    const { starts, log } = await start(binary, { text: `[pgbouncer]\n${name} = ${defaults.at(-1)?.value ?? ""}\n` });
    expect(starts).toBe(false);
    expect(log).toContain(`unknown parameter: pgbouncer/${name}`);
  });

  it.each(
    (["databases", "users"] as const).flatMap((section) =>
      [...PARAMETERS[section].values()].map((parameter) => ({ ...parameter, section })),
    ),
  )("knows $name in [$section] from its version on", async ({ name, section, type, since }) => {
    const value = typeof type === "object" ? (type[0] ?? "") : "5432";
    const { starts } = await start(binary, { text: `[${section}]\napp = ${name}=${value}\n[pgbouncer]\n` });
    expect(starts).toBe(since === undefined || !isBefore(own, since));
  });
});
