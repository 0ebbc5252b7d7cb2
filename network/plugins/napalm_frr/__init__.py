"""NAPALM's driver for FRR on Linux. Exposes the driver only: NAPALM takes the first class that it finds here."""

from napalm_frr.driver import FRRDriver

__all__ = ["FRRDriver"]
