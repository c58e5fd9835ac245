import { describe, expect, it } from "vitest";
import { affectedBy, lowestMajor } from "../../analyzers/libraries/versions.ts";

describe("a range of versions", () => {
  const affected = [{ from: "0.28.18", below: "0.29.0" }, { from: "0.29.3" }];

  it("may hold affected versions only", () => {
    for (const range of [
      "0.28.18",
      "^0.28.18",
      "~0.29.3",
      ">=0.29.3",
      "0.28.20 || 0.29.4",
      ">=0.29.3 <1",
      "v0.30.0-rc.1",
    ])
      expect(affectedBy(range, affected), range).toBe("all");
  });

  it("may hold none", () => {
    for (const range of [
      "0.27.6",
      "~0.27.0",
      "0.28.17",
      "<0.28.18",
      "^0.27.1",
      "0.29.0 - 0.29.2",
      "<=0.28.17",
      "0.27.x",
    ])
      expect(affectedBy(range, affected), range).toBe("none");
  });

  it("may hold both, or be no range", () => {
    for (const range of [
      "^0.28.2",
      "^0.29.0",
      ">=0.27",
      "*",
      "0.28",
      "0.28.x",
      "^0.27.0 || ^0.28.18",
      "workspace:*",
      "catalog:",
      "latest",
      "github:a/b",
      "",
    ])
      expect(affectedBy(range, affected), range).toBe("depends");
    expect(affectedBy(undefined, affected)).toBe("depends");
  });

  it("has a lowest major", () => {
    expect(["^7.1.0", "6.x", ">=5 <7", "^6.19.0 || ^7.0.0", "7", "npm:@x/prisma@^7.2.0"].map(lowestMajor)).toEqual([
      7, 6, 5, 6, 7, 7,
    ]);
    expect(["*", "latest", "catalog:", undefined].map(lowestMajor)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
