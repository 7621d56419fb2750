#!/usr/bin/env bash
# What systemd says of the unit and the socket, as they are installed: unit.sh BUILD WORK
set -Eeuo pipefail
trap 'echo "unit.sh: failed in line $LINENO: $BASH_COMMAND" >&2' ERR
build=$1
work=$2
units=$work/prefix/lib/systemd/system

rm -rf "$work"
mkdir -p "$work"
cmake --install "$build" --prefix "$work/prefix" --component server >"$work/install.txt"

said=$(systemd-analyze verify --man=no "$units"/anteroom.{service,socket} 2>&1)
[ -z "$said" ] || { echo "$said" && false; }

# In tenths; what is left is that it has the network, and names of its own for it.
systemd-analyze security --offline=true --threshold=15 --no-pager "$units/anteroom.service" >"$work/security.txt" ||
    { cat "$work/security.txt" && false; }

# The allocator needs /proc/sys (see there).
if grep -q '^ProcSubset=' "$units/anteroom.service"; then
    echo "the unit hides /proc/sys" && false
fi
