#!/usr/bin/env bash
# Makes this checkout ready to run: Debian packages, .venv, pinned Python packages, the project itself.
# Does only what is missing, and says what it does. Never starts a daemon, never touches anything but Debian's package
# list and .venv. Called by every `make` target that needs it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly PYTHON=${PYTHON:-python3}
readonly STAMP=.venv/.ready
readonly GUARD=/usr/sbin/policy-rc.d
readonly INDEX_HINT='Is the package index reachable? Give pip its settings (pip config), then give the same command again.'
# Python and its venv first; then what the lab runs: routing, neighbours, SNMP, SSH, packet rules, links, ping, ps, and servers with
# what makes their image; then the database that the ledger is tested on, what the sample workload asks it with, and Prometheus for
# its `promtool`, which checks the alerts.
readonly PACKAGES=(
  python3 python3-venv make git
  frr lldpd snmpd snmp openssh-server openssh-client nftables ethtool iproute2 iputils-ping procps
  systemd-container mmdebstrap
  postgresql python3-psycopg2 prometheus
)

LOG=$(mktemp)
GUARD_IS_OURS=
finish() {
  [ -z "$GUARD_IS_OURS" ] || rm -f "$GUARD"
  rm -f "$LOG"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say() { printf '%s\n' "$*"; }
fail() { printf 'setup: %s\n' "$@" >&2; exit 1; }

# Runs a command, shows one moving line for every match of PATTERN in its output, keeps the rest for the case of trouble.
# On something that is no terminal every twentieth match gets a line.
watched() {
  local pattern=$1; shift
  local show=20; [ ! -t 1 ] || show=1
  if "$@" 2>&1 | tee "$LOG" | awk -v pattern="$pattern" -v show="$show" '
      $0 ~ pattern { n++; what = /^Setting up/ ? $3 : $2; sub(/[=(,].*/, "", what)
        if (show == 1) { printf "\r\033[K      %d  %s", n, what; fflush() }
        else if (n % show == 0) { printf "      %d  %s\n", n, what; fflush() } }
      END { if (show == 1 && n) printf "\r\033[K"; if (n) printf "      %d done\n", n }'; then
    return 0
  fi
  tail -n 25 "$LOG" >&2
  return 1
}

missing_packages() {
  local name
  for name in "${PACKAGES[@]}"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || printf '%s ' "$name"
  done
}

# A package that brings a daemon would start it, here and at every boot: in the lab each router has its own instead.
install_packages() {
  local units=() name
  if [ ! -e "$GUARD" ]; then
    GUARD_IS_OURS=yes
    printf '#!/bin/sh\nexit 101\n' > "$GUARD"
    chmod 755 "$GUARD"
  fi
  watched '^(Get|Hit):' apt-get update || say '      the package list could not be refreshed; trying with the one that is here'
  DEBIAN_FRONTEND=noninteractive watched '^Setting up' apt-get install --yes --no-install-recommends "$@" \
    || fail "apt-get could not install: $*" 'Mend what it says above, then give the same command again.'
  if command -v systemctl > /dev/null; then
    for name in "$@"; do
      case $name in frr | lldpd | snmpd | postgresql | prometheus) units+=("$name") ;; openssh-server) units+=(ssh) ;; esac
    done
    [ ${#units[@]} -eq 0 ] || systemctl disable "${units[@]}" > /dev/null 2>&1 || true
  fi
  if [ -n "$GUARD_IS_OURS" ]; then
    rm -f "$GUARD"
    GUARD_IS_OURS=
  fi
}

system_packages() {
  local missing
  if ! command -v dpkg-query > /dev/null; then
    [ -e "$STAMP" ] || say "      this is not Debian; the lab needs the programs of: ${PACKAGES[*]}"
    return 0
  fi
  missing=$(missing_packages)
  [ -n "$missing" ] || return 0
  say "[1/3] Debian packages: $missing"
  if [ "$(id -u)" -eq 0 ]; then
    # shellcheck disable=SC2086  # a list of names
    install_packages $missing
  else
    say '      not root, so not installed. The lab needs them; until then devices in memory serve. As root:'
    say "      apt-get install --no-install-recommends $missing"
  fi
}

python_is_usable() {
  "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null
}

virtual_environment() {
  python_is_usable "$PYTHON" || fail "Python 3.11 or newer is needed; '$PYTHON' is not." \
    'Install it and name it: make setup PYTHON=python3.12'
  # Scripts of an environment name it by its full path: in a checkout that was moved they lead elsewhere.
  if [ -e .venv/bin/lajur ] && ! head -n 2 .venv/bin/lajur | grep -qF "$PWD/.venv/bin/python"; then
    rm -rf .venv
  fi
  if python_is_usable .venv/bin/python && .venv/bin/python -c 'import pip' 2> /dev/null; then
    return 0
  fi
  say "[2/3] Virtual environment .venv ($("$PYTHON" -V 2>&1))"
  python_is_usable .venv/bin/python || rm -rf .venv
  "$PYTHON" -m venv .venv || fail "'$PYTHON -m venv' did not work; on Debian: apt-get install python3-venv"
}

# Hashes are checked; nothing is resolved (the lock is complete) and no build fetches anything of its own. Modules are
# compiled when first imported: compiling all of them here would double the wait.
pip_install() {
  watched '^(Collecting|Obtaining)' .venv/bin/python -m pip install --no-input --disable-pip-version-check \
    --root-user-action ignore --progress-bar off --no-compile --no-deps "$@" \
    || fail 'pip could not install the pinned packages (see above).' "$INDEX_HINT"
}

python_packages() {
  say "[3/3] Python packages, pinned: $(grep -hc '^[a-z0-9].*==' requirements/lock.txt), and lajur itself"
  # The first line is for the interpreter's own pip, which may be years old and knows no newer option.
  watched '^Collecting' .venv/bin/python -m pip install --disable-pip-version-check --no-deps --require-hashes \
    -r requirements/build.txt || fail 'pip could not install the build tools (see above).' "$INDEX_HINT"
  pip_install --no-build-isolation --require-hashes --requirement requirements/lock.txt
  pip_install --no-build-isolation --editable .
}

# Without it everything works but `lajur infra`. ENGINE=later puts it off: it may have to be built, which takes minutes.
engine() {
  [ "${ENGINE:-}" != later ] || return 0
  .venv/bin/python -m infra.engine && return 0
  [ "${CI:-}" != true ] || fail 'the Pulumi engine is promised here (see above).'
  say 'Everything but `lajur infra` works without it.'
}

fingerprint() {
  { cat requirements/build.txt requirements/lock.txt requirements/setup.sh pyproject.toml; pwd; "$PYTHON" -V; } 2>&1 | sha256sum
}

started=$SECONDS
system_packages
if [ ! -e "$STAMP" ] || [ "$(cat "$STAMP")" != "$(fingerprint)" ] || [ ! -x .venv/bin/lajur ]; then
  virtual_environment
  python_packages
  fingerprint > "$STAMP"
  say "Ready in $((SECONDS - started)) s."
fi
engine
