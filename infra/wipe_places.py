"""Where a machine is searched for credentials before it is given back. What is not here is neither looked at nor wiped.

Names without a leading slash are below the home of every account; `*` stands for anything in a name.
"""

from __future__ import annotations

from collections.abc import Mapping
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
