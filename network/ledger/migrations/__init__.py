"""The history of the ledger's tables, oldest first in `versions`. A new one: `vNNNN_what.py`, its `down_revision` the last,
and its number at the end of `network.ledger.schema.KNOWN`; a test compares the outcome with `tables`."""
