"""Papers that are signed: the acceptance of a machine, and the proof that it was given back clean. A4, in Indonesian.

Values in, text out. A page refers to nothing outside itself, and forbids itself to; all that comes from outside is cleaned and
escaped. Nothing on it needs colour: verdicts are words, and what is short stands in a heavy frame.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Final

from infra.contract import AcceptanceReport, Line, size_text
from infra.page_style import STYLE
from infra.text import clean
from infra.wipe import Proof, Wiped

_DAYS: Final = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_MONTHS: Final = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
_MEASURE: Final = re.compile(r"(?<![0-9.])[0-9]{1,6}\.[0-9](?= ([kMGTP]i?B|[kMG]?bit/s))")
_LONGEST: Final = 160
_MOST_ROWS: Final = 200
"""Rows of a proof on paper; the record has all of them."""

_SOURCE: Final = "Angka dibaca dari mesin itu sendiri."
_CLEAN: Final = "kredensial kabupaten dihapus dari mesin di bawah ini, sebelum mesin dikembalikan kepada penyedia sewa."
_UNCLEAN: Final = (
    "penghapusan kredensial kabupaten dari mesin di bawah ini dicoba. Mesin belum boleh dikembalikan sebelum yang tersisa "
    "ditangani dan penghapusan diulang."
)
_HONEST: Final = (
    "Setiap berkas ditimpa satu kali, lalu dihapus. Pada SSD, sistem berkas salin-saat-tulis, dan di balik pengendali RAID, "
    "penimpaan tidak menjamin bahwa isi lama tidak dapat dipulihkan; untuk data rahasia, musnahkan medianya. Sidik isi digarami "
    "dengan angka acak yang tidak disimpan."
)

_LINES: Final[Mapping[str, str]] = {
    "cpus": "Prosesor (utas)",
    "memory": "Memori",
    "network": "Antarmuka jaringan",
    "model": "Tipe perangkat",
    "os": "Sistem operasi",
    "serial": "Nomor seri",
}
_VERDICTS: Final[Mapping[str, str]] = {
    "ok": "sesuai",
    "short": "KURANG",
    "waived": "dikecualikan",
    "unknown": "tidak terbaca",
}
_NOTES: Final[Mapping[str, str]] = {
    "": "",
    "kernel_keeps": "Sebagian kecil memori dipakai kernel dan firmware; selisih sampai 6 % dianggap sesuai.",
    "kind_not_told": "Jenis disk tidak terbaca (disk virtual); hanya ukurannya yang dibandingkan.",
    "not_told": "Tidak dilaporkan oleh mesin; periksa di tempat.",
    "better": "Jenis disk lebih baik daripada yang dijanjikan.",
    "waiver_expired": "Masa pengecualian sudah lewat.",
    "waiver_not_needed": "Tercatat sebagai pengecualian, tetapi tidak diperlukan.",
}
_KINDS: Final[Mapping[str, str]] = {
    "authorized_keys": "Kunci SSH yang diizinkan masuk",
    "private_key": "Kunci pribadi SSH",
    "known_hosts": "Daftar mesin yang dikenal",
    "history": "Riwayat perintah",
    "credential": "Kredensial",
    "ours": "Berkas milik kabupaten",
    "tls_key": "Kunci TLS",
    "password": "Kata sandi akun",
    "journal": "Jurnal sistem",
}
_AFTER: Final[Mapping[str, str]] = {
    "gone": "ditimpa dan dihapus",
    "kept": "hanya kunci penyedia sewa tersisa",
    "locked": "dihapus, akun tanpa kata sandi",
    "vacuumed": "dikosongkan",
    "remains": "MASIH ADA",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Of whom: the regency's name, and whether its data are an example."""

    regency: str
    illustrative: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """A machine that was given back. `reason`: what became of it, when nobody could reach it any more; `entered`: whether anybody
    of us ever logged in to it."""

    server: str
    lease: str
    lessor: str
    number: str
    place: str
    serial: str
    day: date
    proof: Proof
    conditions: tuple[str, ...] = ()
    reason: str = ""
    entered: bool = True


