"""What admission says: why a request cannot be looked at, what is missing when it does not fit, what would fit instead."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

_WRONG: Final[dict[str, Message]] = {
    "admission.no_such_office": Message(
        id="Jendela {window} menyebut kantor yang tidak ada: {name}. Tidak ada yang diubah. Yang ada: {known}.",
        en="Window {window} names an office that does not exist: {name}. Nothing was changed. There are: {known}.",
    ),
    "admission.no_such_class": Message(
        id="Jendela {window} menyebut kelas layanan yang tidak ada: {name}. Tidak ada yang diubah. Yang ada: {known}.",
        en="Window {window} names a service class that does not exist: {name}. Nothing was changed. There are: {known}.",
    ),
    "admission.no_such_application": Message(
        id="Jendela {window} menyebut aplikasi yang tidak ada: {name}. Tidak ada yang diubah. Yang ada: {known}.",
        en="Window {window} names an application that does not exist: {name}. Nothing was changed. There are: {known}.",
    ),
    "admission.no_such_uplink": Message(
        id="Jendela {window} menyebut uplink yang tidak ada: {name}. Tidak ada yang diubah. Yang ada: {known}.",
        en="Window {window} names an uplink that does not exist: {name}. Nothing was changed. There are: {known}.",
    ),
    "admission.no_such_calendar": Message(
        id="Jendela {window} memakai kalender yang tidak ada: {name}. Tidak ada yang diubah. Yang ada: {known}.",
        en="Window {window} uses a calendar that does not exist: {name}. Nothing was changed. There are: {known}.",
    ),
    "admission.no_hours": Message(
        id=(
            "Jendela {window} mengikuti jam kerja kantor, tetapi calendar.yaml tidak memuat jam kerja. Tidak ada yang diubah. "
            "Tulis `hours` di calendar.yaml, atau pakai `calendar: working_days` dengan jam sendiri."
        ),
        en=(
            "Window {window} follows the office hours, and calendar.yaml has none. Nothing was changed. "
            "Write `hours` into calendar.yaml, or use `calendar: working_days` with hours of its own."
        ),
    ),
    "admission.no_base_reserve": Message(
        id=(
            "Jendela {window} mengubah cadangan {application} di {uplink}, tetapi kebijakan dasar tidak punya cadangan itu. "
            "Tidak ada yang diubah. Yang dapat diubah oleh jendela: {known}. Cadangan lain harus ditulis dulu di policy.yaml."
        ),
        en=(
            "Window {window} changes the reserve of {application} on {uplink}, which the base policy does not have. "
            "Nothing was changed. A window may change: {known}. Any other reserve has to stand in policy.yaml first."
        ),
    ),
    "admission.reserve_twice": Message(
        id="Jendela {window} menulis cadangan {application} di {uplink} dua kali. Tidak ada yang diubah. Hapus salah satunya.",
        en="Window {window} has the reserve of {application} on {uplink} twice. Nothing was changed. Remove one of the two.",
    ),
    "admission.window_nothing": Message(
        id=(
            "Jendela {window} tidak mengubah apa pun. Tulis di bawah `policy` kelas, kantor, atau cadangan mana yang berubah, "
            "lalu minta lagi."
        ),
        en=("Window {window} changes nothing. Write under `policy` which class, office or reserve changes, and ask again."),
    ),
    "admission.meets_itself": Message(
        id=(
            "Jendela {window} bertemu dengan dirinya sendiri: yang mulai {start} mulai sebelum yang sebelumnya berakhir ({end}). "
            "Tidak ada yang diubah. Perpendek jendelanya, atau jarangkan aturannya."
        ),
        en=(
            "Window {window} meets itself: the time from {start} begins before the one before it has ended ({end}). "
            "Nothing was changed. Make the window shorter, or let its rule come less often."
        ),
    ),
    "admission.never": Message(
        id=(
            "Jendela {window} tidak pernah berlangsung dalam {years} tahun sejak {since}. Tidak ada yang diubah. "
            "Periksa `start`, `recurrence`, `exdates`, dan `calendar`."
        ),
        en=(
            "Window {window} does not take place within {years} years from {since}. Nothing was changed. "
            "Look at its `start`, `recurrence`, `exdates` and `calendar`."
        ),
    ),
    "admission.boost_nothing": Message(
        id="Tambahan {boost} tidak meminta apa pun. Minta lebih dari 0 untuk turun, naik, atau keduanya.",
        en="Boost {boost} asks for nothing. Ask for more than 0 down, up or both.",
    ),
    "admission.no_time": Message(
        id="Tambahan {boost} berakhir ({expires}) sebelum sempat mulai ({starts}). Tulis akhir yang sesudah awalnya.",
        en="Boost {boost} ends ({expires}) before it begins ({starts}). Give an end after its start.",
    ),
    "admission.past": Message(
        id="Tambahan {boost} sudah berakhir {expires}; sekarang {now}. Tulis akhir yang masih akan datang.",
        en="Boost {boost} ended {expires} already; it is {now}. Give an end that is still to come.",
    ),
    "admission.too_far": Message(
        id="Tambahan {boost} baru mulai {starts}. Paling lambat mulai {latest}; minta lagi bila saatnya sudah lebih dekat.",
        en="Boost {boost} would begin {starts} only. It may begin {latest} at the latest; ask again when the time is nearer.",
    ),
    "admission.too_long": Message(
        id=(
            "Tambahan {boost} berlangsung sampai {expires}, lebih dari {hours} jam yang diperbolehkan policy.yaml. "
            "Minta sampai {latest} paling lama, atau minta jendela."
        ),
        en=(
            "Boost {boost} would last until {expires}, which is more than the {hours} hours that policy.yaml allows. "
            "Ask until {latest} at most, or ask for a window."
        ),
    ),
    "admission.boost_contract": Message(
        id=(
            "Tambahan {boost} tidak seluruhnya berada dalam kontrak {number} untuk uplink {uplink}, yang berlaku {start} sampai "
            "{end}. Minta waktu di dalam kontrak itu, atau tulis kontrak barunya di uplinks.yaml."
        ),
        en=(
            "Boost {boost} does not lie in the contract {number} for uplink {uplink}, which runs from {start} to {end}. "
            "Ask for a time within it, or write the next contract into uplinks.yaml."
        ),
    ),
    "overlaps.too_many": Message(
        id=(
            "Terlalu banyak yang harus dilihat sekaligus: {edges} saat buka dan tutup, paling banyak {most}. Tidak ada yang "
            "diubah. Gabungkan jendela yang serupa, atau batasi aturannya dengan UNTIL."
        ),
        en=(
            "There is too much to look at in one go: {edges} moments of opening and closing, at most {most}. Nothing was "
            "changed. Join windows that are alike, or let their rules end with UNTIL."
        ),
    ),
}

_MISSING: Final[dict[str, Message]] = {
    "admission.shortfall": Message(
        id="{when}, {beside}: kurang {missing} di {place}. {cause}",
        en="{when}, {beside}: {missing} are missing at {place}. {cause}",
    ),
    "admission.undecided": Message(id="{when}, {beside}: {cause}", en="{when}, {beside}: {cause}"),
    "admission.from_until": Message(id="Dari {since} sampai {until}", en="From {since} until {until}"),
    "admission.at": Message(id="Pada {since}", en="At {since}"),
    "admission.beside": Message(id="bersama {who}", en="together with {who}"),
    "admission.alone": Message(id="tanpa yang lain", en="with nothing else on"),
    "admission.more": Message(
        id="Selain itu ada {count} waktu bersamaan lain yang juga tidak muat.",
        en="There are {count} other times together with something else at which it does not fit either.",
    ),
    "admission.precedence": Message(
        id=(
            "Jendela {window} dan {other} mengubah hal yang sama ({things}) pada waktu yang sama dengan `precedence` yang sama "
            "({precedence}), jadi tidak jelas mana yang berlaku. Beri {window} `precedence` lain: yang lebih tinggi menang."
        ),
        en=(
            "The windows {window} and {other} change the same thing ({things}) at the same time with the same `precedence` "
            "({precedence}), so nobody could tell which one holds. Give {window} another `precedence`: the higher one wins."
        ),
    ),
    "admission.contract": Message(
        id=(
            "Pada {day} kontrak {number} untuk uplink {uplink} tidak berlaku (hanya {start} sampai {end}). Biarkan jendela "
            "berakhir di dalam kontrak (UNTIL), atau tulis kontrak barunya di uplinks.yaml."
        ),
        en=(
            "On {day} the contract {number} for uplink {uplink} does not hold (it runs from {start} to {end}). Let the window "
            "end within it (UNTIL), or write the next contract into uplinks.yaml."
        ),
    ),
}

_INSTEAD: Final[dict[str, Message]] = {
    "admission.offer_later": Message(
        id="Yang muat: lebih lambat, {starts} sampai {ends}.", en="What fits: later, from {starts} until {ends}."
    ),
    "admission.offer_shorter": Message(
        id="Yang muat: lebih singkat, {starts} sampai {ends}.", en="What fits: shorter, from {starts} until {ends}."
    ),
    "admission.offer_amount": Message(
        id="Yang muat: lebih kecil, {down} turun dan {up} naik, {starts} sampai {ends}.",
        en="What fits: smaller, {down} down and {up} up, from {starts} until {ends}.",
    ),
    "admission.offer_part": Message(
        id="Yang muat: lebih kecil, {part} % dari cadangannya: {reserves}",
        en="What fits: smaller, {part} % of its reserves: {reserves}",
    ),
    "admission.reserve": Message(id="{application}@{uplink} {rate}.", en="{application}@{uplink} {rate}."),
    "admission.reserve_each": Message(id="{application}@{uplink} ↓ {down} ↑ {up}.", en="{application}@{uplink} ↓ {down} ↑ {up}."),
    "admission.offer_window_later": Message(
        id="Yang muat: lebih lambat, `start: {start}`, `end: {end}`, `recurrence: {rule}`.",
        en="What fits: later, `start: {start}`, `end: {end}`, `recurrence: {rule}`.",
    ),
    "admission.offer_window_shorter": Message(
        id="Yang muat: lebih singkat, `start: {start}`, `end: {end}`, `recurrence: {rule}`.",
        en="What fits: shorter, `start: {start}`, `end: {end}`, `recurrence: {rule}`.",
    ),
    "admission.no_offer": Message(
        id=(
            "Tidak ada yang mirip yang muat. Minta lebih sedikit, atau pada waktu lain; sebuah jendela juga memberi tempat "
            "dengan menurunkan kelas yang tidak dilindungi."
        ),
        en=(
            "Nothing near it fits. Ask for less, or for another time; a window also makes room by lowering classes without "
            "protection."
        ),
    ),
}

_APPROVAL: Final[dict[str, Message]] = {
    "approval.emergency": Message(
        id="ini keadaan darurat, dan kebijakan meminta orang kedua untuk setiap keadaan darurat",
        en="it is an emergency, and policy asks for a second person for every emergency",
    ),
    "approval.protected": Message(
        id="{office} dilindungi, dan pada {shaper} turun dari {base} ke {guarantee}",
        en="{office} is protected, and falls from {base} to {guarantee} on {shaper}",
    ),
    "approval.above": Message(
        id="{offices} menjadi {guarantee} pada {shaper}, yaitu {percent} % dari uplink; di atas {above} % perlu orang kedua",
        en="{offices} would have {guarantee} on {shaper}, {percent} % of the uplink; above {above} % takes a second person",
    ),
    "approval.moved": Message(
        id="rencana ini menambah {amount} pada {uplink}; di atas {above} % dari uplink perlu orang kedua",
        en="the plan raises {amount} on {uplink}; above {above} % of the uplink takes a second person",
    ),
}

MESSAGES: Final[dict[str, Message]] = {**_WRONG, **_MISSING, **_INSTEAD, **_APPROVAL}
