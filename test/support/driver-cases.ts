import { describe, expect, test } from "vitest";
import { callSitesIn } from "./call-sites.ts";

/** A module that uses a driver in one way, and every call site the analysis must see in it. */
export interface DriverCase {
  readonly title: string;
  readonly code: string;
  /** `SQL | scope | state | protocol`, as `describeCallSite` writes them, in source order. */
  readonly sites: readonly string[];
}

/** The table test of one driver. */
export function testDriver(driver: string, cases: readonly DriverCase[]): void {
  describe(driver, () => {
    test.each(cases)("$title", ({ code, sites }) => {
      expect(callSitesIn(code)).toEqual(sites);
    });
  });
}
