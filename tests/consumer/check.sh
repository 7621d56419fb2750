#!/usr/bin/env bash
# Installs a build, builds the project of this folder against what was installed, and runs it against the server that
# was installed: check.sh BUILD WORK [argument of cmake]...
set -Eeuo pipefail
trap 'echo "check.sh: failed in line $LINENO: $BASH_COMMAND" >&2' ERR
build=$1
work=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)

rm -rf "$work"
mkdir -p "$work"
cmake --install "$build" --prefix "$work/prefix" >"$work/install.txt"
cmake -S "$here" -B "$work/build" -D CMAKE_PREFIX_PATH="$work/prefix" "$@"
cmake --build "$work/build"

exec {line}< <(exec "$work/prefix/bin/anteroom" serve --listen 127.0.0.1:0)
server=$!
trap 'kill "$server"' EXIT
read -r -t 30 -u "$line" says
"$work/build/consumer" "${says##* }"
