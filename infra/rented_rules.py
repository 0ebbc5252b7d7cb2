"""What the rules are asked of a rented server, computed from the truth. Pure: the day is an argument."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from ipaddress import IPv4Network
from typing import Any

from infra.rentals import group_inputs
from inventory.cloud_costs import MonthCost, month_costs
from inventory.cloud_views import Stay, last_day
from inventory.regency import Regency


def rule_inputs(regency: Regency, stay: Stay, today: date, costs: Iterable[MonthCost] | None = None) -> dict[str, Any]:
    """In JSON's types; days as YYYY-MM-DD, money in rupiah. `until`: the last day on which it stands. `rules`: who may come in,
    `from` as a prefix or empty for everybody; `own`: the prefixes that are the regency's, `managed` those of who administers it.
    `cost`: of everything that its stage rents in the calendar `month` of `today`; `budget`: of the stage, None where it has none.

    `costs` where they are known already. Raises Unfit for a rule of the calendar that cannot be used.
    """
    entry, cloud = stay.entry, next(each for each in regency.clouds if each.key == stay.entry.cloud)
    stage = next((each for each in regency.stages if each.key == entry.stage), None)
    image, contract = cloud.images.get(entry.image), cloud.contract
    rules = group_inputs(regency, stay, cloud)["rules"]
    known = month_costs(regency, today, today) if costs is None else costs
    return {
        "server": stay.key,
        "cloud": cloud.key,
        "country": cloud.country,
        "residency": entry.residency,
        "stage": entry.stage,
        "entry": entry.key,
        "role": str(entry.role),
        "image": entry.image,
        "checksum": image.checksum if image else "",
        "until": last_day(regency, stay).isoformat(),
        "contract": {"number": contract.number, "start": contract.start.isoformat(), "end": contract.end.isoformat()},
        "ssh": entry.login.port,
        "rules": [{"protocol": each["protocol"], "ports": each.get("ports", ""), "from": each.get("peer", "")} for each in rules],
        "own": sorted({str(prefix) for prefix in _own(regency)}),
        "managed": [str(prefix) for prefix in entry.management],
        "month": f"{today:%Y-%m}",
        "cost": sum(each.rupiah for each in known if each.stage == entry.stage),
        "budget": stage.budget if stage else None,
        "today": today.isoformat(),
    }


def rules_told(regency: Regency, stays: Iterable[Stay], today: date) -> dict[str, Any]:
    """For the policy pack: by entry what all `servers` of it have, and what the regency has of its `own`. Short, as it comes as a
    variable of the environment: rules and images are seen on the resources themselves."""
    costs, entries = month_costs(regency, today, today), dict[str, dict[str, Any]]()
    for stay in stays:
        held = entries.setdefault(stay.entry.key, {**rule_inputs(regency, stay, today, costs), "servers": []})
        held["servers"].append(stay.key)
    left = ("server", "rules", "own", "image", "checksum")
    return {
        "own": sorted({str(prefix) for prefix in _own(regency)}),
        "entries": {name: {word: value for word, value in each.items() if word not in left} for name, each in entries.items()},
    }


def _own(regency: Regency) -> Iterator[IPv4Network]:
    yield from (office.lan for office in regency.offices)
    yield from (link.network for link in regency.links if link.network is not None)
    yield from (cloud.network for cloud in regency.clouds)
    yield from () if regency.segment is None else (regency.segment,)
