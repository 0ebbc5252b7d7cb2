"""A bundle: what lock and packages say belongs in it, as it was installed, in one archive that is always the same."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import tarfile
import zipfile
from collections.abc import Mapping
from importlib.metadata import Distribution, PackageNotFoundError, PathDistribution
from pathlib import Path

import pytest

from infra.bundle.__main__ import EXTRAS, PROJECT
from infra.bundle.choosing import Chosen, NoBundle, choose, pins
from infra.bundle.gathering import PACKAGES, compile_all, describe, gather
from infra.bundle.packing import pack

ROOT = Path(__file__).parents[3]
EPOCH = 1_600_000_000


class Index:
    """Packages that were invented, as an installer leaves them in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.there: dict[str, Distribution] = {}

    def add(self, name: str, *needs: str, extras: str = "", files: Mapping[str, str] | None = None) -> Distribution:
        info = self.folder / f"{name}-1.0.dist-info"
        info.mkdir(parents=True)
        lines = [f"Name: {name}", "Version: 1.0", *(f"Provides-Extra: {extra}" for extra in extras.split())]
        (info / "METADATA").write_text("\n".join([*lines, *(f"Requires-Dist: {need}" for need in needs)]) + "\n")
        record = []
        for path, text in (files or {}).items():
            target = self.folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
            record.append(f"{path},sha256={digest},{len(text)}")
        (info / "RECORD").write_text("\n".join(record) + "\n")
        self.there[name] = PathDistribution(info)
        return self.there[name]

    def find(self, name: str) -> Distribution:
        if name not in self.there:
            raise PackageNotFoundError(name)
        return self.there[name]

    def chosen(self, name: str) -> Chosen:
        return Chosen(name=name, version="1.0", installed=self.there[name])


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index(tmp_path / "packages")


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """Of a project that only says where it is."""
    path = tmp_path / "own-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("network/__init__.py", "")
        archive.writestr("network/cli/__init__.py", "")
        archive.writestr(
            "network/cli/start.py", "import sys\nimport leaf\ndef main():\n    print(sys.prefix, leaf.WORD, *sys.argv[1:])\n"
        )
    return path


def names(chosen: tuple[Chosen, ...]) -> list[str]:
    return [each.name for each in chosen]


def test_what_is_needed_is_what_packages_ask_for(index: Index) -> None:
    index.add("own", "Web_Kit[fast]>=1", 'dearer; extra == "api"', 'other; extra == "dev"', extras="api dev")
    index.add("web-kit", 'loop; extra == "fast"', 'slow; extra == "slow"', 'gone; python_version < "3"', extras="fast slow")
    index.add("loop", "web-kit")
    index.add("dearer")
    lock = "web-kit==1.0 \\\n    --hash=sha256:00\nloop==1.0 ; sys_platform == 'linux'\nloop==0.9 ; sys_platform == 'win32'\n"
    locked = pins(f"{lock}dearer==1.0\n")
    assert names(choose("own", ["api"], locked, index.find)) == ["dearer", "loop", "web-kit"]
    assert names(choose("own", [], locked, index.find)) == ["loop", "web-kit"]


@pytest.mark.parametrize(
    ("extras", "lock", "says"),
    [
        (["all"], "leaf==1.0\n", "no extra all; it has api"),
        ([], "leaf==2.0\n", "leaf 1.0 is installed, and the lock says 2.0"),
        ([], "", "the lock says nothing"),
        (["api"], "leaf==1.0\n", "absent is not installed"),
    ],
)
def test_it_is_not_made_of_anything_else(extras: list[str], lock: str, says: str, index: Index) -> None:
    index.add("own", "leaf", 'absent; extra == "api"', extras="api")
    index.add("leaf")
    with pytest.raises(NoBundle, match=says):
        choose("own", extras, pins(lock), index.find)


def test_ours_has_the_doors_and_the_hands_and_no_tools() -> None:
    found = set(names(choose(PROJECT, EXTRAS, pins((ROOT / "requirements" / "lock.txt").read_text()))))
    assert {"fastapi", "uvicorn", "netmiko", "pysnmp", "psycopg", "psycopg-binary", "sqlalchemy"} <= found
    assert not {"pytest", "ruff", "mypy", "uv", "pulumi", "ansible-core", "matplotlib", "scipy", "lajur"} & found


