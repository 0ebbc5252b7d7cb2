"""What `lajur infra` says while it works: a line for each event, with how many servers are through."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from network.cli.infra_return import size_text
from network.cli.infra_words import kind_text, name_text, renting_text
from network.cli.session import Session

if TYPE_CHECKING:
    from network.core.building import BuildEvent
    from network.infra_wiring import BuildGround
    from network.services.infra import Errand

_STAGES: Final = ("opening", "preview", "up", "refresh", "drift", "outputs", "destroy", "contents", "recover", "stopping")
_STATUSES: Final = ("begun", "done", "failed", "unrepaired", "would")

_MANY: Final = 12

_RELEASED: Final = {"lost": "infra.let_go", "unentered": "infra.released_unentered"}
"""What is said of a server that was released without having been wiped."""


class Progress:
    """A line for each event that says something to a person, with how many servers are through."""

    def __init__(self, own: Session, errand: Errand, ground: BuildGround) -> None:
        self._own = own
        self._verb = errand.verb.value
        self._lost = bool(errand.lost)
        self._all = len(errand.servers or ground.servers)
        self._through: set[str] = set()
        self._told: Counter[tuple[str, str, str]] = Counter()

    def of(self, event: BuildEvent) -> str | None:
        from network.core.build_words import ending_of

        say, server = self._own.out.say, event.text("server")
        match event.code:
            case "infra.stage" if self._lost and event.text("stage") != "stopping":
                return say("infra.stage.loss" if event.text("stage") == "destroy" else "infra.stage.opening")
            case "infra.stage":
                known = event.text("stage") in _STAGES
                return say(f"infra.stage.{event.text('stage')}" if known else f"infra.stage.{self._verb}")
            case "infra.resource":
                return self._step(event)
            case "infra.difference" | "infra.repaired" | "infra.unrepaired":
                return self._difference(event)
            case "infra.short" | "infra.now_short":
                code = "infra.step.short" if event.code == "infra.short" else "infra.step.now_short"
                return say(code, server=server, count=self._counted(server))
            case "infra.released":
                return say(_RELEASED.get(ending_of(event), event.code), server=server)
            case "infra.accepted" | "infra.gone" | "infra.silent" | "infra.wiping_data":
                size = {"bytes": size_text(int(event.text("bytes")))} if event.text("bytes").isdecimal() else {}
                return say(event.code, **{**event.fields, **size})
        return None

    def _difference(self, event: BuildEvent) -> str | None:
        """Of many of one kind on a server the first few, unless each is asked for (-v): the table at the end counts them."""
        kind = event.text("kind")
        told = self._told[event.code, event.text("server"), kind] = self._told[event.code, event.text("server"), kind] + 1
        if told > _MANY and not self._own.out.verbose:
            return None
        name = name_text(self._own, kind, event.text("name"))
        return self._own.out.say(event.code, server=event.text("server"), what=kind_text(self._own, kind), name=name)

    def _step(self, event: BuildEvent) -> str | None:
        server, operation, status = event.text("server"), event.text("operation"), event.text("status")
        looks = operation in ("refresh", "read")
        # Where more is to come, a look is not all that is done to a server.
        ended = status != "begun" and (not looks or self._verb in ("refresh", "drift"))
        counted = self._counted(server if ended else None)
        if operation == "same" and event.text("kind") != "controller":
            return None  # it was looked at already, and there is nothing to do
        if status == "done" and not looks and self._verb == "preview":
            status = "would"
        code = f"infra.step.{status}" if status in _STATUSES else "infra.step.begun"
        server, told = renting_text(self._own, server, event.text("kind"), operation)
        return self._own.out.say(code, server=server, operation=told, count=counted)

    def _counted(self, server: str | None) -> str:
        """How many are through, with this one when there is one."""
        self._through.update([server] if server else [])
        return f"{min(len(self._through), self._all)}/{self._all}"
