"""What goes over the wire, apart from the core's own values, so that those may change without breaking a client.

Rates are written as `50 Mbit/s` in requests and are whole bit/s in answers; moments have an offset in requests and are in UTC
in answers.
"""
