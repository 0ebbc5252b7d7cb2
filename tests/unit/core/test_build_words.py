"""What the builder says, read with care."""

from __future__ import annotations

import pytest

from network.core import build_words as words
from network.core.building import Access
from network.errors import BuildError, LajurError, NeedsPerson, Refused
from network.messages import CATALOGUE, text


@pytest.mark.parametrize("code", sorted(words.VOCABULARY))
def test_every_word_can_be_read_in_both_languages_whatever_is_missing(code: str) -> None:
    event = words.event_of(code, None)
    fields = {**event.fields, "what": "", "lines": ""}
    assert text(code, "id", fields) != ""
    assert text(code, "en", fields) != ""


@pytest.mark.parametrize("kind", sorted(words.KINDS))
def test_every_kind_of_difference_has_words(kind: str) -> None:
    assert f"infra.kind.{kind}" in CATALOGUE


@pytest.mark.parametrize("reason", sorted(words.REASONS))
def test_every_reason_has_words(reason: str) -> None:
    assert f"infra.reason.{reason}" in CATALOGUE


@pytest.mark.parametrize("code", [None, 5, "", "infra.lies", "cli.help.infra", "infra.\x1b[2J"])
def test_an_unknown_word_is_told_as_such(code: object) -> None:
    assert words.event_of(code, {"a": 1}).code == words.UNHEARD


def test_fields_are_those_of_the_vocabulary_and_bounded() -> None:
    event = words.event_of("infra.repaired", {"server": "a" * 5000, "kind": ["b" * 5000, float("nan")], "more": 1})
    assert set(event.fields) == {"server", "kind", "name"}
    assert len(event.fields["server"]) == words.LONGEST_TEXT
    assert event.fields["kind"] == ["b" * (words.LONGEST_TEXT - 1) + "…", 0.0]
    assert event.fields["name"] == "–"


@pytest.mark.parametrize(
    ("status", "kind"), [(3, Refused), (4, BuildError), (5, NeedsPerson), (70, LajurError), ("3", LajurError), (None, LajurError)]
)
def test_the_exit_code_chooses_the_class(status: object, kind: type[LajurError]) -> None:
    error = words.error_of({"code": "infra.passphrase_wrong", "exit": status})
    assert type(error) is kind


def test_an_unknown_error_is_a_failure_and_no_bug() -> None:
    error = words.error_of({"code": "infra.from_next_year", "fields": {}, "exit": 70})
    assert isinstance(error, BuildError)
    assert error.fields == {"word": "infra.from_next_year"}


def test_several_failures_are_told_one_by_one() -> None:
    failures = [
        {"server": "app-1", "code": "infra.unreachable", "fields": {"address": "192.0.2.1", "reason": "timed out"}},
        {
            "server": "app-2",
            "code": "infra.short",
            "fields": {"lines": [{"name": "memory", "promised": "64 GiB", "found": "31.5 GiB"}]},
        },
        "nonsense",
    ]
    error = words.error_of(
        {"code": "infra.several_failed", "fields": {"servers": "app-1, app-2", "failures": failures}, "exit": 4}
    )
    reasons = error.fields["reasons"]
    assert isinstance(reasons, tuple)
    first, second = reasons
    error = words.error_of({"code": "infra.several_failed", "fields": {"servers": "-", "failures": failures[::-1]}, "exit": 4})
    assert [each.fields["server"] for each in error.fields["reasons"]] == ["app-1", "app-2"]  # type: ignore[attr-defined]
    assert "192.0.2.1" in text(first.code, "en", first.fields)
    assert "(memori: 64 GiB > 31,5 GiB; dijanjikan" in text(second.code, "id", second.fields)
    assert "(memory: 64 GiB > 31.5 GiB; promised" in text(second.code, "en", second.fields)


def test_every_rule_that_says_no_is_told() -> None:
    refusals = [{"policy": f"rule-{number}", "server": "app-1", "text": "no"} for number in range(3)]
    error = words.error_of({"code": "infra.policy", "fields": {"refusals": refusals, **refusals[0]}, "exit": 3})
    assert [each.fields["policy"] for each in error.fields["reasons"]] == ["rule-0", "rule-1", "rule-2"]  # type: ignore[attr-defined]
    alone = words.error_of({"code": "infra.policy", "fields": refusals[0], "exit": 3})
    assert len(alone.fields["reasons"]) == 1  # type: ignore[arg-type]


def test_a_rule_with_words_of_its_own_says_what_is_wrong_and_what_to_do() -> None:
    ended = {"server": "mon-1", "number": "S-2", "start": "2024-02-01", "end": "2026-11-25"}
    listed = [{"policy": "outside_lease", "server": "mon-1", "text": "-", "code": "infra.lease_ended", "fields": ended}]
    strange = {"policy": "x", "server": "app-1", "text": "t", "code": "infra.from_next_year", "fields": {}}
    fields = {"servers": "app-1, mon-1", "refusals": [*listed, strange], **listed[0]}
    error = words.error_of({"code": "infra.policy", "fields": fields, "exit": 3})
    assert isinstance(error, Refused)
    reasons = error.fields["reasons"]
    assert isinstance(reasons, tuple)
    first, second = reasons
    for language in ("id", "en"):
        said = text(first.code, language, first.fields)
        assert {
            word for word in ("mon-1", "S-2", "2026-11-25", "lajur infra destroy --server mon-1 --release") if word in said
        } == {
            *("mon-1", "S-2", "2026-11-25"),
            "lajur infra destroy --server mon-1 --release",
        }
    assert (second.code, second.fields["policy"]) == ("infra.refused_by", "x")


@pytest.mark.parametrize("result", [{}, {"outputs": []}, {"outputs": {"app-1": "x"}}, {"outputs": None}])
def test_outputs_that_are_none_are_none(result: dict[str, object]) -> None:
    assert words.outputs_of(result) == {}


def test_outputs_keep_what_is_known_and_nothing_else() -> None:
    found = words.outputs_of({"outputs": {"app-1": {"address": "192.0.2.1", "password": "never", "facts": {"cpus": 4}}}})
    assert found == {"app-1": {"address": "192.0.2.1", "facts": {"cpus": 4}}}


@pytest.mark.parametrize("report", [None, "x", {}, {"lines": "x"}, {"lines": ["x", {"verdict": "ok"}]}])
def test_a_report_without_short_lines_has_none(report: object) -> None:
    assert words.short_lines(report) == ()


def test_secrets_stand_in_no_repr() -> None:
    access = Access(user="root", private_key="k-secret", password="p-secret", bmc_password="b-secret")
    assert "secret" not in repr(access)
    assert len(access.secrets) == 3
