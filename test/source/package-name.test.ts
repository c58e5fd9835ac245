import { expect, test } from "vitest";
import { packageName } from "../../analyzers/source/package-name.ts";

test.each([
  ["postgres", "postgres"],
  ["./postgres@3/db.js", "./postgres@3/db.js"],
  ["@acme/db", "@acme/db"],
  ["npm:postgres@3.4.4", "postgres"],
  ["npm:/pg@^8.11/lib/client", "pg/lib/client"],
  ["npm:@neondatabase/serverless@1", "@neondatabase/serverless"],
  ["npm:drizzle-orm/node-postgres", "drizzle-orm/node-postgres"],
  ["https://esm.sh/pg@8.11.3?target=deno", "pg"],
  ["https://esm.sh/@databases/pg@6/lib?dev", "@databases/pg/lib"],
  ["https://deno.land/x/postgresjs@v3.4.4/mod.js", "https://deno.land/x/postgresjs/mod.js"],
  ["https://deno.land/x/postgresjs/mod.js", "https://deno.land/x/postgresjs/mod.js"],
  ["https://example.org/npm/pg@8", "https://example.org/npm/pg@8"],
])("%s is %s", (specifier, name) => {
  expect(packageName(specifier)).toBe(name);
});
