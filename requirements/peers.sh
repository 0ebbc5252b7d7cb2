#!/usr/bin/env bash
# What Ansible needs for `network_cli`, which `push.*` of the bench is measured beside: the few files that count out of a package
# of 21 000, kept in .bench. Nothing is fetched when they are those that peers.txt pins.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly PINNED=requirements/peers.txt
readonly KEPT=.bench/collections
readonly WANTED='ansible_collections/(ansible/netcommon|ansible/utils|cisco/ios)/'

! cmp -s "$PINNED" "$KEPT/from" || exit 0
parcels=$(mktemp -d)
trap 'rm -rf "$parcels"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

printf 'Collections for the bench, once (about 50 MB)\n'
.venv/bin/python -m pip download --quiet --disable-pip-version-check --no-input --no-deps --only-binary :all: \
  --require-hashes --requirement "$PINNED" --dest "$parcels" || {
  printf 'peers: %s\n' 'the collections could not be fetched (see above); the rows push.* need them.' \
    'Is the package index reachable? Give pip its settings (pip config), then: make peers' >&2
  exit 1
}
rm -rf "$KEPT"
mkdir -p "$KEPT"
.venv/bin/python - "$KEPT" "$WANTED" "$parcels"/*.whl << 'END'
import re
import sys
from zipfile import ZipFile

kept, wanted, *parcels = sys.argv[1:]
for parcel in map(ZipFile, parcels):
    parcel.extractall(kept, [name for name in parcel.namelist() if re.match(wanted, name)])
END
cp "$PINNED" "$KEPT/from"
