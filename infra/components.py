"""The components of the program. What they put out is the same for every kind of server: who reads it need not know which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pulumi

from infra.rentals import Rental

ADOPTED: Final = "lajur:leased:Server"
CONTROLLER: Final = "lajur:leased:Controller"
RENTED: Final = "lajur:cloud:"
"""What the types of rented things begin with."""
LEASED_SERVER: Final = "lajur:infra:LeasedServer"
CLOUD_SERVER: Final = "lajur:infra:CloudServer"
CLOUD_GROUND: Final = "lajur:infra:CloudGround"
CLOUD_ENTRY: Final = "lajur:infra:CloudEntry"
MACHINE: Final = f"{RENTED}Server"
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
        self.outputs = _put_out(machine, inputs)
        self.register_outputs(self.outputs)


def _put_out(machine: AdoptedServer, inputs: Mapping[str, Any]) -> dict[str, Any]:
    made = {"facts": machine.facts, "acceptance": machine.acceptance, "adopted": machine.adopted}
    return {name: made.get(name, inputs.get(name)) for name in PUT_OUT} | {"lease": inputs["lease"]["key"]}


class RentedThing(pulumi.CustomResource):
    """Something of a cloud, of one of the kinds in `infra.renting.kinds`. What a kind does not put out stays unknown."""

    subnet: pulumi.Output[str]
    address: pulumi.Output[str]
    hostKeys: pulumi.Output[list[str]]  # noqa: N815 - the names that the engine has for them
    portIds: pulumi.Output[list[str]]  # noqa: N815

    def __init__(self, kind: str, name: str, inputs: Mapping[str, Any], opts: pulumi.ResourceOptions | None = None) -> None:
        outputs = dict.fromkeys(each for each in ("subnet", "address", "hostKeys", "portIds") if each not in inputs)
        super().__init__(f"{RENTED}{kind}", name, {"name": name, **inputs, **outputs}, opts)


class CloudGround(pulumi.ComponentResource):
    """What all servers of a cloud stand on: our network there, and the router that leads out of it."""

    def __init__(self, name: str, network: Mapping[str, Any], router: Mapping[str, Any]) -> None:
        super().__init__(CLOUD_GROUND, name, {}, None)
        own = pulumi.ResourceOptions(parent=self)
        self.network = RentedThing("Network", name, network, own)
        self.router = RentedThing("Router", name, {**router, "subnets": [self.network.subnet]}, own)
        self.register_outputs({})


class CloudEntry(pulumi.ComponentResource):
    """What the servers of one entry of the truth share: who may come in, and the key that is let in, if it is one."""

    def __init__(self, name: str, group: Mapping[str, Any], key: Mapping[str, Any] | None) -> None:
        super().__init__(CLOUD_ENTRY, name, {}, None)
        own = pulumi.ResourceOptions(parent=self)
        self.group = RentedThing("Group", name, group, own)
        self.key = RentedThing("Key", name, key, own) if key else None
        self.register_outputs({})


class CloudServer(pulumi.ComponentResource):
    """One rented server, with the outputs of a leased one. What is asked of the machine begins when it told its host keys."""

    def __init__(self, name: str, rental: Rental, ground: CloudGround, entry: CloudEntry) -> None:
        super().__init__(CLOUD_SERVER, name, {}, None)
        own = pulumi.ResourceOptions(parent=self)
        kept = pulumi.ResourceOptions(parent=self, protect=rental.protected)
        asked = {
            **rental.machine,
            "ports": [{"network": ground.network.id, "address": ""}],
            "groups": [entry.group.id],
            "key": entry.key.id if entry.key else "",
        }
        machine = RentedThing("Server", name, asked, kept)
        first: list[pulumi.Resource] = []
        if rental.volume:
            volume = RentedThing("Volume", name, rental.volume, kept)
            pair = {"server": machine.id, "volume": volume.id, "cloud": rental.cloud.key, "regency": asked["regency"]}
            first.append(RentedThing("Attachment", name, pair, own))
        at = machine
        if rental.address:
            # It leads nowhere before the router leads out.
            led = pulumi.ResourceOptions.merge(own, pulumi.ResourceOptions(depends_on=[ground.router]))
            at = RentedThing("Address", name, {**rental.address, "port": machine.portIds.apply(lambda ids: ids[0])}, led)
        inputs = {**rental.server, "address": at.address, "hostKeys": machine.hostKeys}
        # Not kept: when the cloud makes another machine it is that one's turn to be taken over.
        taken = AdoptedServer(name, inputs, pulumi.ResourceOptions(parent=self, depends_on=[*first, at]))
        self.outputs = _put_out(taken, inputs)
        self.register_outputs(self.outputs)
