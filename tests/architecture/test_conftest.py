"""The rules that `tests/conftest.py` lays on every test, tried on small files by a pytest of their own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.architecture.checkout import ROOT

SKIPS = """
import os, time
import pytest

def test_passes(): pass

@pytest.mark.skip(reason="no modem here")
def test_lacks_something(): raise AssertionError

@pytest.mark.allowed_skip(reason="another system's")
def test_may_lack(): pytest.skip("no other system here")

@pytest.mark.xfail(reason="known", strict=True)
def test_known(): raise AssertionError

def test_environment():
    assert "LAJUR_STATE" not in os.environ
    assert time.timezone == -(12 * 3600 + 45 * 60)
"""


@dataclass(frozen=True)
class Outcome:
    code: int
    output: str

    def count(self, word: str) -> int:
        found = re.search(rf"(\d+) {word}", self.output.splitlines()[-1])
        return int(found[1]) if found else 0


def run(folder: Path, *, ci: bool, **files: str) -> Outcome:
    """A pytest run over `files` with our conftest, whose view of namespaces is the folder `netns`."""
    (folder / "netns").mkdir()
    conftest = (ROOT / "tests" / "conftest.py").read_text("utf-8")
    assert conftest.count('"/run/netns"') == 1
    (folder / "conftest.py").write_text(conftest.replace('"/run/netns"', repr(str(folder / "netns"))), "utf-8")
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n  lab\n  allowed_skip(reason)\n", "utf-8")
    for name, text in files.items():
        (folder / f"test_{name}.py").write_text(text, "utf-8")
    environment = {**os.environ, "CI": "true" if ci else "", "LAJUR_STATE": "somewhere", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)
    return Outcome(done.returncode, done.stdout.strip())


def test_a_skip_is_a_skip_at_home(tmp_path: Path) -> None:
    seen = run(tmp_path, ci=False, skips=SKIPS)
    assert (seen.code, seen.count("passed"), seen.count("skipped"), seen.count("xfailed")) == (0, 2, 2, 1), seen.output


def test_a_skip_is_a_failure_in_ci_unless_declared(tmp_path: Path) -> None:
    seen = run(tmp_path, ci=True, skips=SKIPS)
    assert (seen.code, seen.count("passed"), seen.count("skipped"), seen.count("error")) == (1, 2, 1, 1), seen.output
    assert "no modem here" in seen.output


def test_a_file_that_skips_itself_is_a_failure_in_ci(tmp_path: Path) -> None:
    seen = run(tmp_path, ci=True, whole="import pytest\npytest.importorskip('no_such_library')\ndef test_it(): pass\n")
    assert seen.code not in {0, pytest.ExitCode.NO_TESTS_COLLECTED}, seen.output
    assert "no_such_library" in seen.output


@pytest.mark.parametrize(("name", "code"), [("lajur-ab12-core", 1), ("somebody-else", 0)])
def test_a_namespace_left_behind_fails_the_session(tmp_path: Path, name: str, code: int) -> None:
    leaver = f"from pathlib import Path\ndef test_leaves(): (Path(__file__).parent / 'netns' / '{name}').touch()\n"
    seen = run(tmp_path, ci=False, leaves=leaver)
    assert seen.code == code, seen.output
    assert ("namespaces left behind" in seen.output) is bool(code)
