"""The engine's binary: found, or made. Nothing is downloaded while the toolkit works; only `make setup` makes it.

The ways, in this order: `pulumi` on PATH when its version fits the SDK's; this user's cache; `go build` of the modules that
`go.mod` and `go.sum` beside this file pin; the SDK's own installer, which needs the internet.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

MODULES: Final = Path(__file__).parent
_COMMAND: Final = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
_STAMP: Final = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"
_PACKAGES: Final = 1950
"""About how many packages a build compiles, for its progress; a wrong number does no harm."""
_ASK_SECONDS: Final = 30

Tell = Callable[[str], None]


class NoEngine(Exception):
    """No way is open. Its text says which there are, and why each is closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """`path` is the binary; `source` is path, cache, built or installed."""

    path: Path
    version: str
    source: str


def sdk_version() -> str:
    """The version of the Python SDK, which the engine's must fit."""
    return version("pulumi")


def fits(engine: str, sdk: str) -> bool:
    """Whether an engine of this version serves the SDK: the same major version, and not older."""
    numbers = [re.fullmatch(r"v?(\d+)\.(\d+)\.(\d+)(?:[-+].*)?", text.strip()) for text in (engine, sdk)]
    if not all(numbers):
        return False
    found, wanted = ([int(number) for number in match.groups()] for match in numbers if match)
    return found[0] == wanted[0] and found >= wanted


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where this user's engine of the SDK's version lies; `bin/pulumi` in it is the binary."""
    home = environment.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(home) / "lajur" / "engine" / sdk_version()


def find(environment: Mapping[str, str] = os.environ) -> Engine | None:
    """The engine that is here already, or None. Makes nothing."""
    wanted = sdk_version()
    on_path = shutil.which("pulumi", path=environment.get("PATH"))
    for source, path in (("path", Path(on_path) if on_path else None), ("cache", cache_folder(environment) / "bin" / "pulumi")):
        if path is not None and (said := _version_of(path)) is not None and fits(said, wanted):
            return Engine(path=path, version=said, source=source)
    return None


def provide(tell: Tell, environment: Mapping[str, str] = os.environ) -> Engine:
    """The engine, made when it is not here. Raises NoEngine when every way is closed."""
    found = find(environment)
    if found is not None:
        return found
    folder = cache_folder(environment)
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder, tell):
        found = find(environment)  # who was before us may have made it
        if found is not None:
            return found
        closed = []
        for source, way in (("built", _build), ("installed", _install)):
            try:
                path = way(folder, tell, environment)
            except NoEngine as error:
                closed.append(str(error))
                continue
            return Engine(path=path, version=sdk_version(), source=source)
    raise NoEngine("\n".join([_ways(folder), *closed]))


def _ways(folder: Path) -> str:
    return (
        f"The Pulumi engine {sdk_version()} is not here. Any of these brings it: put a `pulumi` of that version, or a newer one "
        f"of the same major version, on PATH; copy one to {folder / 'bin' / 'pulumi'}; install Go {_least_go()} or newer, give "
        "`make setup` (about six minutes, once); or give that on a machine that reaches the internet."
    )


@contextmanager
def _alone(folder: Path, tell: Tell) -> Iterator[None]:
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tell("another set-up makes the engine; waiting for it")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _version_of(path: Path) -> str | None:
    """What a binary says that it is; None when it cannot be asked."""
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": os.environ.get("HOME", "/"), "PULUMI_SKIP_UPDATE_CHECK": "true"}
    said = _asked([str(path), "version"], environment)
    return said.removeprefix("v") if said is not None else None


def _asked(words: list[str], environment: Mapping[str, str]) -> str | None:
    """What a program answers; None when it does not, or not in time. What it started ends with it: who holds its pipes would be
    waited for."""
    try:
        with subprocess.Popen(
            words,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            text=True,
            errors="replace",
            env=dict(environment),
            start_new_session=True,
        ) as process:
            try:
                said, _ = process.communicate(timeout=_ASK_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                return None
    except OSError:
        return None
    return said.strip() if process.returncode == 0 else None


# ---- from its modules


def _least_go() -> str:
    found = re.search(r"^go (\S+)$", (MODULES / "go.mod").read_text(), re.MULTILINE)
    return found[1] if found else "?"


def _go(environment: Mapping[str, str]) -> str:
    """The go command. Raises NoEngine when there is none, or only one that is too old."""
    go = shutil.which("go", path=environment.get("PATH"))
    if go is None:
        raise NoEngine("- go build: there is no `go` on PATH")
    said, least = (_asked([go, "env", "GOVERSION"], environment) or "").removeprefix("go"), _least_go()
    if _numbers(said) < _numbers(least):
        raise NoEngine(f"- go build: `{go}` is Go {said or '?'}, and {least} is needed")
    return go


def _numbers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", text)[:3]]


def _build(folder: Path, tell: Tell, environment: Mapping[str, str]) -> Path:
    """`go build` in folders of its own, which go away once it is done: they hold three gigabytes."""
    go = _go(environment)
    work = folder / "build"
    (work / "module").mkdir(parents=True, exist_ok=True)
    for name in ("go.mod", "go.sum"):
        shutil.copyfile(MODULES / name, work / "module" / name)
    tell(f"building the Pulumi engine {sdk_version()} from its modules (once for this user; minutes)")
    own = {
        "CGO_ENABLED": "0",
        "GOTOOLCHAIN": "local",
        "GOFLAGS": "-mod=readonly -modcacherw -trimpath",
        "GOMODCACHE": str(work / "modules"),
        "GOCACHE": str(work / "cache"),
    }
    words = [go, "build", "-v", "-p", str(os.cpu_count() or 2), "-tags", "osusergo,grpcnotrace"]
    words += ["-ldflags", f"-s -w -X {_STAMP}=v{sdk_version()}", "-o", str(work / "pulumi"), _COMMAND]
    last = _watched(words, work / "module", {**environment, **own}, tell)
    if last:
        raise NoEngine(f"- go build: {last}")
    return _settle(work / "pulumi", folder, work)


def _watched(words: list[str], where: Path, environment: Mapping[str, str], tell: Tell) -> str:
    """Run to its end and tell how far it is; what it complained of last, empty when it succeeded."""
    told, last = 0, ""
    with subprocess.Popen(words, cwd=where, env=dict(environment), stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for number, line in enumerate(process.stderr, 1):
            last = line.strip() or last
            if number >= told + 100:
                told = number
                tell(f"  {number} of about {_PACKAGES} packages")
    return last or "it failed without a word" if process.returncode != 0 else ""


def _settle(made: Path, folder: Path, work: Path) -> Path:
    """Put the binary in its place, whole or not at all, and remove what it was made of."""
    said = _version_of(made)
    if said is None or not fits(said, sdk_version()):
        raise NoEngine(f"- go build: what came out says that it is {said or 'nothing'}")
    (folder / "bin").mkdir(exist_ok=True)
    binary = folder / "bin" / "pulumi"
    made.replace(binary)
    shutil.rmtree(work, ignore_errors=True)
    return binary


# ---- from its makers


def _install(folder: Path, tell: Tell, environment: Mapping[str, str]) -> Path:
    """The SDK's own installer, in a process of its own: it needs the internet and takes what time it takes."""
    tell("asking the SDK's own installer for the Pulumi engine")
    program = "import sys; from pulumi.automation import PulumiCommand; PulumiCommand.install(root=sys.argv[1])"
    words = [sys.executable, "-c", program, str(folder)]
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=600, env=dict(environment))
    except subprocess.TimeoutExpired as error:
        raise NoEngine("- the SDK's installer: nothing came within ten minutes") from error
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines()
        raise NoEngine(f"- the SDK's installer: {lines[-1] if lines else 'it failed without a word'}")
    return folder / "bin" / "pulumi"
