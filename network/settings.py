"""Settings of one process. Built by wiring and handed on; nothing reads the environment at import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import inventory
from network.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`state` holds ledger, locks and pinned host keys; `regencies` the folders of the truth.

    `ledger` is the address of a PostgreSQL database, None for SQLite in `state`. `lab` is the lab to use when several are up.
    `arm_seconds` is how long a device waits for us before it goes back by itself.
    """

    state: Path
    regencies: Path
    regency: str
    ledger: str | None
    lab: str | None
    language: str
    arm_seconds: int

    @classmethod
    def read(cls, environment: Mapping[str, str], home: Path) -> Settings:
        """From `LAJUR_STATE`, `LAJUR_REGENCIES`, `LAJUR_REGENCY`, `LAJUR_LEDGER`, `LAJUR_LAB`, `LAJUR_LANG`, `LAJUR_ARM_SECONDS`.

        Raises UsageError for a value that cannot be used.
        """
        state = environment.get("LAJUR_STATE") or str(_state_home(environment, home) / "lajur")
        shipped = Path(inventory.__file__).parent / "regencies"
        arm = environment.get("LAJUR_ARM_SECONDS", "30")
        if not arm.isdecimal() or not 5 <= int(arm) <= 600:
            raise UsageError("settings.arm_seconds", value=arm)
        return cls(
            state=Path(state).expanduser().resolve(),
            regencies=Path(environment.get("LAJUR_REGENCIES") or shipped).expanduser().resolve(),
            regency=environment.get("LAJUR_REGENCY", "manokwari"),
            ledger=environment.get("LAJUR_LEDGER") or None,
            lab=environment.get("LAJUR_LAB") or None,
            language=_language(environment),
            arm_seconds=int(arm),
        )


def _state_home(environment: Mapping[str, str], home: Path) -> Path:
    return Path(environment.get("XDG_STATE_HOME") or home / ".local" / "state")


def _language(environment: Mapping[str, str]) -> str:
    wanted = environment.get("LAJUR_LANG") or environment.get("LC_ALL") or environment.get("LANG") or ""
    return "id" if wanted.lower().startswith("id") else "en"
