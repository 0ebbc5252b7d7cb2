"""What `lajur infra` says while it works: a line for each event, with how many servers are through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from network.cli.infra_view import kind_text, operation_text
from network.cli.session import Session

if TYPE_CHECKING:
    from network.core.building import BuildEvent
    from network.infra_wiring import BuildGround
    from network.services.infra import Errand

_STAGES: Final = ("opening", "preview", "up", "refresh", "drift", "outputs", "destroy", "recover")

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

    def of(self, event: BuildEvent) -> str | None:
        from network.core.build_words import ending_of, promised_found, short_lines

        say = self._own.out.say
        match event.code:
            case "infra.stage" if self._lost:
                return say("infra.stage.loss" if event.text("stage") == "destroy" else "infra.stage.opening")
            case "infra.stage":
                known = event.text("stage") in _STAGES
                return say(f"infra.stage.{event.text('stage')}" if known else f"infra.stage.{self._verb}")
            case "infra.resource":
                return self._step(event)
            case "infra.difference" | "infra.repaired" | "infra.unrepaired":
                fields = {**event.fields, "what": kind_text(self._own, event.text("kind"))}
                return say(event.code, **fields)
            case "infra.short" | "infra.now_short":
                short = [each for each in short_lines(event.fields.get("report")) if each["verdict"] == "short"]
                return say(event.code, server=event.text("server"), lines=promised_found(short))
            case "infra.released":
                return say(_RELEASED.get(ending_of(event), event.code), server=event.text("server"))
            case "infra.accepted" | "infra.silent":
                return say(event.code, **event.fields)
        return None

    def _step(self, event: BuildEvent) -> str | None:
        server, operation, status = event.text("server"), event.text("operation"), event.text("status")
        if status != "begun":
            self._through.add(server)
        if operation == "same" and event.text("kind") == "server":
            return None  # it was looked at already, and there is nothing to do
        word = operation_text(self._own, operation)
        code = f"infra.step.{status}" if status in ("begun", "done", "failed", "unrepaired") else "infra.step.begun"
        counted = f"{min(len(self._through), self._all)}/{self._all}"
        return self._own.out.say(code, server=server, operation=word, count=counted)
