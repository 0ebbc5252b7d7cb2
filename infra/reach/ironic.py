"""A machine through the Ironic that stands before it: what its inspection found, power, boot device, virtual media, adoption.

openstacksdk behind the port `Controller`. The certificate is pinned and nothing leads elsewhere, as with a controller of the
machine's own. What Ironic says of power is what it saw when it last looked at the machine, which it does every minute unless it
is told otherwise; while it forces the power state (its default), it carries power back by itself.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Self

import keystoneauth1.exceptions
import openstack.exceptions
import requests
from keystoneauth1.http_basic import HTTPBasicAuth
from keystoneauth1.noauth import NoAuth
from keystoneauth1.session import Session
from openstack.connection import Connection

from infra.errors import BmcError
from infra.facts import Disk, DiskKind
from infra.reach.controller import USUAL, BmcFacts, BmcLimits, BmcLogin, BmcState, Boot, Order, Power, is_same_image
from infra.reach.pinned_https import Elsewhere, offered_certificate, only_here
from infra.text import clean

if TYPE_CHECKING:
    from openstack.baremetal.v1.node import Node

_BOOT: Final[Mapping[Boot, str]] = {"disk": "disk", "pxe": "pxe", "cd": "cdrom"}
_TARGET: Final[Mapping[Order, str]] = {
    "on": "power on",
    "off": "soft power off",
    "force_off": "power off",
    "restart": "soft rebooting",
}
_POWER: Final[Mapping[str, Power]] = {"power on": "on", "power off": "off"}
_ADOPTED: Final = "active"
_ADOPTABLE: Final = ("manageable", "adopt failed")
_MANAGED: Final = (_ADOPTED, *_ADOPTABLE, "rescue")
"""In these a node is not being worked at by Ironic itself, which would not expect that somebody else gives orders."""
_UNDER_WAY: Final = ("ing", " wait", "wait call-back")
"""How the names of the states end in which Ironic is at work on a node and goes on by itself."""
_INVENTORY: Final = "1.81"
_SHOWN_MEDIA: Final = "1.93"
_NOTE: Final = "lajur_media"
"""Where a node is noted what was inserted, among its `extra`."""
_NO_IMAGE: Final = "file:///dev/null"
"""Ironic wants an image's name of every node that is in use; of one that was adopted it never reads it."""

for _name in ("keystoneauth", "openstack"):
    logging.getLogger(_name).addHandler(logging.NullHandler())
    logging.getLogger(_name).propagate = False


