#!/usr/bin/env bash
# Tests setup.sh without changing anything: check.sh SETUP
# Each file of samples/ is a way to write down where apt takes packages from, on a Debian 12 that has nothing installed.
# Its first line is what setup.sh has to make of it: `mirror:` and where it takes bookworm-backports from, `enabled` (they
# are already), `none` (there is no mirror) or `unreadable`.
set -Eeuo pipefail
trap 'echo "check.sh: failed in line $LINENO: $BASH_COMMAND" >&2' ERR
setup=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# Runs setup.sh on the system in $work/root; leaves $status, and what it said in $said.
try() {
    status=0
    said=$(SETUP_ROOT=$work/root "$setup" --dry-run "$@" 2>&1) || status=$?
}

# expect NAME STATUS LINE...: setup.sh ended so, and each of these lines is among what it said.
expect() {
    local name=$1 wanted=$2 line
    shift 2
    if [ "$status" -ne "$wanted" ]; then
        echo "$name: ended with $status instead of $wanted"
        failed=1
    fi
    for line in "$@"; do
        grep -qF -- "$line" <<<"$said" || {
            printf '%s: did not say "%s" but:\n%s\n' "$name" "$line" "$said"
            failed=1
        }
    done
}

# A system of this os-release that has nothing installed.
system() {
    rm -rf "$work/root"
    mkdir -p "$work/root/etc/apt/sources.list.d" "$work/root/var/lib/apt/lists" "$work/root/var/lib/dpkg"
    printf 'ID=%s\nVERSION_ID="%s"\n' "$1" "$2" >"$work/root/etc/os-release"
}

for sample in "$here"/samples/*; do
    name=$(basename "$sample")
    system debian 12
    case "$name" in
        *.list) cp "$sample" "$work/root/etc/apt/sources.list" ;;
        *) cp "$sample" "$work/root/etc/apt/sources.list.d/$name" ;;
    esac
    wanted=$(sed -n '1s/^# //p' "$sample")
    try
    case "$wanted" in
        "mirror: "*) expect "$name" 0 "enabling bookworm-backports from ${wanted#mirror: } (" 'installing g++' ;;
        enabled)
            expect "$name" 0 'installing g++'
            ! grep -q backports <<<"$said" || {
                printf '%s: would enable backports again:\n%s\n' "$name" "$said"
                failed=1
            }
            ;;
        none) expect "$name" 1 'found no Debian mirror' ;;
        unreadable) expect "$name" 1 'apt cannot read its sources' ;;
        *)
            echo "$name: its first line is not what is expected of it"
            failed=1
            ;;
    esac
done

system debian 13
try
expect 'Debian 13' 0 'installing g++'
system fedora 42
try
expect 'another system' 1 'fedora 42 is not a system that this script knows' 'CMake 3.25'

mkdir "$work/bin"
printf '#!/bin/sh\necho "$FAKE_VERSION"\n' >"$work/bin/node"
chmod +x "$work/bin/node"
system debian 13
for version in v8.17.0 v16.20.2 v18.9.1 v18.18.2; do
    FAKE_VERSION=$version PATH=$work/bin:$PATH try --tests
    expect "Node.js $version" 1 "is Node.js $version, and the tests need"
done
for version in v18.19.0 v18.20.4 v20.20.2 v22.1.0 v100.0.0; do
    FAKE_VERSION=$version PATH=$work/bin:$PATH try --tests
    expect "Node.js $version" 0 'installing g++'
done
try --unknown
expect 'an unknown argument' 2 "unknown argument '--unknown'"
exit "$failed"
