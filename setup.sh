#!/usr/bin/env bash
# Installs what anteroom needs to build (and with --tests, to pass its tests): asks apt only for what is missing.
# Knows Debian 12 and 13 and Ubuntu 24.04; anywhere else it says what to install and changes nothing.
set -euo pipefail

tests=no
for arg in "$@"; do
    case "$arg" in
        --tests) tests=yes ;;
        -h | --help)
            echo "usage: ./setup.sh [--tests]    installs what the build needs; --tests adds what the tests need"
            exit 0
            ;;
        *)
            echo "setup.sh: unknown argument '$arg' (known: --tests, --help)" >&2
            exit 2
            ;;
    esac
done

build_packages=(g++ cmake ninja-build libboost1.83-dev libboost-json1.83-dev libboost-url1.83-dev libfmt-dev
    libspdlog-dev libcli11-dev)
test_packages=(catch2 zlib1g-dev clang-19 clang-tidy-19 clang-format-19 libclang-rt-19-dev curl chromium haproxy python3)

id=unknown version=unknown
if [ -r /etc/os-release ]; then
    id=$(. /etc/os-release && echo "${ID:-unknown}")
    version=$(. /etc/os-release && echo "${VERSION_ID:-unknown}")
fi
case "$id-$version" in
    debian-12 | debian-13 | ubuntu-24.04) ;;
    *)
        cat >&2 <<TEXT
setup.sh: $id $version is not a system that this script knows (Debian 12, Debian 13, Ubuntu 24.04); nothing was changed.
Install by hand: a C++20 compiler, CMake 3.25 or later, ninja, Boost 1.83 or later (with JSON and URL), fmt 9 or later,
spdlog, CLI11; for the tests also Catch2 3.4 or later, zlib, clang 19 with clang-tidy and clang-format, Node.js 18 or later
with npm, Chromium, nginx, HAProxy, curl and Python 3.
TEXT
        exit 1
        ;;
esac

wanted=("${build_packages[@]}")
if [ "$tests" = yes ]; then
    wanted+=("${test_packages[@]}")
    # Any Node.js that is there already will do, wherever it came from.
    command -v node >/dev/null || wanted+=(nodejs)
    command -v npm >/dev/null || wanted+=(npm)
    # And any nginx; it need not run as a service, the tests start their own.
    PATH=$PATH:/usr/sbin command -v nginx >/dev/null || wanted+=(nginx)
fi

missing=()
for package in "${wanted[@]}"; do
    state=$(dpkg-query -W -f='${db:Status-Status} ${Version}' "$package" 2>/dev/null || true)
    case "$package $state" in
        "catch2 installed 2."*) missing+=("$package") ;; # Debian 12's own is too old
        *" installed "*) ;;
        *) missing+=("$package") ;;
    esac
done
if [ ${#missing[@]} -eq 0 ]; then
    echo "setup.sh: everything is installed already"
    exit 0
fi

sudo=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
        echo "setup.sh: needs root or sudo to install: ${missing[*]}" >&2
        exit 1
    }
    sudo=(sudo)
fi

# On Debian 12, Boost 1.83 and Catch2 3 come from bookworm-backports, on the mirror that this system uses already.
if [ "$id-$version" = debian-12 ] &&
    ! grep -rqs 'bookworm-backports' /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; then
    mirror=$(sed -n 's/^URIs:[[:space:]]*\([^[:space:]]*\).*/\1/p' /etc/apt/sources.list.d/debian.sources 2>/dev/null | head -n 1)
    [ -n "$mirror" ] || mirror=$(sed -n 's/^deb \(\[[^]]*\] \)\?\([^ ]*\) bookworm .*/\2/p' /etc/apt/sources.list 2>/dev/null | head -n 1)
    [ -n "$mirror" ] || {
        echo "setup.sh: found no Debian mirror in /etc/apt to take bookworm-backports from; enable it by hand" >&2
        exit 1
    }
    echo "setup.sh: enabling bookworm-backports (for Boost 1.83 and Catch2 3)"
    printf 'Types: deb\nURIs: %s\nSuites: bookworm-backports\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n' \
        "$mirror" | "${sudo[@]}" tee /etc/apt/sources.list.d/bookworm-backports.sources >/dev/null
fi

echo "setup.sh: installing ${missing[*]}"
"${sudo[@]}" apt-get update -qq
arguments=()
for package in "${missing[@]}"; do
    case "$id-$version $package" in
        "debian-12 catch2" | "debian-12 libboost"*) arguments+=("$package/bookworm-backports") ;;
        *) arguments+=("$package") ;;
    esac
done
"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${arguments[@]}" >/dev/null
echo "setup.sh: done"
