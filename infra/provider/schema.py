"""What the provider says of itself to who asks: one resource. Its inputs are made by `infra.inputs`."""

from __future__ import annotations

from typing import Any, Final

SCHEMA: Final[dict[str, Any]] = {
    "name": "lajur",
    "description": "Leased servers: taken over under a contract, watched, given back",
    "resources": {
        "lajur:leased:Server": {
            "description": "A machine under a contract",
            "inputProperties": {name: {"type": "string"} for name in ("regency", "server", "role", "address", "serial")}
            | {"lease": {"type": "object", "additionalProperties": {"$ref": "pulumi.json#/Any"}}},
            "requiredInputs": ["regency", "server", "address", "lease"],
            "properties": {name: {"type": "string"} for name in ("adopted", "baseline")}
            | {"acceptance": {"type": "object", "additionalProperties": {"$ref": "pulumi.json#/Any"}}},
        }
    },
}
