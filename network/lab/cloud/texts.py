"""What the services of a lab's cloud are told, as texts. Pure: values in, files out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from network.lab.cloud.parts import ADDRESS, DATABASE_PORT, DATABASE_USER, HOME, LOOPBACK, PROJECT, REGION, SOCKET, USER, service

OPERATOR: Final = "operator"
"""The file with the password of who runs the cloud."""

_ETC: Final = f"{HOME}/etc"
_DATA: Final = f"{HOME}/data"
_LOG: Final = f"{HOME}/log"
_HOST: Final = "cloud"
_CONNECTIONS: Final = 30
"""To a database, of each service, which are kept: a new one costs more than most of what is asked over it."""
_QUEUE: Final = "fake:/"
"""Everything of a service is one process, which needs no broker."""

Sections = Mapping[str, Mapping[str, object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passwords:
    """Of the cloud's operator, of its services among themselves, and of whom it is rented for."""

    admin: str
    services: str
    tenant: str


def settings(passwords: Passwords, driver: str) -> dict[str, str]:
    """By path below `HOME`: the settings of every service. `driver` is Nova's name for who makes servers."""
    return {
        "etc/keystone/keystone.conf": _ini(_keystone()),
        "etc/glance/glance-api.conf": _ini(_glance(passwords)),
        "etc/placement/placement.conf": _ini(_placement(passwords)),
        "etc/nova/nova.conf": _ini(_nova(passwords, driver)),
        "etc/neutron/neutron.conf": _ini(_neutron(passwords)),
        "etc/cinder/cinder.conf": _ini(_cinder(passwords)),
        "clouds.yaml": clouds(passwords),
        OPERATOR: passwords.admin,
        "guest/lajur_cloud-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: lajur-cloud\nVersion: 1\n",
        "guest/lajur_cloud-1.dist-info/entry_points.txt": "[neutron.ml2.mechanism_drivers]\nlajur = lajur_cloud.ports:BindAll\n",
    }


def environment() -> dict[str, str]:
    """What every program of the cloud finds in its environment beside a PATH."""
    names = ("keystone", "glance", "placement", "nova", "neutron", "cinder")
    folders = {f"OS_{name.upper()}_CONFIG_DIR": f"{_ETC}/{name}" for name in names}
    more = {"OS_NEUTRON_CONFIG_FILES": "neutron.conf", "OS_CINDER_DISABLE_EVENTLET_PATCHING": "1", "LC_ALL": "C.UTF-8"}
    return {**folders, **more, "LAJUR_HYPERVISOR": SOCKET}


def clouds(passwords: Passwords) -> str:
    """clouds.yaml with two clouds: `lab`, as whoever rents from it, and `lab-admin`, as who runs it."""
    return "clouds:\n" + "".join(
        f"  {name}:\n"
        f"    auth: {{auth_url: 'http://{ADDRESS}:5000/v3', username: {user}, password: {password}, project_name: {project},"
        " user_domain_id: default, project_domain_id: default}\n"
        f"    region_name: {REGION}\n"
        "    identity_api_version: 3\n"
        for name, user, password, project in (
            ("lab", USER, passwords.tenant, PROJECT),
            ("lab-admin", "admin", passwords.admin, "admin"),
        )
    )


def _keystone() -> Sections:
    keys = f"{_DATA}/keystone"
    return {
        "DEFAULT": {"log_file": f"{_LOG}/keystone.log", "public_endpoint": f"http://{ADDRESS}:5000"},
        "database": _database("keystone"),
        "token": {"provider": "fernet", "expiration": 14400},
        "fernet_tokens": {"key_repository": f"{keys}/fernet"},
        # Nobody logs in by several steps here, but Keystone looks at once: without this into the machine's own folder.
        "fernet_receipts": {"key_repository": f"{keys}/fernet"},
        "credential": {"key_repository": f"{keys}/credential"},
        "identity": {"password_hash_rounds": 4},
    }


def _glance(passwords: Passwords) -> Sections:
    return {
        "DEFAULT": {"log_file": f"{_LOG}/glance.log", "enabled_backends": "files:file"},
        "database": _database("glance"),
        "glance_store": {"default_backend": "files"},
        "files": {"filesystem_store_datadir": f"{_DATA}/images"},
        "os_glance_staging_store": {"filesystem_store_datadir": f"{_DATA}/staging"},
        "os_glance_tasks_store": {"filesystem_store_datadir": f"{_DATA}/tasks"},
        "paste_deploy": {"flavor": "keystone", "config_file": f"{_ETC}/glance/glance-api-paste.ini"},
        **_common(passwords),
    }


def _placement(passwords: Passwords) -> Sections:
    return {
        "DEFAULT": {"log_file": f"{_LOG}/placement.log"},
        "api": {"auth_strategy": "keystone"},
        "placement_database": _database("placement"),
        "keystone_authtoken": _token(passwords),
    }


