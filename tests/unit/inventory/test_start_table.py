"""A spreadsheet of offices to begin with: only names must be there, and what is wrong is told by line, all at once."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network

import pytest

from inventory.findings import Severity
from inventory.load import SHIPPED, load_regency
from inventory.messages import render
from inventory.model import Platform
from inventory.source import Unreadable
from inventory.start import whole
from inventory.start_folder import judged
from inventory.start_table import COLUMNS, read
from inventory.start_text import files
from inventory.tabular import export_offices
from tests.unit.inventory.test_start import begun

PLAIN = "name,hub,service_class\nDinas Kominfo,Pusat,core\nDPMPTSP,Pusat,public_service\nDistrik Warmare,Warmare,branch\n"


def _semicolons(text: str) -> bytes:
    return b"\xef\xbb\xbf" + text.replace(",", ";").replace("\n", "\r\n").encode()


def _told(text: str) -> bytes:
    return b"sep=;\r\n" + text.replace(",", ";").encode()


def _indonesian(text: str) -> bytes:
    return text.replace("name,hub,service_class", "Nama,Hub,Kelas").encode()


@pytest.mark.parametrize("written", [str.encode, _semicolons, _told, _indonesian])
def test_the_ways_of_spreadsheets(written: Callable[[str], bytes]) -> None:
    table = read("kantor.csv", written(PLAIN))
    assert [(each.name, each.service_class, each.hub) for each in table.offices] == [
        ("Dinas Kominfo", "core", "pusat"),
        ("DPMPTSP", "public_service", "pusat"),
        ("Distrik Warmare", "branch", "warmare"),
    ]
    assert [(hub.key, hub.name) for hub in table.hubs] == [("pusat", "Pusat"), ("warmare", "Warmare")]
    assert table.findings == ()


def test_names_alone_are_enough() -> None:
    table = read("kantor.csv", b"nama\nSatu\nDua\n")
    regency = judged(files(whole(begun(hubs=table.hubs, offices=table.offices)))).regency
    assert regency is not None
    assert [(each.id, each.key, each.hub, each.service_class) for each in regency.offices] == [
        (1, "satu", "pusat", "back_office"),
        (2, "dua", "pusat", "back_office"),
    ]


def test_routers_and_links_can_be_said_too() -> None:
    head = "name,address,platform,interface,rate,medium,length_km,lan,id"
    row = 'Dinas,192.0.2.7,mikrotik_routeros,sfp1,50 Mbit/s,radio,"12,5",192.168.5.0/24,9'
    (office,) = read("k.csv", f"{head}\n{row}\n".encode()).offices
    assert (office.router.address, office.router.platform) == (IPv4Address("192.0.2.7"), Platform.MIKROTIK_ROUTEROS)
    assert (office.way.interface, office.way.rate, office.way.medium, office.way.length_km) == ("sfp1", 50_000_000, "radio", 12.5)
    assert (office.lan, office.id) == (IPv4Network("192.168.5.0/24"), 9)


def test_a_table_as_an_indonesian_spreadsheet_saves_it() -> None:
    rows = [
        "No;Nama Kantor;Kelas;Laju;Media;Jarak (km)",
        "7;Dinas Kesehatan;back_office;100;Serat;2,5",
        "8;Distrik Ilu;branch;2,5 Mbit/s;FO;12,345",
    ]
    one, other = read("kantor.csv", ("\ufeff" + "\r\n".join(rows)).encode()).offices
    assert (one.id, one.name, one.service_class) == (7, "Dinas Kesehatan", "back_office")
    assert (one.way.rate, one.way.medium, one.way.length_km) == (100_000_000, "fibre", 2.5)
    assert (other.way.rate, other.way.medium, other.way.length_km) == (2_500_000, "fibre", 12.345)


@pytest.mark.parametrize("head", [b"PK\x03\x04\x14\x00", b"\xd0\xcf\x11\xe0\xa1\xb1"], ids=["xlsx", "xls"])
def test_a_workbook_is_told_from_a_table(head: bytes) -> None:
    with pytest.raises(Unreadable) as error:
        read("kantor.xlsx", head + bytes(range(256)))
    assert [each.code for each in error.value.findings] == ["csv.workbook"]
    assert "CSV UTF-8" in render(error.value.findings[0], "id")


@pytest.mark.parametrize("shipped", ["tolikara", "bontang", "manokwari"])
def test_an_export_begins_another_regency_with_the_same_ids(shipped: str) -> None:
    before = load_regency(SHIPPED / shipped)
    table = read("offices.csv", export_offices(SHIPPED / shipped).encode())
    own = {"tolikara": ["csv.start_class"]}.get(shipped, [])
    assert [each.code for each in table.findings] == [*own, "csv.start_applications"]
    regency = judged(files(whole(begun(hubs=table.hubs, offices=table.offices)))).regency
    assert regency is not None
    facts = [[(o.id, o.key, o.name, o.hub, o.device, o.lan, o.it_staff) for o in each.offices] for each in (before, regency)]
    assert facts[0] == facts[1]


WRONG = [
    ("nama\n", 1, "csv.start_no_office"),
    ("kantor_id\nx\n", 1, "csv.column_missing"),
    ("name,hub\nA\n", 2, "csv.cells"),
    ("name,lan\nA,10.0.0.1/24\n", 2, "csv.start_cell"),
    ("name,rate\nA,fast\n", 2, "csv.start_cell"),
    ("name;rate\nA;1.000,5\n", 2, "csv.start_thousands"),
    ("name;rate\nA;1.000\n", 2, "csv.start_thousands"),
    ("name;rate\nA;1,000 Mbit/s\n", 2, "csv.start_thousands"),
    ("name;length_km\nA;1.500\n", 2, "csv.start_thousands"),
    ("name;rate\nA;1.0000\n", 2, "csv.start_cell"),
    ("name,address\nA,10.0.0.300\n", 2, "csv.start_cell"),
    ("name,platform\nA,ios\n", 2, "csv.start_rule"),
    ("name,key\nA,Kominfo\n", 2, "csv.start_rule"),
    ("name,id\nA,5000\n", 2, "csv.start_rule"),
    ("name,id\nA,\u0661\n", 2, "csv.start_rule"),
    ("name,length_km\nA,nan\n", 2, "csv.start_rule"),
    ("name,medium\nA,kabel\n", 2, "csv.start_rule"),
    ("name,interface\nA,eth 0\n", 2, "csv.start_cell"),
    ("name,service_class\nA,Layanan Publik\n", 2, "csv.start_cell"),
    (f"name\n{'a' * 201}\n", 2, "csv.start_rule"),
    ("name\nA\nB\nA\n", 4, "csv.start_twice"),
    ("name,lan\nA,10.0.0.0/24\nB,10.0.0.0/24\n", 3, "csv.start_twice"),
    ("name\n" + "".join(f"K{each}\n" for each in range(4001)), 0, "csv.start_many"),
    ("name\n=HYPERLINK(1)\n", 2, "csv.formula"),
    ('name\n"A\nB"\n', 2, "csv.control"),
]


@pytest.mark.parametrize(("text", "line", "code"), WRONG, ids=[each[2] for each in WRONG])
def test_what_is_wrong_is_told_with_its_line_in_both_languages(text: str, line: int, code: str) -> None:
    with pytest.raises(Unreadable) as error:
        read("kantor.csv", text.encode())
    told = [each for each in error.value.findings if each.code == code]
    assert told, error.value.findings
    assert told[0].line == line
    assert render(told[0], "id").startswith(f"kantor.csv:{line}: " if line else "kantor.csv: ")
    assert render(told[0], "id") != render(told[0], "en")


def test_everything_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(Unreadable) as error:
        read("k.csv", b"name,lan,rate\nA,x,y\nA,10.0.0.0/24,1 Mbit/s\n")
    assert sorted(each.code for each in error.value.findings) == ["csv.start_cell", "csv.start_cell", "csv.start_twice"]


def test_a_clerk_s_own_table_is_taken_and_says_what_was_set_aside() -> None:
    rows = [
        "No;Nama OPD;Alamat;Jenis Layanan;Hub;Petugas IT;",
        '1;Dinas Satu;"Jl. Merdeka\n1";+62 9;Kota;=A1;',
        "2;Dinas Dua;;;Kota;;",
    ]
    table = read("kantor.csv", "\r\n".join(rows).encode())
    assert [(each.id, each.name, each.hub, each.router.address) for each in table.offices] == [
        (1, "Dinas Satu", "kota", None),
        (2, "Dinas Dua", "kota", None),
    ]
    (told,) = table.findings
    assert (told.code, told.line, told.severity) == ("csv.start_aside", 1, Severity.WARNING)
    assert told.fields["columns"] == "alamat, jenis_layanan, petugas_it"
    assert "it_staff" in render(told, "en")


@pytest.mark.parametrize("head", ["ip", "IP", "Alamat IP", "address"])
def test_where_a_router_answers_has_more_than_one_name(head: str) -> None:
    (office,) = read("k.csv", f"name,{head}\nA,192.0.2.7\n".encode()).offices
    assert office.router.address == IPv4Address("192.0.2.7")


def test_a_value_that_cannot_be_used_is_told_once() -> None:
    with pytest.raises(Unreadable) as error:
        read("k.csv", b"name,ip\nA,kantor lama\nB,kantor lama\n")
    assert [(each.code, each.line) for each in error.value.findings] == [("csv.start_cell", 2), ("csv.start_cell", 3)]
    assert "misalnya 10.0.0.1" in render(error.value.findings[0], "id")
    assert "for example 10.0.0.1" in render(error.value.findings[0], "en")


def test_classes_that_a_table_makes_are_told() -> None:
    rows = b"name,class_of,service_class\nA,,public_servise\nB,,laboratorium\nC,,public_servise\nD,,core\n"
    found = [each for each in read("k.csv", rows).findings if each.code != "csv.start_aside"]
    assert [(each.code, each.line, each.fields["made"], each.fields.get("near")) for each in found] == [
        ("csv.start_class_near", 2, "public_servise", "public_service"),
        ("csv.start_class", 3, "laboratorium", None),
    ]


def test_every_column_that_a_clerk_is_told_of_is_one() -> None:
    (aside,) = read("k.csv", b"nama,catatan\nSatu,x\n").findings
    for told in (render(aside, "id").rpartition("Yang dikenal:")[2], render(aside, "en").rpartition("Those that are:")[2]):
        named = [each.strip() for each in told.split(",")]
        assert len(named) == len(set(named)) == len(COLUMNS)
        cells = ["" for _ in named]
        cells[0] = "Satu"
        assert read("k.csv", f"{','.join(named)}\n{','.join(cells)}\n".encode()).offices[0].name == "Satu"
        (other,) = read("k.csv", f"{','.join(named)},x\n{','.join(cells)},y\n".encode()).findings
        assert other.fields["columns"] == "x"


@pytest.mark.parametrize(
    ("written", "medium"),
    [
        ("serat optik", "fibre"), ("Fiber Optic", "fibre"), ("Serat", "fibre"), ("nirkabel", "radio"), ("Radio", "radio"),
        ("satelit", "satellite"), ("tembaga", "copper"),
    ],
)  # fmt: skip
def test_words_of_indonesian_tables(written: str, medium: str) -> None:
    head = "Nama OPD;Kelas Layanan;Petugas TI;Kecepatan;Media"
    (office,) = read("k.csv", f"{head}\nDinas;branch;Petugas TI 1 (trained);20;{written}\n".encode()).offices
    assert (office.service_class, office.way.rate, office.way.medium) == ("branch", 20_000_000, medium)
    assert [each.role for each in office.it_staff] == ["Petugas TI 1"]
    (other,) = read("k.csv", b"name,class\nDinas,core\n").offices
    assert other.service_class == "core"
