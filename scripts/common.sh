# shellcheck shell=bash
# Sourced by the scripts beside it: what a fresh machine needs before Python can take over.
# Sets nothing but functions; every message says what to do next, Vietnamese first.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv="$root/.venv"

say() { printf '%s\n' "$*" >&2; }

die() {
    say "$*"
    exit 1
}

# The interpreter has to be one the lock files were resolved for.
need_python() {
    local python=${PYTHON:-python3}
    command -v "$python" >/dev/null 2>&1 ||
        die "Thiếu python3: sudo apt-get install python3 / python3 is missing: sudo apt-get install python3"
    "$python" - <<'PY' || exit 1
import struct, sys
here = sys.version_info[:2]
if not (3, 11) <= here <= (3, 14) or struct.calcsize("P") != 8:
    sys.exit(
        "Cần Python 3.11 đến 3.14, 64 bit; máy này có %d.%d. / "
        "Python 3.11 to 3.14, 64-bit, is needed; this machine has %d.%d. "
        "(PYTHON=/path/to/python3.x chooses another.)" % (here + here)
    )
PY
}

# Installs what is missing of the named packages: asks for sudo only on a terminal,
# and otherwise prints the line to run and stops.
need_packages() {
    local missing=()
    local package
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    say "Gói hệ thống cần cài / system packages to install: ${missing[*]}"
    if [ "$(id -u)" -eq 0 ]; then
        apt_install "${missing[@]}"
    elif [ -t 0 ] && command -v sudo >/dev/null 2>&1; then
        sudo true || die "Không có quyền sudo. / sudo was refused."
        apt_install "${missing[@]}"
    else
        die "Hãy chạy dòng này rồi chạy lại / run this line, then run again:
    sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing[*]}"
    fi
}

apt_install() {
    local run=()
    [ "$(id -u)" -eq 0 ] || run=(sudo)
    "${run[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq ||
        say "apt-get update chưa xong, vẫn thử cài. / apt-get update failed, trying to install all the same."
    "${run[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null ||
        die "Không cài được: $* / could not be installed: $*"
}

# The private environment, made from a hashed lock file. Demo and test share one, and what is
# locked for the test contains the demo's: a stamp for either lock makes the next start fast.
need_venv() {
    local set
    for set in "$1" dev; do
        [ -e "$(stamp_of "$set")" ] && [ -x "$venv/bin/bangtin" ] && return 0
    done
    # --clear: one made by a Python that an upgrade of the system took away is of no use.
    "$venv/bin/python" -m pip --version >/dev/null 2>&1 || "${PYTHON:-python3}" -m venv --clear "$venv" ||
        die "Không tạo được môi trường .venv (cần gói python3-venv). / .venv could not be made (python3-venv is needed)."
    say "Đang cài thư viện Python vào .venv … / installing Python libraries into .venv …"
    "$venv/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r "$root/scripts/locks/$1.txt" ||
        die "Không cài được thư viện của $1. / the libraries of $1 could not be installed."
    "$venv/bin/python" -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e "$root" ||
        die "Không cài được bangtin vào .venv. / bangtin could not be installed into .venv."
    rm -f "$venv"/.installed-*
    : >"$(stamp_of "$1")"
}

stamp_of() {
    printf '%s/.installed-%s-%s' "$venv" "$1" "$({
        readlink -f "$venv/bin/python" || true
        cat "$root/scripts/locks/$1.txt" "$root/pyproject.toml" "$root/setup.py"
    } | sha256sum | cut -c1-16)"
}

# Chromium as Playwright brings it, and the libraries it finds missing. Nothing is skipped silently.
need_playwright_chromium() {
    local libraries
    mapfile -t libraries < <("$venv/bin/python" -m playwright install-deps --dry-run chromium | sed -n 's/^  \([a-z0-9][a-z0-9.+-]*\)$/\1/p')
    need_packages "${libraries[@]}"
    "$venv/bin/python" -m playwright install chromium >&2 ||
        die "Không tải được Chromium của Playwright. / Playwright's own Chromium could not be fetched."
}

# shellcheck disable=SC2034 # used by the scripts that source this
screen_packages=(python3-venv mosquitto espeak-ng fonts-noto-core xfonts-base)
