"""A regency begun: whatever was answered, the files hold together, teach, and are written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.findings import Severity
from inventory.load import TruthInvalid, check, load_regency
from inventory.model import Platform, UplinkKind
from inventory.regency import Regency
from inventory.start import Access, NewHub, NewOffice, NewRouter, NewUplink, Start, Way, key_of, whole
from inventory.start_folder import judged, taken, write
from inventory.start_text import files, scalar
from inventory.units import Bandwidth, Unfit

DAY = date(2026, 9, 1)
LANGUAGES = ("id", "en")


def uplink(key: str = "utama", rate: int = 100_000_000, prefixes: tuple[str, ...] = ()) -> NewUplink:
    return NewUplink(
        key=key,
        name=f"Uplink {key}",
        kind=UplinkKind.DOMESTIC if prefixes else UplinkKind.SINGLE,
        provider="PT Contoh: serat",
        down=Bandwidth(rate),
        up=Bandwidth(rate // 2),
        number="12/2026",
        start=DAY,
        end=date(2027, 8, 31),
        prefixes=tuple(map(IPv4Network, prefixes)),
    )


def begun(count: int = 3, /, **more: object) -> Start:
    start = Start(
        key="coba",
        name="Kabupaten Coba",
        timezone="Asia/Jayapura",
        language="id",
        uplinks=(uplink(),),
        core=NewRouter(),
        border=NewRouter(platform=Platform.MIKROTIK_ROUTEROS),
        hubs=(NewHub(key="pusat", name="Pusat"), NewHub(key="utara", name="Utara")),
        offices=tuple(
            NewOffice(name=f"Dinas {number}", service_class="back_office", hub=("pusat", "utara")[number % 2])
            for number in range(count)
        ),
        access=Access(
            user="root", key="env:LAJUR_SSH_KEY", snmp_user="lajur", snmp_auth="env:A", snmp_privacy="env:P", ospf="env:O"
        ),
        management=IPv4Network("10.10.0.0/23"),
        links=IPv4Network("10.11.0.0/23"),
        lans=IPv4Network("10.20.0.0/16"),
    )
    return replace(start, **more)  # type: ignore[arg-type]


def regency_of(start: Start) -> Regency:
    found = judged(files(whole(start)))
    assert found.regency is not None, found.findings
    assert not [each for each in found.findings if each.severity is not Severity.INFO]
    return found.regency


@pytest.mark.parametrize("offices", [1, 2, 40, 200])
def test_a_new_regency_is_whole(offices: int) -> None:
    regency = regency_of(begun(offices))
    assert not regency.head.illustrative
    assert [office.id for office in regency.offices] == list(range(1, offices + 1))
    assert len({device.address for device in regency.devices}) == len(regency.devices) == offices + 4
    networks = [link.network for link in regency.links]
    assert {network.prefixlen for network in networks if network} == {31}
    assert len(set(networks)) == len(regency.links)
    ends = [(end.device, end.interface) for link in regency.links for end in link.ends]
    ends += [(office.device, office.lan_interface) for office in regency.offices]
    assert len(set(ends)) == len(ends), "two cables in one socket"


def test_secrets_are_references_in_every_device() -> None:
    for device in regency_of(begun()).devices:
        assert device.login.key == "env:LAJUR_SSH_KEY"
        assert device.login.user == "root"
        assert device.snmp is not None
        assert device.snmp.privacy == "env:P"


def test_a_site_without_snmp_and_with_a_password() -> None:
    regency = regency_of(begun(access=Access(user="admin", password="file:/etc/lajur/password")))
    assert {device.login.password for device in regency.devices} == {"file:/etc/lajur/password"}
    assert {device.snmp for device in regency.devices} == {None}
    assert regency.ospf is None


def test_two_uplinks_each_have_their_link_and_their_destinations() -> None:
    start = begun(uplinks=(uplink("dunia"), uplink("dalam", 200_000_000, ("203.0.113.0/24", "198.51.100.0/24"))))
    regency = regency_of(start)
    assert set(regency.prefixes["dalam"]) == {IPv4Network("203.0.113.0/24"), IPv4Network("198.51.100.0/24")}
    assert [link.key for link in regency.links[:2]] == ["border-dunia", "border-dalam"]
    assert regency.policy.floors.keys() == {"dunia", "dalam"}


def test_a_small_uplink_is_not_promised_away() -> None:
    regency = regency_of(begun(40, uplinks=(uplink(rate=4_000_000),)))
    floor = regency.policy.floors["utama"]
    assert floor.up * 40 < regency.uplinks[0].rate.up


def test_what_was_said_stays_as_it_was_said() -> None:
    said = NewOffice(
        name="Kantor Lama",
        key="lama",
        id=77,
        service_class="loket",
        hub="pusat",
        device="gw-lama",
        lan=IPv4Network("192.168.7.0/24"),
        router=NewRouter(platform=Platform.CISCO_IOS, address=IPv4Address("192.0.2.9")),
        way=Way(rate=Bandwidth(10_000_000), interface="GigabitEthernet0/7", length_km=3.5),
    )
    regency = regency_of(begun(2, offices=(*begun(2).offices, said)))
    office, device = regency.office("lama"), regency.device("gw-lama")
    assert (office.id, office.lan, office.service_class) == (77, said.lan, "loket")
    assert (device.platform, device.address) == (Platform.CISCO_IOS, IPv4Address("192.0.2.9"))
    link = next(link for link in regency.links if link.ends[1].device == "gw-lama")
    assert (link.rate.down, link.ends[1].interface, link.length_km) == (10_000_000, "GigabitEthernet0/7", 3.5)
    assert office.lan_interface != "GigabitEthernet0/7"
    assert [each.id for each in regency.offices] == [1, 2, 77]


def test_a_given_address_is_given_to_nobody_else() -> None:
    taken_by_hand = IPv4Address("10.10.0.1")
    offices = (NewOffice(name="A", service_class="core", hub="pusat", router=NewRouter(address=taken_by_hand)), *begun(3).offices)
    regency = regency_of(begun(offices=offices))
    assert regency.device("r-a").address == taken_by_hand


def test_a_block_that_is_full_is_told() -> None:
    for block in ("management", "links", "lans"):
        small = IPv4Network({"management": "10.9.0.0/29", "links": "10.9.0.0/30", "lans": "10.9.0.0/24"}[block])
        with pytest.raises(Unfit) as error:
            whole(begun(5, **{block: small}))
        assert error.value.code == "start.block_full"
        assert error.value.fields["block"] == small


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_file_teaches_in_the_reader_s_language(language: str) -> None:
    texts = files(whole(begun(language=language)))
    for name, text in texts.items():
        assert text.startswith("# "), name
        assert max(map(len, text.splitlines())) <= 140, name
    other = files(whole(begun(language="en" if language == "id" else "id")))
    assert all(texts[name].partition("\n\n")[0] != other[name].partition("\n\n")[0] for name in texts)


HOSTILE = [
    "Dinas: {a}, [b] #c",
    "'kutip' \"dua\"",
    "- minus",
    "yes",
    "012",
    "1e3",
    "Ünïcode — ✓",
    "a: b",
    "*x &y !z",
    "tail ",
    "null",
    "~",
    "%@`|>",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_what_was_typed_whatever_yaml_makes_of_it(name: str) -> None:
    offices = (NewOffice(name=name, service_class="core", hub="pusat"),)
    start = begun(name=name, hubs=(NewHub(key="pusat", name=name),), offices=offices)
    regency = regency_of(start)
    assert regency.head.name == regency.hubs[0].name == regency.offices[0].name == name.strip()


@given(st.text(st.characters(blacklist_categories=("Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn")), min_size=1, max_size=40))
def test_any_text_is_one_yaml_value(text: str) -> None:
    from inventory.source import parse

    assert parse("x.yaml", f"a: {scalar(text)}\nb: {{c: {scalar(text)}, d: 1}}\n".encode()).data == {
        "a": text,
        "b": {"c": text, "d": 1},
    }


@given(st.lists(st.text(max_size=60), max_size=12))
def test_keys_are_keys_and_each_is_another(names: list[str]) -> None:
    keys: list[str] = []
    for name in names:
        keys.append(key_of(name, keys))
    assert len(set(keys)) == len(keys)
    for key in keys:
        assert key[0].isascii()
        assert key[0].islower()
        assert len(key) <= 30
        assert set(key) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_a_folder_is_written_whole(tmp_path: Path) -> None:
    texts = files(whole(begun(uplinks=(uplink("a"), uplink("b", prefixes=("203.0.113.0/24",))))))
    write(tmp_path / "regencies" / "coba", texts)
    assert load_regency(tmp_path / "regencies" / "coba").head.key == "coba"
    assert not [each for each in check(tmp_path / "regencies" / "coba", today=DAY) if each.severity is Severity.ERROR]
    assert [path.name for path in (tmp_path / "regencies").iterdir()] == ["coba"], "a draft was left behind"


def _file(folder: Path) -> None:
    folder.mkdir()
    (folder / "mine.txt").touch()


def _link(folder: Path) -> None:
    (folder.parent / "elsewhere").mkdir()
    folder.symlink_to(folder.parent / "elsewhere")


@pytest.mark.parametrize("there", [_file, Path.touch, _link])
def test_nothing_is_ever_written_over(tmp_path: Path, there: Callable[[Path], None]) -> None:
    folder = tmp_path / "coba"
    there(folder)
    before = sorted(str(path) for path in tmp_path.rglob("*"))
    assert taken(folder) is not None
    with pytest.raises(TruthInvalid) as error:
        write(folder, files(whole(begun())))
    assert error.value.findings[0].code == "folder.taken"
    assert sorted(str(path) for path in tmp_path.rglob("*")) == before


def test_an_empty_folder_may_be_filled(tmp_path: Path) -> None:
    (tmp_path / "coba").mkdir()
    assert taken(tmp_path / "coba") is None
    write(tmp_path / "coba", files(whole(begun())))
    assert load_regency(tmp_path / "coba").head.key == "coba"


def test_a_disk_that_refuses_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(TruthInvalid) as error:
        write(tmp_path / "coba", files(whole(begun())))
    assert error.value.findings[0].code == "folder.unwritable"
    assert list(tmp_path.iterdir()) == []
