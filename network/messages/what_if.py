"""What is said of questions that begin with "what if": more of an uplink, or one that fails."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

_ANSWERS: Final[dict[str, Message]] = {
    "what_if.no_such_uplink": Message(
        id="Tidak ada uplink {uplink}. Yang ada: {known}.", en="There is no uplink {uplink}. There are: {known}."
    ),
    "what_if.rate": Message(
        id="Uplink {uplink} ({direction}) akan menjadi {rate}. Tanyakan yang menyisakan lebih dari 0, paling banyak {most}.",
        en="Uplink {uplink} ({direction}) would come to {rate}. Ask for an amount that leaves more than 0 and at most {most}.",
    ),
    "what_if.above_link": Message(
        id=(
            "Uplink {uplink} akan menjadi {rate}, sedangkan tautan {link} membawa {carries}. Tanyakan paling banyak {fits} lagi, "
            "atau tulis dulu tautan yang lebih cepat di links.yaml."
        ),
        en=(
            "Uplink {uplink} would come to {rate}, and its link {link} carries {carries}. Ask for at most {fits} more, or write "
            "a faster link into links.yaml first."
        ),
    ),
    "what_if.does_not_hold": Message(
        id="Dengan uplink {uplink} sebesar {down} turun dan {up} naik, yang sudah dijanjikan tidak muat lagi. {cause}",
        en="With uplink {uplink} at {down} down and {up} up, what is promised would have no room. {cause}",
    ),
    "what_if.stops_hub": Message(
        id=(
            "{place}: tautan hub {key} membawa {ceiling} dari uplink ini dan sudah terjamin penuh; {stopped} dari tambahannya "
            "tidak sampai ke sana dan menjadi milik kantor lain."
        ),
        en=(
            "{place}: the link of hub {key} carries {ceiling} of this uplink and is guaranteed in full; {stopped} of the extra "
            "stop there and go to other offices."
        ),
    ),
    "what_if.stops_office": Message(
        id=(
            "{place}: tautan kantor {key} membawa {ceiling} dari uplink ini dan sudah terjamin penuh; {stopped} dari tambahannya "
            "tidak sampai ke sana dan menjadi milik kantor lain."
        ),
        en=(
            "{place}: the link of office {key} carries {ceiling} of this uplink and is guaranteed in full; {stopped} of the "
            "extra stop there and go to other offices."
        ),
    ),
    "what_if.for_nobody": Message(
        id="{place}: {rate} tidak dapat dijaminkan kepada kantor mana pun: tautan mereka penuh, atau bagian (`share`) mereka 0.",
        en="{place}: {rate} can be guaranteed to no office: their links are full, or their `share` is 0.",
    ),
    "what_if.default_class": Message(
        id="{place}: kelas bawaan berubah dari {now} ke {then}, menurut besar uplink. Tulis `default_class` supaya tetap.",
        en="{place}: the default class goes from {now} to {then}, by the uplink's size. Write `default_class` to keep it.",
    ),
    "what_if.others_lose": Message(
        id=(
            "{place}: {count} kantor kehilangan {rate} di sini, karena tautan tanpa `shares` dibagi menurut kontrak, dan kontrak "
            "{uplink} berubah. Tulis `shares` supaya tetap."
        ),
        en=(
            "{place}: {count} offices lose {rate} here, because links without `shares` are divided by contract, and that of "
            "{uplink} changes. Write `shares` to keep them."
        ),
    ),
    "what_if.others_gain": Message(
        id=(
            "{place}: {count} kantor mendapat {rate} lebih banyak di sini, karena tautan tanpa `shares` dibagi menurut kontrak, "
            "dan kontrak {uplink} berubah."
        ),
        en=(
            "{place}: {count} offices get {rate} more here, because links without `shares` are divided by contract, and that of "
            "{uplink} changes."
        ),
    ),
    "what_if.takes_over": Message(
        id=(
            "Selama tautan {link} menyala, core tetap mengirim tujuan dalam daftar {uplink} ke sana dan lalu lintas itu hilang. "
            "Bila tautan itu mati, tujuan itu lewat {other}, di dalam jaminan tiap kantor di sana; cadangan aplikasi tidak ikut."
        ),
        en=(
            "While link {link} is up the core goes on sending there what {uplink} lists, and that traffic is lost. When the link "
            "is down it takes {other}, within what each office is guaranteed there; reserves of applications do not come along."
        ),
    ),
    "what_if.default_uplink": Message(
        id=(
            "{uplink} adalah jalan bawaan: tujuan yang tidak ada dalam daftar uplink lain tidak punya jalan keluar, sampai "
            "uplink lain menjadi bawaan di uplinks.yaml. Yang ada dalam daftar tetap berjalan."
        ),
        en=(
            "{uplink} is the default: destinations in no other uplink's list have no way out until another one is made the "
            "default in uplinks.yaml. Those that are listed go on."
        ),
    ),
    "what_if.only_uplink": Message(
        id="{uplink} satu-satunya uplink: tanpanya tidak ada jalan keluar. Lalu lintas antarkantor tetap berjalan.",
        en="{uplink} is the only uplink: without it there is no way out. Traffic between offices goes on.",
    ),
    "what_if.parts_stay": Message(
        id=(
            "{place}: bagian tautan yang disisihkan untuk {uplink} tidak berpindah sendiri. Dengan {uplink} dihapus dari "
            "uplinks.yaml, kantor mendapat {rate} lebih banyak di sini."
        ),
        en=(
            "{place}: the parts of links that are kept for {uplink} do not move by themselves. With {uplink} taken out of "
            "uplinks.yaml, offices get {rate} more here."
        ),
    ),
}

_COMMAND: Final[dict[str, Message]] = {
    "cli.help.what_if": Message(
        id="Bagaimana seandainya: uplink lebih besar, atau putus. Hanya menghitung.",
        en="What if: more of an uplink, or one that fails. Only computes.",
    ),
    "cli.help.what_if_more": Message(
        id=(
            "Apa yang didapat dari uplink yang lebih besar: per kantor, dan di mana tambahannya berhenti.\n\n"
            '  lajur what-if more domestic --down "50 Mbit/s" --up "50 Mbit/s"\n\n'
            'Jumlah di bawah 0 bertanya tentang kontrak yang lebih kecil: --down "-20 Mbit/s".'
        ),
        en=(
            "What more of an uplink would buy: office by office, and where the extra stops.\n\n"
            '  lajur what-if more domestic --down "50 Mbit/s" --up "50 Mbit/s"\n\n'
            'An amount below 0 asks about a smaller contract: --down "-20 Mbit/s".'
        ),
    ),
    "cli.help.what_if_without": Message(
        id=(
            "Apa yang tersisa bila sebuah uplink putus: per kantor, yang terparah lebih dulu.\n\n  lajur what-if without domestic"
        ),
        en="What is left when an uplink fails: office by office, the worst hit first.\n\n  lajur what-if without domestic",
    ),
    "cli.flag.asked_uplink": Message(id="Kunci uplink, seperti dalam uplinks.yaml.", en="Key of the uplink, as in uplinks.yaml."),
    "cli.flag.extra_down": Message(
        id="Tambahan ke arah turun; bila tidak disebut, tidak ada.", en="How much more downward; otherwise none."
    ),
    "cli.flag.extra_up": Message(
        id="Tambahan ke arah naik; bila tidak disebut, tidak ada.", en="How much more upward; otherwise none."
    ),
    "cli.usage.how_much": Message(
        id="Berapa tambahannya? Beri --down, --up, atau keduanya, misalnya --down '50 Mbit/s'.",
        en="How much more? Give --down, --up or both, for example --down '50 Mbit/s'.",
    ),
    "cli.what_if.more": Message(
        id="Seandainya {uplink} di {regency} berubah {down} turun, {up} naik · {at} · jendela: {windows} · tambahan: {boosts}",
        en="If {uplink} of {regency} changed by {down} down, {up} up · {at} · windows: {windows} · boosts: {boosts}",
    ),
    "cli.what_if.without": Message(
        id="Seandainya {uplink} di {regency} putus · {at} · jendela: {windows} · tambahan: {boosts}",
        en="If {uplink} of {regency} failed · {at} · windows: {windows} · boosts: {boosts}",
    ),
    "cli.what_if.offices": Message(id="Jaminan kantor", en="Guarantees of offices"),
    "cli.what_if.quiet": Message(
        id="{count} kantor lain mendapat jaminan yang sama.", en="{count} other offices are guaranteed what they are now."
    ),
    "cli.what_if.uplinks": Message(id="Ke mana kontraknya", en="Where the contract goes"),
    "cli.what_if.contracted": Message(id="kontrak", en="contract"),
    "cli.what_if.headroom": Message(id="ruang (headroom)", en="headroom"),
    "cli.what_if.default_class": Message(id="kelas bawaan", en="default class"),
    "cli.what_if.guaranteed": Message(id="terjamin untuk kantor", en="guaranteed to offices"),
    "cli.what_if.unpromised": Message(id="tidak terjamin untuk siapa pun", en="guaranteed to nobody"),
    "cli.what_if.busy": Message(id="terpakai bila semua ingin semua", en="used when all want all"),
    "cli.what_if.applications": Message(id="Aplikasi yang kehilangan uplinknya", en="Applications that lose their uplink"),
    "cli.what_if.protected": Message(id="dilindungi", en="protected"),
    "cli.what_if.below_floor": Message(id="di bawah batas bawah", en="below the floor"),
    "cli.what_if.below_base": Message(id="di bawah kebijakan dasar", en="below the base policy"),
    "cli.what_if.no_way_out": Message(id="tidak ada jalan keluar", en="no way out"),
    "cli.column.where": Message(id="Ke mana", en="What for"),
    "cli.column.left": Message(id="Sisa", en="Left"),
    "cli.column.rewritten": Message(id="Bila dihapus", en="If dropped"),
    "cli.column.application": Message(id="Aplikasi", en="Application"),
    "cli.column.reserved": Message(id="Cadangan hilang ↓ ↑", en="Reserve lost ↓ ↑"),
    "cli.column.goes_to": Message(id="Beralih ke", en="Goes to"),
    "cli.column.reserved_there": Message(id="Cadangan di sana ↓ ↑", en="Reserve there ↓ ↑"),
    "cli.column.below": Message(id="Keadaan", en="State"),
}

MESSAGES: Final[dict[str, Message]] = {**_ANSWERS, **_COMMAND}