def acceptance_page(report: AcceptanceReport, head: Head) -> str:
    verdict = "DITERIMA" if report.accepted else "BELUM DAPAT DITERIMA"
    waived = sum(line.verdict == "waived" for line in report.lines)
    if report.accepted and waived:
        verdict = f"DITERIMA DENGAN {waived} PENGECUALIAN"
    body = [
        *_title("Berita Acara Pemeriksaan dan Penerimaan Mesin Sewa", head),
        f"<p>Pada hari ini, {_safe(_day(report.day))}, mesin di bawah ini diperiksa terhadap kontraknya. {_SOURCE}</p>",
        _facts(_machine(report)),
        f'<p class="verdict {"good" if report.accepted else "bad"}">{_safe(verdict)}</p>',
        "<table class='lines'><thead><tr><th>Butir</th><th>Dijanjikan</th><th>Ditemukan</th><th>Hasil</th></tr></thead><tbody>",
        *(_line(line) for line in report.lines),
        "</tbody></table>",
        *_next_step(report),
        *_signatures("Penyewa (Dinas Kominfo)", "Penyedia sewa"),
    ]
    return _page(f"Berita Acara Penerimaan – {report.server}", body)


def return_page(returned: Returned, head: Head) -> str:
    proof = returned.proof
    verdict, said = _outcome(returned)
    body = [
        *_title("Berita Acara Pengembalian Mesin Sewa", head),
        f"<p>Pada hari ini, {_safe(_day(returned.day))}, {said}</p>",
        _facts(
            {
                "Mesin": returned.server,
                "Nomor seri": returned.serial or "–",
                "Penyedia sewa": returned.lessor,
                "Nomor kontrak": returned.number,
                "Tempat": returned.place,
                "Sewa": returned.lease,
                **({"Alasan": returned.reason} if returned.reason else {}),
            }
        ),
        f'<p class="verdict {"good" if proof.whole else "bad"}">{_safe(verdict)}</p>',
        *_conditions(returned.conditions),
        *_wiped(proof),
        *([f'<p class="small">{_HONEST}</p>'] if returned.entered and not returned.reason else []),
        *_signatures("Penyewa (Dinas Kominfo)", "Penyedia sewa"),
    ]
    return _page(f"Berita Acara Pengembalian – {returned.server}", body)


def _outcome(returned: Returned) -> tuple[str, str]:
    """The verdict, and what was done: nothing is claimed of a machine that nobody reached."""
    proof = returned.proof
    if returned.reason:
        return (
            "HILANG – TIDAK ADA YANG DIHAPUS",
            "mesin di bawah ini dilepaskan tanpa dijangkau, dan tidak ada yang dihapus darinya.",
        )
    if not returned.entered:
        return "TIDAK PERNAH DIMASUKI", "mesin di bawah ini dikembalikan. Kabupaten tidak pernah masuk ke sistemnya."
    verdict = "BERSIH" if proof.whole else "BELUM BERSIH" if proof.ended else "PENGHAPUSAN TERPUTUS"
    return verdict, _CLEAN if proof.whole else _UNCLEAN


def _page(title: str, body: list[str]) -> str:
    parts = [
        "<!DOCTYPE html>",
        '<html lang="id"><head><meta charset="utf-8">',
        """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">""",
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{_safe(title)}</title><style>{STYLE}</style></head><body>",
        *body,
        "</body></html>",
    ]
    return "\n".join(parts) + "\n"


def _title(kind: str, head: Head) -> Iterator[str]:
    mark = ' <span class="example">CONTOH</span>' if head.illustrative else ""
    yield f'<header><p class="kind">{_safe(head.regency)}{mark}</p><h1>{_safe(kind)}</h1>'
    yield '<p class="number">Nomor: ………………………………</p></header>'


def _machine(report: AcceptanceReport) -> dict[str, str]:
    facts = report.machine
    return {
        "Mesin": report.server,
        "Nomor seri": facts.serial or "–",
        "Penyedia sewa": report.lessor,
        "Nomor kontrak": report.number,
        "Tempat": report.place,
        "Sewa": report.lease,
        "Perangkat": f"{facts.vendor} {facts.model}".strip() or "–",
        "Prosesor": f"{facts.cpus} × {facts.cpu_model or '–'}",
        "Memori terbaca": _decimal(size_text(facts.memory, 1024)),
        "Sistem operasi": f"{facts.os or '–'}, kernel {facts.kernel or '–'}",
    }


