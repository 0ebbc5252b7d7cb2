"""Values of the engine's wire as plain Python, and back. Numbers cross as floats; whole ones come back as integers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeAlias

from pulumi.provider.experimental.property_value import PropertyValue, PythonValue
from pulumi.runtime.rpc import UNKNOWN

Plain: TypeAlias = "bool | int | float | str | list[Plain] | dict[str, Plain] | None"
Properties: TypeAlias = Mapping[str, PropertyValue]


def to_plain(properties: Properties) -> dict[str, Any]:
    """The properties of a resource. What is not known yet in a preview is None."""
    return {name: _plain(value) for name, value in properties.items()}


def to_wire(values: Mapping[str, Any]) -> dict[str, PropertyValue]:
    return {name: _wired(value) for name, value in values.items()}


def hidden(properties: Properties, names: Collection[str]) -> dict[str, PropertyValue]:
    """The same, those of these names as secrets of the engine: encrypted in its state, and shown nowhere."""
    return {
        name: PropertyValue(each.value, is_secret=True, dependencies=each.dependencies) if name in names else each
        for name, each in properties.items()
    }


def _plain(value: PropertyValue) -> Plain:
    found = value.value
    if found == UNKNOWN:
        return None
    if isinstance(found, bool | str) or found is None:
        return found
    if isinstance(found, float):
        return int(found) if found.is_integer() else found
    if isinstance(found, Mapping):
        return {str(name): _plain(each) for name, each in found.items()}
    if isinstance(found, Sequence):
        return [_plain(each) for each in found if isinstance(each, PropertyValue)]
    return None


def _wired(value: Plain) -> PropertyValue:
    made: PythonValue
    if isinstance(value, bool) or value is None or isinstance(value, str):
        made = value
    elif isinstance(value, int | float):
        made = float(value)
    elif isinstance(value, Mapping):
        made = {name: _wired(each) for name, each in value.items()}
    else:
        made = [_wired(each) for each in value]
    return PropertyValue(made)
