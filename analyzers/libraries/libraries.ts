import type { Library } from "./library.ts";
import { migrationRunners } from "./migration-runners.ts";
import { otherLibraries } from "./other-libraries.ts";
import { pubSub } from "./pub-sub.ts";
import { queues } from "./queues.ts";

/**
 * Packages on top of a driver. `run` in a source: through PgBouncer 1.18.0, 1.21.0 and 1.25.2 in transaction mode; `read`: its published
 * files. Of a package with several rows the first whose exports fit counts.
 */
export const libraries: readonly Library[] = [...queues, ...pubSub, ...migrationRunners, ...otherLibraries];
