"""Forty SNMP agents in a namespace of their own, polled by us, by net-snmp and by bare pysnmp."""
