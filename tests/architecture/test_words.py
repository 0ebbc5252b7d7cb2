"""What may not be written anywhere in the project, and papers that must keep step with each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.checkout import ROOT, none_of

# Written in pieces, so that this file passes its own test.
DOWNLOAD_HOSTS = [
    ".".join(pieces)
    for pieces in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("crates", "io"),
        ("proxy", "golang", "org"),
        ("maven", "org"),
        ("deb", "debian", "org"),
        ("debian", "org/debian"),
        ("docker", "io"),
    )
]
MACHINE_PATHS = re.compile(
    r"(?:^|[^\w.$}/-])/(?:work|farm|home/\w+|opt/\w+|root/\.(?!ssh\b)\w+|tmp/\w+|Users/\w+)(?:/|\b)", re.MULTILINE
)
HOW_IT_WAS_MADE = re.compile(
    r"\b(?:{})\b".format(
        "|".join(
            (
                "cl" + "aude",
                "anth" + "ropic",
                "chat" + "gpt",
                "open" + "ai",
                "co" + "pilot",
                "ll" + "ms?",
                "language " + "models?",
                "as an " + "ai",
                "ai[- ]" + "(?:generated|written|assisted)",
                "sub" + "agents?",
                "the " + "ceo",
                "the " + "architect",
                "design" + r"\.md",
                "the " + "brief",
                "(?:this|next|later|links|another|future|the) " + "issue",
            )
        )
    ),
    re.IGNORECASE,
)
SECRETS = {
    "private key": re.compile("-----BEGIN [A-Z ]*" + "PRIVATE KEY-----"),
    "access key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "token": re.compile(r"\b(?:gh[pousr]_|glpat-|xox[abprs]-|pul-)[0-9A-Za-z-]{20,}"),
    "password in an address": re.compile(r"[a-z]{2,8}://[^/\s:@{}<>$]+:[^/\s:@{}<>$]+@"),
    "password as a value": re.compile(
        r"""^\s*["']?[\w-]*(?:password|passphrase|secret|token|community)["']?\s*:\s*["']?(?![{$&*!|>"'\s]|env:|file:|vault:)\w{4,}""",
        re.MULTILINE | re.IGNORECASE,
    ),
}
FACTS = {".yaml", ".yml", ".json", ".csv", ".ini", ".cfg", ".conf"}
"""Where a written value is a value; in code it may be the name of one, and ruff's own rules look there."""


def _hits(texts: dict[Path, str], pattern: re.Pattern[str]) -> Iterator[str]:
    for place, text in texts.items():
        for found in pattern.finditer(text):
            yield f"{place}:{text.count(chr(10), 0, found.start()) + 1}: {found.group().strip()}"


def test_no_download_address_is_written_down(texts: dict[Path, str]) -> None:
    pattern = re.compile("|".join(map(re.escape, DOWNLOAD_HOSTS)), re.IGNORECASE)
    none_of(_hits(texts, pattern))


def test_no_path_of_one_machine_is_written_down(texts: dict[Path, str]) -> None:
    none_of(_hits(texts, MACHINE_PATHS))


def test_files_speak_of_the_network_and_not_of_their_making(texts: dict[Path, str]) -> None:
    none_of(_hits(texts, HOW_IT_WAS_MADE))


@pytest.mark.parametrize("kind", SECRETS)
def test_no_secret_is_written_down(kind: str, texts: dict[Path, str]) -> None:
    looked_at = (
        texts if kind != "password as a value" else {place: text for place, text in texts.items() if place.suffix in FACTS}
    )
    none_of(_hits(looked_at, SECRETS[kind]))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("private key", "-----BEGIN OPENSSH " + "PRIVATE KEY-----"),
        ("password in an address", "postgresql://lajur:" + "hunter2@ledger/lajur"),
        ("password as a value", "  snmp_" + "password: hunter22"),
        ("password as a value", '"community": ' + '"public"'),
    ],
)
def test_a_secret_would_be_seen(kind: str, text: str) -> None:
    assert SECRETS[kind].search(text)


@pytest.mark.parametrize("text", ["password: env:LAJUR_CORE", "secret: '{{ vaulted }}'", "token:", "passwords: [a]"])
def test_a_reference_to_a_secret_is_none(text: str) -> None:
    assert not SECRETS["password as a value"].search(text)


@pytest.mark.parametrize("name", ["build.txt", "lock.txt", "peers.txt"])
def test_a_lock_is_names_versions_and_hashes(name: str) -> None:
    lines = (ROOT / "requirements" / name).read_text("utf-8").splitlines()
    pin = re.compile(r"[a-z0-9][a-z0-9.-]*==[\w.]+( ; [^\\]+)? \\")
    hashed = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
    strange = [line for line in lines if not (line.lstrip().startswith("#") or pin.fullmatch(line) or hashed.fullmatch(line))]
    none_of(strange)
    none_of([line for line in lines if "@" in line or "://" in line])


def _headings(text: str) -> list[str]:
    """The levels of the headings in order, code blocks left out."""
    outside = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"^(#+) ", outside, re.MULTILINE)


def test_both_readmes_keep_step() -> None:
    english, indonesian = ((ROOT / name).read_text("utf-8") for name in ("README.md", "README.id.md"))
    assert _headings(english) == _headings(indonesian)
    assert len(_headings(english)) > 1
    commands = re.compile(r"^(?:make|\.venv/bin/lajur|lajur) .*?(?=\s+#|$)", re.MULTILINE)
    assert commands.findall(english) == commands.findall(indonesian)


def test_the_changelog_begins_with_what_comes_next() -> None:
    sections = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert sections[0] == "Unreleased"