def _nova(passwords: Passwords, driver: str) -> Sections:
    return {
        "DEFAULT": {
            "log_file": f"{_LOG}/nova.log",
            "state_path": f"{_DATA}/nova",
            "instances_path": f"{_DATA}/nova/instances",
            "host": _HOST,
            "my_ip": LOOPBACK,
            "transport_url": _QUEUE,
            "compute_driver": driver,
            "vif_plugging_is_fatal": False,
            "vif_plugging_timeout": 0,
            "osapi_compute_workers": 1,
        },
        "api": {"auth_strategy": "keystone"},
        "wsgi": {"api_paste_config": f"{_ETC}/nova/api-paste.ini"},
        "api_database": _database("nova_api"),
        "database": _database("nova_cell1"),
        "conductor": {"workers": 1},
        "scheduler": {"workers": 1, "discover_hosts_in_cells_interval": 10},
        "glance": {"api_servers": service("glance").url},
        "vnc": {"enabled": False},
        "spice": {"enabled": False},
        "notifications": {"notification_format": "unversioned"},
        "placement": _client(passwords),
        "neutron": {**_client(passwords), "service_metadata_proxy": False},
        "cinder": _client(passwords),
        **_common(passwords),
        **_speaks_for_users(passwords),
    }


def _neutron(passwords: Passwords) -> Sections:
    return {
        "DEFAULT": {
            "log_file": f"{_LOG}/neutron.log",
            "state_path": f"{_DATA}/neutron",
            "core_plugin": "ml2",
            "service_plugins": "router",
            "auth_strategy": "keystone",
            "api_paste_config": f"{_ETC}/neutron/api-paste.ini",
            "transport_url": _QUEUE,
            "api_workers": 1,
            "rpc_workers": 0,
            "notify_nova_on_port_status_changes": True,
            "notify_nova_on_port_data_changes": True,
            "dhcp_agent_notification": False,
            "router_scheduler_driver": "neutron.scheduler.l3_agent_scheduler.ChanceScheduler",
            "global_physnet_mtu": 1500,
        },
        "database": _database("neutron"),
        "ml2": {
            "type_drivers": "local,flat,vxlan",
            "tenant_network_types": "vxlan",
            "mechanism_drivers": "lajur",
            "extension_drivers": "port_security",
        },
        "ml2_type_flat": {"flat_networks": "*"},
        "ml2_type_vxlan": {"vni_ranges": "1:1000"},
        "securitygroup": {"enable_security_group": True},
        "nova": _client(passwords),
        "placement": _client(passwords),
        **_common(passwords),
    }


def _cinder(passwords: Passwords) -> Sections:
    return {
        "DEFAULT": {
            "log_file": f"{_LOG}/cinder.log",
            "state_path": f"{_DATA}/cinder",
            "api_paste_config": f"{_ETC}/cinder/api-paste.ini",
            "resource_query_filters_file": f"{_ETC}/cinder/resource_filters.json",
            # Of two services in one process Cinder reports the later one only; they live and die together.
            "service_down_time": 10**9,
            "auth_strategy": "keystone",
            "transport_url": _QUEUE,
            "host": _HOST,
            "my_ip": LOOPBACK,
            "enabled_backends": "fake",
            "glance_api_servers": service("glance").url,
            "default_volume_type": "__DEFAULT__",
            "volume_clear": "none",
        },
        "fake": {"volume_driver": "cinder.tests.fake_driver.FakeLoggingVolumeDriver", "volume_backend_name": "fake"},
        "database": _database("cinder"),
        "coordination": {"backend_url": f"file://{_DATA}/cinder/coordination"},
        "nova": _client(passwords),
        **_common(passwords),
        **_speaks_for_users(passwords),
    }


def database_url(name: str) -> str:
    return f"postgresql+psycopg2://{DATABASE_USER}@{LOOPBACK}:{DATABASE_PORT}/{name}"


def _database(name: str) -> Mapping[str, object]:
    return {"connection": database_url(name), "max_pool_size": _CONNECTIONS}


def _common(passwords: Passwords) -> Sections:
    return {
        "keystone_authtoken": _token(passwords),
        "oslo_concurrency": {"lock_path": f"{_DATA}/locks"},
        "oslo_messaging_notifications": {"driver": "noop"},
    }


def _speaks_for_users(passwords: Passwords) -> Sections:
    return {"service_user": {**_client(passwords), "send_service_user_token": True}}


def _login(passwords: Passwords) -> Mapping[str, object]:
    return {
        "auth_url": service("keystone").url,
        "auth_type": "password",
        "username": "services",
        "password": passwords.services,
        "project_name": "service",
        "user_domain_id": "default",
        "project_domain_id": "default",
    }


def _client(passwords: Passwords) -> Mapping[str, object]:
    return {**_login(passwords), "region_name": REGION}


def _token(passwords: Passwords) -> Mapping[str, object]:
    own = {
        "www_authenticate_uri": service("keystone").url,
        "service_token_roles_required": True,
        "service_token_roles": "service",
    }
    return {**_login(passwords), **own}


def _ini(sections: Sections) -> str:
    return "\n".join(
        "".join([f"[{name}]\n", *(f"{key} = {_value(value)}\n" for key, value in values.items())])
        for name, values in sections.items()
    )


def _value(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
