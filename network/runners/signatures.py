"""Whether a file that is to be released is signed by one who may: `ssh-keygen` decides, on what we give it and nothing else."""

from __future__ import annotations

import subprocess
from contextlib import suppress
from hashlib import sha256
from io import FileIO
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Timer
from typing import Final

from network.core.releases.values import Workload
from network.errors import Refused

NAMESPACE: Final = "lajur-release"
"""Of signatures (`ssh-keygen -Y sign -n lajur-release`), so that one made for something else counts nothing here."""

_PATIENCE: Final = 60.0
_MOST_SAID: Final = 64 * 1024
_CHUNK: Final = 2**20


def verified(path: Path, file: FileIO, workload: Workload, signature: Path, text: bytes) -> str:
    """The SHA-256 of what was verified. `text` is what stands in `signature`. Raises Refused for one that does not fit."""
    file.seek(0)
    with TemporaryDirectory(prefix="lajur-release-") as folder:
        signers, own = Path(folder, "signers"), Path(folder, "signature")
        signers.write_text("".join(f'{NAMESPACE} namespaces="{NAMESPACE}" {key}\n' for key in workload.signers))
        own.write_bytes(text)
        words = ["ssh-keygen", "-Y", "verify", "-f", str(signers), "-I", NAMESPACE, "-n", NAMESPACE, "-s", str(own)]
        try:
            code, said, digest = _given(words, file)
        except OSError as error:
            raise Refused("release.no_ssh_keygen", file=path.name, reason=str(error)[:200]) from error
    if code < 0:
        raise Refused("release.no_ssh_keygen", file=path.name, reason=f"signal {-code}")
    if code:
        raise Refused("release.signature", file=path.name, signature=signature.name, signers=len(workload.signers), said=said)
    return digest


def _given(words: list[str], file: FileIO) -> tuple[int, str, str]:
    """Exit code of a program that reads the file, what it said, and the SHA-256 of what it was given. Raises OSError."""
    digest = sha256()
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        late = Timer(_PATIENCE, process.kill)
        late.start()
        try:
            # It may say no before it has read everything.
            with suppress(BrokenPipeError), process.stdin as given:
                while part := file.read(_CHUNK):
                    digest.update(part)
                    given.write(part)
            said = process.stdout.read(_MOST_SAID)
        finally:
            late.cancel()
    return process.returncode, said.decode(errors="replace").strip()[-300:], digest.hexdigest()
