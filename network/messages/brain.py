"""What the brain says: calendars, boosts, refusals of the guard, and why a number is what it is."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

_CALENDAR: Final[dict[str, Message]] = {
    "calendar.rule": Message(
        id=(
            "Jendela {window}: bagian {part} dari aturan {rule} tidak dapat dipakai. Tidak ada yang diubah. "
            "Tulis aturan RFC 5545 di windows.yaml, misalnya FREQ=WEEKLY;BYDAY=MO,TU;UNTIL=20261231T235959."
        ),
        en=(
            "Window {window}: part {part} of the rule {rule} cannot be used. Nothing was changed. "
            "Write an RFC 5545 rule in windows.yaml, for example FREQ=WEEKLY;BYDAY=MO,TU;UNTIL=20261231T235959."
        ),
    ),
    "calendar.too_many": Message(
        id=(
            "Jendela {window}: aturan {rule} sudah berlangsung lebih dari {most} kali sejak awalnya. Tidak ada yang diubah. "
            "Tulis `start` dan `end` yang lebih baru di windows.yaml."
        ),
        en=(
            "Window {window}: the rule {rule} has had more than {most} occurrences since its start. Nothing was changed. "
            "Write a later `start` and `end` in windows.yaml."
        ),
    ),
    "intent.no_such_window": Message(
        id="Tidak ada jendela bernama {window}. Tidak ada yang diubah. Yang ada: {known}.",
        en="No window is called {window}. Nothing was changed. There are: {known}.",
    ),
}

_NUMBERS: Final[dict[str, Message]] = {
    "allocate.no_room": Message(
        id=(
            "{shaper}: laju {rate} habis oleh kelas bawaan {default}, tidak ada sisa untuk kantor. Tidak ada yang diubah. "
            "Kecilkan `default_class` atau `headroom` di uplinks.yaml."
        ),
        en=(
            "{shaper}: the rate {rate} is used up by the default class of {default}; nothing is left for offices. "
            "Nothing was changed. Make `default_class` or `headroom` smaller in uplinks.yaml."
        ),
    ),
    "boost.no_such_office": Message(
        id="Tidak ada kantor bernama {office}. Tidak ada yang diubah. Pakai kunci dari offices.yaml.",
        en="No office is called {office}. Nothing was changed. Use a key from offices.yaml.",
    ),
    "boost.no_such_uplink": Message(
        id="Tidak ada uplink bernama {uplink}. Tidak ada yang diubah. Yang ada: {known}.",
        en="No uplink is called {uplink}. Nothing was changed. There are: {known}.",
    ),
    "boost.does_not_fit": Message(
        id=(
            "Tambahan {boost} sebesar {amount} untuk {offices} tidak muat di {place}: kurang {missing}, karena yang di atas "
            "batas bawah kantor lain yang tidak dilindungi sudah habis. Ditolak seluruhnya, tidak ada yang diubah. "
            "Yang masih muat: {fits} untuk tiap kantor."
        ),
        en=(
            "Boost {boost} of {amount} for {offices} does not fit in {place}: {missing} are missing, because offices without "
            "protection have no more above their floor. It was refused whole and nothing was changed. "
            "What still fits: {fits} for each office."
        ),
    ),
}

_GUARD: Final[dict[str, Message]] = {
    "guard.refused": Message(
        id="Rencana ditolak sebelum apa pun diubah. {reasons} {remedies}",
        en="The plan was refused before anything was changed. {reasons} {remedies}",
    ),
    "guard.oversubscribed": Message(
        id="Sesudah langkah {step}, jaminan di bawah {node} pada {shaper} berjumlah {guarantees}, di atas batas {ceiling}.",
        en="After step {step}, the guarantees under {node} on {shaper} add up to {guarantees}, above its ceiling {ceiling}.",
    ),
    "guard.below_floor": Message(
        id="{office} pada {shaper} hanya mendapat {guarantee}, di bawah batas bawah {floor}.",
        en="{office} on {shaper} would get {guarantee} only, below the floor of {floor}.",
    ),
    "guard.protected": Message(
        id="{office} dilindungi, tetapi pada {shaper} akan turun dari {base} ke {guarantee} (kurang {missing}) karena {cause}.",
        en="{office} is protected, yet on {shaper} it would fall from {base} to {guarantee} ({missing} less), by {cause}.",
    ),
    "guard.largest_move": Message(
        id="{shaper}: {moved} ({percent} %) akan diambil dari kantor dalam satu kali jalan; paling banyak {largest} %.",
        en="{shaper}: {moved} ({percent} %) would be taken from offices in one run; at most {largest} % may.",
    ),
    "guard.contract": Message(
        id="Kontrak {number} untuk uplink {uplink} berlaku {start} sampai {end}, sedangkan hari ini {today}.",
        en="Contract {number} for uplink {uplink} runs from {start} to {end}, and today is {today}.",
    ),
    "guard.foreign": Message(
        id="Di {device}, tempat {shaper} sudah dipakai antrean yang bukan buatan lajur ({foreign}). Lajur tidak menghapusnya.",
        en="On {device}, the place of {shaper} is taken by a queue that lajur did not make and does not delete ({foreign}).",
    ),
}

_NEXT: Final[dict[str, Message]] = {
    "guard.oversubscribed_next": Message(
        id="Ini kesalahan lajur: laporkan teks ini dengan keluaran `lajur plan`.",
        en="This is a mistake of lajur: report this text with the output of `lajur plan`.",
    ),
    "guard.below_floor_next": Message(
        id="Kecilkan `floors` di policy.yaml, atau kurangi jumlah cadangan (`reserves`).",
        en="Make `floors` smaller in policy.yaml, or set less aside in `reserves`.",
    ),
    "guard.protected_next": Message(
        id=(
            "Kecilkan cadangan atau bagian yang dinaikkan, atau turunkan bagian kelas yang tidak dilindungi: di windows.yaml, "
            "atau dalam permintaannya bila jendela atau tambahan itu diminta."
        ),
        en=(
            "Make the reserve or the raised shares smaller, or lower the share of a class without protection: in windows.yaml, "
            "or in the request when the window or boost was asked for."
        ),
    ),
    "guard.largest_move_next": Message(
        id="Pindahkan bertahap, atau naikkan `largest_move` di policy.yaml.",
        en="Move it in stages, or raise `largest_move` in policy.yaml.",
    ),
    "guard.contract_next": Message(
        id="Tulis kontrak yang berlaku di uplinks.yaml.", en="Write the contract that holds into uplinks.yaml."
    ),
    "guard.foreign_next": Message(
        id="Hapus sendiri antrean itu bila memang tidak dipakai, lalu jalankan perintah yang sama lagi.",
        en="Delete that queue yourself if nobody needs it, then give the same command again.",
    ),
}
"""What to do about each kind of reason: said once, however many offices it is about."""

_PLAN: Final[dict[str, Message]] = {
    "plan.attaches": Message(
        id="{shaper} di {device} dipasang dari awal: paket yang sedang menunggu di antarmuka itu hilang.",
        en="{shaper} on {device} is set up from nothing: packets that wait at that interface are lost.",
    ),
    "plan.attaches_again": Message(
        id="{shaper} di {device} dipasang lagi karena sebagian hilang; antreannya tetap.",
        en="{shaper} on {device} is attached again because a part is missing; its queues stay.",
    ),
    "plan.moves": Message(
        id="{shaper} di {device}: antrean dihapus dan dibuat lagi di tempat lain, isinya hilang: {queues}.",
        en="{shaper} on {device}: queues are removed and made again at another place, and lose what waits in them: {queues}.",
    ),
    "plan.removes": Message(
        id="{shaper} di {device}: antrean dihapus, isinya hilang: {queues}.",
        en="{shaper} on {device}: queues are removed and lose what waits in them: {queues}.",
    ),
    "why.boost": Message(
        id="tambahan {boost}, {amount}: {reason}",
        en="boost {boost}, {amount}: {reason}",
    ),
    "why.window": Message(
        id="jendela {window}: bagian {share}, biasanya {usual}",
        en="window {window}: share {share}, usually {usual}",
    ),
    "why.reserve": Message(
        id="jendela {window}: cadangan {application} untuk semua kantor",
        en="window {window}: reserve of {application} for all offices",
    ),
    "why.pays": Message(
        id="ikut membayar tambahan {boost}",
        en="pays for boost {boost}",
    ),
    "why.others": Message(
        id="jendela {window} mengubah bagian kantor lain",
        en="window {window} changes the share of other offices",
    ),
    "why.base": Message(
        id="kebijakan dasar: kelas {service_class}, bagian {share}",
        en="base policy: class {service_class}, share {share}",
    ),
    "why.gone": Message(
        id="kantor bernomor {id} tidak ada lagi di data",
        en="the office with id {id} is no longer in the truth",
    ),
}

MESSAGES: Final[dict[str, Message]] = {**_CALENDAR, **_NUMBERS, **_GUARD, **_NEXT, **_PLAN}
