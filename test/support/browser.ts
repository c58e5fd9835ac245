import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Where Debian and others put Chromium. */
const PLACES = [
  process.env["CHROMIUM"] ?? "",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

const found = PLACES.find((path) => path !== "" && existsSync(path));

/** Whether there is a browser. In CI there has to be one: a test that never runs says nothing. */
export const hasBrowser = found !== undefined;
export const needsBrowser = hasBrowser || (process.env["CI"] ?? "") !== "";

/** A headless Chromium that asks nobody for anything. Throws when there is none. */
export async function openBrowser(): Promise<Browser> {
  if (found === undefined) throw new Error("no Chromium: install Debian's chromium, or say where it is in CHROMIUM");
  return chromium.launch({
    executablePath: found,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
