"""Whatever a file holds, reading it gives findings and never an exception; whatever a table holds, likewise."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.findings import has_errors
from inventory.load import judge
from inventory.messages import render
from inventory.sheet import read
from inventory.source import Unreadable
from tests.unit.inventory.cloud_cases import CLOUDED
from tests.unit.inventory.release_cases import RUNNING
from tests.unit.inventory.small import as_bytes

GOOD = as_bytes({**RUNNING, "clouds.yaml": CLOUDED["clouds.yaml"], "stages.yaml": CLOUDED["stages.yaml"]})

PIECES = st.sampled_from(
    [
        *(
            b"\t",
            b": ",
            b"- ",
            b"[",
            b"]",
            b"{",
            b"}",
            b"&a ",
            b"*a",
            b"*login",
            b"<<: *login\n",
            b"'",
            b'"',
            b"\n",
            b"#",
            b"|",
            b">",
        ),
        *(
            b"!!python/object:os.system ",
            b"!!float ",
            b"!!set ",
            b"!!binary ",
            b"!<",
            b"!",
            b"%YAML 1.1\n",
            b"%TAG ! x\n",
            b"---\n",
        ),
        *(
            b"...\n",
            b"\xff",
            b"\x00",
            b"\xc2\x85",
            b"\xe2\x80\xa8",
            b"\xef\xbb\xbf",
            b"\r",
            b"\r\n",
            b"? ",
            b"= ",
            b"null",
            b"~",
            b"0x",
        ),
        *(
            b"99999999999999999999",
            b"1e400",
            b".nan",
            b"-.inf",
            b"2026-13-45",
            b"9999-12-31T23:59",
            b"0",
            b"-1",
            b"FREQ=DAILY;COUNT=0",
        ),
        *(b"64 GiB", b"-1 GB", b"https://x", b"lease: utama", b"server: app-1", b"52 weeks", b"FREQ=YEARLY"),
        *(b"200 Mbsp", b"0 bit/s", b"100.64.0.0/0", b"Asia", b"kecil", b"    ", b"true", b"id: 1\n", b"key: core\n"),
    ]
)
MUTATION = st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 40), st.one_of(PIECES, st.binary(max_size=4)))


@settings(deadline=None, max_examples=250)
@given(st.sampled_from(sorted(GOOD)), st.lists(MUTATION, min_size=1, max_size=4))
def test_any_mutation_of_a_file_gives_findings_only(name: str, mutations: list[tuple[float, int, bytes]]) -> None:
    content = GOOD[name]
    for place, removed, piece in mutations:
        at = int(place * (len(content) + 1))
        content = content[:at] + piece + content[at + removed :]
    judged = judge({**GOOD, name: content}, [])
    assert (judged.regency is None) == has_errors(judged.findings)
    for each in judged.findings:
        assert each.file in GOOD
        assert render(each, "id")
        assert render(each, "en").isprintable()


@settings(deadline=None, max_examples=100)
@given(st.sampled_from(sorted(GOOD)), st.binary(max_size=200))
def test_any_bytes_in_the_place_of_a_file_give_findings_only(name: str, content: bytes) -> None:
    judged = judge({**GOOD, name: content}, [])
    assert (judged.regency is None) == has_errors(judged.findings)


HEAD = b"id,key,name,service_class,hub,device,lan\n"
CELLS = st.lists(
    st.one_of(st.sampled_from([b",", b";", b'"', b"\n", b"\r\n", b"\r", b"=", b"1", b"a", b"\x00", b"\xff", HEAD])), max_size=30
)


@settings(deadline=None, max_examples=300)
@given(st.booleans(), CELLS)
def test_any_table_gives_rows_or_findings(with_head: bool, pieces: list[bytes]) -> None:
    data = (HEAD if with_head else b"") + b"".join(pieces)
    try:
        rows = read("offices.csv", data)
    except Unreadable as error:
        for each in error.findings:
            assert 1 <= each.line <= data.count(b"\n") + 1
        return
    assert len({row.id for row in rows}) == len(rows)
