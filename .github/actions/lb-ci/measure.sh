#!/usr/bin/env bash
# Runs lb ci with the inputs of the action, and reports its outcome. A gate that did not decide is no pass.
# Writes outcome (passed, failed, inconclusive, error) and folder to $GITHUB_OUTPUT.
set -uo pipefail

lb="$RUNNER_TEMP/lb"
name="${NAME//[^A-Za-z0-9._-]/-}"
folder="$RUNNER_TEMP/result-$name"
rm -rf "$folder"
node="$lb/node_modules/.bin/node"
[ -x "$node" ] || node=node

# Configurations may contain tokens, and arguments are visible to every process: files are not.
umask 077
arguments=()
add() { if [ -n "$2" ]; then arguments+=("$1" "$2"); fi; }
add_file() {
  if [ -n "$2" ]; then
    printf '%s' "$2" > "$RUNNER_TEMP/$name$1.json"
    arguments+=("$1" "@$RUNNER_TEMP/$name$1.json")
  fi
}
add --base-command "$BASE_COMMAND"
add --head-command "$HEAD_COMMAND"
add_file --base-config "$BASE_CONFIG"
add_file --head-config "$HEAD_CONFIG"
if [ -z "$BASE$BASE_COMMAND$HEAD_COMMAND$BASE_CONFIG$HEAD_CONFIG" ]; then BASE="$DEFAULT_BASE"; fi
if [ -n "$BASE" ]; then
  add --base "$BASE"
  add --head "$HEAD"
fi
add --scenario "$SCENARIO"
add --trials "$TRIALS"
while IFS= read -r rule; do add --fail-on "$rule"; done <<< "$FAIL_ON"

"$node" "$lb/bin/run.js" ci "${arguments[@]}" --output "$folder" --force --no-keep
code=$?
case $code in
  0) outcome=passed ;;
  96 | 97) outcome=inconclusive ;;
  98 | 99) outcome=failed ;;
  *) outcome=error ;;
esac
{
  echo "outcome=$outcome"
  if [ -e "$folder/comment.md" ]; then echo "folder=$folder"; fi
} >> "$GITHUB_OUTPUT"
if [ "$outcome" = inconclusive ]; then
  message="nothing can be said about a regression, which is no pass: see the report"
  if [ "$ON_INCONCLUSIVE" = pass ]; then
    echo "::warning title=lb ci is inconclusive::$message"
    exit 0
  fi
  echo "::error title=lb ci is inconclusive::$message"
fi
exit "$code"
