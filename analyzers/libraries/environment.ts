import { locationOf } from "../deployment/placed-text.ts";
import type { DeploymentFacts } from "../deployment/read-deployment.ts";
import { urlsInShell } from "../deployment/shell-url.ts";
import type { Setting } from "../deployment/unit.ts";
import type { Connection, DeclaredRoutes, StartupParameter } from "../model.ts";
import { routeOf } from "../source/connection-route.ts";
import { optionsIn } from "../source/startup-options.ts";

/** What libpq, and pg as libpq does, put into the startup packet because PGOPTIONS is set: one parameter for each setting in it. */
export function environmentParameters({ settings }: DeploymentFacts, declared: DeclaredRoutes): StartupParameter[] {
  return settings
    .filter((setting) => setting.name === "PGOPTIONS" && !isDirect(setting, declared))
    .flatMap(({ value, forDevelopment }) => {
      const connection: Connection = {
        id: -1,
        scope: "unknown",
        driver: "libpq",
        known: "inferred",
        location: locationOf(value),
        urls: [],
        route: "unknown",
        from: [],
      };
      return optionsIn(value.text)
        .filter(({ name }) => !/[$%]/.test(name))
        .map((option): StartupParameter => ({
          name: option.name.toLowerCase(),
          via: "environment",
          ...(option.value === undefined ? {} : { value: option.value }),
          location: locationOf(value, option.start, option.end),
          connection,
          confidence: forDevelopment === true ? "possible" : "likely",
          syntax: option.syntax,
        }));
    });
}

/** Whether it is set for one command, and that is given a direct connection. */
const isDirect = ({ command, value }: Setting, declared: DeclaredRoutes): boolean => {
  const { file } = locationOf(value);
  return (command ?? []).some((word) => routeOf(urlsInShell(word), declared, file) === "direct");
};
