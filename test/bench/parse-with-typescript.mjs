// The yardstick: `ts.createSourceFile` over the files that are listed in a file, one after another.
import { readFileSync } from "node:fs";
import ts from "typescript";

let nodes = 0;
for (const file of readFileSync(process.argv[2], "utf8").split("\n")) {
  const { statements } = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, false);
  nodes += statements.length;
}
console.log(nodes);
