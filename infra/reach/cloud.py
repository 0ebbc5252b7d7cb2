"""A cloud, through openstacksdk: opened from a `clouds.yaml`, and everything foreign that it raises as an error of ours.

keystoneauth's exceptions are not openstacksdk's, and openstacksdk's answers are `OSError` too, so all of them are caught in one
place. Nothing of the environment counts (no `OS_…`), only what the document says.
"""

from __future__ import annotations

import logging
import os
import re
import socket
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import keystoneauth1.exceptions
import openstack.exceptions
import requests
from openstack.config import OpenStackConfig
from openstack.connection import Connection

from infra.errors import CloudError, CloudRefused, InfraError
from infra.reach.answers import Answers
from infra.renting.complaint import code_of, error

T = TypeVar("T")

_ANSWER: Final = 60
"""Seconds for one answer of a service."""
_KNOCK: Final = 10.0
"""Seconds until a cloud takes a connection for the first time; after that keystoneauth asks again and again, for minutes."""
_NOBODYS: Final = "defaults"
"""The cloud that the SDK sees in a file that has none."""
_OF_FIELDS: Final = ("infra.cloud_field", "infra.cloud_missing", "infra.cloud_twice", "infra.cloud_forbidden")
"""The errors that a value brings about."""
_OF_LOGINS: Final = ("infra.cloud_login", "infra.cloud_unknown")
"""Those that who wrote the clouds.yaml has to mend."""
_COUNTED: Final = " ("
_NEUTRON_QUOTA: Final = re.compile(r"Quota exceeded for resources: \[(.*?)\]")
_KEY_QUOTA: Final = re.compile(r"too many key pairs", re.IGNORECASE)
_QUOTED: Final = re.compile(r"'(\w+)'")
_PLURAL: Final = {"floatingip": "floating_ips", "rbac_policy": "rbac_policies"}
"""Neutron's word for one, and the SDK's for them, where it is not that with an s."""
_SECRETS: Final = ("password", "token", "application_credential_secret", "passcode", "client_secret")

_connections: Final[dict[tuple[str, str], tuple[Any, Answers]]] = {}
"""By text of a clouds.yaml and name of a cloud in it."""
_answered: Final[set[str]] = set()
_one_at_a_time: Final = threading.Lock()

# Of settings that nobody gave.
warnings.filterwarnings("ignore", message="Support for InfluxDB")
for _name in ("keystoneauth", "openstack"):
    logging.getLogger(_name).addHandler(logging.NullHandler())
    logging.getLogger(_name).propagate = False


class Cloud:
    """`Api` of `infra.renting.kind` over a connection, with what was answered over it. `name` is the cloud's key."""

    def __init__(self, connection: Any, name: str, answers: Answers) -> None:
        self.name = name
        self.lately = answers.lately
        self._connection = connection
        self.network: Any = connection.network
        self.compute: Any = connection.compute
        self.volumes: Any = connection.block_storage
        self.images: Any = connection.image

    @property
    def project(self) -> str:
        """The id of the project that we are let in to."""
        return str(self._connection.current_project_id)

    def refuses(self, error: Exception) -> bool:
        ours = error if isinstance(error, InfraError) else understood(error, self.name, "")
        return isinstance(ours, CloudRefused) or ours.code in ("infra.cloud_missing", "infra.cloud_in_use", "infra.cloud_no_room")

    def there(self, get: Callable[[], T]) -> T | None:
        """What `get` answers; None when the cloud says that it has no such thing."""
        with suppress(openstack.exceptions.NotFoundException, keystoneauth1.exceptions.NotFound):
            return get()
        return None


@contextmanager
def opened(access: Mapping[str, Any], what: str) -> Iterator[Cloud]:
    """The cloud of an access document: `clouds`, the path of a clouds.yaml or its text; `cloud`, which of those in it; `key`,
    what it is called in what we say, `cloud` where there is none; `place`, where a person finds that clouds.yaml. `what` is
    wanted of it.

    Raises CloudError for whatever goes wrong in the block.
    """
    key = str(access.get("key") or access["cloud"])
    place = str(access.get("place") or "clouds.yaml")
    hidden: list[str] = []
    with translated(key, what, hidden, place):
        connection, answers = _connection(str(access["clouds"]), str(access["cloud"]), key, what)
        held = connection.config.config.get("auth", {})
        hidden += [str(held[name]) for name in _SECRETS if held.get(name)]
        _must_answer(str(held.get("auth_url") or ""))
        connection.authorize()
        try:
            yield Cloud(connection, key, answers)
        except openstack.exceptions.HttpException as foreign:
            _count(foreign, connection)
            raise


@contextmanager
def translated(cloud: str, what: str, hidden: Sequence[str] = (), place: str = "clouds.yaml") -> Iterator[None]:
    """The one place where foreign exceptions become ours. `hidden`: texts that no error may hold, which may grow meanwhile;
    `place`: where it is written how the cloud is entered."""
    try:
        yield
    except InfraError:
        raise
    except (
        openstack.exceptions.SDKException,
        keystoneauth1.exceptions.ClientException,
        requests.exceptions.RequestException,
        OSError,
    ) as foreign:
        raise understood(foreign, cloud, what, hidden, place) from None


