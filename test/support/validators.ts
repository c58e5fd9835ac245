import { Ajv2020 } from "ajv/dist/2020.js";
import AjvDraft04 from "ajv-draft-04";
import addFormats from "ajv-formats";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { validateXML } from "xmllint-wasm";

const root = join(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const readJson = (path: string): object => JSON.parse(read(path)) as object;

/** What is wrong with a JSON text by a schema; empty when nothing is. The text may be what no JSON is. */
type Validator = (text: string) => string[];

function validatorOf(ajv: Ajv2020 | InstanceType<typeof AjvDraft04>, path: string): Validator {
  addFormats(ajv);
  const validate = ajv.compile(readJson(path));
  return (text) =>
    validate(JSON.parse(text))
      ? []
      : (validate.errors ?? []).slice(0, 5).map((error) => `${error.instancePath} ${String(error.message)}`);
}

const options = { strict: false, allErrors: false } as const;

/** The report by the schema that the project publishes. */
export const reportProblems = validatorOf(new Ajv2020(options), "docs/schemas/report.json");
export const configurationProblems = validatorOf(new Ajv2020(options), "docs/schemas/configuration.json");
export const gitlabProblems = validatorOf(new Ajv2020(options), "test/reporters/schemas/gitlab-code-quality.json");
/** SARIF by OASIS's own schema, which is one of JSON Schema draft 4. */
export const sarifProblems = validatorOf(new AjvDraft04(options), "test/reporters/schemas/sarif-schema-2.1.0.json");

/** What is wrong with a JUnit report, as XML and by its schema. */
export async function junitProblems(text: string): Promise<string[]> {
  const result = await validateXML({
    xml: [{ fileName: "junit.xml", contents: text }],
    schema: [{ fileName: "junit.xsd", contents: read("test/reporters/schemas/junit.xsd") }],
  });
  return result.errors.slice(0, 5).map((error) => error.rawMessage);
}
