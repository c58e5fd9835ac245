import { describe, expect, it } from "vitest";
import { analyzeProject } from "../../analyzers/index.ts";
import { describe as describeSites } from "../support/call-sites.ts";
import { parseSource } from "../support/parse.ts";

/** The call sites of a program whose files are at `models/index.js` and `app.js`. */
function sitesOf(models: string, app: string): string[] {
  const files = new Map([
    ["/models/index.js", models],
    ["/app.js", app],
  ]);
  return describeSites(
    analyzeProject({
      sourceFiles: [...files.keys()],
      sqlFiles: [],
      load: (filename) => parseSource(filename, files.get(filename) ?? ""),
      resolve: (_, specifier) => (specifier === "./models" ? "/models/index.js" : undefined),
    }),
  );
}

const models = `
  const fs = require("fs");
  const path = require("path");
  const Sequelize = require("sequelize");
  const db = {};
  const sequelize = new Sequelize(process.env.DATABASE_URL);
  fs.readdirSync(__dirname).forEach((file) => {
    const model = require(path.join(__dirname, file))(sequelize, Sequelize.DataTypes);
    db[model.name] = model;
  });
  db.sequelize = sequelize;
  module.exports = db;`;

describe("an object of a module that gets its properties after it was made", () => {
  it("has them where it is imported as a whole", () => {
    const app = `import db from "./models"; export const f = () => db.sequelize.query("select 1");`;
    expect(sitesOf(models, app)).toEqual(["select 1 | pool | autocommit | simple"]);
  });

  it("has them where they are taken out of it", () => {
    const app = `const { sequelize } = require("./models"); exports.f = () => sequelize.query("set role app");`;
    expect(sitesOf(models, app)).toEqual(["set role app | pool | autocommit | simple"]);
  });

  it("may have others where their names are not written", () => {
    const app = `const { Reports } = require("./models"); exports.f = () => Reports.query("select 2");`;
    expect(sitesOf(models, app)).toEqual(["select 2 | unknown | unknown | simple"]);
  });

  it("has no others where all are written", () => {
    const closed = `const { Pool } = require("pg"); const db = {}; db.pool = new Pool(); module.exports = db;`;
    const app = `const db = require("./models"); exports.f = () => db.pool.query("select 3");`;
    expect(sitesOf(closed, app)).toEqual(["select 3 | pool | autocommit | simple"]);
  });
});
