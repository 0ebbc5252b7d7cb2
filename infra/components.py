"""The components of the program. What they put out is the same for every kind of server: who reads it need not know which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pulumi

ADOPTED: Final = "lajur:leased:Server"
CONTROLLER: Final = "lajur:leased:Controller"
RENTED: Final = "lajur:cloud:"
"""What the types of rented things begin with."""
LEASED_SERVER: Final = "lajur:infra:LeasedServer"
PUT_OUT: Final = ("address", "port", "role", "names", "facts", "acceptance", "adopted")
"""What is put out of a server, beside the key of its lease."""
_OUTPUTS: Final = ("acceptance", "adopted", "baseline", "drift", "facts")


class AdoptedServer(pulumi.CustomResource):
    """A machine under a contract, as the provider takes it over, watches it and gives it back."""

    acceptance: pulumi.Output[dict[str, Any]]
    adopted: pulumi.Output[str]
    facts: pulumi.Output[dict[str, Any]]

    def __init__(self, name: str, inputs: Mapping[str, Any], opts: pulumi.ResourceOptions) -> None:
        super().__init__(ADOPTED, name, {**inputs, **dict.fromkeys(_OUTPUTS)}, opts)


class ManagedController(pulumi.CustomResource):
    """The management controller (BMC) of a machine: its power, its boot device, the image in its virtual drive."""

    def __init__(self, name: str, inputs: Mapping[str, Any], opts: pulumi.ResourceOptions) -> None:
        super().__init__(CONTROLLER, name, {**inputs, **dict.fromkeys(("held", "machine", "drift"))}, opts)


class LeasedServer(pulumi.ComponentResource):
    """One server of the truth. `outputs` are plain values for inventory, playbooks and reports; none of them is a secret."""

    def __init__(
        self, name: str, inputs: Mapping[str, Any], controller: Mapping[str, Any] | None = None, *, protect: bool
    ) -> None:
        super().__init__(LEASED_SERVER, name, {}, None)
        options = pulumi.ResourceOptions(parent=self, protect=protect)
        # First its power, then its login.
        first = [ManagedController(name, controller, options)] if controller else []
        machine = AdoptedServer(name, inputs, pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(depends_on=first)))
        made = {"facts": machine.facts, "acceptance": machine.acceptance, "adopted": machine.adopted}
        self.outputs: dict[str, Any] = {name: made.get(name, inputs.get(name)) for name in PUT_OUT}
        self.outputs["lease"] = inputs["lease"]["key"]
        self.register_outputs(self.outputs)


class RentedThing(pulumi.CustomResource):
    """Something of a cloud, of one of the kinds in `infra.renting.kinds`. What a kind does not put out stays unknown."""

    subnet: pulumi.Output[str]
    address: pulumi.Output[str]
    portIds: pulumi.Output[list[str]]  # noqa: N815 - the name that the engine has for it

    def __init__(self, kind: str, name: str, inputs: Mapping[str, Any], opts: pulumi.ResourceOptions | None = None) -> None:
        outputs = dict.fromkeys(each for each in ("subnet", "address", "portIds") if each not in inputs)
        super().__init__(f"{RENTED}{kind}", name, {"name": name, **inputs, **outputs}, opts)
