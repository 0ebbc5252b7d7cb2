"""A machine's management controller over Redfish: what it knows of the hardware, power, boot device, virtual media.

Sushy behind the port `Controller`. A self-signed certificate is pinned by the SHA-256 of its DER form, and no redirect or link
of the controller leads elsewhere. Never shows a password, never believes that a thing is done before it reads so.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, Self

import sushy
import sushy.auth
import sushy.connector
import sushy.exceptions

from infra.errors import BmcError
from infra.facts import Disk, DiskKind
from infra.reach.controller import USUAL, BmcFacts, BmcLimits, BmcLogin, BmcState, Boot, Order, Power, is_same_image
from infra.reach.pinned_https import Elsewhere, offered_certificate, only_here
from infra.text import clean

_BOOT: Final[dict[Boot, sushy.BootSource]] = {
    "disk": sushy.BootSource.HDD,
    "pxe": sushy.BootSource.PXE,
    "cd": sushy.BootSource.CD,
}
_RESET: Final[dict[Order, sushy.ResetType]] = {
    "on": sushy.ResetType.ON,
    "off": sushy.ResetType.GRACEFUL_SHUTDOWN,
    "force_off": sushy.ResetType.FORCE_OFF,
    "restart": sushy.ResetType.GRACEFUL_RESTART,
}
_STATE: Final[dict[sushy.PowerState, Power]] = {sushy.PowerState.ON: "on", sushy.PowerState.OFF: "off"}

logging.getLogger("sushy").addHandler(logging.NullHandler())
logging.getLogger("sushy").propagate = False


class Redfish:
    """`Controller` over Redfish. Connects when it is first asked."""

    def __init__(self, login: BmcLogin, limits: BmcLimits = USUAL) -> None:
        self._login = login
        self._limits = limits
        self._connector: Any = None
        self._system: Any = None

    def facts(self) -> BmcFacts:
        with self._told("facts"):
            system = self._fresh()
            return BmcFacts(
                cpus=_told_count(lambda: system.processors.summary.count),
                memory=_memory(system),
                disks=_disks(system),
                vendor=_word(system, "manufacturer"),
                model=_word(system, "model"),
                serial=_word(system, "serial_number"),
            )

    def state(self) -> BmcState:
        with self._told("state"):
            system = self._fresh()
            source = system.boot.target if system.boot else None
            enabled = system.boot.enabled if system.boot else None
            drive = self._drive(system)
            return BmcState(
                power=_STATE.get(system.power_state),
                boot=next((name for name, one in _BOOT.items() if one == source), None),
                once=enabled == sushy.BootSourceOverrideEnabled.ONCE,
                media=clean(drive.image or "", 256) if drive is not None and drive.inserted else None,
            )

    def adopt(self) -> None:
        """Nothing: it is the machine's own."""

    def power(self, order: Order) -> None:
        with self._told(f"power {order}"):
            system = self._fresh()
            wanted: Power = "off" if order in {"off", "force_off"} else "on"
            now = _STATE.get(system.power_state)
            if order != "restart" and now == wanted:
                return
            system.reset_system(_RESET["on"] if order == "restart" and now == "off" else _RESET[order])
            self._await(f"power {order}", wanted, left_first=order == "restart" and now == "on")

    def boot(self, device: Boot, *, once: bool = False) -> None:
        with self._told(f"boot {device}"):
            enabled = sushy.BootSourceOverrideEnabled.ONCE if once else sushy.BootSourceOverrideEnabled.CONTINUOUS
            system = self._fresh()
            system.set_system_boot_options(_BOOT[device], enabled=enabled)
            system = self._fresh()
            if not system.boot or system.boot.target != _BOOT[device]:
                raise self._error("infra.bmc_no_effect", doing=f"boot {device}", seconds=0)

    def media(self, image: str | None) -> None:
        doing = "media insert" if image else "media eject"
        with self._told(doing):
            drive = self._drive(self._fresh())
            if drive is None:
                raise self._error("infra.bmc_lacks", doing=doing, what="virtual media")
            if drive.inserted and not (image and is_same_image(image, drive.image or "")):
                drive.eject_media()
                drive.refresh(force=True)
            if image and not drive.inserted:
                drive.insert_media(image)
                drive.refresh(force=True)
            if bool(drive.inserted) != bool(image):
                raise self._error("infra.bmc_no_effect", doing=doing, seconds=0)

    def close(self) -> None:
        if self._connector is not None:
            self._connector.close()
        self._connector = self._system = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _fresh(self) -> Any:
        """The machine as the controller sees it now."""
        if self._system is None:
            self.close()
            login = self._login
            connector = self._connector = sushy.connector.Connector(
                login.url,
                verify=login.certificate is None,
                default_request_timeout=self._limits.answer,
                connect_timeout=self._limits.connect,
                server_side_retries=1,
                server_side_retries_delay=1,
            )
            only_here(connector._session, login.url, login.certificate)  # noqa: SLF001 - its only socket, and it has no setting
            auth = sushy.auth.BasicAuth(username=login.user, password=login.password)
            root = sushy.Sushy(login.url, auth=auth, connector=connector, public_connector=_Offline())
            self._system = self._one(root)
        else:
            self._system.refresh(force=True)
        return self._system

    def _one(self, root: sushy.Sushy) -> Any:
        paths = [str(path) for path in root.get_system_collection().members_identities]
        wanted = self._login.system
        if wanted is None and len(paths) == 1:
            return root.get_system(paths[0])
        here = [path for path in paths if wanted is not None and path.rstrip("/").rpartition("/")[2] == wanted]
        if len(here) != 1:
            names = ", ".join(clean(path.rpartition("/")[2], 60) for path in paths[:20])
            raise self._error("infra.bmc_which_system", wanted=wanted or "–", systems=names)
        return root.get_system(here[0])

    @staticmethod
    def _drive(system: Any) -> Any | None:
        """The virtual CD drive: of the machine, or of its manager on older controllers."""
        holders = [
            lambda: system.virtual_media,
            *(lambda one=one: one.virtual_media for one in _quiet(lambda: system.managers) or ()),
        ]
        for holder in holders:
            drives = _quiet(holder)
            for drive in drives.get_members() if drives is not None else ():
                kinds = drive.media_types or []
                if sushy.VirtualMediaType.CD in kinds or sushy.VirtualMediaType.DVD in kinds:
                    return drive
        return None

    def _await(self, doing: str, wanted: Power, *, left_first: bool) -> None:
        """Look until it reads so. A restart has an effect when it is on after it was off, or stays on for a while: between two
        looks a machine may have gone and come back."""
        end = time.monotonic() + self._limits.effect
        settled = time.monotonic() + min(self._limits.settle, self._limits.effect / 2)
        while True:
            now = _STATE.get(self._fresh().power_state)
            left_first = left_first and now == wanted and time.monotonic() < settled
            if now == wanted and not left_first:
                return
            if time.monotonic() >= end:
                raise self._error("infra.bmc_no_effect", doing=doing, seconds=round(self._limits.effect))
            time.sleep(self._limits.between)

    def _error(self, code: str, **fields: object) -> BmcError:
        return BmcError(code, server=self._login.server, address=self._login.url, **fields)

    @contextmanager
    def _told(self, doing: str) -> Iterator[None]:
        """Foreign exceptions, as what is known. Their texts may hold what was sent, so only what the controller said is passed
        on."""
        try:
            yield
        except BmcError:
            raise
        except sushy.exceptions.AccessError:
            raise self._error("infra.bmc_login_refused", user=self._login.user) from None
        except Elsewhere as error:
            raise self._error("infra.bmc_elsewhere", where=clean(str(error))) from None
        except sushy.exceptions.ConnectionError as error:
            raise self._no_connection(error) from None
        except sushy.exceptions.HTTPError as error:
            reason = clean(str(error.detail or f"HTTP {error.status_code}"))
            raise self._error("infra.bmc_refused", doing=doing, reason=reason) from None
        except (sushy.exceptions.SushyError, *_NONSENSE) as error:
            raise self._error("infra.bmc_not_understood", doing=doing, reason=clean(str(error) or type(error).__name__)) from None

    def _no_connection(self, error: Exception) -> BmcError:
        cause = error.__context__
        if isinstance(cause, Elsewhere):
            return self._error("infra.bmc_elsewhere", where=clean(str(cause)))
        text = str(error if cause is None else cause)
        if "Fingerprint" in text or "CERTIFICATE_VERIFY_FAILED" in text:
            offered = offered_certificate(self._login.url, self._limits.connect)
            if offered is not None and offered != self._login.certificate:
                return self._error("infra.bmc_certificate", pinned=self._login.certificate or "–", offered=offered)
        return self._error("infra.bmc_unreachable", reason=clean(type(error if cause is None else cause).__name__))


