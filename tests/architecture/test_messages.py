"""What people read exists in both languages, with the same fields, and every code that is raised has a message."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import string
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pytest

import inventory
import network
from inventory.messages import Message
from network.core.build_words import VOCABULARY
from tests.architecture.checkout import Module, base_names, called, none_of

CODE_OF_BUILDER = re.compile(r"infra\.[a-z_]+")

FIELDS_ADDED_LATER = {"outcome"}
"""What the services learn after an error was raised, and add to it."""


ADDED_BY_BUILDER = {"server"}
"""What the builder of servers adds to the error of one machine before it tells it."""

WITHIN_BUILDER = {"infra.failed", "infra.taken", "infra.wiped", "infra.wiping", "infra.working"}
"""What the builder's own parts tell each other, and nobody else hears."""


class Raised(NamedTuple):
    """One place that makes an error. `fields` is None when some of them are not written out there."""

    place: str
    code: str
    fields: frozenset[str] | None


@pytest.fixture(scope="module")
def catalogues() -> dict[str, Mapping[str, Message]]:
    """Every `MESSAGES` of `inventory.messages` and `network.messages` and of the modules below them, by module."""
    found: dict[str, Mapping[str, Message]] = {}
    for root in (inventory, network):
        name = f"{root.__name__}.messages"
        package = importlib.import_module(name)
        parts = pkgutil.iter_modules(package.__path__, f"{name}.") if hasattr(package, "__path__") else ()
        for module in (package, *(importlib.import_module(part.name) for part in parts)):
            if hasattr(module, "MESSAGES"):
                found[module.__name__] = module.MESSAGES
    assert {each.partition(".")[0] for each in found} == {"inventory", "network"}
    return found


@pytest.fixture(scope="module")
def messages(catalogues: dict[str, Mapping[str, Message]]) -> dict[str, Message]:
    return {code: message for catalogue in catalogues.values() for code, message in catalogue.items()}


def _fields(template: str) -> set[str]:
    names = (name for _, name, _, _ in string.Formatter().parse(template) if name is not None)
    return {name.partition(".")[0].partition("[")[0] for name in names}


def test_a_code_stands_in_one_catalogue(catalogues: dict[str, Mapping[str, Message]]) -> None:
    places = Counter(code for catalogue in catalogues.values() for code in catalogue)
    none_of([code for code, times in places.items() if times > 1])


def test_both_languages_say_the_same(messages: dict[str, Message]) -> None:
    none_of([code for code, each in messages.items() if not (each.id.strip() and each.en.strip())])
    none_of([code for code, each in messages.items() if _fields(each.id) != _fields(each.en)])


def test_fields_have_names(messages: dict[str, Message]) -> None:
    none_of([code for code, each in messages.items() for name in _fields(each.en) if not name.isidentifier()])


def _error_classes(modules: list[Module]) -> set[str]:
    classes = [each for module in modules if module.room != "tests" for each in module.classes]
    known = {"LajurError", "InfraError"}
    while more := {each.name for each in classes if base_names(each) & known} - known:
        known |= more
    return known


def _raised(modules: list[Module]) -> Iterator[Raised]:
    errors = _error_classes(modules)
    for module in modules:
        if module.room == "tests":
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and called(node) in errors and node.args:
                code = node.args[0]
                if isinstance(code, ast.Constant) and isinstance(code.value, str):
                    named = [keyword.arg for keyword in node.keywords]
                    whole = None not in named and len(node.args) == 1
                    fields = frozenset(name for name in named if name) if whole else None
                    yield Raised(f"{module.place}:{node.lineno}", code.value, fields)


def _added_later(raised: Raised) -> set[str]:
    return FIELDS_ADDED_LATER | (ADDED_BY_BUILDER if raised.place.startswith("infra/") else set())


def _said_by_builder(modules: list[Module]) -> dict[str, str]:
    """Every text in the builder's room that has the form of one of its codes, and where it stands."""
    found: dict[str, str] = {}
    for module in modules:
        if module.room == "infra":
            for node in ast.walk(module.tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE_OF_BUILDER.fullmatch(node.value):
                    found[node.value] = f"{module.place}:{node.lineno}"
    return found


def test_what_the_builder_says_is_understood_and_nothing_else_is_expected(modules: list[Module]) -> None:
    said = _said_by_builder(modules)
    none_of(f"{place}: {code}" for code, place in said.items() if code not in {*VOCABULARY, *WITHIN_BUILDER})
    none_of(code for code in VOCABULARY if code not in said)


def test_what_the_builder_says_has_a_message(messages: dict[str, Message]) -> None:
    none_of(code for code in VOCABULARY if code not in messages)


def test_every_code_that_is_raised_has_a_message(modules: list[Module], messages: dict[str, Message]) -> None:
    raised = list(_raised(modules))
    assert len(raised) > 10, "the scan no longer sees how errors are made"
    none_of([f"{each.place}: {each.code}" for each in raised if each.code not in messages])


def test_every_field_of_a_message_is_given_where_it_is_raised(modules: list[Module], messages: dict[str, Message]) -> None:
    short = [
        f"{each.place}: {each.code} lacks {', '.join(sorted(lacking))}"
        for each in _raised(modules)
        if each.code in messages and each.fields is not None
        if (lacking := _fields(messages[each.code].en) - each.fields - _added_later(each))
    ]
    none_of(short)


_MISLEADING = {
    "tanpa sandi": "has no password; what is not encrypted is `tidak terenkripsi`",
    "terlalu tua": "is of living things; a program is `terlalu lama (usang)`",
    "atau terlalu lama": "takes too long; what was said long ago is `usang`",
    "satu per satu tingkat": "is in no English text",
}


@pytest.mark.parametrize("words", _MISLEADING)
def test_no_indonesian_text_says_something_else_than_it_means(messages: dict[str, Message], words: str) -> None:
    none_of([code for code, message in messages.items() if words in message.id])
