import type { Rule } from "../model.ts";

const NOT_RUN = "a comment changes nothing that a pooler sees";

/** Code with a finding of `no-listen` at a line of its own, and a comment above it. */
const listening = (comment: string, after = ""): string => `import { Client } from "pg";

const client = new Client();

export async function listen() {
${comment === "" ? "" : `  ${comment}\n`}  await client.query("LISTEN jobs");${after}
}
`;

/** Comments and baseline entries that accept a finding, and have no reason to. */
export const validSuppression: Rule = {
  id: "valid-suppression",
  summary: "An ignore comment or baseline entry without a reason, out of date, or that accepts nothing",
  explanation: `A finding may be accepted: by a comment beside it, or by an entry of the baseline. Whoever reads the report later has to know why,
so a reason is required, and one that accepts nothing any more has to go: it would hide the next finding at that place.

\`\`\`ts
// pgbouncer-ignore-next-line no-listen -- the worker connects with DIRECT_URL
await client.query("LISTEN jobs");
\`\`\`

- \`pgbouncer-ignore-next-line\` is for the statement that begins on the next line of code, \`pgbouncer-ignore-line\` for its own line,
  \`pgbouncer-ignore-file\` for the whole file. \`pgbouncer-ignore\` is for its own line where code stands before it, else for the next one.
- In SQL, also in SQL inside of code: \`-- pgbouncer-ignore no-temp-table -- dropped by the job that reads it\`. In deployment files: \`# pgbouncer-ignore …\`.
- ESLint's own comments count in the command too, where they name the rule and give a reason:
  \`// eslint-disable-next-line pgbouncer/no-listen -- worker uses DIRECT_URL\`.
- \`until 2027-01-31\` in a reason ends it after that day.

What is accepted is in every report, with its reason. A comment without a reason accepts nothing.`,
  remedies: `- Say why behind \` -- \`, name the rule, or delete the comment.
- For the baseline: \`pgbouncer-audit baseline prune\` removes entries that match nothing.`,
  messages: {
    noReason: {
      message: "This comment accepts {{rules}} without a reason, and has no effect.",
      remedy: "Say why behind ` -- `.",
    },
    noRule: {
      message: "This comment names no rule, and has no effect.",
      remedy: "Name the rules it is for, before ` -- ` and the reason.",
    },
    unknownRule: {
      message: "There is no rule `{{rule}}`: the comment does nothing for it.",
      remedy: "Correct the name; `pgbouncer-audit explain` lists the rules.",
    },
    expired: {
      message: "What this comment says of {{rules}} held until {{expires}}.",
      remedy: "Remove the cause, or give a new date and reason.",
    },
    unused: {
      message: "`{{rule}}` reports nothing here that this comment could accept.",
      remedy: "Delete the comment, or the rule's name in it.",
    },
    expiredEntry: {
      message: "What the baseline says of {{rules}} in {{path}} held until {{expires}}.",
      remedy: "Remove the cause, or give the entry a new date and reason.",
    },
    unmatchedEntry: {
      message: "The baseline accepts {{rules}} in {{path}}, where nothing is reported any more.",
      remedy: "Remove it: `pgbouncer-audit baseline prune`.",
    },
    entryWithoutReason: {
      message: "The baseline accepts {{rules}} in {{path}} without a reason.",
      remedy: "Write why it is accepted into the entry.",
    },
  },
  recommended: false,
  judges: "suppressions",
  examples: {
    reported: [
      {
        title: "no reason",
        code: listening("// pgbouncer-ignore-next-line no-listen"),
        notRun: NOT_RUN,
        reports: [
          {
            messageId: "noReason",
            at: "// pgbouncer-ignore-next-line no-listen",
            severity: "warning",
            confidence: "certain",
          },
        ],
      },
      {
        title: "dashes and no reason behind them",
        code: listening("/* pgbouncer-ignore no-listen -- */"),
        notRun: NOT_RUN,
        reports: [{ messageId: "noReason", at: "/* pgbouncer-ignore no-listen -- */" }],
      },
      {
        title: "no rule",
        code: listening("// pgbouncer-ignore-next-line -- connects directly"),
        notRun: NOT_RUN,
        reports: [{ messageId: "noRule", at: "// pgbouncer-ignore-next-line -- connects directly" }],
      },
      {
        title: "a rule that there is not",
        code: listening("// pgbouncer-ignore-next-line no-listening -- connects directly"),
        notRun: NOT_RUN,
        reports: [{ messageId: "unknownRule", at: "// pgbouncer-ignore-next-line no-listening -- connects directly" }],
      },
      {
        title: "a day that is past",
        code: listening("// pgbouncer-ignore-next-line no-listen -- until 2020-01-31, when the worker moves"),
        notRun: NOT_RUN,
        reports: [
          {
            messageId: "expired",
            at: "// pgbouncer-ignore-next-line no-listen -- until 2020-01-31, when the worker moves",
          },
        ],
      },
      {
        title: "nothing to accept there",
        code: listening("", "\n  // pgbouncer-ignore-next-line no-listen -- connects directly"),
        notRun: NOT_RUN,
        reports: [{ messageId: "unused", at: "// pgbouncer-ignore-next-line no-listen -- connects directly" }],
      },
      {
        title: "another rule than the one that reports",
        code: listening("// pgbouncer-ignore-next-line no-temp-table -- dropped by the next job"),
        notRun: NOT_RUN,
        reports: [
          { messageId: "unused", at: "// pgbouncer-ignore-next-line no-temp-table -- dropped by the next job" },
        ],
      },
      {
        title: "ESLint's comment without a reason",
        code: listening("// eslint-disable-next-line pgbouncer/no-listen"),
        notRun: NOT_RUN,
        reports: [{ messageId: "noReason", at: "// eslint-disable-next-line pgbouncer/no-listen" }],
      },
      {
        title: "in SQL, with no reason",
        language: "sql",
        code: "-- pgbouncer-ignore no-load-library\nLOAD 'auto_explain';\n",
        notRun: NOT_RUN,
        reports: [{ messageId: "noReason", at: "-- pgbouncer-ignore no-load-library" }],
      },
    ],
    unreported: [
      {
        title: "a rule and a reason",
        code: listening("// pgbouncer-ignore-next-line no-listen -- the worker connects with DIRECT_URL"),
        notRun: NOT_RUN,
      },
      {
        title: "the plugin's prefix, and a date to come",
        code: listening("// pgbouncer-ignore-next-line pgbouncer/no-listen -- until 2999-12-31: the worker moves"),
        notRun: NOT_RUN,
      },
      {
        title: "behind the code",
        code: listening("", " // pgbouncer-ignore no-listen -- the worker connects with DIRECT_URL"),
        notRun: NOT_RUN,
      },
      {
        title: "above a statement of several lines",
        code: `import { Client } from "pg";

const client = new Client();

export async function listen() {
  // pgbouncer-ignore-next-line no-listen -- the worker connects with DIRECT_URL
  await client.query(
    \`LISTEN jobs\`,
  );
}
`,
        notRun: NOT_RUN,
      },
      {
        title: "for the whole file",
        code: `// pgbouncer-ignore-file no-listen -- the worker connects with DIRECT_URL\n${listening("")}`,
        notRun: NOT_RUN,
      },
      {
        title: "ESLint's comment with a reason",
        code: listening("// eslint-disable-next-line pgbouncer/no-listen -- the worker connects with DIRECT_URL"),
        notRun: NOT_RUN,
      },
      {
        title: "ESLint's comment for rules of others",
        code: `/* eslint-disable no-console */\n${listening("// pgbouncer-ignore no-listen -- connects directly")}`,
        notRun: NOT_RUN,
      },
      {
        title: "a comment that speaks of it",
        code: `// The comment pgbouncer-ignore is not needed here.\nexport const answer = 42;\n`,
        notRun: NOT_RUN,
      },
      {
        title: "in SQL, above a statement",
        language: "sql",
        code: "-- pgbouncer-ignore no-load-library -- run by an administrator, directly\nLOAD\n  'auto_explain';\n",
        notRun: NOT_RUN,
      },
      {
        title: "in SQL that stands in the code",
        code: `import { Client } from "pg";

const client = new Client();

export const listen = () =>
  client.query(\`
    -- pgbouncer-ignore no-listen -- the worker connects with DIRECT_URL
    LISTEN jobs
  \`);
`,
        notRun: NOT_RUN,
      },
    ],
  },
};
