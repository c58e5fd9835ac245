import axe from "axe-core";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatters } from "../../../src/index.ts";
import { needsBrowser, openBrowser } from "../../support/browser.ts";
import { hostileReport, reportOf } from "../../support/reports.ts";

const SIZES = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } } as const;

describe.runIf(needsBrowser)("the HTML report in Chromium, opened from disk", () => {
  let browser: Browser;
  let folder = "";
  const address = (name: string): string => pathToFileURL(join(folder, `${name}.html`)).href;

  beforeAll(async () => {
    browser = await openBrowser();
    folder = mkdtempSync(join(tmpdir(), "pgbouncer-audit-html-"));
    for (const name of ["tenant-api", "two-urls", "pooler-deployment"])
      writeFileSync(join(folder, `${name}.html`), formatters.html(reportOf(name)));
    writeFileSync(join(folder, "hostile.html"), formatters.html(hostileReport()));
  });

  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens a report and notes what it says on the console and asks for. */
  async function open(
    name: string,
    options: BrowserContextOptions = {},
    fragment = "",
  ): Promise<{ readonly page: Page; readonly noise: readonly string[] }> {
    const context = await browser.newContext({ viewport: SIZES.desktop, ...options });
    const page = await context.newPage();
    const noise: string[] = [];
    page.on("console", (message) => noise.push(message.text()));
    page.on("pageerror", (error) => noise.push(error.message));
    page.on("dialog", (dialog) => {
      noise.push(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("request", (request) => {
      if (request.url().split("#")[0] !== address(name)) noise.push(`request ${request.url()}`);
    });
    await page.goto(address(name) + fragment);
    return { page, noise };
  }

  const shown = (page: Page): Promise<number> => page.locator(".finding:visible").count();

  for (const [size, viewport] of Object.entries(SIZES)) {
    it(`is quiet, asks for nothing and fits the width of a ${size}`, async () => {
      for (const name of ["tenant-api", "two-urls", "pooler-deployment", "hostile"]) {
        const { page, noise } = await open(name, { viewport });
        expect(noise, name).toEqual([]);
        const width = await page.evaluate("document.documentElement.scrollWidth");
        expect(width, name).toBeLessThanOrEqual(viewport.width);
        await page.context().close();
      }
    });
  }

  it("filters, searches, groups, and says how many are left", async () => {
    const { page, noise } = await open("tenant-api");
    const { findings } = reportOf("tenant-api");
    expect(await shown(page)).toBe(findings.length);
    await page.selectOption("select[name=effect]", "silent");
    const silent = findings.filter(({ effect }) => effect === "silent").length;
    expect(await shown(page)).toBe(silent);
    expect(await page.textContent("#count")).toBe(`${String(silent)} of ${String(findings.length)} findings`);
    await page.click("button[type=reset]");
    await page.locator("#count", { hasText: `${String(findings.length)} of ` }).waitFor();
    await page.keyboard.press("Escape");
    await page.locator("h1").click();
    await page.keyboard.press("/");
    await page.keyboard.type("app.tenant_id OUTLIVES");
    const outlives = findings.filter(({ message }) => message.includes("`app.tenant_id` outlives")).length;
    await page.locator("#count", { hasText: `${String(outlives)} of ` }).waitFor();
    expect(await shown(page)).toBe(outlives);
    await page.click("button[type=reset]");
    await page.selectOption("#group", "file");
    const files = new Set(findings.map(({ path }) => path));
    expect(await page.locator("#groups > .group > h3").allTextContents()).toEqual(
      [...files].sort().map((path) => `${path} ${String(findings.filter((finding) => finding.path === path).length)}`),
    );
    await page.selectOption("#group", "rule");
    expect(await shown(page)).toBe(findings.length);
    expect(noise).toEqual([]);
    await page.context().close();
  });

  it("keeps its state in the address, and follows a link to a finding whatever is filtered", async () => {
    const { page } = await open("tenant-api");
    await page.selectOption("select[name=severity]", "warning");
    expect(new URL(page.url()).hash).toBe("#severity=warning");
    const warnings = await shown(page);
    await page.context().close();
    const again = await open("tenant-api", {}, "#severity=warning");
    expect(await shown(again.page)).toBe(warnings);
    const id = await again.page.locator(".finding[data-severity=error]").first().getAttribute("id");
    await again.page.evaluate(`location.hash = ${JSON.stringify(id)}`);
    await again.page.locator(`[id="${String(id)}"]`).waitFor({ state: "visible" });
    await again.page.context().close();
  });

  it("copies a finding, and the list, as Markdown", async () => {
    const { page } = await open("tenant-api", { permissions: ["clipboard-read", "clipboard-write"] });
    await page.locator('.finding[data-path="src/tenants.ts"][data-rule=no-session-identity] .copy').first().click();
    await page.locator("#count", { hasText: "Copied." }).waitFor();
    expect(await page.evaluate("navigator.clipboard.readText()")).toMatch(
      /^- \*\*error\*\* `src\/tenants\.ts:16` `no-session-identity` \(leak, certain\): app\.tenant_id outlives the transaction/,
    );
    await page.selectOption("select[name=severity]", "warning");
    await page.click("#copy-all");
    await page.locator("#count", { hasText: "Copied." }).waitFor();
    const list = String(await page.evaluate("navigator.clipboard.readText()"));
    expect(list.trim().split("\n")).toHaveLength(
      reportOf("tenant-api").findings.filter(({ severity }) => severity === "warning").length,
    );
    await page.context().close();
  });

  it("can be read whole without JavaScript, without controls that do nothing", async () => {
    const { page } = await open("tenant-api", { javaScriptEnabled: false });
    expect(await shown(page)).toBe(reportOf("tenant-api").findings.length);
    expect(await page.locator("#controls").isVisible()).toBe(false);
    expect(await page.locator(".copy:visible").count()).toBe(0);
    await page.context().close();
  });

  it("prints, with everything open and no controls", async () => {
    const { page } = await open("tenant-api");
    const pdf = await page.pdf({ format: "A4" });
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    expect(pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0).toBeGreaterThan(3);
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("#controls").isVisible()).toBe(false);
    expect(await page.locator("nav").isVisible()).toBe(false);
    await page.context().close();
  });

  for (const colorScheme of ["light", "dark"] as const) {
    it(`has no violation that axe finds, ${colorScheme}`, async () => {
      for (const name of ["tenant-api", "two-urls", "pooler-deployment"]) {
        // The policy of the page keeps axe out too.
        const { page } = await open(name, { bypassCSP: true, colorScheme });
        await page.evaluate(axe.source);
        const violations = await page.evaluate(
          "axe.run(document, { resultTypes: ['violations'] }).then((result) => result.violations.map((one) => one.id + ': ' + one.nodes.map((node) => node.target).join(', ')))",
        );
        expect(violations, name).toEqual([]);
        await page.context().close();
      }
    });
  }
});
