"""Where a machine is searched for credentials before it is given back. What is not here is neither looked at nor wiped.

Names without a leading slash are below the home of every account; `*` stands for anything in a name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

Kind = Literal["authorized_keys", "private_key", "known_hosts", "history", "credential", "ours", "tls_key", "password", "journal"]

SSH: Final = ("known_hosts*", "config", "environment", "rc", "id_*", "*.pem", "*.key", "*.ppk", "agent*", "control*", "cm-*")
HISTORIES: Final = (
    ".*_history", ".history", ".histfile", ".lesshst", ".viminfo", ".node_repl_history", ".wget-hsts",
    ".local/share/fish/fish_history", ".local/state/python_history", ".local/share/nano/*_history",
)  # fmt: skip
CREDENTIALS: Final = (
    ".pgpass", ".netrc", ".my.cnf", ".mylogin.cnf", ".git-credentials", ".config/git/credentials", ".npmrc", ".pypirc", ".s3cfg",
    ".boto", ".vault-token", ".terraformrc", ".terraform.d/credentials.tfrc.json", ".docker/config.json",
    ".config/containers/auth.json", ".composer/auth.json", ".config/composer/auth.json", ".config/rclone/rclone.conf",
    ".config/gh/hosts.yml", ".config/hub", ".pulumi/credentials.json", ".ansible_vault*", ".smbcredentials", ".msmtprc",
    ".fetchmailrc", ".Xauthority",
)  # fmt: skip
CREDENTIAL_TREES: Final = (
    ".aws", ".azure", ".config/gcloud", ".config/openstack", ".kube", ".gnupg", ".password-store", ".local/share/keyrings",
)  # fmt: skip
SYSTEM_FILES: Final = (
    "/etc/ipsec.secrets", "/etc/krb5.keytab", "/etc/ppp/chap-secrets", "/etc/ppp/pap-secrets", "/etc/wireguard/*.conf",
    "/etc/openvpn/*.key", "/etc/openvpn/*/*.key", "/etc/NetworkManager/system-connections/*", "/etc/apt/auth.conf",
    "/etc/apt/auth.conf.d/*", "/etc/openstack/clouds.yaml", "/etc/docker/key.json",
    "/var/lib/cloud/instances/*/user-data.txt*", "/var/lib/cloud/instances/*/vendor-data.txt*",
    "/var/lib/systemd/credential.secret",
)  # fmt: skip
OUR_TREES: Final = ("/etc/lajur", "/var/lib/lajur", "/etc/credstore", "/etc/credstore.encrypted", "/run/credstore")
TLS: Final = (
    "/etc/ssl", "/etc/pki", "/etc/letsencrypt", "/etc/nginx", "/etc/apache2", "/etc/haproxy", "/etc/postgresql", "/etc/caddy",
    "/var/lib/caddy", "/var/lib/postgresql", "/usr/local/etc", "/etc/prometheus", "/etc/grafana",
)  # fmt: skip


def _homes(*names: str) -> tuple[str, ...]:
    return tuple(f"~/{name}" for name in names)


_NO_KEYS: Final = ("known_hosts*", "config", "environment", "rc")

SEARCHED: Final[Mapping[Kind, tuple[str, ...]]] = MappingProxyType(
    {
        "authorized_keys": (*_homes(".ssh/authorized_keys", ".ssh/authorized_keys2"), "AuthorizedKeysFile (sshd_config)"),
        "private_key": (*_homes(*(f".ssh/{name}" for name in SSH if name not in _NO_KEYS)), "~/.ssh/* (PRIVATE KEY)"),
        "known_hosts": _homes(".ssh/known_hosts*"),
        "history": _homes(*HISTORIES),
        "credential": (
            *_homes(*(f".ssh/{name}" for name in _NO_KEYS[1:]), *CREDENTIALS, *CREDENTIAL_TREES),
            *SYSTEM_FILES,
            *("/etc/shadow-", "/etc/gshadow-", "/etc/sudoers.d/lajur*"),
        ),
        "ours": OUR_TREES,
        "tls_key": tuple(f"{tree} (PRIVATE KEY, dpkg -S: none)" for tree in TLS),
        "password": ("/etc/shadow",),
        "journal": ("/var/log/journal",),
    }
)
"""By kind: the places, as they stand in the record of a return."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What a role of ours (`playbooks/roles`) leaves on a machine. `marks`: files that it alone lays down, any of which says that
    it was here; `units` are patterns of systemd's; `trees` hold its data, each a folder or a file. An asterisk stands for any
    name."""

    marks: tuple[str, ...]
    units: tuple[str, ...]
    trees: tuple[str, ...]


UNITS: Final = "/etc/systemd/system"
DATABASES: Final = "/var/lib/postgresql"
BACKUPS: Final = "/var/lib/pgbackrest"
"""What is in these may be the only copy of somebody's data."""

# The database before its settings, which say that it is ours; what is left below /srv/lajur after its parts.
BROUGHT: Final[Mapping[str, Brought]] = MappingProxyType(
    {
        "workload": Brought(marks=("/srv/lajur",), units=("lajur-*",), trees=("/srv/lajur/*", "/srv/lajur")),
        "controller": Brought(
            marks=("/var/lib/lajur-controller", f"{UNITS}/lajur-api.service"),
            units=("lajur-*",),
            trees=("/var/lib/lajur-controller",),
        ),
        "database": Brought(
            marks=(
                "/etc/postgresql/*/*/conf.d/lajur.conf", "/etc/pgbackrest/conf.d/secret.conf", "/etc/pgbackrest/restore",
                f"{UNITS}/lajur-backup.timer", f"{UNITS}/lajur-database-check.timer",
            ),
            units=("postgresql*", "pgbackrest*", "lajur-*"),
            trees=(
                DATABASES, BACKUPS, "/var/spool/pgbackrest", "/var/log/postgresql", "/var/log/pgbackrest",
                "/etc/postgresql", "/etc/pgbackrest", "/etc/pgbackrest.conf",
            ),
        ),
        "edge": Brought(
            marks=(f"{UNITS}/haproxy.service.d/lajur.conf", "/etc/haproxy/lajur"),
            units=("haproxy*",),
            trees=("/etc/haproxy/tls", "/etc/haproxy/lajur", "/var/lib/haproxy-state"),
        ),
        "monitoring": Brought(
            marks=(f"{UNITS}/prometheus*.service.d/lajur.conf", "/etc/prometheus/lajur"),
            units=("prometheus*",),
            trees=("/var/lib/prometheus", "/etc/prometheus"),
        ),
        "chat": Brought(
            marks=(f"{UNITS}/prosody.service.d/lajur.conf", "/var/lib/prosody/lajur.crt"),
            units=("prosody*",),
            trees=("/var/lib/prosody", "/var/log/prosody", "/etc/prosody/certs"),
        ),
    }
)  # fmt: skip
"""By role. Settings of it that hold no data and no secret stay, as packages do; `OUR_TREES` hold its credentials."""

STATELESS: Final = ("chrony*", "fail2ban*", "unbound*")
"""Units of those roles of ours that leave neither data nor secrets: patterns as in `BROUGHT`."""
