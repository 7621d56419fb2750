#!/usr/bin/env bash
# Installs what anteroom needs to build (and with --tests, to pass its tests): asks apt only for what is missing.
# Knows Debian 12 and 13 and Ubuntu 24.04; anywhere else it says what to install and changes nothing.
#
# With --dry-run it only says what it would do. Then SETUP_ROOT may name a folder to look at instead of / (its /etc/apt,
# /etc/os-release and /var/lib/dpkg), which is how tests/setup tests this script.
set -Eeuo pipefail
trap 'echo "setup.sh: failed in line $LINENO: $BASH_COMMAND" >&2' ERR

tests=no dry_run=no
for arg in "$@"; do
    case "$arg" in
        --tests) tests=yes ;;
        --dry-run) dry_run=yes ;;
        -h | --help)
            echo "usage: ./setup.sh [--tests] [--dry-run]"
            echo "Installs what the build needs; --tests adds what the tests need; --dry-run only says what would be done."
            exit 0
            ;;
        *)
            echo "setup.sh: unknown argument '$arg' (known: --tests, --dry-run, --help)" >&2
            exit 2
            ;;
    esac
done
root=
if [ "$dry_run" = yes ]; then root=${SETUP_ROOT:-}; fi

fail() {
    echo "setup.sh: $*" >&2
    exit 1
}

build_packages=(g++ cmake ninja-build libboost1.83-dev libboost-json1.83-dev libboost-url1.83-dev libfmt-dev
    libspdlog-dev libcli11-dev libjemalloc-dev libedit-dev esbuild brotli)
test_packages=(catch2 zlib1g-dev clang-19 clang-tidy-19 clang-format-19 libclang-rt-19-dev ca-certificates curl
    chromium haproxy openssl python3 mypy jq php-cli ruby fish zsh mandoc man-db)

# For the packages, and to try them.
build_packages+=(dpkg-dev file)
test_packages+=(iproute2 lintian procps systemd)

id=unknown version=unknown
if [ -r "$root/etc/os-release" ]; then
    id=$(. "$root/etc/os-release" && echo "${ID:-unknown}")
    version=$(. "$root/etc/os-release" && echo "${VERSION_ID:-unknown}")
fi
case "$id-$version" in
    debian-12 | debian-13 | ubuntu-24.04) ;;
    *)
        cat >&2 <<TEXT
setup.sh: $id $version is not a system that this script knows (Debian 12, Debian 13, Ubuntu 24.04); nothing was changed.
Install by hand: a C++20 compiler, CMake 3.25 or later, ninja, Boost 1.83 or later (with JSON and URL), fmt 9 or later,
spdlog, CLI11, jemalloc, libedit; esbuild, brotli and gzip, without which the page is larger; for the tests also Catch2 3.4 or
later, zlib, clang 19 with clang-tidy and clang-format, Node.js 18.19 or later with npm, Chromium, nginx, HAProxy, Caddy, curl,
openssl, jq, PHP, Ruby, fish, zsh, mandoc, man, Python 3.9 or later with mypy, and Go if its examples are to be tested.
The packages are made with dpkg-dev and file, and tried with lintian, ip, pgrep and systemd-analyze.
TEXT
        exit 1
        ;;
esac

wanted=("${build_packages[@]}")
if [ "$tests" = yes ]; then
    wanted+=("${test_packages[@]}")
    # A Node.js that is there already will do, wherever it came from; installing another would not put it first in PATH.
    if command -v node >/dev/null; then
        node_version=$(node --version)
        case "$node_version" in
            v[0-9].* | v1[0-7].* | v18.[0-9].* | v18.1[0-8].*)
                fail "$(command -v node) is Node.js $node_version, and the tests need 18.19 or later; update or remove it" ;;
        esac
    else
        wanted+=(nodejs)
    fi
    command -v npm >/dev/null || wanted+=(npm)
    # And any nginx; it need not run as a service, the tests start their own.
    PATH=$PATH:/usr/sbin command -v nginx >/dev/null || wanted+=(nginx)
    # For the guides in docs/: what is there will do, too. Their Go blocks are left out where there is no Go (golang-go, 250 MB).
    command -v php >/dev/null || wanted+=(php-cli)
    command -v caddy >/dev/null || wanted+=(caddy)
fi

missing=()
for package in "${wanted[@]}"; do
    state=$(dpkg-query --admindir="$root/var/lib/dpkg" -W -f='${db:Status-Status} ${Version}' "$package" 2>/dev/null || true)
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
if [ "$(id -u)" -ne 0 ] && [ "$dry_run" = no ]; then
    command -v sudo >/dev/null || fail "needs root or sudo to install: ${missing[*]}"
    sudo=(sudo)
fi

# Where apt takes packages from, a line each: the URI with a slash at its end, the suite, the component. Read by apt itself,
# so that every way to write them counts as it does for apt.
sources() {
    apt-get -o Dir="${root:-/}" indextargets --no-release-info --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages'
}

# The mirror that Debian 12 comes from: not one of others who name their suite after Debian's, if there is any choice.
mirror() {
    awk '
        $1 ~ /^cdrom:/ || $NF != "main" { next }
        $(NF - 1) ~ /^(bookworm|oldstable|stable)$/ && $1 ~ /\/debian\/$/ { print $1; found = 1; exit }
        $(NF - 1) == "bookworm" && other == "" { other = $1 }
        END { if (!found && other != "") print other }'
}

# On Debian 12, Boost 1.83 and Catch2 3 come from bookworm-backports, on the mirror that this system uses already.
if [ "$id-$version" = debian-12 ]; then
    sources=$(sources) || fail "apt cannot read its sources in /etc/apt (see above)"
    if ! grep -q ' bookworm-backports main$' <<<"$sources"; then
        mirror=$(mirror <<<"$sources")
        [ -n "$mirror" ] || fail "found no Debian mirror in /etc/apt to take bookworm-backports from; enable it by hand"
        echo "setup.sh: enabling bookworm-backports from $mirror (for Boost 1.83 and Catch2 3)"
        if [ "$dry_run" = no ]; then
            printf 'Types: deb\nURIs: %s\nSuites: bookworm-backports\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n' \
                "$mirror" | "${sudo[@]}" tee /etc/apt/sources.list.d/bookworm-backports.sources >/dev/null
        fi
    fi
fi

arguments=()
for package in "${missing[@]}"; do
    case "$id-$version $package" in
        "debian-12 catch2" | "debian-12 libboost"*) arguments+=("$package/bookworm-backports") ;;
        *) arguments+=("$package") ;;
    esac
done

echo "setup.sh: installing ${missing[*]}"
if [ "$dry_run" = yes ]; then
    echo "setup.sh: nothing was changed (--dry-run)"
    exit 0
fi
# One source of many that fails need not matter: whether it does, the next step says.
"${sudo[@]}" apt-get update -qq ||
    echo "setup.sh: 'apt-get update' failed at least in part (see above); going on with the package lists that there are" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o DPkg::Lock::Timeout=300 --no-install-recommends \
    "${arguments[@]}" >"$log" || {
    tail -n 40 "$log" >&2
    fail "apt-get could not install the packages (see above): ${arguments[*]}"
}
echo "setup.sh: done"