class Ironic:
    """`Controller` over Ironic's API; `login.system` is the node. Connects when it is first asked."""

    def __init__(self, login: BmcLogin, limits: BmcLimits = USUAL) -> None:
        self._login = login
        self._limits = limits
        self._web: requests.Session | None = None
        self._api: Any = None

    def facts(self) -> BmcFacts:
        """What an inspection found; a node that was never inspected tells what was written of it."""
        with self._told("facts"):
            node = self._node()
            return _facts(self._inventory(node), node.properties or {})

    def state(self) -> BmcState:
        with self._told("state"):
            node = self._node()
            device = self._api.get_node_boot_device(node)
            drive = self._drive(node)
            return BmcState(
                power=_POWER.get(node.power_state or ""),
                boot=next((name for name, one in _BOOT.items() if one == device.get("boot_device")), None),
                once=device.get("persistent") is False,
                media=clean(_shown(node, drive or {}), 256) or None,
                node=clean(node.provision_state or ""),
            )

    def adopt(self) -> None:
        with self._told("adopt"):
            if self._node().provision_state == _ADOPTED:
                return
            node = self._orderable("adopt", _ADOPTABLE, "manageable")
            if not (node.instance_info or {}).get("image_source"):
                self._api.update_node(node, instance_info={**(node.instance_info or {}), "image_source": _NO_IMAGE})
            self._api.set_node_provision_state(node, "adopt")
            self._await("adopt", lambda now: now.provision_state == _ADOPTED, lambda now: now.provision_state == "adopt failed")

    def power(self, order: Order) -> None:
        with self._told(f"power {order}"):
            wanted: Power = "off" if order in {"off", "force_off"} else "on"
            if order != "restart" and _POWER.get(self._node().power_state or "") == wanted:
                return
            node = self._orderable(f"power {order}")
            now = _POWER.get(node.power_state or "")
            self._api.set_node_power_state(node, _TARGET["on" if order == "restart" and now == "off" else order])
            self._await(f"power {order}", lambda now: not now.target_power_state and _POWER.get(now.power_state or "") == wanted)

    def boot(self, device: Boot, *, once: bool = False) -> None:
        with self._told(f"boot {device}"):
            node = self._orderable(f"boot {device}")
            self._api.set_node_boot_device(node, _BOOT[device], persistent=not once)
            if self._api.get_node_boot_device(node).get("boot_device") != _BOOT[device]:
                raise self._error("infra.bmc_no_effect", doing=f"boot {device}", seconds=0)

    def media(self, image: str | None) -> None:
        """Through Ironic's API of 2024 and newer; older ones do not offer it."""
        doing = "media insert" if image else "media eject"
        with self._told(doing):
            node = self._node()
            drive = self._drive(node)
            if drive is None:
                raise self._error("infra.bmc_lacks", doing=doing, what="virtual media")
            held = _shown(node, drive)
            if is_same_image(image, held) if image else not drive.get("inserted"):
                return
            node = self._orderable(doing)
            if drive.get("inserted"):
                self._api.detach_vmedia_from_node(node, ["cdrom"])
                self._await(doing, lambda now: not (self._drive(now) or {}).get("inserted"))
            if image:
                self._api.update_node(self._node(), extra={**(node.extra or {}), _NOTE: image})
                self._api.attach_vmedia_to_node(node, "cdrom", image, image_download_source="http")
                self._await(doing, lambda now: bool((self._drive(now) or {}).get("inserted")))

    def close(self) -> None:
        if self._web is not None:
            self._web.close()
        self._web = self._api = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    # ---- asking

    def _connect(self) -> Any:
        """Nothing of the environment counts: no `clouds.yaml`, no `OS_…`, no proxy."""
        login = self._login
        self._web = requests.Session()
        only_here(self._web, login.url, login.certificate)
        known = HTTPBasicAuth(endpoint=login.url, username=login.user, password=login.password)
        session = Session(
            auth=known if login.user else NoAuth(endpoint=login.url),
            session=self._web,
            verify=login.certificate is None,
            timeout=self._limits.answer,
        )
        # Asked first by ourselves: looking for the API's versions, the SDK would swallow why nobody answers.
        session.get(f"{login.url.rstrip('/')}/v1/", authenticated=bool(login.user))
        return Connection(session=session).baremetal

    def _node(self) -> Node:
        if self._api is None:
            try:
                self._api = self._connect()
            except keystoneauth1.exceptions.NotFound:
                raise self._error("infra.bmc_not_understood", doing="/v1/", reason="HTTP 404") from None
        node: Node = self._api.get_node(self._login.system)
        return node

    def _orderable(self, doing: str, states: Collection[str] = _MANAGED, wanted: str = "active, manageable") -> Node:
        """The node, once nobody else's order to it is under way. Raises BmcError when that takes too long, when the node is in
        maintenance, where somebody works at the machine itself, or when Ironic does not hold it as it has to."""
        end = time.monotonic() + self._limits.busy
        while _is_busy(node := self._node()):
            if time.monotonic() >= end:
                raise self._busy(node, doing)
            time.sleep(self._limits.between)
        state = clean(node.provision_state or "–")
        if node.is_maintenance:
            reason = clean(str(node.maintenance_reason or "–"))
            raise self._error("infra.ironic_maintenance", node=self._login.system, state=state, doing=doing, reason=reason)
        if node.provision_state not in states:
            raise self._error("infra.ironic_state", node=self._login.system, state=state, wanted=wanted)
        return node

    def _inventory(self, node: Node) -> Mapping[str, Any]:
        said = self._api.get(f"/nodes/{node.id}/inventory", microversion=_INVENTORY)
        found = said.json().get("inventory") if said.status_code == requests.codes.ok else None
        return found if isinstance(found, dict) else {}

    def _drive(self, node: Node) -> Mapping[str, Any] | None:
        """The virtual CD drive; None where there is none, or where this Ironic is too old to say."""
        said = self._api.get(f"/nodes/{node.id}/vmedia", microversion=_SHOWN_MEDIA)
        drives = said.json() if said.status_code == requests.codes.ok else []
        here = [each for each in drives if isinstance(each, dict) and {"CD", "DVD"} & set(each.get("media_types") or ())]
        return here[0] if here else None

    def _await(self, doing: str, holds: Callable[[Node], bool], failed: Callable[[Node], bool] = lambda now: False) -> None:
        """Look until it holds, or until Ironic lets go of the node and says what went wrong."""
        end = time.monotonic() + self._limits.effect
        while not holds(node := self._node()):
            if node.last_error and (not node.reservation or failed(node)):
                raise self._error("infra.bmc_refused", doing=doing, reason=clean(str(node.last_error)))
            if time.monotonic() >= end:
                raise self._error("infra.bmc_no_effect", doing=doing, seconds=round(self._limits.effect))
            time.sleep(self._limits.between)

    # ---- what went wrong

    def _error(self, code: str, **fields: object) -> BmcError:
        return BmcError(code, server=self._login.server, address=self._login.url, **fields)

    def _busy(self, node: Node, doing: str) -> BmcError:
        state, holder = (clean(str(each or "–")) for each in (node.provision_state, node.reservation))
        return self._error("infra.ironic_busy", node=self._login.system, state=state, holder=holder, doing=doing)

    @contextmanager
    def _told(self, doing: str) -> Iterator[None]:
        """Foreign exceptions, as what is known."""
        try:
            yield
        except BmcError:
            raise
        except (openstack.exceptions.HttpException, keystoneauth1.exceptions.HttpError) as error:
            raise self._refused(doing, error) from None
        except keystoneauth1.exceptions.ClientException as error:
            raise self._no_connection(error) from None
        except openstack.exceptions.NotSupported:
            raise self._error("infra.bmc_lacks", doing=doing, what=doing) from None
        except (openstack.exceptions.SDKException, OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise self._error("infra.bmc_not_understood", doing=doing, reason=clean(str(error) or type(error).__name__)) from None

    def _refused(self, doing: str, error: Any) -> BmcError:
        status = getattr(error, "status_code", None) or getattr(error, "http_status", None)
        match status:
            case requests.codes.unauthorized | requests.codes.forbidden:
                return self._error("infra.bmc_login_refused", user=self._login.user or "–")
            case requests.codes.not_found:
                return self._error("infra.ironic_no_node", node=self._login.system)
            case requests.codes.conflict:
                return self._busy(self._node(), doing)
        reason = clean(str(getattr(error, "details", None) or f"HTTP {status}"))
        return self._error("infra.bmc_refused", doing=doing, reason=reason)

    def _no_connection(self, error: BaseException) -> BmcError:
        causes = _causes(error)
        elsewhere = next((each for each in causes if isinstance(each, Elsewhere)), None)
        if elsewhere is not None:
            return self._error("infra.bmc_elsewhere", where=clean(str(elsewhere)))
        if any(isinstance(each, requests.exceptions.SSLError) for each in causes):
            offered = offered_certificate(self._login.url, self._limits.connect)
            if offered is not None and offered != self._login.certificate:
                return self._error("infra.bmc_certificate", pinned=self._login.certificate or "–", offered=offered)
        return self._error("infra.bmc_unreachable", reason=clean(type(causes[-1]).__name__))


def _is_busy(node: Node) -> bool:
    return bool(node.reservation) or (node.provision_state or "").endswith(_UNDER_WAY)


def _causes(error: BaseException | None) -> list[BaseException]:
    """From the one that we see to the one that it began with; of requests' own kind at least."""
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def _shown(node: Node, drive: Mapping[str, Any]) -> str:
    """The image that is in. Ironic serves a copy of its own, named after the node: of that the note tells what it was made of."""
    image = str(drive.get("image") or "") if drive.get("inserted") else ""
    noted = (node.extra or {}).get(_NOTE)
    return str(noted) if noted and image.rpartition("/")[2] == f"cdrom-{node.id}.iso" else image


def _facts(inventory: Mapping[str, Any], properties: Mapping[str, Any]) -> BmcFacts:
    """`properties` are what schedulers count with; the size of a disk in them is less than what is there, so it tells nothing."""
    system = _part(inventory, "system_vendor")
    cpus = _part(inventory, "cpu").get("count") or properties.get("cpus")
    memory = _part(inventory, "memory").get("physical_mb") or properties.get("memory_mb")
    return BmcFacts(
        cpus=_count(cpus, 2**20),
        memory=(_count(memory, 2**30) or 0) * 2**20 or None,
        disks=_disks(inventory.get("disks")),
        vendor=_word(system.get("manufacturer") or properties.get("vendor")),
        model=_word(system.get("product_name")),
        serial=_word(system.get("serial_number")),
    )


def _part(inventory: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = inventory.get(name)
    return found if isinstance(found, dict) else {}


def _disks(found: object) -> tuple[Disk, ...] | None:
    kinds: dict[object, DiskKind] = {True: "hdd", False: "ssd"}
    listed = [each for each in found[:1000] if isinstance(each, dict)] if isinstance(found, list) else []
    disks = [
        Disk(
            name=_word(each.get("name")),
            size=_count(each.get("size"), 2**62) or 0,
            kind=kinds.get(each.get("rotational"), "unknown"),
            model=_word(each.get("model")),
            serial=_word(each.get("serial")),
        )
        for each in listed
    ]
    real = tuple(sorted((disk for disk in disks if disk.size), key=lambda one: one.name))
    return real or None


def _word(value: object) -> str:
    return clean(value) if isinstance(value, str) else ""


def _count(value: object, most: int) -> int | None:
    """Properties hold numbers as texts at times."""
    try:
        number = int(value) if isinstance(value, int | float | str) else 0
    except (ValueError, OverflowError):
        return None
    return number if 0 < number < most else None
