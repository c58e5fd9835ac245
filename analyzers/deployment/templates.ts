import { HOLE } from "../model.ts";

/** Places that a template engine, envsubst or a deployment tool fills in: `${NAME}`, `$NAME`, `{{ name }}`, `<%= name %>`, `%NAME%`, `@NAME@`. */
const PLACEHOLDER =
  /\$\{(?:(?!\$\{)[^}])*\}|\$[A-Za-z_]\w*|\{\{(?:(?!\{\{).)*?\}\}|\{%(?:(?!\{%).)*?%\}|<%(?:(?!<%).)*?%>|%[A-Z_]{2,}%|@[A-Z_]{2,}@|__[A-Z][A-Z_]*__/;

/** Whether a part of a text is written by somebody else. `$1` and the like, which queries have, are none. */
export const isTemplated = (text: string): boolean => text.includes(HOLE) || PLACEHOLDER.test(text);
