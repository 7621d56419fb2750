#!/usr/bin/env bash
# Installs a build, builds the project in this folder against the installation, and runs it against the installed
# server: check.sh BUILD WORK [argument of cmake]...
set -euo pipefail
build=$1
work=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)

rm -rf "$work"
mkdir -p "$work"
cmake --install "$build" --prefix "$work/prefix" >"$work/install.txt"
cmake -S "$here" -B "$work/build" -D CMAKE_PREFIX_PATH="$work/prefix" "$@"
cmake --build "$work/build"

exec {stdout}< <(exec "$work/prefix/bin/anteroom" serve --listen 127.0.0.1:0)
server=$!
trap 'kill "$server"' EXIT
read -r -t 30 -u "$stdout" listening
"$work/build/consumer" "${listening##* }"
