"""What every shape of the truth is made of: its base, names, addresses, rates. Values only, as `inventory.model`."""

from __future__ import annotations

from datetime import date
from ipaddress import IPv4Address, IPv4Network
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from inventory.units import Bandwidth, Direction, Unfit


def written(value: Any) -> Any:
    """A bare number is no address and no date, although the standard library would make one of it."""
    if isinstance(value, (int, float)):
        raise Unfit("unit.number", value=value)
    return value


Day = Annotated[date, BeforeValidator(written, json_schema_input_type=date)]
Address = Annotated[IPv4Address, BeforeValidator(written, json_schema_input_type=IPv4Address)]
Prefix = Annotated[IPv4Network, BeforeValidator(written, json_schema_input_type=IPv4Network)]

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$", description="short name, unique within its kind")]
ClassKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$", description="name of a service class in policy.yaml")]
Id = Annotated[int, Field(ge=1, le=4000, strict=True, description="permanent number, never reused")]
Text = Annotated[str, Field(min_length=1, max_length=200)]
InterfaceName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_./:-]{0,31}$")]
SecretReference = Annotated[
    str, Field(pattern=r"^(env:[A-Z][A-Z0-9_]*|file:[^\s]+)$", description="env:NAME or file:PATH, never the secret")
]


class Truth(BaseModel):
    """Base of everything that people write: frozen, and an unknown key is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Rates(Truth):
    """A rate for each direction; one value in YAML stands for both."""

    down: Bandwidth
    up: Bandwidth

    @model_validator(mode="before")
    @classmethod
    def _one_for_both(cls, value: Any) -> Any:
        return {"down": value, "up": value} if isinstance(value, (str, int, float)) else value

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        both = handler.resolve_ref_schema(handler(schema))
        one = next(iter(both["properties"].values()))
        return {"title": "Rates", "anyOf": [{**one, "title": "Both directions"}, {**both, "title": "Each direction"}]}

    def of(self, direction: Direction) -> Bandwidth:
        return self.down if direction is Direction.DOWN else self.up
