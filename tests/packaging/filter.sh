#!/usr/bin/env bash
# The server under the SystemCallFilter of its unit, with every transport: filter.sh UNIT SERVER
set -Eeuo pipefail
trap 'echo "filter.sh: failed in line $LINENO: $BASH_COMMAND" >&2' ERR
unit=$1
server=$2
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
export ASAN_OPTIONS=detect_leaks=0 # which would trace the process

exec {stdout}< <(exec python3 "$here/filtered.py" "$unit" "$server" serve --threads 2 --listen 127.0.0.1:0 \
    --listen "unix:$work/socket" --websocket-deflate --allow-delete)
filtered=$!
trap 'kill -9 "$filtered" 2>/dev/null || true; rm -rf "$work"' EXIT
read -r -t 30 -u "$stdout" listening || {
    code=0
    wait "$filtered" || code=$?
    exit "$code"
}
url=${listening##* }

for transport in poll batch sse websocket; do
    "$server" bench --url "$url" --transport "$transport" --rooms 2 --subs 3 --warm-up 0 --seconds 0.2 >/dev/null
done
echo soup | "$server" publish kitchen --url "unix:$work/socket" >/dev/null
[ "$("$server" subscribe kitchen --url "unix:$work/socket" --after 0 --count 1)" = soup ]
kill -HUP "$filtered"
kill "$filtered"
wait "$filtered"
