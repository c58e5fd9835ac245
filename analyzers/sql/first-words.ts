/** How statements begin, as a part of a regular expression; words that also begin English sentences only with what must follow them. */
export const STATEMENT_BEGINNING =
  "(?:select|with|insert\\s+into|update|delete\\s+from|create|alter|drop|truncate|begin|start\\s+transaction|commit|rollback|savepoint|" +
  "set|reset|copy|listen|unlisten|notify|lock|call|do|declare|deallocate|discard|grant|revoke)\\b";

const BEGINNING = new RegExp(String.raw`^\s*(?:--[^\n]*\n\s*)*${STATEMENT_BEGINNING}`, "i");

/** Whether a text begins as an SQL statement does, behind comments. */
export const beginsAsStatement = (text: string): boolean => BEGINNING.test(text);
