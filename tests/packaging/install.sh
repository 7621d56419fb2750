#!/usr/bin/env bash
# What `cmake --install` brings for a service: install.sh BUILD WORK
set -Eeuo pipefail
trap 'echo "install.sh: failed in line $LINENO: $BASH_COMMAND" >&2' ERR
build=$1
work=$2
prefix=$work/prefix

rm -rf "$work"
mkdir -p "$work"
install_server() { cmake --install "$build" --prefix "$prefix" --component server >>"$work/install.txt"; }
install_server

for file in bin/anteroom etc/anteroom/anteroom.conf lib/systemd/system/anteroom.{service,socket} lib/sysusers.d/anteroom.conf \
    share/doc/anteroom/{README.md,LICENSE,copyright,docs/command-line.md,docs/images/page.png} share/man/man1/anteroom{,-publish}.1 \
    share/bash-completion/completions/anteroom share/zsh/site-functions/_anteroom share/fish/vendor_completions.d/anteroom.fish; do
    test -f "$prefix/$file"
done
test ! -e "$prefix/include" # the C++ client is a component of its own
grep -qxF "ExecStart=$prefix/bin/anteroom serve --config $prefix/etc/anteroom/anteroom.conf" \
    "$prefix/lib/systemd/system/anteroom.service"

# What the administrator has changed stays.
echo 'max-body = 1K' >"$prefix/etc/anteroom/anteroom.conf"
install_server
grep -qx 'max-body = 1K' "$prefix/etc/anteroom/anteroom.conf"

# In /usr, settings are in /etc.
DESTDIR=$work/root cmake --install "$build" --prefix /usr --component server >>"$work/install.txt"
test -f "$work/root/etc/anteroom/anteroom.conf"
grep -q 'ExecStart=/usr/bin/anteroom serve --config /etc/anteroom/' "$work/root/usr/lib/systemd/system/anteroom.service"
rm -r "$work/root"
