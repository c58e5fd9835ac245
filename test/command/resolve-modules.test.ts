import { symlinkSync, mkdirSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { makeResolver } from "../../src/resolution/resolve-modules.ts";
import { temporaryProject } from "./temporary-project.ts";

const CODE = "export const a = 1;\n";

/** Resolves in a project; answers with paths relative to it. */
function resolveIn(
  files: Readonly<Record<string, string>>,
  packages: readonly string[] = [],
): (from: string, specifier: string) => string | undefined {
  const root = temporaryProject(files);
  const resolver = makeResolver(
    root,
    packages.map((folder) => join(root, folder)),
  );
  return (from, specifier) => {
    const path = resolver(join(root, from), specifier);
    return path === undefined ? undefined : relative(root, path);
  };
}

describe("relative imports", () => {
  it("find the file, whatever extension is written", () => {
    const resolve = resolveIn({
      "a.ts": CODE,
      "b.js": CODE,
      "c.tsx": CODE,
      "d/index.ts": CODE,
      "e.d.ts": CODE,
      "e.js": CODE,
    });
    expect(resolve("main.ts", "./a")).toBe("a.ts");
    expect(resolve("main.ts", "./a.js")).toBe("a.ts");
    expect(resolve("main.ts", "./a.ts")).toBe("a.ts");
    expect(resolve("main.ts", "./b.js")).toBe("b.js");
    expect(resolve("main.ts", "./c")).toBe("c.tsx");
    expect(resolve("main.ts", "./d")).toBe(join("d", "index.ts"));
    expect(resolve("main.ts", "./e")).toBe("e.js");
    expect(resolve("main.ts", "./missing")).toBeUndefined();
  });

  it("never leave the project or enter node_modules", () => {
    const resolve = resolveIn({ "project/a.ts": CODE, "outside.ts": CODE, "project/node_modules/x/index.js": CODE });
    expect(resolve("project/a.ts", "../outside")).toBe("outside.ts");
    const root = temporaryProject({
      "project/a.ts": CODE,
      "outside.ts": CODE,
      "project/node_modules/x/index.js": CODE,
    });
    const inner = makeResolver(join(root, "project"), []);
    expect(inner(join(root, "project/a.ts"), "../outside")).toBeUndefined();
    expect(inner(join(root, "project/a.ts"), "./node_modules/x/index.js")).toBeUndefined();
    expect(inner(join(root, "project/a.ts"), "x")).toBeUndefined();
    expect(inner(join(root, "project/a.ts"), "node:fs")).toBeUndefined();
  });
});

describe("tsconfig", () => {
  it("maps paths, through extends", () => {
    const resolve = resolveIn({
      "tsconfig.base.json": `{ "compilerOptions": { "paths": { "@db/*": ["./packages/db/src/*"] } } }`,
      "apps/api/tsconfig.json": `{ "extends": "../../tsconfig.base.json" }`,
      "packages/db/src/pool.ts": CODE,
    });
    expect(resolve("apps/api/src/main.ts", "@db/pool")).toBe(join("packages", "db", "src", "pool.ts"));
    expect(resolve("apps/api/src/main.ts", "@db/none")).toBeUndefined();
  });

  it("hands over to the project it references", () => {
    const resolve = resolveIn({
      "tsconfig.json": `{ "files": [], "references": [{ "path": "./tsconfig.app.json" }] }`,
      "tsconfig.app.json": `{ "compilerOptions": { "composite": true, "paths": { "~/*": ["./src/*"] } }, "include": ["src"] }`,
      "src/db.ts": CODE,
    });
    expect(resolve("src/main.ts", "~/db")).toBe(join("src", "db.ts"));
  });

  it("that is broken resolves nothing and hurts nobody", () => {
    const resolve = resolveIn({ "tsconfig.json": "{ paths: ", "a.ts": CODE });
    expect(resolve("main.ts", "./a")).toBe("a.ts");
    expect(resolve("main.ts", "@/a")).toBeUndefined();
  });
});

describe("packages of a workspace", () => {
  const files = {
    "package.json": `{ "name": "root", "workspaces": ["packages/*"] }`,
    "packages/db/package.json": `{ "name": "@acme/db", "exports": { ".": { "types": "./dist/index.d.ts", "default": "./dist/index.js" }, "./pool": "./dist/pool.js" } }`,
    "packages/db/src/index.ts": CODE,
    "packages/db/src/pool.ts": CODE,
    "packages/log/package.json": `{ "name": "log", "main": "lib/log.js" }`,
    "packages/log/lib/log.js": CODE,
    "packages/mail/package.json": `{ "name": "mail", "main": "./dist/index.js" }`,
    "packages/mail/lib/index.ts": CODE,
    "packages/jobs/package.json": `{ "name": "jobs", "main": "./dist/index.js" }`,
    "packages/jobs/index.ts": CODE,
    "packages/api/package.json": `{ "name": "api", "imports": { "#db": "./src/db.ts" } }`,
    "packages/api/src/db.ts": CODE,
  };
  const folders = [".", "packages/db", "packages/log", "packages/mail", "packages/jobs", "packages/api"];

  it("are found by name, not installed and not built", () => {
    const resolve = resolveIn(files, folders);
    expect(resolve("packages/api/src/main.ts", "@acme/db")).toBe(join("packages", "db", "src", "index.ts"));
    expect(resolve("packages/api/src/main.ts", "@acme/db/pool")).toBe(join("packages", "db", "src", "pool.ts"));
    expect(resolve("packages/api/src/main.ts", "log")).toBe(join("packages", "log", "lib", "log.js"));
    expect(resolve("packages/api/src/main.ts", "#db")).toBe(join("packages", "api", "src", "db.ts"));
    expect(resolve("packages/api/src/main.ts", "@acme/db/hidden")).toBeUndefined();
    expect(resolve("packages/api/src/main.ts", "pg")).toBeUndefined();
  });

  it("keep their sources in `src`, in another folder or in their own", () => {
    const resolve = resolveIn(files, folders);
    expect(resolve("packages/api/src/main.ts", "mail")).toBe(join("packages", "mail", "lib", "index.ts"));
    expect(resolve("packages/api/src/main.ts", "jobs")).toBe(join("packages", "jobs", "index.ts"));
  });

  it("are found by name when they are linked and built, by their source", () => {
    const root = temporaryProject({
      ...files,
      "packages/db/dist/index.js": CODE,
      "packages/db/dist/index.d.ts": "export declare const a = 1;\n",
    });
    mkdirSync(join(root, "packages/api/node_modules/@acme"), { recursive: true });
    symlinkSync(join(root, "packages/db"), join(root, "packages/api/node_modules/@acme/db"));
    const resolve = makeResolver(
      root,
      folders.map((folder) => join(root, folder)),
    );
    expect(resolve(join(root, "packages/api/src/main.ts"), "@acme/db")).toBe(join(root, "packages/db/src/index.ts"));
  });

  it("are found by name in folders that are called like build output", () => {
    const root = temporaryProject({
      "build/shop/lib/package.json": JSON.stringify({
        name: "db",
        main: "./dist/index.js",
        types: "./dist/index.d.ts",
      }),
      "build/shop/lib/src/index.ts": CODE,
      "build/shop/api/src/main.ts": CODE,
    });
    const shop = join(root, "build/shop");
    const resolve = makeResolver(shop, [join(shop, "lib")]);
    expect(resolve(join(shop, "api/src/main.ts"), "db")).toBe(join(shop, "lib/src/index.ts"));
  });
});
