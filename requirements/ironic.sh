#!/usr/bin/env bash
# A real Ironic for tests, in a virtual environment of its own: what it stands on does not fit beside ours. Made once for this user
# and for what ironic.txt pins (half a minute, 210 MB); nothing is fetched when it is there. Without it those tests are skipped, but
# in CI they are promised.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly PINNED=requirements/ironic.txt
HASH=$(sha256sum "$PINNED")
readonly KEPT=${XDG_CACHE_HOME:-$HOME/.cache}/lajur/ironic/${HASH:0:16}

[ ! -e "$KEPT/ready" ] || exit 0
mkdir -p "$KEPT"
exec 9> "$KEPT/lock"
flock 9
[ ! -e "$KEPT/ready" ] || exit 0

printf 'Ironic for tests, once: %s packages\n' "$(grep -c '^[a-z0-9].*==' "$PINNED")"
# Scripts of an environment name it by its full path, so it is made where it stays; `ready` says that it is whole.
rm -rf "$KEPT/venv"
if .venv/bin/python -m venv "$KEPT/venv" \
  && "$KEPT/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --root-user-action ignore --no-compile \
    --no-deps --only-binary :all: --require-hashes --requirement "$PINNED"; then
  touch "$KEPT/ready"
  exit 0
fi
printf 'ironic: %s\n' 'it could not be prepared (see above); tests marked `ironic` need it.' \
  'Is the package index reachable? Give pip its settings (pip config), then: bash requirements/ironic.sh' >&2
[ "${CI:-}" != true ]
