"""Computes an exported audit log again: `python check_audit.py EXPORT`. Needs nothing but Python; imports nothing of ours.

Every line is one entry. Its digest is the SHA-256 of its other fields as JSON with sorted keys and no spaces.
"""

import json
import sys
from hashlib import sha256
from pathlib import Path


def check(text: str) -> str:
    """What is wrong, or how many entries hold and where they end."""
    number, previous = 0, "0" * 64
    for line in text.splitlines():
        entry = json.loads(line)
        digest = entry.pop("digest")
        number += 1
        if entry["number"] != number or entry["previous"] != previous:
            return f"BROKEN: entry {number} does not follow the one before it"
        if sha256(json.dumps(entry, sort_keys=True, separators=(",", ":")).encode()).hexdigest() != digest:
            return f"BROKEN: entry {number} was changed"
        previous = digest
    return f"{number} entries hold; the last digest is {previous}"


if __name__ == "__main__":
    verdict = check(Path(sys.argv[1]).read_text(encoding="utf-8"))
    sys.stdout.write(f"{verdict}\n")
    sys.exit(verdict.startswith("BROKEN"))
