"""Every wrong thing in a regency's files is told by code, file and line, in both languages, and all at once."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from string import Formatter
from typing import Literal

import pytest

import inventory
from inventory.findings import Severity
from inventory.load import judge
from inventory.messages import MESSAGES, NONE_NEAR, render
from network.core.admission import standing
from tests.unit.inventory.cases import CASES as REQUIRED_CASES
from tests.unit.inventory.cases import Case
from tests.unit.inventory.cloud_cases import CLOUD_CASES
from tests.unit.inventory.release_cases import RELEASE_CASES
from tests.unit.inventory.server_cases import SERVER_CASES
from tests.unit.inventory.small import FILES, as_bytes, judged

# Brought about by the folder, by a table or by a moved stage, in test_reading.py, test_tabular.py, test_start*.py and
# test_moving.py, or only by newer models;
# an outlook by who allocates, in tests/unit/cli/test_inventory.py.
ELSEWHERE = re.compile(
    r"(folder|csv|start|outlook|move)\.|file\.(missing|unknown|outside|unreadable|too_large)|yaml\.too_large|shape\.other"
)

CASES = (*REQUIRED_CASES, *SERVER_CASES, *RELEASE_CASES, *CLOUD_CASES)


def names() -> Iterator[str]:
    seen: dict[str, int] = {}
    for case in CASES:
        seen[case.code] = seen.get(case.code, 0) + 1
        yield f"{case.code}-{seen[case.code]}"


@pytest.mark.parametrize("case", CASES, ids=names())
def test_a_wrong_thing_is_told_with_file_and_line_in_both_languages(case: Case) -> None:
    findings = judge(as_bytes(case.files()), [], today=case.today).findings
    told = [each for each in findings if each.code == case.code]
    assert told, [render(each, "en") for each in findings]
    place = (told[0].file, told[0].line)
    assert place == (case.found_in or case.file, 0 if case.code == "prefixes.unused" else case.line()), render(told[0], "en")
    for each in findings:
        indonesian, english = render(each, "id"), render(each, "en")
        mark = f"{each.file}:{each.line}: " if each.line else f"{each.file}: "
        assert indonesian.startswith(mark)
        assert english.startswith(mark)
        assert indonesian != english
        assert "\n" not in indonesian + english


def test_the_small_regency_itself_is_whole() -> None:
    whole = judged(FILES)
    assert whole.regency is not None
    assert [each.code for each in whole.findings] == ["link.local"]


def test_every_message_has_a_case_and_every_code_a_message() -> None:
    room = Path(inspect.getfile(inventory)).parent
    kinds = "|".join(sorted({code.partition(".")[0] for code in MESSAGES}))
    used: set[str] = set()
    for module in (*room.glob("*.py"), Path(inspect.getfile(standing))):
        if not module.name.startswith("words_"):
            used |= set(re.findall(rf'"((?:{kinds})\.(?!yaml|txt|csv)[a-z_]+)"', module.read_text(encoding="utf-8")))
    assert used == set(MESSAGES)
    assert {code for code in MESSAGES if not ELSEWHERE.match(code)} == {case.code for case in CASES}


@pytest.mark.parametrize("code", MESSAGES)
def test_both_languages_have_the_same_fields(code: str) -> None:
    fields = [{name for _, name, _, _ in Formatter().parse(text) if name is not None} for text in MESSAGES[code]]
    assert fields[0] == fields[1]


def test_the_sentence_of_the_wrong_unit() -> None:
    files = {**FILES, "links.yaml": FILES["links.yaml"].replace("rate: 30 Mbit/s", "rate: 200 Mbsp")}
    (told,) = judged(files).findings
    assert render(told, "en") == (
        "links.yaml:10: 200 Mbsp is not a bandwidth; write for example '200 Mbit/s' (bit/s, kbit/s, Mbit/s, Gbit/s)"
    )
    assert render(told, "id").startswith("links.yaml:10: 200 Mbsp bukan lebar pita; tulis misalnya '200 Mbit/s'")


def test_all_files_are_told_about_at_once() -> None:
    files: dict[str, str | bytes] = {
        **FILES,
        "regency.yaml": FILES["regency.yaml"].replace("Asia/Jayapura", "Asia/Manokwari"),
        "hubs.yaml": FILES["hubs.yaml"].replace("id: 2", "id: dua"),
        "offices.yaml": FILES["offices.yaml"].replace("hub: selatan", "hub:").replace("100.64.1.0/24", "100.64.1.9/24"),
        "calendar.yaml": b"working_days: [\xff]",
    }
    told = {(each.file, each.code) for each in judged(files).findings}
    assert told == {
        ("regency.yaml", "regency.timezone"),
        ("hubs.yaml", "shape.integer"),
        ("offices.yaml", "shape.nothing"),
        ("offices.yaml", "shape.prefix_host"),
        ("calendar.yaml", "file.encoding"),
    }


def test_all_rules_are_told_at_once_when_shapes_hold() -> None:
    files: dict[str, str | bytes] = {
        **FILES,
        "offices.yaml": FILES["offices.yaml"].replace("hub: selatan", "hub: barat").replace("100.64.2.0/24", "100.64.1.0/24"),
        "windows.yaml": FILES["windows.yaml"].replace("UNTIL=20260912T235959", "INTERVAL=0"),
        "policy.yaml": FILES["policy.yaml"].replace("rate: 3 Mbit/s", "rate: 30 Mbit/s"),
    }
    told = {each.code for each in judged(files).findings if each.severity is Severity.ERROR}
    assert {"reference.unknown", "office.lan_overlap", "window.rule", "sum.uplink"} <= told


def test_a_typing_error_is_answered_with_what_was_meant() -> None:
    def nearest(file: str, old: str, new: str) -> str:
        told = judged({**FILES, file: FILES[file].replace(old, new, 1)}).findings
        return next(each.fields["nearest"] for each in told if "nearest" in each.fields)

    assert nearest("offices.yaml", "service_class", "service_clas").startswith("service_class")
    assert nearest("links.yaml", "interface: up1", "interfase: up1").startswith("interface")
    assert nearest("uplinks.yaml", "number: K-1", "nomber: K-1").startswith("number")
    assert nearest("policy.yaml", "weight: 6", "wieght: 6").startswith("weight")
    assert nearest("links.yaml", "medium: radio", "medium: sattelite").startswith("satellite")


def test_a_password_that_was_typed_by_mistake_is_never_shown() -> None:
    files = {**FILES, "devices.yaml": FILES["devices.yaml"].replace("'env:LAJUR_SSH_KEY'", "rahasia123")}
    assert all("rahasia123" not in render(each, language) for each in judged(files).findings for language in ("id", "en"))


def test_a_file_cannot_write_to_the_readers_terminal() -> None:
    values = FILES["regency.yaml"].replace("Asia/Jayapura", r'"\e[2Jx\n"')
    keys = FILES["regency.yaml"].replace("illustrative", r'"\e[2Jx\n"')
    for text in (values, keys):
        findings = judged({**FILES, "regency.yaml": text}).findings
        assert findings
        assert all(render(each, "en").isprintable() for each in findings)


def test_aliases_that_multiply_are_stopped() -> None:
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)]
    files = {**FILES, "calendar.yaml": "\n".join(levels)}
    assert "yaml.too_large" in {each.code for each in judged(files).findings}


def test_contracts_count_only_on_a_given_day() -> None:
    late = judge(as_bytes(FILES), [], today=date(2028, 1, 1))
    assert {each.code for each in late.findings} == {"contract.ended", "link.local"}
    assert late.regency is None
    assert judged(FILES).regency is not None


def test_where_nothing_is_near_the_known_ones_are_told_as_such() -> None:
    def said(file: str, old: str, new: str, language: Literal["id", "en"]) -> str:
        told = judged({**FILES, file: FILES[file].replace(old, new, 1)}).findings
        return next(render(each, language) for each in told if "known" in each.fields)

    assert said("offices.yaml", "hub: selatan", "hub: xyz", "id").endswith("; yang ada: selatan, utara")
    assert "there are: selatan" in said("offices.yaml", "hub: selatan", "hub: xyz", "en")
    medium = said("links.yaml", "medium: radio", "medium: qqq", "id")
    assert medium.endswith("pilihannya: fibre, radio, satellite, copper")
    assert "terdekat" not in medium
    assert "tidak ada tautan bernama" in said("uplinks.yaml", "link: ", "link: qqqq # ", "id")
    assert "yang ada: " in said("uplinks.yaml", "number: K-1", "qqq: K-1", "id")


@pytest.mark.parametrize("code", NONE_NEAR)
def test_what_is_said_when_nothing_is_near_has_the_fields_of_both_languages(code: str) -> None:
    names = [{name for _, name, _, _ in Formatter().parse(text) if name is not None} for text in NONE_NEAR[code]]
    usual = {name for _, name, _, _ in Formatter().parse(MESSAGES[code].en) if name is not None}
    assert names[0] == names[1]
    assert names[0] <= usual - {"nearest"} | {"known"}
