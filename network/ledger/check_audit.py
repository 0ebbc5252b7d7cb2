"""Computes an exported audit log again: `python check_audit.py EXPORT`. Needs nothing but Python; imports nothing of ours.

Every line is one entry. Its digest is the SHA-256 of its other fields as JSON with sorted keys and no spaces.
Exit codes: 0 all holds, 1 broken, 64 no such file. Indonesian when LAJUR_LANG, LC_ALL or LANG begins with `id`.
"""

import errno
import json
import os
import sys
from hashlib import sha256
from pathlib import Path

SPOKEN = next(filter(None, map(os.environ.get, ("LAJUR_LANG", "LC_ALL", "LANG"))), "")
INDONESIAN = SPOKEN.startswith("id")
REASONS = {errno.ENOENT: "tidak ada", errno.EACCES: "tidak diizinkan", errno.EISDIR: "itu folder"}


def say(indonesian: str, english: str) -> str:
    return indonesian if INDONESIAN else english


def check(text: str) -> tuple[int, str]:
    """The exit code, and what is wrong or how many entries hold and where they end."""
    broken, number, previous = say("RUSAK", "BROKEN"), 0, "0" * 64
    for line in text.splitlines():
        number += 1
        try:
            entry = json.loads(line)
            digest = entry.pop("digest")
            follows = entry["number"] == number and entry["previous"] == previous
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return 1, f"{broken}: " + say(f"baris {number} bukan catatan yang utuh", f"line {number} is no whole entry")
        if not follows:
            told = f"catatan {number} tidak menyambung yang sebelumnya", f"entry {number} does not follow the one before it"
            return 1, f"{broken}: {say(*told)}"
        if sha256(json.dumps(entry, sort_keys=True, separators=(",", ":")).encode()).hexdigest() != digest:
            return 1, f"{broken}: " + say(f"catatan {number} diubah", f"entry {number} was changed")
        previous = digest
    held = f"{number} catatan utuh; sidik terakhir {previous}", f"{number} entries hold; the last digest is {previous}"
    return 0, say(*held)


def main(words: list[str]) -> tuple[int, str]:
    if len(words) != 1:
        return 64, say("Sebutkan satu berkas: ", "Name one file: ") + "python3 check_audit.py audit.jsonl"
    try:
        return check(Path(words[0]).read_text(encoding="utf-8", errors="replace"))
    except OSError as error:
        system = error.strerror or "?"
        reason = say(REASONS.get(error.errno or 0, system), system)
        told = f"Berkas {words[0]} tidak dapat dibaca", f"The file {words[0]} cannot be read"
        return 64, f"{say(*told)} ({reason}). {say('Periksa nama dan izinnya.', 'See to its name and its permissions.')}"


if __name__ == "__main__":
    code, verdict = main(sys.argv[1:])
    print(verdict, file=sys.stderr if code == 64 else sys.stdout)
    sys.exit(code)