def _facts(rows: Mapping[str, str]) -> str:
    cells = "".join(f"<div><dt>{_safe(name)}</dt><dd>{_safe(value) or '–'}</dd></div>" for name, value in rows.items())
    return f'<dl class="facts">{cells}</dl>'


def _line(line: Line) -> str:
    kind, _, number = line.name.partition("-")
    name = f"Disk {number}" if kind == "disk" else _LINES.get(line.name, line.name)
    told = []
    if line.reason:
        told.append(f"Alasan pengecualian: {line.reason}")
    if line.note:
        told.append(_NOTES[line.note])
    note = "".join(f"<br><small>{_safe(text, 600)}</small>" for text in told)
    found = _decimal(line.found)
    return (
        f'<tr class="{line.verdict}"><td>{_safe(name)}</td><td>{_safe(_decimal(line.promised))}</td>'
        f"<td>{_safe(found)}{note}</td><td>{_VERDICTS[line.verdict]}</td></tr>"
    )


def _decimal(text: str) -> str:
    """Numbers before a unit as Indonesian writes them; versions and names stay."""
    return _MEASURE.sub(lambda found: found[0].replace(".", ","), text)


def _next_step(report: AcceptanceReport) -> Iterator[str]:
    if report.accepted:
        return
    names = ", ".join(_LINES.get(line.name, line.name.replace("disk-", "disk ")) for line in report.short)
    yield (
        f'<p class="next"><b>Langkah berikutnya.</b> Mesin belum sesuai pada: {_safe(names)}. Penyedia sewa melengkapi mesin, '
        "lalu pemeriksaan diulang; atau pengecualian dicatat beserta alasan dan batas waktunya.</p>"
    )


def _conditions(conditions: tuple[str, ...]) -> Iterator[str]:
    if conditions:
        yield "<h2>Syarat pengembalian menurut kontrak</h2><ul>"
        yield from (f'<li><span class="box"></span>{_safe(text)}</li>' for text in conditions)
        yield "</ul>"


def _wiped(proof: Proof) -> Iterator[str]:
    counts = Counter(one.kind for one in proof.wiped)
    summary = ", ".join(f"{_KINDS[kind].lower()} {count}" for kind, count in sorted(counts.items()))
    yield f"<h2>Yang dihapus: {len(proof.wiped)} ({_safe(summary) or 'tidak ada'})</h2>"
    heads = "".join(f"<th>{name}</th>" for name in ("Jenis", "Tempat", "Sidik isi", "Keadaan"))
    yield f"<table class='lines proof'><thead><tr>{heads}</tr></thead><tbody>"
    ordered = sorted(proof.wiped, key=lambda one: one.after != "remains")
    yield from (_thing(one) for one in ordered[:_MOST_ROWS])
    yield "</tbody></table>"
    if len(ordered) > _MOST_ROWS:
        yield f'<p class="small">Dan {len(ordered) - _MOST_ROWS} lagi, menurut catatan elektronik.</p>'


def _thing(one: Wiped) -> str:
    digest = one.before[:12] if one.before != "-" else "–"
    state = "short" if one.after == "remains" else "ok"
    return (
        f'<tr class="{state}"><td>{_KINDS[one.kind]}</td><td class="path">{_safe(one.path)}</td>'
        f"<td><code>{_safe(digest)}</code></td><td>{_AFTER[one.after]}</td></tr>"
    )


def _signatures(*sides: str) -> Iterator[str]:
    yield '<section class="signatures">'
    for side in sides:
        yield f"<div><p>{_safe(side)}</p><p class='line'>Nama dan jabatan:</p><p class='line'>Tanggal:</p></div>"
    yield "</section>"


def _day(value: date) -> str:
    return f"{_DAYS[value.weekday()]}, {value.day} {_MONTHS[value.month - 1]} {value.year}"


def _safe(text: str, most: int = _LONGEST) -> str:
    return escape(clean(text, most), quote=True)
