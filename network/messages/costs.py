"""What rented servers cost: what was, month by month, and what `lajur infra preview` says of it beforehand."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

MESSAGES: Final[dict[str, Message]] = {
    "cli.help.infra_costs": Message(
        id=(
            "Apa yang disewa per jam dalam satu bulan, untuk jendela apa, oleh siapa, dan biayanya. Hanya melihat.\n\n"
            "  lajur infra costs --month 2026-11\n\nDari log audit, dengan harga di clouds.yaml: setiap jam yang dimulai "
            "dibayar. Server yang masih berdiri dihitung sampai sekarang; bulan yang belum mulai ditaksir dari clouds.yaml."
        ),
        en=(
            "What was rented by the hour in a month, for which window, by whom, and what it cost. Only looks.\n\n"
            "  lajur infra costs --month 2026-11\n\nFrom the audit log, with the prices of clouds.yaml: every hour that has "
            "begun is paid. A server that still stands is counted until now; a month that has not begun is projected from "
            "clouds.yaml."
        ),
    ),
    "cli.flag.month": Message(
        id="bulan kalender kabupaten, misalnya 2026-11 (asal: bulan ini)",
        en="calendar month of the regency, for example 2026-11 (default: this one)",
    ),
    "cli.usage.month": Message(
        id="'{value}' bukan bulan. Tulis tahun dan bulan, misalnya 2026-11 (tahun 2000 sampai 2199).",
        en="'{value}' is not a month. Write year and month, for example 2026-11 (years 2000 to 2199).",
    ),
    "costs.part.volume": Message(id="(volumenya saja)", en="(its volume alone)"),
    "costs.column.from": Message(id="Dari", en="From"),
    "costs.column.until": Message(id="Sampai", en="Until"),
    "costs.column.hours": Message(id="Jam", en="Hours"),
    "costs.column.cost": Message(id="Biaya", en="Cost"),
    "costs.column.window": Message(id="Jendela", en="Window"),
    "costs.column.by": Message(id="Oleh", en="By"),
    "costs.column.stage": Message(id="Tahap", en="Stage"),
    "costs.column.size": Message(id="Cloud dan ukuran", en="Cloud and size"),
    "costs.column.planned": Message(id="Taksiran sebulan", en="Whole month, planned"),
    "costs.column.budget": Message(id="Anggaran", en="Budget"),
    "costs.column.left": Message(id="Sisa anggaran", en="Left of it"),
    "costs.column.now": Message(id="Sekarang", en="Now"),
    "costs.column.after": Message(id="Sesudahnya", en="After"),
    "costs.title": Message(
        id="Server yang disewa pada {month} ({zone}), menurut catatan", en="Servers rented in {month} ({zone}), on record"
    ),
    "costs.planned": Message(
        id="Taksiran untuk {month} ({zone}): bulan ini belum mulai, jadi ini rencana di clouds.yaml, bukan catatan",
        en="Projection for {month} ({zone}): this month has not begun, so this is what clouds.yaml plans, not a record",
    ),
    "costs.none": Message(
        id="Tidak ada server yang disewa pada {month} di {regency}.", en="No server was rented in {month} in {regency}."
    ),
    "costs.sum": Message(
        id="Penyewaan: {servers}, jam: {hours}, jumlah: {rupiah}.", en="Rents: {servers}, hours: {hours}, in all: {rupiah}."
    ),
    "costs.stands": Message(id="masih berdiri", en="still stands"),
    "costs.standing": Message(
        id="Masih berdiri: {count}; dihitung sampai sekarang ({now}).", en="Still standing: {count}; counted until now ({now})."
    ),
    "costs.over": Message(
        id=(
            "Tahap {stage} melewati anggarannya, atau akan melewatinya bulan ini. Kembalikan yang tidak dipakai, persingkat "
            "sewanya di clouds.yaml, atau naikkan `budget` di stages.yaml."
        ),
        en=(
            "The stage {stage} is above its budget, or is going to be this month. Give back what is not in use, shorten its "
            "stays in clouds.yaml, or raise `budget` in stages.yaml."
        ),
    ),
    "costs.unpriced": Message(
        id=(
            "{server} ada di catatan, tetapi clouds.yaml tidak lagi punya cloud {cloud} dengan ukuran {size}, jadi biayanya "
            "tidak diketahui dan tidak termasuk jumlah. Tulis kembali ukuran itu dengan harganya, atau lihat tagihan penyedianya."
        ),
        en=(
            "{server} is on record, but clouds.yaml no longer has the cloud {cloud} with the size {size}, so what it cost is not "
            "known and is not in the sum. Write that size with its price again, or look at the provider's bill."
        ),
    ),
    "costs.ahead": Message(
        id="Biaya server sewaan per bulan, untuk bulan termahal dari sewa ini ({month})",
        en="Cost of rented servers per month, in the dearest month of these stays ({month})",
    ),
    "costs.total": Message(id="Jumlah", en="In all"),
    "costs.leased": Message(
        id="Server yang disewa menurut kontrak tahunan: {rupiah} per bulan, sebelum dan sesudahnya.",
        en="Servers leased by contract: {rupiah} a month, before and after.",
    ),
}