def test_what_was_changed_by_hand_does_not_travel(index: Index, wheel: Path, tmp_path: Path) -> None:
    index.add("leaf", files={"leaf.py": "WORD = 'as installed'\n"})
    (index.folder / "leaf.py").write_text("WORD = 'as somebody liked it'\n")
    with pytest.raises(NoBundle, match=r"leaf: leaf\.py is not as it was installed"):
        gather(tmp_path / "tree", [index.chosen("leaf")], wheel)


def test_what_is_gone_is_named(index: Index, wheel: Path, tmp_path: Path) -> None:
    index.add("leaf", files={"leaf.py": ""})
    (index.folder / "leaf.py").unlink()
    with pytest.raises(NoBundle, match=r"leaf: leaf\.py: No such file"):
        gather(tmp_path / "tree", [index.chosen("leaf")], wheel)


def test_commands_of_packages_and_their_byte_code_stay_behind(index: Index, wheel: Path, tmp_path: Path) -> None:
    index.add("leaf", files={"leaf.py": "", "../bin/leaf": "#!/somewhere", "__pycache__/leaf.cpython-311.pyc": ""})
    gather(tmp_path / "tree", [index.chosen("leaf")], wheel)
    there = {path.name for path in (tmp_path / "tree").rglob("*") if path.is_file()}
    assert {"leaf.py", "start.py", "lajur", "python", "pyvenv.cfg"} <= there
    assert not {"leaf", "leaf.cpython-311.pyc"} & there


def test_a_wheel_cannot_climb_out(tmp_path: Path) -> None:
    climbing = tmp_path / "climbing.whl"
    with zipfile.ZipFile(climbing, "w") as archive:
        archive.writestr("../../outside.py", "")
    with pytest.raises(NoBundle, match="would leave the bundle"):
        gather(tmp_path / "tree", [], climbing)
    assert not list(tmp_path.rglob("outside.py"))


def test_it_runs_wherever_it_lies_on_the_python_that_is_there(index: Index, wheel: Path, tmp_path: Path) -> None:
    index.add("leaf", files={"leaf.py": "WORD = 'here'\n"})
    tree, release = tmp_path / "tree", tmp_path / "releases" / "1"
    gather(tree, [index.chosen("leaf")], wheel)
    compile_all(tree)
    packed = pack(tree, tmp_path / "out" / "own.tar.gz", EPOCH)
    with tarfile.open(packed.path) as archive:
        archive.extractall(release, filter="data")
    (tmp_path / "current").symlink_to(release)
    for program in (release / "bin" / "lajur", tmp_path / "current" / "bin" / "lajur"):
        done = subprocess.run([program, "a b"], capture_output=True, text=True, check=True, env={"PYTHONPATH": "/nowhere"})
        assert done.stdout == f"{release} here a b\n"
    child: list[str | Path] = [
        tmp_path / "current" / "bin" / "python",
        "-c",
        "import leaf, sys; print(leaf.WORD, sys.executable)",
    ]
    assert subprocess.run(child, capture_output=True, text=True, check=True).stdout == f"here {release}/bin/python\n"
    assert (release / PACKAGES / "__pycache__" / "leaf.cpython-311.pyc").is_file()


def test_it_is_the_same_whoever_makes_it(index: Index, wheel: Path, tmp_path: Path) -> None:
    index.add("leaf", files={"leaf.py": "WORDS = {'a', 'b', 'c'}\n", "data/leaf.json": "{}"})
    made = []
    for time in ("first", "second"):
        tree = tmp_path / time / "tree"
        gather(tree, [index.chosen("leaf")], wheel)
        describe(tree, "own", "1.0", [index.chosen("leaf")])
        compile_all(tree)
        made.append(pack(tree, tmp_path / time / "own.tar.gz", EPOCH))
        subprocess.run(["sha256sum", "--check", "--quiet", "own.tar.gz.sha256"], cwd=made[-1].path.parent, check=True)
    assert made[0].digest == made[1].digest
    with tarfile.open(made[0].path) as archive:
        members = archive.getmembers()
    assert [member.name for member in members] == sorted(member.name for member in members)
    assert {(member.uid, member.gid, member.uname, member.mtime) for member in members} == {(0, 0, "", EPOCH)}
    assert {member.mode for member in members if member.name.startswith("bin/")} == {0o755}


def test_a_link_is_no_member(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "way").symlink_to("/etc")
    with pytest.raises(NoBundle, match="way is neither a file nor a folder"):
        pack(tree, tmp_path / "out" / "own.tar.gz", EPOCH)
    assert not list((tmp_path / "out").iterdir())
