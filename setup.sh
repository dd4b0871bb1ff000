#!/bin/sh
# Installs what is missing, and nothing twice: setup.sh run | test
# System packages come from Debian; Python packages from requirements*.lock, every one pinned with its hash.
set -eu
cd "$(dirname "$0")"
purpose=${1:-run}
lock=requirements.lock
# The Noto fonts and Symbola draw what Nanum lacks in a report: other scripts, rare Hanja, old Hangul, emoji in black.
packages="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-nanum fonts-noto-cjk fonts-noto-core fonts-symbola"
if [ "$purpose" = test ]; then
    lock=requirements-dev.lock
    packages="$packages chromium poppler-utils mupdf-tools openssl default-jdk-headless libjaxb-java nginx-light clamav-daemon postgresql"
fi

number() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])'; }
# The first Python that is there and works, unless PYTHON names one. A .venv that is there already keeps its own.
is_fit() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; }
python=""
for candidate in ${PYTHON:-python3.11 python3.12 python3.13}; do
    if is_fit "$candidate"; then python=$candidate; break; fi
done
if [ -z "$python" ]; then
    if [ -n "${PYTHON:-}" ]; then
        echo "PYTHON=$PYTHON is no Python 3.11, 3.12 or 3.13 that works; name another, or none to let this choose" >&2
    else
        echo "Python 3.11, 3.12 or 3.13 is missing; install one: apt-get install python3" >&2
    fi
    exit 1
fi
"$python" -c 'import ensurepip, venv' 2>/dev/null || packages="$packages python$(number "$python")-venv"

missing=""
for package in $packages; do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done
if [ -n "$missing" ]; then
    as_root=""
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null 2>&1; then
            echo "System packages are missing:$missing; install them as root: apt-get install$missing" >&2
            exit 1
        fi
        as_root=sudo
    fi
    echo "Installing from Debian:$missing"
    log=$(mktemp)
    install="$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing"
    if ! $install >"$log" 2>&1; then
        $as_root apt-get update >"$log" 2>&1 || true
        if ! $install >>"$log" 2>&1; then
            tail -n 5 "$log" >&2
            echo "System packages could not be installed:$missing; install them: apt-get install$missing" >&2
            exit 1
        fi
    fi
    rm -f "$log"
fi

if [ -n "${PYTHON:-}" ] && [ -x .venv/bin/python ] && [ "$(number .venv/bin/python)" != "$(number "$python")" ]; then
    echo ".venv holds Python $(number .venv/bin/python), not $(number "$python"); remove it: rm -r .venv" >&2
    exit 1
fi
[ -x .venv/bin/python ] || "$python" -m venv .venv
digest() { cat "$1" pyproject.toml | sha256sum | cut -d' ' -f1; }
wanted=$(digest $lock)
# What the tests need holds all that a run needs.
for file in requirements-dev.lock $lock; do
    if [ "$(cat .venv/installed 2>/dev/null)" = "$(digest $file)" ]; then exit 0; fi
    [ "$purpose" = test ] && break
done
echo "Installing the pinned Python packages ($lock) into .venv; the first time takes a few minutes."
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $lock
PYTHONWARNINGS=ignore .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
# Compiled now, so that the first report need not wait for it.
.venv/bin/python -m compileall -q app.py assessments commands exports pages questionnaires
.venv/bin/python -c "from exports.printing import document; document.prepare()"
echo "$wanted" >.venv/installed
