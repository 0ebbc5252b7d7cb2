"""Everything that can go wrong, for a person at 16:00 on a Friday.

    LajurError                      exit  every error: a `code` of the message catalogue and its fields
    ├── UsageError                   64   the command's words are off
    ├── TruthError                    3   the regency's files; carries all findings
    ├── Refused                       3   guard, admission or policy says no, and what would allow it
    │   ├── DeviceBusy                        another run holds the device's lock; `run` and `pid` say which
    │   ├── NotAdmitted                       it does not fit; `verdict` has who, when, how much, and what would fit
    │   ├── Conflict                          it was changed meanwhile, or stands already
    │   ├── NotFound                 64       nothing has that name or id here
    │   └── NotAllowed                        the caller may not do that; who may is in `right`
    ├── DeviceError                   4   `device`, `step`; what was done about it is in `outcome`
    │   ├── DeviceUnreachable
    │   ├── LoginRefused
    │   ├── HostKeyUnknown            3   nobody has trusted a key of this address yet
    │   ├── HostKeyChanged            3
    │   ├── DeviceArmed                   another run's record is on the device
    │   ├── DeviceMoved                   something came between looking and acting; nothing was done
    │   ├── StepRefused                   the device refused a line; earlier lines may hold
    │   ├── SessionCut                    the connection ended while something was under way
    │   ├── NotSaved                      the change is kept, and would be gone after a restart: it could not be written
    │   ├── ArmExpired                    the device had already gone back when we came to confirm
    │   └── MeterError                    its counters could not be read; nothing was changed
    ├── RunReturned                   4   a run failed and the state before was read back; `cause` says why
    ├── NeedsPerson                   5   the state before could not be proved to be back; `cause` says why
    ├── LedgerError                   4   the record could not be written or read; what it held is untouched
    │   └── LedgerRefused             3   it cannot be opened for writing, so nothing was begun
    ├── LabError                      4   the lab could not be built, found or cleaned
    │   ├── LabRefused                3   nothing was begun, and what would allow it
    │   └── LabMisnamed              64   a name that no lab, or nothing in this lab, has
    │   └── KeptUnsaved                       every end is kept; a device could not write its start-up configuration
    ├── PrintFailed                   4   no paper was made of a page; nothing else was touched
    ├── PlayError                     4   Ansible did not come to an end by itself; what it did stays done
    ├── BuildError                    4   the builder of servers could not do it; what it did stays done and is in its state
    ├── OutputLost                    5   the answer could not be written; what was done stays done
    └── (anything else)              70   a bug of ours

A code names a template in `network.messages`; the doors render it in the reader's language.
"""

from __future__ import annotations

from typing import ClassVar


class LajurError(Exception):
    """Base. `code` names the message, `fields` fill it; both languages use the same fields."""

    exit_code: ClassVar[int] = 70

    def __init__(self, code: str, **fields: object) -> None:
        super().__init__(code, fields)
        self.code = code
        self.fields = fields

    def __str__(self) -> str:
        return f"{self.code}: " + ", ".join(f"{name}={value}" for name, value in self.fields.items())


class UsageError(LajurError):
    exit_code = 64


class Refused(LajurError):
    exit_code = 3


class DeviceBusy(Refused):
    pass


class NotAdmitted(Refused):
    """Admission says no. `fields["verdict"]` is the `network.core.admission.admit.Verdict`."""


class Conflict(Refused):
    pass


class NotFound(Refused):
    exit_code = 64


class NotAllowed(Refused):
    pass


class TruthError(Refused):
    """The files of a regency do not hold together. `fields["findings"]` is the tuple of `inventory.findings.Finding`."""


class DeviceError(LajurError):
    """A device did not do as asked. `device` and `step` are always in `fields`."""

    exit_code = 4

    def __init__(self, code: str, *, device: str, step: str, **fields: object) -> None:
        super().__init__(code, device=device, step=step, **fields)
        self.device = device
        self.step = step


class DeviceUnreachable(DeviceError):
    pass


class LoginRefused(DeviceError):
    pass


class HostKeyUnknown(DeviceError):
    exit_code = 3


class HostKeyChanged(DeviceError):
    exit_code = 3


class DeviceArmed(DeviceError):
    pass


class DeviceMoved(DeviceError):
    pass


class StepRefused(DeviceError):
    pass


class SessionCut(DeviceError):
    pass


class NotSaved(DeviceError):
    pass


class ArmExpired(DeviceError):
    pass


class MeterError(DeviceError):
    pass


class RunReturned(LajurError):
    exit_code = 4


class NeedsPerson(LajurError):
    exit_code = 5


class KeptUnsaved(NeedsPerson):
    """All ends hold the change, proved and confirmed; what is lacking is that a device remembers it after a restart."""


class LedgerError(LajurError):
    exit_code = 4


class LedgerRefused(LedgerError):
    exit_code = 3


class LabError(LajurError):
    exit_code = 4


class LabRefused(LabError):
    exit_code = 3


class LabMisnamed(LabError):
    exit_code = 64


class PrintFailed(LajurError):
    exit_code = 4


class PlayError(LajurError):
    exit_code = 4


class BuildError(LajurError):
    exit_code = 4


class OutputLost(LajurError):
    exit_code = 5
