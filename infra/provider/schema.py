"""What the provider says of itself to who asks: its resources. The inputs of a leased server are made
by `infra.inputs`."""

from __future__ import annotations

from typing import Any, Final

from infra.provider.rented import schema

SCHEMA: Final[dict[str, Any]] = {
    "name": "lajur",
    "description": "Servers: leased ones under their contracts, rented ones from a cloud",
    "resources": {
        "lajur:leased:Server": {
            "description": "A machine under a contract",
            "inputProperties": {name: {"type": "string"} for name in ("regency", "server", "role", "address", "serial")}
            | {"lease": {"type": "object", "additionalProperties": {"$ref": "pulumi.json#/Any"}}},
            "requiredInputs": ["regency", "server", "address", "lease"],
            "properties": {name: {"type": "string"} for name in ("adopted", "baseline")}
            | {"acceptance": {"type": "object", "additionalProperties": {"$ref": "pulumi.json#/Any"}}},
        },
        **schema(),
    },
}
