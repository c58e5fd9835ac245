#!/usr/bin/env bash
# The step "Audit" of action.yml: runs the command once, writes all its reports, and says in $GITHUB_OUTPUT what came of it. Ends with 0 whatever
# the audit says: the last step of the action fails the job, after the reports were delivered.
#
# Every input is an environment variable, and only ever one word of a command: nothing here is evaluated or split. Written for bash 3.2, which
# macOS has.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
output="${GITHUB_OUTPUT:-/dev/null}"
summary="${GITHUB_STEP_SUMMARY:-/dev/null}"

# Without spaces and line ends at both ends, as a block of YAML leaves them.
trim() {
  local text="$1"
  text="${text#"${text%%[![:space:]]*}"}"
  printf '%s' "${text%"${text##*[![:space:]]}"}"
}

# Ends the step: the audit could not run. A workflow command is one line, whatever is in the message.
could_not_run() {
  local message="$1"
  message="${message//'%'/%25}"
  message="${message//$'\r'/%0D}"
  message="${message//$'\n'/%0A}"
  echo "::error title=pgbouncer-audit::$message"
  echo "exit-code=2" >> "$output"
  if [ "$(trim "${AUDIT_SUMMARY:-}")" = "true" ]; then
    echo "pgbouncer-audit could not run; the log of the job says why." >> "$summary"
  fi
  exit 0
}

# Takes --flag=value for an input that is set. With "=" a value that begins with a dash stays a value.
arguments=()
take() {
  local flag="$1" value
  value="$(trim "$2")"
  case "$value" in
    "") return ;;
    *$'\n'* | *$'\r'*) could_not_run "The input ${flag#--} must be one line." ;;
  esac
  arguments+=("$flag=$value")
}

# A path that begins with a dash, or is called as a command is, stays a path.
as_path() {
  case "$1" in
    /* | [A-Za-z]:[/\\]*) printf '%s' "$1" ;;
    *) printf './%s' "$1" ;;
  esac
}

version="$(trim "${AUDIT_VERSION:-}")"
if [ -z "$version" ]; then
  version="$(node -p 'JSON.parse(fs.readFileSync(process.argv[1], "utf8")).version' "$here/../../package.json")" ||
    could_not_run "Node.js is not there. Add actions/setup-node before this action."
fi
# npm also takes files, URLs, repositories and other packages in this place.
if [[ ! "$version" =~ ^[~^]?[0-9A-Za-z][0-9A-Za-z.+-]*$ || "$version" =~ \.(tgz|tar|tar\.gz)$ ]]; then
  could_not_run "The input version must be a version, a range such as ^1.2 or a tag of npm: $version"
fi
command -v npx > /dev/null || could_not_run "npx is not there. Add actions/setup-node before this action."

folder="$(trim "${AUDIT_WORKING_DIRECTORY:-.}")"
case "$folder" in
  *$'\n'* | *$'\r'*) could_not_run "The input working-directory must be one line." ;;
esac
CDPATH='' cd -- "$(as_path "${folder:-.}")" || could_not_run "There is no folder $folder (input working-directory)."

reports="$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/pgbouncer-audit.XXXXXX")"
for format in sarif markdown json html; do
  case "$format" in
    markdown) file="$reports/pgbouncer-audit.md" ;;
    *) file="$reports/pgbouncer-audit.$format" ;;
  esac
  arguments+=("--format=$format=$file")
done
arguments+=("--format=text")
take --pooler "${AUDIT_POOLER:-}"
take --fail-on "${AUDIT_FAIL_ON:-}"
take --min-coverage "${AUDIT_MIN_COVERAGE:-}"
take --since "${AUDIT_SINCE:-}"
take --baseline "${AUDIT_BASELINE:-}"
take --config "${AUDIT_CONFIG:-}"
while IFS= read -r line || [ -n "$line" ]; do
  line="$(trim "$line")"
  if [ -n "$line" ]; then arguments+=("$line"); fi
done <<< "${AUDIT_ARGS:-}"
arguments+=("--")
paths=(".")
while IFS= read -r line || [ -n "$line" ]; do
  line="$(trim "$line")"
  if [ -n "$line" ]; then paths+=("$(as_path "$line")"); fi
done <<< "${AUDIT_PATHS:-}"
# The first stands for the default alone: bash 3.2 takes an empty list for an unset one.
if [ "${#paths[@]}" -gt 1 ]; then paths=("${paths[@]:1}"); fi

# What is printed holds text of the audited project. Between these lines the runner takes nothing of it for a command of the workflow.
token="$(node -p 'crypto.randomUUID()')"
echo "::stop-commands::$token"
code=0
npx --yes -- "pgbouncer-audit@$version" "${arguments[@]}" "${paths[@]}" 2>&1 || code=$?
echo
echo "::$token::"

# npx too ends with 1 when it fails. An audit that ran has left its reports.
if [ "$code" -gt 1 ] || [ ! -s "$reports/pgbouncer-audit.json" ]; then
  could_not_run "The audit could not run (exit code $code); the log of this step says why."
fi
node "$here/describe-reports.mjs" "$reports" "${paths[@]}" >> "$output" || could_not_run "The reports cannot be read."
echo "exit-code=$code" >> "$output"
if [ "$(trim "${AUDIT_SUMMARY:-}")" = "true" ]; then
  cat "$reports/pgbouncer-audit.md" >> "$summary"
fi
