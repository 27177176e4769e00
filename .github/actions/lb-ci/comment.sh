#!/usr/bin/env bash
# Writes the report as a comment on the pull request. A marker in it, which readers do not see, tells the next run which comment to
# edit. Reads REPOSITORY (owner/name), NUMBER (of the pull request), FOLDER (of lb ci), NAME, and GH_TOKEN for gh.
set -euo pipefail

name="${NAME//[^A-Za-z0-9._-]/-}"
marker="<!-- lb-ci: $name -->"
body="$RUNNER_TEMP/comment-$name.md"
{
  echo "$marker"
  cat "$FOLDER/comment.md"
} > "$body"
comments="repos/$REPOSITORY/issues/$NUMBER/comments"
id=$(gh api --paginate "$comments" --jq ".[] | select(.body | startswith(\"$marker\")) | .id" | head -n 1)
if [ -n "$id" ]; then
  gh api --silent --method PATCH "repos/$REPOSITORY/issues/comments/$id" --field "body=@$body"
else
  gh api --silent --method POST "$comments" --field "body=@$body"
fi
