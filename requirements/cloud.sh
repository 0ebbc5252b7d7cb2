#!/usr/bin/env bash
# The cloud of labs: OpenStack's services in a virtual environment of their own, as what they stand on does not fit beside ours.
# Made once for this user and for what cloud.txt pins (a minute, 690 MB); nothing is fetched when it is there. Without it
# `lajur lab up --cloud` says so and its tests are skipped, but in CI they are promised.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly PINNED=requirements/cloud.txt
HASH=$(sha256sum "$PINNED")
readonly KEPT=${LAJUR_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/lajur}/cloud/${HASH:0:16}

[ ! -e "$KEPT/ready" ] || exit 0
mkdir -p "$KEPT"
exec 9> "$KEPT/lock"
flock 9
[ ! -e "$KEPT/ready" ] || exit 0

printf 'OpenStack for labs, once: %s packages\n' "$(grep -c '^[a-z0-9].*==' "$PINNED")"
# Scripts of an environment name it by its full path, so it is made where it stays; `ready` says that it is whole. Two packages
# come as source: they are built with the pinned setuptools, in this environment, so that the build fetches nothing of its own.
rm -rf "$KEPT/venv"
sed -n '/^setuptools==/,/[^\\]$/p' "$PINNED" > "$KEPT/build.txt"
install() {
  "$KEPT/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --root-user-action ignore --no-compile \
    --no-deps --no-build-isolation --require-hashes --requirement "$1"
}
if .venv/bin/python -m venv "$KEPT/venv" && install "$KEPT/build.txt" && install "$PINNED"; then
  # Its programs start often. Some files that are not for this Python do not compile, and nobody imports them.
  "$KEPT/venv/bin/python" -m compileall -q -j 0 "$KEPT/venv/lib" > /dev/null 2>&1 || true
  touch "$KEPT/ready"
  exit 0
fi
printf 'cloud: %s\n' 'it could not be prepared (see above); `lajur lab up --cloud` needs it.' \
  'Is the package index reachable? Give pip its settings (pip config), then: bash requirements/cloud.sh' >&2
[ "${CI:-}" != true ]
