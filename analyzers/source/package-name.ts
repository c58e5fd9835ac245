/** Places from which Deno and browsers take what npm has. */
const FROM_NPM = /^(?:npm:\/?|https:\/\/(?:esm\.sh|cdn\.skypack\.dev)\/)/;
/** Modules that are published under an address of their own. */
const ADDRESS = /^(https:\/\/deno\.land\/x\/[\w-]+)(?:@[^/]+)?\//;

/**
 * What a module specifier means, without where it is taken from and its version: `npm:postgres@3.4.4` is `postgres`,
 * `https://esm.sh/pg@8/lib` is `pg/lib`, `https://deno.land/x/postgresjs@v3.4.4/mod.js` is `https://deno.land/x/postgresjs/mod.js`.
 */
export function packageName(specifier: string): string {
  if (!FROM_NPM.test(specifier)) return specifier.replace(ADDRESS, "$1/");
  return (specifier.replace(FROM_NPM, "").split("?", 1)[0] ?? "").replace(/^((?:@[^/]+\/)?[^/@]+)(?:@[^/]*)?/, "$1");
}
