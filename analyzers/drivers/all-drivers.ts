import type { Driver } from "./driver.ts";
import { pg } from "./pg.ts";
import { sqlText } from "./sql-text.ts";

/** Every driver the analysis understands. A new one is a file beside this one and a line here. */
export const drivers: readonly Driver[] = [pg, sqlText];
