import { analyse } from "scslre";
import { expect, it, vi } from "vitest";

/** Every regular expression that the core makes of parts when it is loaded; literals are checked by the linter. */
async function builtExpressions(): Promise<readonly RegExp[]> {
  const built: RegExp[] = [];
  const Original = RegExp;
  vi.stubGlobal(
    "RegExp",
    new Proxy(Original, {
      construct: (target, given: [string, string?]) => {
        const made = new target(...given);
        built.push(made);
        return made;
      },
    }),
  );
  vi.resetModules();
  await import("../../analyzers/index.ts");
  vi.unstubAllGlobals();
  return built.filter(({ source }, index) => built.findIndex((one) => one.source === source) === index);
}

it("no expression that is made of parts takes more than linear time", async () => {
  const built = await builtExpressions();
  expect(built.map(({ source }) => source)).toEqual(expect.arrayContaining([expect.stringContaining("set_config")]));
  const slow = built.flatMap((expression) =>
    // A sticky one begins at one place only; the parts from which the SQL parser's lexer makes such ones have groups like these.
    analyse(expression, { reportTypes: { Move: !/^\|?\(\?:\(\?:/.test(expression.source) } }).reports.map(
      ({ type, character }) => `${type} ${JSON.stringify(character.pick)} ${expression.source.slice(0, 100)}`,
    ),
  );
  expect(slow).toEqual([]);
});
