import type { Container, EnvironmentEntry, Mount, Origin } from "../../deployment-model.ts";
import { type DeploymentFile, deploymentKindOf, folderOf, isDevelopmentPath } from "../deployment-file.ts";
import { instructionsIn, settingsOfEnvironment } from "../dockerfile.ts";
import { locationOf, type PlacedText } from "../placed-text.ts";
import { secretly } from "./compose-service.ts";
import { imageReference } from "./image-reference.ts";
import { interpolate, type Lookup } from "./interpolate.ts";
import { pathFrom } from "./compose-service.ts";

interface Stage {
  readonly name: string | undefined;
  readonly from: string;
  readonly origin: Origin;
  readonly environment: EnvironmentEntry[];
  readonly mounts: Mount[];
  command: readonly string[];
  commandOrigin?: Origin;
  health: Container["healthCheck"];
  stopSignal?: Container["stopSignal"];
}

/**
 * What each Dockerfile builds: the last stage on top of the stages that it is made from, the image at the bottom, and what is set, copied
 * and run. `ARG` in `FROM` counts with its default.
 */
export const readDockerImages = (files: readonly DeploymentFile[]): Container[] =>
  files.filter(({ path }) => deploymentKindOf(path) === "dockerfile").flatMap((file) => imageOf(file) ?? []);

function imageOf(file: DeploymentFile): Container | undefined {
  const stages = stagesOf(file);
  const last = stages.at(-1);
  if (last === undefined) return undefined;
  const chain = [last];
  for (let below = stages.find(({ name }) => name === last.from); below !== undefined && !chain.includes(below);) {
    chain.unshift(below);
    const { from }: Stage = below;
    below = stages.find(({ name }) => name === from);
  }
  const bottom = chain[0] ?? last;
  const image = imageReference(bottom.from, bottom.origin);
  const environment = new Map(chain.flatMap((stage) => stage.environment.map((entry) => [entry.name, entry] as const)));
  const commanding = chain.findLast(({ command }) => command.length > 0);
  const healthy = chain.findLast(({ health }) => health.state !== "absent");
  const stopping = chain.findLast(({ stopSignal }) => stopSignal !== undefined);
  return {
    name: file.path,
    title: file.path,
    platform: "dockerfile",
    group: folderOf(file.path),
    forDevelopment: isDevelopmentPath(file.path),
    origin: bottom.origin,
    ...(image === undefined ? {} : { image }),
    builtFrom: file.path,
    environment: [...environment.values()],
    command: commanding?.command ?? [],
    ...(commanding?.commandOrigin === undefined ? {} : { commandOrigin: commanding.commandOrigin }),
    mounts: chain.flatMap(({ mounts }) => mounts),
    ports: [],
    dependsOn: [],
    healthCheck: healthy?.health ?? { state: "absent" },
    ...(stopping?.stopSignal === undefined ? {} : { stopSignal: stopping.stopSignal }),
  };
}

function stagesOf(file: DeploymentFile): Stage[] {
  const stages: Stage[] = [];
  const defaults = new Map<string, string>();
  const lookup: Lookup = (name) => defaults.get(name);
  for (const { name, rest } of instructionsIn(file.filename, file.text)) {
    const origin = originOf(rest, name, file.path);
    const stage = stages.at(-1);
    if (name === "ARG") {
      const match = /^([A-Za-z_]\w*)(?:=["']?(.*?)["']?)?$/.exec(rest.text.trim());
      const value = match?.[2] === undefined ? undefined : interpolate(match[2], lookup);
      if (match?.[1] !== undefined && value !== undefined && "text" in value) defaults.set(match[1], value.text);
    } else if (name === "FROM") {
      const match = /^(?:--\S+\s+)*(\S+)(?:\s+as\s+(\S+))?/i.exec(rest.text.trim());
      const from = interpolate(match?.[1] ?? "", lookup);
      stages.push({
        name: match?.[2],
        from: "text" in from ? from.text : "",
        origin,
        environment: [],
        mounts: [],
        command: [],
        health: { state: "absent" },
      });
    } else if (stage === undefined) continue;
    else if (name === "ENV") {
      for (const { name: variable, value } of settingsOfEnvironment(rest)) {
        const text = interpolate(value.text, lookup);
        const place = originOf(value.text === "" ? rest : value, variable, file.path);
        stage.environment.push(
          secretly(
            variable,
            "text" in text
              ? { is: "known", value: text.text, origin: place }
              : { is: "unknown", because: text.unknown, shape: text.shape, origin: place },
            !value.text.includes("$"),
          ),
        );
      }
    } else if (name === "COPY" || name === "ADD") stage.mounts.push(...copied(rest, origin, file));
    else if (name === "CMD" || name === "ENTRYPOINT") {
      const words = [...rest.text.matchAll(/"([^"]*)"|'([^']*)'|([^\s[\],"']+)/g)];
      stage.command = words.map(([, double, single, plain]) => double ?? single ?? plain ?? "");
      stage.commandOrigin = origin;
    } else if (name === "HEALTHCHECK")
      stage.health = { state: /^NONE\b/i.test(rest.text.trim()) ? "disabled" : "present", origin };
    else if (name === "STOPSIGNAL") stage.stopSignal = { is: "known", value: rest.text.trim(), origin };
  }
  return stages;
}

const originOf = (text: PlacedText, words: string, path: string): Origin => ({
  location: locationOf(text),
  words: `${words} in ${path}`,
});

/** `COPY --from=…` takes from another stage or image: no file of the project. */
function copied(rest: PlacedText, origin: Origin, { path }: DeploymentFile): Mount[] {
  if (rest.text.includes("--from=")) return [];
  const words = [...rest.text.matchAll(/"([^"]*)"|([^\s[\],"]+)/g)]
    .map(([, quoted, plain]) => quoted ?? plain ?? "")
    .filter((word) => !word.startsWith("--"));
  const target = words.pop();
  if (target === undefined) return [];
  return words.map((source) => {
    const base = source.slice(source.lastIndexOf("/") + 1);
    const name = pathFrom(folderOf(path), source);
    return { target: target.endsWith("/") ? target + base : target, source: { kind: "path", name }, origin };
  });
}
