"""What every form of the record promises of proofs: the last one of a link counts, and each is in the audit log."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from network.core.proofs import Proof
from network.ledger.store import SqlLedger
from tests.contract.records import NOON, Opener

PROOF = Proof(link="core-sgg", mark="core:h1 hub-sgg:core0 fibre", at=NOON, actor="os:budi", seen={"far ping": "5/5"})


def test_a_proof_is_kept_and_the_last_one_counts(ledger: SqlLedger, another: Opener) -> None:
    assert ledger.proofs("direct").proofs("manokwari") == {}
    other = replace(PROOF, link="core-brs", seen={})
    ledger.proofs("direct").add("manokwari", [PROOF, other])
    ledger.proofs("direct").add("tolikara", [replace(PROOF, mark="elsewhere")])
    later = replace(PROOF, at=NOON + timedelta(days=1), actor="os:siti", seen={"far ping": "4/5"})
    ledger.proofs("direct").add("manokwari", [later])
    assert another().proofs("direct").proofs("manokwari") == {"core-sgg": later, "core-brs": other}


def test_every_proof_is_an_audit_line_in_the_name_of_who_looked(ledger: SqlLedger) -> None:
    ledger.proofs("direct").add("manokwari", [PROOF, replace(PROOF, link="core-brs", actor="os:siti")])
    events = [entry.event for entry in ledger.entries()]
    assert [(event.action, event.subject, event.actor, event.regency) for event in events] == [
        ("link.proven", "core-sgg", "os:budi", "manokwari"),
        ("link.proven", "core-brs", "os:siti", "manokwari"),
    ]
    assert events[0].detail == {"mark": PROOF.mark, "via": "direct", "far ping": "5/5"}


def test_no_proofs_write_nothing(ledger: SqlLedger) -> None:
    ledger.proofs("direct").add("manokwari", [])
    assert ledger.proofs("direct").proofs("manokwari") == {}
    assert ledger.entries() == ()


def test_what_was_seen_of_a_lab_or_in_memory_proves_nothing_of_the_network_and_takes_nothing_from_it(ledger: SqlLedger) -> None:
    for via in ("lab", "memory", "direct"):
        assert ledger.proofs(via).proofs("manokwari") == {}
        ledger.proofs(via).add("manokwari", [replace(PROOF, seen={"far ping": via})])
    found = {via: ledger.proofs(via).proofs("manokwari")["core-sgg"].seen["far ping"] for via in ("lab", "memory", "direct")}
    assert found == {via: via for via in found}
    assert {entry.event.regency for entry in ledger.entries()} == {"manokwari"}
