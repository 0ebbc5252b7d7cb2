"""The paper of an acceptance, and the frame that every signed paper has (its return: `infra.page_return`). A4, in Indonesian.

Values in, text out. A page refers to nothing outside itself, and forbids itself to; all that comes from outside is cleaned and
escaped. Nothing on it needs colour: verdicts are words, and what is short stands in a heavy frame.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Final

from infra.contract import AcceptanceReport, Line, size_text
from infra.page_style import STYLE
from infra.text import clean

_DAYS: Final = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_MONTHS: Final = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
_MEASURE: Final = re.compile(r"(?<![0-9.])[0-9]{1,6}\.[0-9](?= ([kMGTP]i?B|[kMG]?bit/s))")
_LONGEST: Final = 160
_SOURCE: Final = "Angka dibaca dari mesin itu sendiri."
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Of whom: the regency's name, and whether its data are an example."""

    regency: str
    illustrative: bool = False


def acceptance_page(report: AcceptanceReport, head: Head, since: date | None = None) -> str:
    """Of a machine that is accepted, or is not; `since`: the day of its acceptance, when it is one that was accepted before and
    is less than its contract now."""
    kind = "Berita Acara Pemeriksaan dan Penerimaan Mesin Sewa" if report.accepted else "Berita Acara Pemeriksaan Mesin Sewa"
    body = [
        *title(kind, head),
        f"<p>Pada hari ini, {safe(day(report.day))}, mesin di bawah ini diperiksa terhadap kontraknya. {_SOURCE}</p>",
        facts(_machine(report)),
        f'<p class="verdict {"good" if report.accepted else "bad"}">{safe(_verdict(report, since))}</p>',
        "<table class='lines'><thead><tr><th>Butir</th><th>Dijanjikan</th><th>Ditemukan</th><th>Hasil</th></tr></thead><tbody>",
        *(_line(line) for line in report.lines),
        "</tbody></table>",
        *_next_step(report, since),
        *signatures("Penyewa (Dinas Kominfo)", "Pemberi sewa"),
    ]
    return page(f"Berita Acara {'Penerimaan' if report.accepted else 'Pemeriksaan'} – {report.server}", body)


def _verdict(report: AcceptanceReport, since: date | None) -> str:
    if not report.accepted:
        return "KURANG DARI KONTRAK" if since else "BELUM DAPAT DITERIMA"
    waived = sum(line.verdict == "waived" for line in report.lines)
    return f"DITERIMA DENGAN {waived} PENGECUALIAN" if waived else "DITERIMA"


def page(heading: str, body: list[str]) -> str:
    parts = [
        "<!DOCTYPE html>",
        '<html lang="id"><head><meta charset="utf-8">',
        """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">""",
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{safe(heading)}</title><style>{STYLE}</style></head><body>",
        *body,
        "</body></html>",
    ]
    return "\n".join(parts) + "\n"


def title(kind: str, head: Head) -> Iterator[str]:
    mark = ' <span class="example">CONTOH</span>' if head.illustrative else ""
    yield f'<header><p class="kind">{safe(head.regency)}{mark}</p><h1>{safe(kind)}</h1>'
    yield '<p class="number">Nomor: ………………………………</p></header>'


def _machine(report: AcceptanceReport) -> dict[str, str]:
    seen = report.machine
    return {
        "Mesin": report.server,
        "Nomor seri": seen.serial or "–",
        "Pemberi sewa": report.lessor,
        "Nomor kontrak": report.number,
        "Tempat": report.place,
        "Sewa": report.lease,
        "Perangkat": f"{seen.vendor} {seen.model}".strip() or "–",
        "Prosesor": f"{seen.cpus} × {seen.cpu_model or '–'}",
        "Memori terbaca": _decimal(size_text(seen.memory, 1024)),
        "Sistem operasi": f"{seen.os or '–'}, kernel {seen.kernel or '–'}",
    }


def facts(rows: Mapping[str, str]) -> str:
    cells = "".join(f"<div><dt>{safe(name)}</dt><dd>{safe(value) or '–'}</dd></div>" for name, value in rows.items())
    return f'<dl class="facts">{cells}</dl>'


def _line(line: Line) -> str:
    kind, _, number = line.name.partition("-")
    name = f"Disk {number}" if kind == "disk" else _LINES.get(line.name, line.name)
    told = []
    if line.reason:
        told.append(f"Alasan pengecualian: {line.reason}")
    if line.note:
        told.append(_NOTES[line.note])
    note = "".join(f"<br><small>{safe(text, 600)}</small>" for text in told)
    found = _decimal(line.found)
    return (
        f'<tr class="{line.verdict}"><td>{safe(name)}</td><td>{safe(_decimal(line.promised))}</td>'
        f"<td>{safe(found)}{note}</td><td>{_VERDICTS[line.verdict]}</td></tr>"
    )


def _decimal(text: str) -> str:
    """Numbers before a unit as Indonesian writes them; versions and names stay."""
    return _MEASURE.sub(lambda found: found[0].replace(".", ","), text)


def _next_step(report: AcceptanceReport, since: date | None) -> Iterator[str]:
    if report.accepted:
        return
    names = ", ".join(_LINES.get(line.name, line.name.replace("disk-", "disk ")) for line in report.short)
    if since:
        yield (
            f"<p class='told'>Mesin ini sudah diterima pada {safe(day(since))} dan tetap dipakai; berita acara penerimaannya "
            "tidak berubah. Yang berlaku sekarang menurut kontrak lebih daripada yang ada pada mesin.</p>"
        )
    yield (
        f'<p class="next"><b>Langkah berikutnya.</b> Mesin belum sesuai pada: {safe(names)}. Pemberi sewa melengkapi mesin, '
        "lalu pemeriksaan diulang; atau pengecualian dicatat beserta alasan dan batas waktunya"
        f"{'; atau catatan kontraknya dibetulkan' if since else ''}.</p>"
    )


def signatures(*sides: str, kind: str = "signatures") -> Iterator[str]:
    yield f'<section class="{kind}">'
    for side in sides:
        yield f"<div><p>{safe(side)}</p><p class='line'>Nama dan jabatan:</p><p class='line'>Tanggal:</p></div>"
    yield "</section>"


def day(value: date) -> str:
    return f"{_DAYS[value.weekday()]}, {value.day} {_MONTHS[value.month - 1]} {value.year}"


def safe(text: str, most: int = _LONGEST) -> str:
    return escape(clean(text, most), quote=True)
