"""The ways to the engine's binary, each by a program that only says that it is one. Nothing is built, nothing is fetched."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest

from infra.engine import binary
from infra.engine.__main__ import main
from infra.engine.binary import NoEngine, cache_folder, find, fits, provide, sdk_version

NEWER = "3.999.0"
GO = """
case "$1" in
env) echo go{version} ;;
build) echo "$@" >>{log}; {build} ;;
esac
"""
MAKES = 'while [ "$1" != -o ]; do shift; done; printf "#!/bin/sh\\necho v{said}\\n" >"$2"; chmod +x "$2"'


class Machine:
    """A user's machine: a PATH with nothing but a shell's own programs, a cache, and what is put there."""

    def __init__(self, folder: Path) -> None:
        self.programs, self.cache, self.log = folder / "bin", folder / "cache", folder / "log"
        self.programs.mkdir()
        for name in ("printf", "chmod", "sleep", "mkdir", "touch", "sh", "cat"):
            (self.programs / name).symlink_to(f"/bin/{name}" if Path(f"/bin/{name}").exists() else f"/usr/bin/{name}")
        self.told: list[str] = []

    @property
    def environment(self) -> dict[str, str]:
        return {"PATH": str(self.programs), "XDG_CACHE_HOME": str(self.cache), "HOME": str(self.cache)}

    def program(self, name: str, text: str, folder: Path | None = None) -> Path:
        place = folder or self.programs
        place.mkdir(parents=True, exist_ok=True)
        path = place / name
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
        return path

    def go(self, version: str = "1.99.1", build: str | None = None, said: str | None = None) -> None:
        makes = MAKES.format(said=said or sdk_version())
        self.program("go", GO.format(version=version, log=self.log, build=makes if build is None else build))

    def provide(self) -> binary.Engine:
        return provide(self.told.append, self.environment)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine(tmp_path)
    # The SDK's installer would reach for the internet: here it is a Python that says no.
    refuses = made.program("python", 'echo "no way out" >&2; exit 1', tmp_path)
    monkeypatch.setattr(sys, "executable", str(refuses))
    monkeypatch.setattr(binary, "_ASK_SECONDS", 0.5)
    return made


@pytest.mark.parametrize(
    ("engine", "is_right"),
    [
        (sdk_version(), True),
        ("v" + NEWER, True),
        ("3.999.0-alpha.1+dirty", True),
        ("3.1.0", False),
        ("4.0.0", False),
        ("2.999.0", False),
        ("", False),
        ("3.259", False),
        ("latest", False),
    ],
)
def test_an_engine_fits_when_it_is_not_older_within_the_same_major_version(engine: str, is_right: bool) -> None:
    assert fits(engine, sdk_version()) is is_right


def test_path_comes_first_and_the_cache_second(machine: Machine) -> None:
    cached = machine.program("pulumi", f"echo v{sdk_version()}", cache_folder(machine.environment) / "bin")
    found = machine.provide()
    assert (found.source, found.path) == ("cache", cached)
    on_path = machine.program("pulumi", f"echo v{NEWER}")
    found = machine.provide()
    assert (found.source, found.path, found.version) == ("path", on_path, NEWER)
    assert not machine.log.exists()


@pytest.mark.parametrize(
    "says",
    [
        "echo v3.1.0",
        "echo v4.0.0",
        "echo hello",
        "exit 1",
        "sleep 30 & wait",
        "echo v3.259.0; exit 3",
        "printf '\\377\\376'",
    ],
)
def test_an_engine_on_path_that_does_not_fit_is_passed_over(machine: Machine, says: str) -> None:
    machine.program("pulumi", says)
    assert find(machine.environment) is None
    machine.program("pulumi", f"echo v{sdk_version()}", cache_folder(machine.environment) / "bin")
    found = find(machine.environment)
    assert found is not None
    assert found.source == "cache"


def test_what_is_no_program_is_passed_over(machine: Machine) -> None:
    place = cache_folder(machine.environment) / "bin"
    place.mkdir(parents=True)
    (place / "pulumi").write_bytes(b"\x7fELF cut short")
    (place / "pulumi").chmod(0o755)
    assert find(machine.environment) is None


def test_go_builds_it_once_and_leaves_nothing_but_the_binary(machine: Machine) -> None:
    machine.go()
    made = machine.provide()
    folder = cache_folder(machine.environment)
    assert (made.source, made.path) == ("built", folder / "bin" / "pulumi")
    assert sorted(path.name for path in folder.iterdir()) == ["bin", "lock"]
    assert f"Version=v{sdk_version()}" in machine.log.read_text()
    assert machine.provide().source == "cache"
    assert len(machine.log.read_text().splitlines()) == 1


def test_a_build_tells_how_far_it_is(machine: Machine) -> None:
    makes = MAKES.format(said=sdk_version())
    machine.go(build=f"i=0; while [ $i -lt 250 ]; do echo package-$i >&2; i=$((i+1)); done; {makes}")
    machine.provide()
    assert [text for text in machine.told if "packages" in text] == [
        f"  {number} of about {binary._PACKAGES} packages" for number in (100, 200)
    ]


@pytest.mark.parametrize(
    ("version", "build", "said", "reason"),
    [
        ("1.20.1", None, None, "is Go 1.20.1, and"),
        ("1.99.1; sleep 30", None, None, "is Go ?, and"),
        ("devel", None, None, "is Go devel, and"),
        ("1.99.1", "echo 'checksum mismatch' >&2; exit 1", None, "- go build: checksum mismatch"),
        ("1.99.1", "exit 1", None, "- go build: it failed without a word"),
        ("1.99.1", None, "3.1.0", "what came out says that it is 3.1.0"),
        ("1.99.1", "exit 0", None, "what came out says that it is nothing"),
    ],
)
def test_every_closed_way_is_named_with_its_reason(
    machine: Machine, version: str, build: str | None, said: str | None, reason: str
) -> None:
    machine.go(version, build, said)
    with pytest.raises(NoEngine) as raised:
        machine.provide()
    text = str(raised.value)
    assert reason in text
    assert "- the SDK's installer: no way out" in text
    assert sdk_version() in text.splitlines()[0]
    assert not (cache_folder(machine.environment) / "bin" / "pulumi").exists()


def test_without_go_the_installer_is_asked(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoEngine, match="there is no `go` on PATH"):
        machine.provide()
    makes = f'mkdir -p "$3/bin"; printf "#!/bin/sh\\necho v{sdk_version()}\\n" >"$3/bin/pulumi"; chmod +x "$3/bin/pulumi"'
    monkeypatch.setattr(sys, "executable", str(machine.program("installer", makes)))
    made = machine.provide()
    assert made.source == "installed"
    assert machine.provide().source == "cache"


def test_two_set_ups_at_once_build_it_once(machine: Machine) -> None:
    goes_on = machine.programs.parent / "goes-on"
    makes = MAKES.format(said=sdk_version())
    machine.go(build=f"while [ ! -e {goes_on} ]; do sleep 0.02; done; {makes}")
    made: list[binary.Engine] = []
    threads = [threading.Thread(target=lambda: made.append(machine.provide())) for _ in range(2)]
    for thread in threads:
        thread.start()
    waits = threading.Event()
    while not any("waiting for it" in text for text in machine.told):
        waits.wait(0.01)
    goes_on.touch()
    for thread in threads:
        thread.join()
    assert sorted(each.source for each in made) == ["built", "cache"]
    assert len(machine.log.read_text().splitlines()) == 1


def test_the_command_says_where_it_is_or_which_ways_there_are(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in machine.environment.items():
        monkeypatch.setitem(os.environ, name, value)
    assert main(["--find"]) == 3
    assert main([]) == 3
    assert "Any of these brings it" in capsys.readouterr().err
    path = machine.program("pulumi", f"echo v{sdk_version()}")
    assert main(["--find"]) == 0
    assert capsys.readouterr().out == f"{path}\n"
    assert main([]) == 0