def understood(foreign: Exception, cloud: str, what: str, hidden: Sequence[str] = (), place: str = "clouds.yaml") -> CloudError:
    status, words = _status(foreign), _words(foreign)
    for secret in hidden:
        words = words.replace(secret, "…") if len(secret) > 2 else words
    code, request = _code(foreign, status, words), getattr(foreign, "request_id", None)
    reason = _placed(foreign, code, words)
    return error(code, cloud=cloud, what=what, reason=f"{place}: {reason}" if code in _OF_LOGINS else reason, request=request)


def _placed(foreign: Exception, code: str, words: str) -> str:
    """With the input that the words are of, where they are of one (`infra.renting.kind.about`), and with what was counted."""
    notes = list(getattr(foreign, "__notes__", ()))
    counted = [note for note in notes if note.startswith(_COUNTED)]
    named = [note for note in notes if not note.startswith(_COUNTED)][:1] if code in _OF_FIELDS else []
    return ": ".join([*named, "".join([words, *counted])])


def _count(foreign: openstack.exceptions.HttpException, connection: Any) -> None:
    """Of a quota that a service refused without a number, which Neutron and, for key pairs, Nova do: how many there are of how
    many, as a note. Asking for that is no reason to fail otherwise."""
    words = str(foreign.details or "")
    listed = _NEUTRON_QUOTA.search(words)
    with suppress(openstack.exceptions.SDKException, keystoneauth1.exceptions.ClientException, KeyError, TypeError):
        if listed:
            found = connection.network.get_quota(connection.current_project_id, details=True).to_dict()
            for name in _QUOTED.findall(listed[1]):
                held = found[_PLURAL.get(name, f"{name}s")]
                foreign.add_note(f"{_COUNTED}{name}: {held['used']}/{held['limit']})")
        elif _KEY_QUOTA.search(words):
            most = connection.compute.get_limits().absolute.keypairs
            foreign.add_note(f"{_COUNTED}key_pairs: {len(list(connection.compute.keypairs()))}/{most})")


def _code(foreign: Exception, status: int | None, words: str) -> str:
    match foreign:
        case openstack.exceptions.ServiceDisabledException() | keystoneauth1.exceptions.EndpointNotFound():
            return "infra.cloud_lacks"
        case openstack.exceptions.ConfigException() | keystoneauth1.exceptions.MissingRequiredOptions():
            return "infra.cloud_unknown"
        case openstack.exceptions.DuplicateResource():
            return "infra.cloud_twice"
        case openstack.exceptions.ResourceTimeout():
            return "infra.cloud_timeout"
        case openstack.exceptions.NotFoundException() | keystoneauth1.exceptions.NotFound() if status is None:
            return "infra.cloud_missing"
        case openstack.exceptions.NotSupported() | keystoneauth1.exceptions.ConnectionError():
            return "infra.cloud_away"
        case openstack.exceptions.SDKException() | keystoneauth1.exceptions.ClientException():
            return code_of(status, words)
    return "infra.cloud_away"


def _status(foreign: Exception) -> int | None:
    found = getattr(foreign, "status_code", None) or getattr(foreign, "http_status", None)
    return found if isinstance(found, int) else None


def _words(foreign: Exception) -> str:
    """What the service says; without the address that it was asked at where it says anything."""
    return str(getattr(foreign, "details", None) or foreign) or type(foreign).__name__


def _connection(clouds: str, name: str, key: str, what: str) -> tuple[Any, Answers]:
    """One for all that is done in that cloud as long as this process lives, whatever runs beside it: one login, which
    keystoneauth gets anew when it no longer holds, and what was learned of the services once. It is closed with the process
    alone: a connection takes those with it that wait for an answer."""
    if "\n" not in clouds:
        if not os.access(clouds, os.R_OK):
            raise error("infra.cloud_unknown", cloud=key, what=what, reason=f"{clouds}: not readable")
        clouds = Path(clouds).read_text("utf-8") + "\n"
    with _one_at_a_time:
        found = _connections.get((clouds, name))
        if found is None:
            found = _connections[clouds, name] = Connection(config=_configured(clouds, name)), Answers()
    return found


def _must_answer(url: str) -> None:
    """Raises OSError for a cloud that takes no connection, once in the life of this process. Behind a
    proxy nobody can tell."""
    try:
        parts = urlsplit(url)
        place = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise openstack.exceptions.ConfigException(f"auth_url: {error}") from None
    if url in _answered or not parts.hostname or requests.utils.get_environ_proxies(url):
        return
    try:
        socket.create_connection(place, timeout=_KNOCK).close()
    except OSError as error:
        raise OSError(f"{place[0]}:{place[1]}: {error.strerror or f'{round(_KNOCK)} s'}") from None
    _answered.add(url)


def _configured(clouds: str, name: str) -> Any:
    """Its text never lies about in a file."""
    with tempfile.TemporaryDirectory(prefix="lajur-cloud-") as folder:
        file = Path(folder) / "clouds.yaml"
        file.touch(0o600)
        file.write_text(clouds, "utf-8")
        return _read(str(file), name)


def _read(file: str, name: str) -> Any:
    try:
        config: Any = OpenStackConfig(config_files=[file], vendor_files=[], secure_files=[], load_envvars=False)
        named = sorted(set(map(str, config.get_cloud_names())) - {_NOBODYS})
    except (TypeError, AttributeError, ValueError) as error:
        raise openstack.exceptions.ConfigException(f"{name}; clouds: ?") from error
    if name not in named:  # a file that is no YAML has none either
        raise openstack.exceptions.ConfigException(f"{name}; clouds: {', '.join(named) or '–'}")
    return config.get_one(cloud=name, api_timeout=_ANSWER)
