#!/usr/bin/env bash
# Builds a project that uses the C++ client, and runs it against the server: check.sh KIND BUILD WORK [argument of cmake]...
# KIND is the folder with that project: `installed`, against what the build installs, or `subdirectory`, from source.
set -Eeuo pipefail
trap 'echo "check.sh: failed in line $LINENO: $BASH_COMMAND" >&2' ERR
kind=$1
build=$2
work=$3
shift 3
here=$(cd "$(dirname "$0")" && pwd)

rm -rf "$work"
mkdir -p "$work"
server=$build/anteroom
if [ "$kind" = installed ]; then
    cmake --install "$build" --prefix "$work/prefix" >"$work/install.txt"
    server=$work/prefix/bin/anteroom
    set -- -D CMAKE_PREFIX_PATH="$work/prefix" "$@"
fi
cmake -S "$here/$kind" -B "$work/build" "$@"
cmake --build "$work/build"

exec {stdout}< <(exec "$server" serve --listen 127.0.0.1:0)
server=$!
trap 'kill "$server"' EXIT
read -r -t 30 -u "$stdout" listening
"$work/build/consumer" "${listening##* }"