_NONSENSE: Final = (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What Sushy meets in an answer that is no Redfish."""


class _Offline:
    """In the place of the line to the internet, where Sushy would look up what messages mean."""

    def get(self, url: str, **options: object) -> None:
        raise sushy.exceptions.ConnectionError(url=url, error="not asked for")


def _quiet(ask: Callable[[], Any]) -> Any | None:
    """What a controller may lack. A refused login is no lack."""
    try:
        return ask()
    except sushy.exceptions.AccessError:
        raise
    except (sushy.exceptions.MissingAttributeError, sushy.exceptions.HTTPError):
        return None


def _word(system: Any, name: str) -> str:
    value = getattr(system, name, None)
    return clean(value) if isinstance(value, str) else ""


def _told_count(ask: Callable[[], Any]) -> int | None:
    value = _quiet(ask)
    return value if isinstance(value, int) and 0 < value < 2**20 else None


def _memory(system: Any) -> int | None:
    size = system.memory_summary.size_gib if system.memory_summary else None
    return int(size * 2**30) if isinstance(size, (int, float)) and 0 < size < 2**20 else None


def _disks(system: Any) -> tuple[Disk, ...] | None:
    """Drives where the controller knows them, else the simple list, which has sizes and models only."""
    found = [_drive_disk(drive) for one in _members(lambda: system.storage) for drive in _drives(one)]
    if not found:
        devices = [device for one in _members(lambda: system.simple_storage) for device in one.devices or ()]
        found = [
            Disk(name=clean(device.name or ""), size=_size(device.capacity_bytes), model=clean(device.model or ""))
            for device in devices
        ]
    real = tuple(sorted((disk for disk in found[:1000] if disk.size), key=lambda one: one.name))
    return real or None


def _drives(storage: Any) -> list[Any]:
    return list(_quiet(lambda: storage.drives) or ())


def _members(ask: Callable[[], Any]) -> list[Any]:
    collection = _quiet(ask)
    return list(_quiet(collection.get_members) or ()) if collection is not None else []


def _size(value: object) -> int:
    return value if isinstance(value, int) and 0 < value < 2**62 else 0


def _drive_disk(drive: Any) -> Disk:
    kinds: dict[Any, DiskKind] = {"HDD": "hdd", "SMR": "hdd", "SSD": "ssd"}
    kind = kinds.get(drive.media_type, "unknown")
    if kind == "ssd" and drive.protocol == sushy.Protocol.NVMe:
        kind = "nvme"
    return Disk(
        name=clean(drive.name or drive.identity or ""),
        size=_size(drive.capacity_bytes),
        kind=kind,
        model=clean(drive.model or ""),
        serial=clean(drive.serial_number or ""),
    )
