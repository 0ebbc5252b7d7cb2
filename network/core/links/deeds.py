"""What a run on a link set out to do, as the record keeps it: without secrets, as JSON and back. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from network.core.links.intent import Authentication, Base, EndIntent, LinkIntent, Optics, Routing, Side
from network.core.links.plan import LinkPlan

PREFIX: Final = "run-link-"
"""What the ids of runs on links begin with: who settles queues passes them by."""


_TEXTS: Final = ("link", "device", "side", "digest")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkDeed:
    """One end that was to be changed. `lines` as a person saw them. `intent`: what the whole link was to hold, so that whoever
    finds the run judges by what it wanted, and not by a truth that was changed since."""

    link: str
    device: str
    side: str
    digest: str
    lines: tuple[str, ...]
    intent: LinkIntent


def is_link_run(id: str) -> bool:
    return id.startswith(PREFIX)


def deeds_of(plan: LinkPlan) -> tuple[LinkDeed, ...]:
    return tuple(
        LinkDeed(
            link=plan.intent.key,
            device=end.intent.device,
            side=end.intent.side.value,
            digest=end.digest,
            lines=tuple(f"{line.sign} {line.section}: {line.text}" for line in end.lines),
            intent=plan.intent,
        )
        for end in plan.changed
    )


def encode_deed(deed: LinkDeed) -> dict[str, Any]:
    return {
        "step": "link",
        "link": deed.link,
        "device": deed.device,
        "side": deed.side,
        "digest": deed.digest,
        "lines": list(deed.lines),
        "intent": asdict(deed.intent),
    }


def decode_deed(value: Mapping[str, Any]) -> LinkDeed:
    """The deed that `encode_deed` made `value` from. Raises ValueError for anything else."""
    lines = value.get("lines")
    texts = [value.get(name) for name in _TEXTS]
    whole = value.get("step") == "link" and set(value) == {"step", "lines", "intent", *_TEXTS} and isinstance(lines, list)
    if not whole or not all(isinstance(text, str) for text in (*texts, *(lines or ()))):
        raise ValueError(f"not a deed on a link: {value!r}")
    try:
        intent = _intent(**value["intent"])
    except (TypeError, KeyError, ValueError) as error:
        raise ValueError(f"not a deed on a link: {value!r}") from error
    return LinkDeed(**{name: value[name] for name in _TEXTS}, lines=tuple(value["lines"]), intent=intent)


def _intent(*, near: Mapping[str, Any], far: Mapping[str, Any], **rest: Any) -> LinkIntent:
    return LinkIntent(near=_end(**near), far=_end(**far), **rest)


def _end(
    *,
    side: str,
    peer_end: list[str],
    routing: Mapping[str, Any] | None,
    base: Mapping[str, Any] | None,
    optics: Mapping[str, Any] | None,
    **rest: Any,
) -> EndIntent:
    device, interface = peer_end
    return EndIntent(
        side=Side(side),
        peer_end=(device, interface),
        routing=_routing(**routing) if routing else None,
        base=Base(**{**base, "passive": tuple(base["passive"])}) if base else None,
        optics=Optics(**optics) if optics else None,
        **rest,
    )


def _routing(*, authentication: Mapping[str, Any] | None, **rest: Any) -> Routing:
    return Routing(authentication=Authentication(**authentication) if authentication else None, **rest)
