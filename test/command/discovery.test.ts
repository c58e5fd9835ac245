import { mkdirSync, symlinkSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { discover } from "../../src/discovery/discover.ts";
import { temporaryProject } from "./temporary-project.ts";

const names = (root: string, paths: readonly string[]): string[] => paths.map((path) => relative(root, path));

describe("the audited root", () => {
  const files = { "apps/a/x.ts": "1", "apps/b/y.ts": "1", "package.json": "{}" };

  it("is the folder that was given", () => {
    const root = temporaryProject(files);
    expect(discover(["apps/a"], [], root).root).toBe(join(root, "apps/a"));
    expect(discover([], [], root).root).toBe(root);
  });

  it("is the working folder for files and for several folders", () => {
    const root = temporaryProject(files);
    expect(discover(["apps/a/x.ts"], [], root).root).toBe(root);
    expect(discover(["apps/a", "apps/b"], [], root).root).toBe(root);
  });

  it("is the nearest folder above them when they are elsewhere", () => {
    const root = temporaryProject(files);
    const cwd = temporaryProject({});
    expect(discover([join(root, "apps/a"), join(root, "apps/b/y.ts")], [], cwd).root).toBe(join(root, "apps"));
    expect(discover([join(root, "apps/a/x.ts")], [], cwd).root).toBe(join(root, "apps/a"));
  });
});

describe("ignore files", () => {
  it("hold from the top of the repository down, the deeper one deciding", () => {
    const root = temporaryProject({
      ".git/HEAD": "ref: refs/heads/main\n",
      ".gitignore": "*.gen.ts\n/apps/a/local/\n",
      "apps/a/.gitignore": "!kept.gen.ts\nown.ts\n",
      "apps/a/kept.gen.ts": "1",
      "apps/a/lost.gen.ts": "1",
      "apps/a/own.ts": "1",
      "apps/a/local/x.ts": "1",
      "apps/b/own.ts": "1",
    });
    expect(names(root, discover(["."], [], root).sourceFiles)).toEqual(["apps/a/kept.gen.ts", "apps/b/own.ts"]);
    expect(names(root, discover(["apps/a"], [], root).sourceFiles)).toEqual(["apps/a/kept.gen.ts"]);
    expect(names(root, discover(["apps/a/local"], [], root).sourceFiles)).toEqual(["apps/a/local/x.ts"]);
  });

  it("cannot take back a file of an ignored folder, as in git", () => {
    const root = temporaryProject({
      ".gitignore": "generated/\n",
      "generated/.gitignore": "!a.ts\n",
      "generated/a.ts": "1",
      "b.ts": "1",
    });
    expect(names(root, discover(["."], [], root).sourceFiles)).toEqual(["b.ts"]);
  });

  it("of a repository around it do not reach into a nested one", () => {
    const root = temporaryProject({
      ".git/HEAD": "ref: refs/heads/main\n",
      ".gitignore": "*.ts\n",
      "module/.git": "gitdir: ../.git/modules/module\n",
      "module/a.ts": "1",
      "b.js": "1",
    });
    expect(names(root, discover(["."], [], root).sourceFiles)).toEqual(["b.js", "module/a.ts"]);
  });
});

describe("folders", () => {
  it("of build output are passed over with a word, below src they are code", () => {
    const root = temporaryProject({ "build/a.js": "1", "src/build/b.ts": "1", "vendor/c.js": "1", ".next/d.js": "1" });
    const found = discover(["."], [], root);
    expect(names(root, found.sourceFiles)).toEqual(["src/build/b.ts"]);
    expect(found.notAnalysed.map(({ path, failed }) => [relative(root, path), failed])).toEqual([
      ["build", false],
      ["vendor", false],
    ]);
    expect(names(root, discover(["build"], [], root).sourceFiles)).toEqual(["build/a.js"]);
  });

  it("behind links are met once, at their own place", () => {
    const root = temporaryProject({ "packages/a/x.ts": "1", "packages/a/package.json": "{}" });
    const outside = temporaryProject({ "y.ts": "1" });
    mkdirSync(join(root, "links"));
    symlinkSync(join(root, "packages/a"), join(root, "links/a"));
    symlinkSync(join(root, "packages/a/x.ts"), join(root, "links/x.ts"));
    symlinkSync(outside, join(root, "links/outside"));
    const found = discover(["."], [], root);
    expect(names(root, found.sourceFiles)).toEqual(["packages/a/x.ts"]);
    expect(names(root, found.packages)).toEqual(["packages/a"]);
    expect(found.notAnalysed).toEqual([
      {
        path: join(root, "links/outside"),
        reason: "a symbolic link to a folder elsewhere, not followed",
        failed: false,
      },
    ]);
  });
});

it("globs to ignore are relative to the root, as paths in the report are", () => {
  const root = temporaryProject({ "apps/a/x.ts": "1", "apps/b/x.ts": "1" });
  expect(names(root, discover(["apps/a", "apps/b"], ["apps/a/**"], root).sourceFiles)).toEqual(["apps/b/x.ts"]);
  expect(names(root, discover(["apps/a/x.ts"], ["apps/a/**"], root).sourceFiles)).toEqual(["apps/a/x.ts"]);
});
