import type { Driver } from "../drivers/driver.ts";
import type { Confidence, Evidence, SourceLocation } from "../model.ts";
import type { VersionSpan } from "../source/packages.ts";
import type { Machine } from "./machine.ts";

/** How sure it is that a version of a driver is installed which does something, and the condition where that is open. */
export interface DoneByVersion {
  readonly confidence: Confidence;
  readonly evidence: readonly Evidence[];
}

/** Whether what only some versions of a driver do is done by the one beside the file of this place; undefined where it is not. */
export function doneByVersion(
  machine: Machine,
  driver: Driver,
  versions: readonly VersionSpan[] | undefined,
  location: SourceLocation,
): DoneByVersion | undefined {
  const answer = versions === undefined ? "all" : machine.packages.among(location.file, driver.name, versions);
  if (answer === "none") return undefined;
  if (answer === "all") return { confidence: "certain", evidence: [] };
  const message = `only by ${driver.name} ${(versions ?? []).map(spanWords).join(" or ")}; which version is installed is not known`;
  return { confidence: "likely", evidence: [{ location, message }] };
}

const spanWords = ({ from, below }: VersionSpan): string =>
  [from === undefined ? "" : `from ${from} on`, below === undefined ? "" : `before ${below}`]
    .filter(Boolean)
    .join(", ");
