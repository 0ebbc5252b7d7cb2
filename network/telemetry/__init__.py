"""Meters: class bytes from the shaper, interface totals over SNMP."""
