#!/usr/bin/env bash
# Installs lb, with a Node of its own, in the temporary folder of the runner: apart from the files of the repository that is measured.
# Reads VERSION (a branch or tag; empty: the version of this action), REPOSITORY (owner/name of the action), ACTION (its folder).
set -euo pipefail

target="$RUNNER_TEMP/lb"
if [ -e "$target/bin/run.js" ]; then
  echo "lb is installed in $target"
  exit 0
fi
mkdir -p "$target"
if [ -n "$VERSION" ]; then
  git clone --quiet --depth 1 --branch "$VERSION" "$GITHUB_SERVER_URL/$REPOSITORY" "$target"
else
  # The repository of the action is there already.
  tar -C "$ACTION/../../.." --exclude=./node_modules --exclude=./.git --exclude=./dist -cf - . | tar -C "$target" -xf -
fi
cd "$target"
npm install --no-audit --no-fund
