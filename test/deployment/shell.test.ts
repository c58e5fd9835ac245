import { describe, expect, it } from "vitest";
import { withNested } from "../../analyzers/deployment/nested-shell.ts";
import { locationOf, wholeText } from "../../analyzers/deployment/placed-text.ts";
import { readShell } from "../../analyzers/deployment/shell.ts";

const commands = (text: string): string[] =>
  readShell(wholeText("run.sh", text)).map(({ words, assignments }) =>
    [...assignments.map(({ name, value }) => `${name}=${value.text}`), ...words.map((word) => `<${word.text}>`)].join(
      " ",
    ),
  );

describe("a shell text", () => {
  it("is commands, one after the other", () => {
    expect(commands("a b && c | d; e &\nf || g")).toEqual(["<a> <b>", "<c>", "<d>", "<e>", "<f>", "<g>"]);
  });

  it("has words in quotes, and escapes", () => {
    expect(commands(`run 'a b' "c \\"d\\" $X" e\\ f ""`)).toEqual(['<run> <a b> <c "d" $X> <e f> <>']);
  });

  it("goes on behind a backslash at the end of a line", () => {
    expect(commands("prisma migrate \\\n  deploy")).toEqual(["<prisma> <migrate> <deploy>"]);
  });

  it("has assignments in front of commands, and by themselves", () => {
    expect(commands('A=1 B="$C" run x=y\nD=2')).toEqual(["A=1 B=$C <run> <x=y>", "D=2"]);
  });

  it("runs what is inside a substitution", () => {
    expect(commands('X="$(pg_dump "$A" | gzip)"; echo `psql -c x`')).toEqual([
      "<pg_dump> <$A>",
      "<gzip>",
      'X=$(pg_dump "$A" | gzip)',
      "<psql> <-c> <x>",
      "<echo> <`psql -c x`>",
    ]);
  });

  it("passes over comments, redirections and here-documents", () => {
    expect(commands("# prisma migrate deploy\nrun a#b > out 2>&1 < in # c\npsql <<EOF\nselect 1;\nEOF\nend")).toEqual([
      "<run> <a#b>",
      "<psql>",
      "<end>",
    ]);
  });

  it("has commands in its control flow", () => {
    expect(commands('if [ -z "$A" ]; then\n  run a\nelse run b; fi\nwhile ! run c; do sleep 1; done')).toEqual([
      "<[> <-z> <$A> <]>",
      "<run> <a>",
      "<run> <b>",
      "<run> <c>",
      "<sleep> <1>",
    ]);
  });

  it("is read to its end although it is broken", () => {
    expect(commands('run "a\nb')).toEqual(["<run> <a\nb>"]);
    expect(commands("run $(a")).toEqual(["<a>", "<run> <$(a>"]);
    expect(commands("cat <<EOF\nnever ended")).toEqual(["<cat>"]);
  });

  it("says where each word stands", () => {
    const text = `X=1 run "a\\"b"`;
    const [command] = readShell(wholeText("run.sh", text));
    const places = command?.words.map((word) => {
      const { start, end } = locationOf(word).range;
      return text.slice(start, end);
    });
    expect(places).toEqual(["run", `a\\"b`]);
  });
});

describe("a text that a command gives to a shell", () => {
  const nested = (text: string): string[] =>
    readShell(wholeText("run.sh", text))
      .flatMap((command) => withNested(command))
      .map(({ words }) => words.map((word) => word.text).join(" "));

  it("is commands of its own", () => {
    expect(nested(`sh -c "prisma migrate deploy && node a.js"`)).toEqual([
      "sh -c prisma migrate deploy && node a.js",
      "prisma migrate deploy",
      "node a.js",
    ]);
    expect(nested(`concurrently "npm run a" "npm run b"`).slice(1)).toEqual(["npm run a", "npm run b"]);
  });

  it("is none where -c means something else, and in echo", () => {
    expect(nested(`psql -c "drop table a"`)).toEqual(["psql -c drop table a"]);
    expect(nested(`echo "prisma migrate deploy"`)).toEqual(["echo prisma migrate deploy"]);
  });
});
