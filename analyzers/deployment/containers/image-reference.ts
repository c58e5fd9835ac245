import type { ImageReference, Origin } from "../../deployment-model.ts";

/** `registry:5000/name:tag@sha256:…` in its parts; undefined for what is no reference. */
export function imageReference(text: string, origin: Origin): ImageReference | undefined {
  const match = /^([\w.\-/]+(?::\d+\/[\w.\-/]+)?)(?::([\w.\-]+))?(@[\w+.\-]+:[\da-f]+)?$/i.exec(text.trim());
  if (match === null) return undefined;
  const [, name = "", tag, digest] = match;
  return {
    name: name.toLowerCase(),
    ...(tag === undefined ? {} : { tag }),
    isPinnedByDigest: digest !== undefined,
    origin,
  };
}

/** The last two parts of a name: `bitnami/pgbouncer` of `docker.io/bitnami/pgbouncer`. */
export const shortName = ({ name }: ImageReference): string => name.split("/").slice(-2).join("/");

/** The version of a pooler in a tag: `v1.23.1-p2`, `1.22.1-debian-12-r3`, `1.25`; undefined for `latest` and the like. */
export const versionInTag = (tag: string | undefined): string | undefined =>
  /^(?:pgbouncer-)?v?(\d+\.\d+(?:\.\d+)?)(?=$|[-_+.])/i.exec(tag ?? "")?.[1];
