/** What stands for SQL text that is not known. */
export const HOLE_SHOWN = "…";
/** What stands for a bind value. */
export const PARAMETER_SHOWN = "$n";
