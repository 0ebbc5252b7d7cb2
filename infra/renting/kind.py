"""What a kind of rented thing is: its inputs as a table, and six things that can be done with it. The ports are here as well:
what a kind asks of a cloud, and the work at one thing of it."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Protocol, TypeVar

from infra.errors import CloudError, Refused
from infra.renting import complaint, fields
from infra.renting.fields import Field
from infra.renting.owner import Owner

T = TypeVar("T")
Values = Mapping[str, Any]
State = dict[str, Any]

COMMON: Final[Mapping[str, Field]] = {
    "cloud": Field(check=fields.name, required=True, replaces=True),
    "regency": Field(check=fields.name, required=True, replaces=True),
    "name": Field(check=fields.name, required=True, replaces=True),
}
BESIDE: Final = 30.0
"""Seconds for what is made, or let go of, at the same time beside a thing that needs it so."""
_BETWEEN: Final = 0.5
"""Seconds between two looks at what is waited for, to begin with."""
_AT_MOST: Final = 5.0
_SLOWER: Final = 0.15
"""Of the time that something takes, what may be lost of it at its end: many that are waited for at once keep a cloud busy with
being asked."""


class Api(Protocol):
    """A cloud: four services of openstacksdk, and a way to ask for what may be gone. What they raise is translated outside."""

    name: str
    network: Any
    compute: Any
    volumes: Any
    images: Any

    def there(self, get: Callable[[], T]) -> T | None: ...

    def lately(self, what: str, seconds: float, get: Callable[[], T]) -> T:
        """What `get` answers, or answered to anybody here who asked for `what` no longer ago than that."""
        ...

    def refuses(self, error: Exception) -> bool:
        """Whether it says no, and would say so again: not that it is away, or late."""
        ...


@dataclass(frozen=True, slots=True)
class Task:
    """The work at one thing: what is wanted, of which cloud, for how many seconds it may be waited for. `stop` ends a wait;
    `known` is what is on record of it."""

    kind: Kind
    inputs: Values
    cloud: Api
    seconds: float
    stop: threading.Event = field(default_factory=threading.Event)
    known: Values = field(default_factory=dict)

    @property
    def owner(self) -> Owner:
        return Owner(str(self.inputs["regency"]), str(self.inputs["name"]))

    @property
    def what(self) -> str:
        return f"{self.kind.name} {self.inputs['name']}"

    def error(self, code: str, reason: object, request: object = None) -> CloudError:
        return complaint.error(code, cloud=self.cloud.name, what=self.what, reason=reason, request=request)

    def until(self, look: Callable[[], T | None], waiting: str) -> T:
        """The first answer that is not None. Raises CloudUnfinished when that takes too long, Refused when we are stopped."""
        began = time.monotonic()
        while (found := look()) is None:
            waited = time.monotonic() - began
            if waited >= self.seconds:
                raise self.error("infra.cloud_timeout", f"{waiting}: {round(self.seconds)} s")
            if self.stop.wait(min(max(_BETWEEN, waited * _SLOWER), _AT_MOST)):
                raise Refused("infra.interrupted")
        return found

    def until_gone(self, get: Callable[[], Any]) -> None:
        self.until(lambda: True if self.cloud.there(get) is None else None, "delete")


class Kind(ABC):
    """`wait`: seconds until it is taken for not coming. `marked`: whether it can bear whose it is, beyond its name."""

    name: ClassVar[str]
    wait: ClassVar[float] = 120.0
    marked: ClassVar[bool] = True
    own: ClassVar[Mapping[str, Field]]

    @property
    def fields(self) -> Mapping[str, Field]:
        return {**COMMON, **self.own}

    def together(self, inputs: Values) -> Iterator[tuple[str, str]]:
        """What is wrong with inputs that are right by themselves."""
        return iter(())

    def plain(self, name: str, value: Any) -> Any:
        """A value of an input in the one form in which values of it are compared."""
        return sorted(value) if isinstance(value, list) and all(isinstance(one, str) for one in value) else value

    def listed(self, name: str, value: Any) -> Iterator[str]:
        """The members of a list as texts that a person reads."""
        for each in value:
            yield " ".join(str(one) for one in each.values() if one not in ("", None)) if isinstance(each, Mapping) else str(each)

    def same(self, name: str, was: Any, now: Any) -> bool:
        """Whether the value of an input on record is what is wanted of it."""
        return bool(self.plain(name, was) == self.plain(name, now))

    def demands(self, name: str, was: Any, now: Any) -> bool:
        """Whether this change of an input can only be had with another one in its place."""
        return self.fields[name].replaces

    @abstractmethod
    def owned(self, task: Task) -> list[str]:
        """The ids of those that bear the owner's mark, half-made ones among them."""

    def ahead(self, task: Task) -> None:  # noqa: B027 - most need none
        """Ask for what a cloud must have before one can be made. Raises what `make` would raise for it; changes nothing."""

    @abstractmethod
    def make(self, task: Task, found: str | None) -> str:
        """Make it, or what is lacking of the one that was found; its id, once it is ready. What can be changed later may be left
        to `change`."""

    @abstractmethod
    def look(self, task: Task, key: str) -> State | None:
        """Its values now, named as the inputs, and what it puts out; `owner`, whose it says it is. None when it is gone."""

    @abstractmethod
    def change(self, task: Task, key: str, now: Values) -> None:
        """Carry it in place from what `look` said of it to the inputs, and put the mark on it. `now` as of this moment."""

    @abstractmethod
    def remove(self, task: Task, key: str) -> None:
        """Returns once it is gone; one that is gone already is done."""

    def clear(self, task: Task) -> None:  # noqa: B027 - most have none
        """Give back the parts of one that never came to be."""


@contextmanager
def about(name: str) -> Iterator[None]:
    """Whatever is raised in the block is of this input, and bears its name as a note."""
    try:
        yield
    except Exception as error:
        error.add_note(name)
        raise


def as_said(said: Any, key: str, called: str) -> str:
    """A thing that may be named by its id or by its name, in the form in which it was asked for."""
    return str(said) if said in (key, called) else called or key
