"""The history of the ledger's tables, oldest first in `versions`. A new one: `vNNNN_what.py`, its `down_revision` the last,
and its number at the end of `network.ledger.schema.KNOWN`; a test compares the outcome with `tables`.

Each says by `works_from` which revision is the lowest whose programs may still work with the tables as it leaves them, so that a
release of this toolkit has a way back. One that only adds, and gives what it adds a default, says what the one before says; one
that takes away, renames, or makes a rule that those before would break says its own number, and comes a release later.
"""
