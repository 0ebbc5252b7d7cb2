"""A device over SSH: Netmiko's connections with pinned host keys, and one exec on its transport for each batch.

Two connections: the main one changes, the standby one confirms. A transport that died between two operations is opened
anew; one that dies while something is under way is never, because nobody knows how far the device came.
Never logs a secret, never trusts a host key by itself, never uses a terminal dialogue for a change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import paramiko

from network.core.observed import DeviceState
from network.core.plan import Step
from network.core.ports import Arm, Dialect, Return
from network.core.tree import Place, ShaperId
from network.dialects.linux_shell import Answer, Lacking, Unreadable, read_verdict
from network.drivers.failures import failure, lacking, step_name, unreadable
from network.drivers.ssh_door import Conversation, Dialer, Door, Secrets, Session, Target, dial
from network.errors import DeviceError, DeviceUnreachable, SessionCut

__all__ = ["Dialer", "NetmikoDevice", "Secrets", "Target", "dial"]

LOOK: Final = "observe"


class NetmikoDevice:
    """`network.core.ports.Device` for a Linux login. `places` are those of this device.

    `known_hosts` is the file of pinned keys (`network.drivers.host_keys`).
    """

    def __init__(
        self,
        target: Target,
        dialect: Dialect,
        places: Mapping[ShaperId, Place],
        dialer: Dialer,
        known_hosts: Path,
        secrets: Secrets,
    ) -> None:
        self._target = target
        self._dialect = dialect
        self._places = places
        self._door = Door(target, dialer, known_hosts, secrets)
        self._main: Session | None = None
        self._standby: Session | None = None
        self._opening: Future[Session] | None = None
        self._run = ""
        self._turn: int | None = None

    def observe(self) -> DeviceState:
        doing = LOOK
        text = self._on_main(doing, self._dialect.observe_script(self._places))
        try:
            return self._dialect.observed(text, self._places)
        except Unreadable as error:
            raise unreadable(self._target.device, doing, str(error)) from error
        except Lacking as error:
            raise lacking(self._target.device, doing, str(error)) from error

    def arm(self, arm: Arm) -> None:
        doing = f"arm {arm.run}"
        self._turn = self._judge(doing, self._on_main(doing, self._dialect.arm_script(arm, self._places)), run=arm.run)
        self._run = arm.run

    def carry(self, steps: Sequence[Step]) -> None:
        if not steps:
            return
        doing = step_name(steps[0])
        script = self._dialect.carry_script(steps, self._places, self._run, self._turn)
        turn = self._judge(doing, self._on_main(doing, script, total=len(steps)), run=self._run, steps=steps)
        self._turn = turn if self._run else None

    def confirm(self, run: str) -> None:
        doing = f"confirm {run}"
        turn = self._turn if run == self._run else None
        self._judge(doing, self._on_standby(doing, self._dialect.confirm_script(run, turn)), run=run)
        self._run, self._turn = "", None

    def leave(self, returns: Sequence[Return]) -> None:
        doing = "return timers"
        script = self._dialect.leave_script(returns, self._places, self._run, self._turn)
        turn = self._judge(doing, self._on_main(doing, script), run=self._run)
        self._turn = turn if self._run else None

    def close(self) -> None:
        if self._opening is not None:
            with suppress(DeviceError):
                self._standby = self._opening.result()
        self._opening = None
        for session in (self._main, self._standby):
            if session is not None:
                session.close()
        self._main = self._standby = None

    def _judge(self, doing: str, text: str, *, run: str = "", steps: Sequence[Step] = ()) -> int | None:
        """The turn that the device is at now. What was sent without an answer leaves ours as it was: if it is done after all,
        the next command is refused."""
        verdict = read_verdict(text)
        if verdict is None:
            raise self._cut("device.cut_during", doing, len(steps) or 1, f"no verdict: {text.strip()[-200:]!r}")
        if verdict.answer is Answer.EXPIRED:
            self._run, self._turn = "", None
        if verdict.answer is not Answer.DONE:
            raise failure(verdict, device=self._target.device, doing=doing, run=run, steps=steps)
        return verdict.number

    def _on_main(self, doing: str, script: str, *, total: int = 1) -> str:
        if self._standby is None and self._opening is None:
            self._opening = _in_thread(lambda: self._door.open(doing))
        if self._main is None:
            self._main = self._door.open(doing)
        channel = self._main.channel()
        if channel is None:
            self._main.close()
            self._main = self._door.open(doing)
            channel = self._main.channel()
        return self._converse(channel, doing, script, total)

    def _on_standby(self, doing: str, script: str) -> str:
        if self._opening is not None:
            opening, self._opening = self._opening, None
            with suppress(DeviceError):  # it is tried again now, and then its error counts
                self._standby = opening.result()
        channel = self._standby.channel() if self._standby else None
        if channel is None:
            if self._standby:
                self._standby.close()
            self._standby = self._door.open(doing)
            channel = self._standby.channel()
        return self._converse(channel, doing, script, 1)

    def _converse(self, channel: paramiko.Channel | None, doing: str, script: str, total: int) -> str:
        if channel is None:
            raise DeviceUnreachable(
                "device.unreachable",
                device=self._target.device,
                step=doing,
                address=self._target.address,
                reason="no session on a fresh connection",
            )
        with channel, self._cuts(channel, doing, total) as conversation:
            conversation.send(script)
            return conversation.answer()

    @contextmanager
    def _cuts(self, channel: paramiko.Channel, doing: str, total: int) -> Iterator[Conversation]:
        """Foreign exceptions of an open connection, as what is known: whether the script had left whole."""
        conversation = Conversation(channel, self._target.answer_seconds)
        try:
            yield conversation
        except TimeoutError as error:
            code = "device.cut_before" if not conversation.sent else "device.unread" if doing == LOOK else "device.silent"
            raise self._cut(code, doing, total, "timed out") from error
        except (paramiko.SSHException, EOFError, OSError) as error:
            code = "device.cut_during" if conversation.sent else "device.cut_before"
            raise self._cut(code, doing, total, str(error) or "closed") from error

    def _cut(self, code: str, doing: str, total: int, reason: str) -> SessionCut:
        target = self._target
        seconds = round(target.answer_seconds)
        return SessionCut(
            code, device=target.device, step=doing, address=target.address, total=total, reason=reason, seconds=seconds
        )


def _in_thread(open_session: Callable[[], Session]) -> Future[Session]:
    """The standby login is made while the main one works; its errors wait until it is needed."""
    pool = ThreadPoolExecutor(1, thread_name_prefix="standby")
    try:
        return pool.submit(open_session)
    finally:
        pool.shutdown(wait=False)
