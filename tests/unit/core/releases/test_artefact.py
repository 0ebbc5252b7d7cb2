"""What a file that is to be released may be called, and what may be in it."""

from __future__ import annotations

import pytest

from network.core.releases.artefact import (
    MOST_BYTES,
    MOST_MEMBERS,
    Member,
    Members,
    checksum_in,
    differing,
    fit_version,
    is_id,
    look_through,
    release_id,
    version_in,
)
from network.errors import LajurError, Refused
from network.messages import text as message

SHA = "0123456789abcdef" * 4


def file(name: str, **more: object) -> Member:
    return Member(name=name, kind="file", **more)  # type: ignore[arg-type]


def link(name: str, target: str, kind: str = "link") -> Member:
    return Member(name=name, kind=kind, target=target)


def why(*members: Member) -> str:
    with pytest.raises(Refused) as refused:
        look_through("x.tar", members)
    found = refused.value.fields.get("why")
    return found.code.rpartition(".")[2] if isinstance(found, LajurError) else refused.value.code


@pytest.mark.parametrize(
    ("members", "wrong"),
    [
        ([file("/etc/passwd")], "absolute"),
        ([file("../outside")], "climbs"),
        ([file("a/../../outside")], "climbs"),
        ([file("a/..")], "climbs"),
        ([file("")], "name"),
        ([file("a\x1b[2Jb")], "name"),
        ([file("a\udcff")], "name"),
        ([file("a" * 1001)], "name"),
        ([Member(name="dev", kind="special")], "kind"),
        ([file("su", mode=0o4755)], "special"),
        ([file("sg", mode=0o2755)], "special"),
        ([link("a", "/etc")], "leads_out"),
        ([link("a", "../x")], "leads_out"),
        ([link("d/a", "../../x")], "leads_out"),
        ([link("d/a", "b/../../../x")], "leads_out"),
        ([link("b", "."), link("c", "b/../etc")], "leads_out"),
        ([link("a", "")], "name"),
        ([link("a", "b"), file("a/x")], "below"),
        ([file("a/x"), link("a", "b")], "below"),
        ([file("a"), file("a/x")], "below"),
        ([file("a"), file("a")], "twice"),
        ([link("a", "b"), file("./a")], "twice"),
        ([link("a", "/etc/shadow", "twin")], "target_absolute"),
        ([link("a", "../x", "twin")], "target_climbs"),
        ([link("a", "", "twin")], "target_name"),
        ([link("a", "b", "twin")], "twin"),
        ([link("b", "x"), link("a", "b", "twin")], "twin"),
    ],
)
def test_what_would_lie_or_lead_outside_is_refused_whole(members: list[Member], wrong: str) -> None:
    assert why(file("bin/serve"), *members) == wrong


def test_what_stays_inside_is_taken() -> None:
    members = [
        Member(name="./", kind="folder"),
        Member(name="bin", kind="folder"),
        Member(name="bin/", kind="folder"),
        file("./bin/serve", size=10, mode=0o755),
        link("bin/run", "serve"),
        link("lib/python", "../bin/serve"),
        link("bin/same", "bin/serve", "twin"),
        file("Ünïcode/naïve", size=5),
    ]
    assert look_through("x.tar", members).done() == 15 + 4096 * len(members)


def test_too_many_and_too_much_are_refused_as_soon_as_they_are() -> None:
    seen = Members("x.tar")
    for number in range(MOST_MEMBERS):
        seen.add(file(f"f{number}"))
    with pytest.raises(Refused, match=r"release\.archive_many"):
        seen.add(file("one-more"))
    assert why(file("a", size=MOST_BYTES), file("b", size=1)) == "release.archive_big"
    assert why() == "release.archive_empty"


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("gateway-1.4.2.tar.gz", "1.4.2"),
        ("gateway_v2.tgz", "2"),
        ("oss-gateway-2026.11.26+g12ab.tar.xz", "2026.11.26+g12ab"),
        ("gateway.tar.gz", None),
        ("notes.txt", None),
    ],
)
def test_the_version_in_a_name(name: str, version: str | None) -> None:
    assert version_in(name) == version


@pytest.mark.parametrize("text", ["", "..", "a/b", "1 2", "-1", "1" * 65, "{{ 6*7 }}", "1\nx", "1..2", "é"])
def test_a_version_that_could_be_no_folder_is_refused(text: str) -> None:
    with pytest.raises(Refused, match=r"release\.version"):
        fit_version(text)


def test_ids() -> None:
    assert fit_version("2:1.0~rc1-3") == "2_1.0~rc1-3"
    assert release_id("1.0", SHA) == "1.0-0123456789ab"
    assert is_id(release_id(fit_version("2:1.0~rc1-3"), SHA))
    assert not any(is_id(each) for each in ("", "1.0", "../1.0-0123456789ab", "1.0-0123456789AB", "1.0-0123456789ab\n"))


def test_checksums_as_they_are_written() -> None:
    assert checksum_in(f"{SHA}\n", "a.tar") == SHA
    assert checksum_in(f"{'f' * 64}  b.tar\n{SHA.upper()} *dist/a.tar\n", "a.tar") == SHA
    for text in ("", "hello", f"{SHA[:-1]}  a.tar", f"a.tar  {SHA}"):
        with pytest.raises(Refused, match=r"release\.checksum_file"):
            checksum_in(text, "a.tar")


def test_the_checksum_of_another_file_is_told_by_that_name() -> None:
    for text, others in (
        (f"{SHA}  B.tar", "B.tar"),
        (f"hello\n{SHA} *dist/b.tar\n{SHA}  c\x1b.tar\n", "b.tar, c\\x1b.tar"),
        (f"{SHA}  b.tar\n" * 100, "b.tar, b.tar, b.tar, …"),
    ):
        with pytest.raises(Refused) as caught:
            checksum_in(text, "a.tar")
        assert (caught.value.code, caught.value.fields["others"]) == ("release.checksum_other", others)
        for language in ("id", "en"):
            assert others in message(caught.value.code, language, caught.value.fields)


def test_two_checksums_are_shown_as_far_as_they_differ() -> None:
    error = differing("a.tar", SHA, "a.tar.sha256", "f" * 64)
    assert (error.fields["wanted"], error.fields["found"]) == ("0123456789ab…", "ffffffffffff…")
    near = differing("a.tar", SHA, "--sha256", f"{SHA[:-1]}0").fields
    assert near["wanted"] != near["found"]
    for language in ("id", "en"):
        said = message(error.code, language, error.fields)
        assert all(word in said for word in ("0123456789ab…", "ffffffffffff…", "a.tar.sha256"))
