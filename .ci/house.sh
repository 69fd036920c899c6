# house.sh - what ./start and ./check share: installing what is missing and building a preset. All it prints
# goes to standard error, so that a command's own output stays clean.

set -euo pipefail

# Packages of Debian 12: to build and run, and those only the tests need.
build_packages="gcc libc6-dev cmake ninja-build pkg-config libncurses-dev libmongoc-dev libbson-dev
  libcjson-dev libsqlite3-dev nettle-dev libinih-dev libutf8proc-dev libcrypt-dev libcmark-gfm-dev libcurl4-openssl-dev
  libcmark-gfm-extensions-dev libhunspell-dev libxlsxwriter-dev libcsv-dev hunspell-en-gb hunspell-en-us iso-codes
  ncurses-base"
test_packages="clang libcmocka-dev libvterm-dev tmux python3 python3-venv openssl man-db ncurses-term
  cmark lowdown nano less htop libreoffice-calc-nogui"

say() { printf '%s\n' "$*" >&2; }

# Installs those of "$@" that are missing; without root or sudo it names them and the command.
need_packages() {
    local missing=() package
    for package in "$@"; do
        case "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" in
        installed) ;;
        *) missing+=("$package") ;;
        esac
    done
    [ ${#missing[@]} -eq 0 ] && return 0

    local root=()
    if [ "$(id -u)" -ne 0 ]; then
        if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
            root=(sudo)
        else
            say "These Debian packages are missing: ${missing[*]}"
            say "Install them with: sudo apt-get install ${missing[*]}"
            exit 1
        fi
    fi
    say "Installing ${missing[*]} ..."
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq >&2 || true
    if ! "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2; then
        say "The packages could not be installed. Once they are there, run this again: ${missing[*]}"
        exit 1
    fi
}

# Configures and builds preset $1; the rest are options for the build. Quiet unless it fails.
build_preset() {
    local preset=$1 log
    shift
    mkdir -p build
    log=build/$preset.log
    if ! { cmake --preset "$preset" && cmake --build --preset "$preset" "$@"; } >"$log" 2>&1; then
        grep -E 'error|warning|undefined|Error' "$log" | head -40 >&2 || true
        say "The $preset build failed; the whole output is in $log."
        return 1
    fi
}
