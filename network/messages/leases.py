"""What is said of leases: the help of `lajur lease`, its table, and the texts of a calendar."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

_HELP: Final[dict[str, Message]] = {
    "cli.help.lease": Message(
        id="Sewa server: kontrak, biaya, mesin, dan kapan berakhir.",
        en="Leases of servers: contracts, costs, machines, and when they end.",
    ),
    "cli.help.lease_list": Message(
        id=(
            "Setiap sewa di leases.yaml, dengan sisa harinya.\n\n"
            "Sewa yang berakhir dalam 90, 30, atau 7 hari ditandai. Biaya dalam rupiah per bulan, untuk semua mesin sebuah sewa."
        ),
        en=(
            "Every lease in leases.yaml, with the days that are left.\n\n"
            "Those that end within 90, 30 or 7 days are marked. Costs are in rupiah a month, for all machines of a lease."
        ),
    ),
    "cli.help.lease_calendar": Message(
        id=(
            "Hari terakhir setiap sewa sebagai berkas kalender (.ics), dengan pengingat 90, 30, dan 7 hari sebelumnya.\n\n"
            "  lajur lease calendar --file sewa.ics\n\n"
            "Berkas yang ditulis ulang menggantikan acara lama di kalender, bukan menambahkannya."
        ),
        en=(
            "The last day of every lease as a calendar file (.ics), with reminders 90, 30 and 7 days before.\n\n"
            "  lajur lease calendar --file leases.ics\n\n"
            "A file that is written again replaces the events that a calendar has of it, and adds none."
        ),
    ),
    "cli.flag.ics": Message(
        id="Tulis ke berkas ini; tanpa ini ke keluaran baku.", en="Write to this file; without it to standard output."
    ),
    "cli.usage.unwritten": Message(
        id="Berkas {file} tidak dapat ditulis: {cause}. Periksa nama, ruang, dan izin foldernya.",
        en="The file {file} cannot be written: {cause}. Check its name, the space and the permissions of its folder.",
    ),
}

_TABLE: Final[dict[str, Message]] = {
    "cli.column.lease": Message(id="Sewa", en="Lease"),
    "cli.column.servers": Message(id="Server", en="Servers"),
    "cli.column.monthly": Message(id="Per bulan", en="A month"),
    "cli.column.lessor": Message(id="Pemberi sewa", en="Lessor"),
    "cli.column.number": Message(id="Nomor", en="Number"),
    "cli.lease.none": Message(
        id="Kabupaten {regency} belum punya sewa. Tulis di leases.yaml, dan mesinnya di servers.yaml.",
        en="The regency {regency} has no lease yet. Write them in leases.yaml, and their machines in servers.yaml.",
    ),
    "cli.lease.running": Message(id="{days} hari lagi", en="days left: {days}"),
    "cli.lease.last_day": Message(id="hari terakhir", en="last day"),
    "cli.lease.future": Message(id="mulai {start}", en="begins {start}"),
    "cli.lease.expired": Message(id="berakhir {days} hari lalu", en="days since its end: {days}"),
    "cli.lease.total": Message(
        id="Yang berjalan pada {day}: {amount} per bulan.", en="Those that run on {day}: {amount} a month."
    ),
    "cli.lease.due": Message(
        id="Segera berakhir: {leases}. Perpanjang kontraknya, atau siapkan pemindahan dan pengembalian mesinnya.",
        en="Soon to end: {leases}. Extend the contract, or prepare to move away and to give the machines back.",
    ),
    "cli.lease.over": Message(
        id="Sudah berakhir: {leases}. Kembalikan mesinnya, atau tulis kontrak yang baru di leases.yaml.",
        en="Ended already: {leases}. Give the machines back, or write the new contract in leases.yaml.",
    ),
    "cli.lease.written": Message(id="{file}: {count} sewa.", en="{file}: leases: {count}."),
}

_EVENT: Final[dict[str, Message]] = {
    "cli.lease.calendar": Message(id="Sewa server, {regency}", en="Server leases, {regency}"),
    "cli.lease.event": Message(id="Sewa {lease} berakhir ({lessor})", en="Lease {lease} ends ({lessor})"),
    "cli.lease.event_contract": Message(id="Kontrak {number} dengan {lessor}.", en="Contract {number} with {lessor}."),
    "cli.lease.event_servers": Message(id="Server: {servers}; {cost} per bulan.", en="Servers: {servers}; {cost} a month."),
    "cli.lease.event_condition": Message(id="Syarat pengembalian: {condition}", en="Condition of the return: {condition}"),
    "cli.lease.event_do": Message(
        id="Perpanjang kontraknya, atau pindahkan yang berjalan di sana dan kembalikan mesinnya.",
        en="Extend the contract, or move what runs there and give the machines back.",
    ),
    "cli.lease.event_alarm": Message(
        id="Sewa {lease} ({lessor}) berakhir {days} hari lagi", en="The lease {lease} ({lessor}) ends in {days} days"
    ),
}

MESSAGES: Final[dict[str, Message]] = {**_HELP, **_TABLE, **_EVENT}
