"""What `lajur link` says: help, headings, stages, sums."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

LINKS: Final[dict[str, Message]] = {
    "cli.help.link": Message(
        id="Tautan: kedua ujungnya diatur, dibuktikan, dan dilihat sebagai satu.",
        en="Links: both ends configured, proved and looked at as one.",
    ),
    "cli.help.link_plan": Message(
        id=(
            "Apa yang akan berubah di kedua ujung setiap tautan. Hanya melihat.\n\n"
            "  lajur link plan bappeda\n\n"
            "Tanpa nama: semua tautan. Perangkat yang perubahannya sama ditunjukkan sekali saja. Baris yang bukan urusan tautan "
            "ini tidak disentuh. Keluar dengan 0 bila tidak ada yang berubah, 2 bila ada."
        ),
        en=(
            "What would change on both ends of every link. Only looks.\n\n"
            "  lajur link plan bappeda\n\n"
            "Without names: all links. Devices on which the same changes are shown once. Lines that are none of a link's are "
            "left "
            "alone. Exits with 0 when nothing would change, 2 when something would."
        ),
    ),
    "cli.help.link_apply": Message(
        id=(
            "Bawa tautan ke keadaan menurut kebenaran, tanpa memutus diri sendiri.\n\n"
            "  lajur link apply bappeda\n"
            "  lajur link apply --all --canary 1 --batch 16\n\n"
            "Ujung jauh dulu, lalu ujung dekat, keduanya dengan pewaktu pulang di perangkat. Sesudah itu dari sesi baru "
            "diperiksa: "
            "sinyal, MTU, tetangga LLDP, ping kecil dan sebesar MTU, tetangga OSPF, daya optik. Semuanya baik: kedua ujung "
            "dipastikan. Ada yang tidak: kedua ujung kembali. Banyak tautan: percobaan dulu, lalu kelompok demi kelompok; "
            "berhenti "
            "sendiri pada kegagalan pertama."
        ),
        en=(
            "Carry links to what the truth says, without being cut off by it.\n\n"
            "  lajur link apply bappeda\n"
            "  lajur link apply --all --canary 1 --batch 16\n\n"
            "The far end first, then the near one, both with a timer on the device that takes it back. Then, from fresh "
            "sessions: "
            "carrier, MTU, LLDP neighbour, pings small and as large as the MTU, OSPF neighbour, optical level. All well: both "
            "ends "
            "are confirmed. Something is not: both go back. Many links: canaries first, then batch by batch; it stops by "
            "itself at "
            "the first that fails."
        ),
    ),
    "cli.help.link_verify": Message(
        id=(
            "Periksa kedua ujung tautan sekarang, dengan ping. Tidak mengubah apa pun.\n\n"
            "Keluar dengan 5 bila ada tautan yang tidak baik."
        ),
        en="Check both ends of links now, with pings. Changes nothing.\n\nExits with 5 when a link is not well.",
    ),
    "cli.help.link_status": Message(
        id=(
            "Lihat sekilas kedua ujung tautan, tanpa ping. Tidak mengubah apa pun.\n\n"
            "Keluar dengan 5 bila ada tautan yang tidak baik."
        ),
        en="A quick look at both ends of links, without pings. Changes nothing.\n\nExits with 5 when a link is not well.",
    ),
    "cli.flag.link_names": Message(
        id="Tautan, kantor, hub, perangkat, jenis (hub, office) atau platform (frr); boleh beberapa.",
        en="A link, office, hub, device, role (hub, office) or platform (frr); may be several.",
    ),
    "cli.flag.link_all": Message(id="Semua tautan.", en="All links."),
    "cli.flag.link_canary": Message(
        id="Sekian tautan dulu, sebelum semua yang lain.", en="So many links first, before all others."
    ),
    "cli.flag.link_batch": Message(id="Sekian tautan dalam satu kelompok.", en="So many links in a batch."),
    "cli.flag.link_patience": Message(
        id="Berapa lama menunggu semuanya baik; bila tidak disebut: menurut waktu OSPF tautan itu.",
        en="How long to wait for all to be well; otherwise by the OSPF times of the link.",
    ),
    "cli.usage.link_which": Message(
        id="Tautan yang mana? Sebutkan namanya, atau --all untuk semuanya. Tidak ada yang diubah.",
        en="Which links? Give their names, or --all for every one. Nothing was changed.",
    ),
    "cli.link.group": Message(id="{devices} (ujung: {count})", en="{devices} (ends: {count})"),
    "cli.link.lacks": Message(id="{link}: {device} tidak punya {what}.", en="{link}: {device} does not have {what}."),
    "cli.link.lack.vlan": Message(id="VLAN", en="VLANs"),
    "cli.link.lack.storm_control": Message(id="pengendali badai siaran", en="storm control"),
    "cli.link.lack.timer": Message(
        id="pewaktu pulang (perubahan yang memutus harus dibetulkan di tempat)",
        en="a timer that takes it back (a change that cuts it off must be mended on the spot)",
    ),
    "cli.link.lack.session": Message(
        id=(
            "pewaktu pulang (ia pulang bila sesi yang mengubahnya hilang, sampai 9 menit kemudian; tidak sesudah "
            "dinyalakan ulang)"
        ),
        en=(
            "a timer that takes it back (it goes back when the session that changed it is lost, up to 9 min later; not "
            "after a restart)"
        ),
    ),
    "cli.link.lack.optics": Message(id="pembacaan daya optik", en="readings of optical levels"),
    "cli.link.lack.way_out": Message(
        id="perintah kami untuk rute keluar (tulis sendiri kebijakan ekspornya)",
        en="words of ours for the way out (write its export policy yourself)",
    ),
    "cli.link.plan_sum": Message(
        id="{waits} tautan menunggu perubahan, {holds} sudah sesuai, {unread} tidak terbaca.",
        en="{waits} links wait for a change, {holds} hold already, {unread} could not be read.",
    ),
    "cli.link.next_apply": Message(
        id="Berikutnya: `lajur link apply --all`, atau `lajur link apply TAUTAN` untuk satu dulu.",
        en="Next: `lajur link apply --all`, or `lajur link apply LINK` for one of them first.",
    ),
    "cli.link.next_plan": Message(
        id="Berikutnya: `lajur plan`; kapan saja: `lajur drift`.", en="Next: `lajur plan`; at any time: `lajur drift`."
    ),
    "cli.link.done": Message(
        id="{count} tautan diubah, dibuktikan dan dipastikan di kedua ujung (paling lama {slowest}): {links}",
        en="{count} links changed, proved and confirmed on both ends (slowest {slowest}): {links}",
    ),
    "cli.link.nothing": Message(id="{count} tautan sudah sesuai.", en="{count} links held already."),
    "cli.link.failed": Message(id="Berhenti pada: {links}", en="Stopped at: {links}"),
    "cli.link.returned": Message(
        id="{count} tautan di perangkat yang sama ikut dikembalikan: {links}",
        en="{count} links on the same devices were taken back with it: {links}",
    ),
    "cli.link.interrupted": Message(
        id="Dihentikan: {done} dari {among} tautan selesai, {left} belum dimulai. Berikutnya: `lajur link plan`.",
        en="Interrupted: {done} of {among} links done, {left} not begun. Next: `lajur link plan`.",
    ),
    "cli.link.not_begun": Message(id="{count} tautan belum dimulai: {links}", en="{count} links were not begun: {links}"),
    "cli.link.silent": Message(id="tidak menjawab", en="no answer"),
    "cli.link.seen_sum": Message(id="{good} dari {count} tautan baik.", en="{good} of {count} links are well."),
    "cli.link.as_wanted": Message(id="{check} {seen}", en="{check} {seen}"),
    "cli.link.beside": Message(id="{check} {seen} (seharusnya {wanted})", en="{check} {seen} (wanted {wanted})"),
    "cli.link.check.carrier": Message(id="sinyal", en="carrier"),
    "cli.link.check.mtu": Message(id="MTU", en="MTU"),
    "cli.link.check.neighbour": Message(id="tetangga", en="neighbour"),
    "cli.link.check.ping": Message(id="ping hilang", en="ping loss"),
    "cli.link.check.ping_large": Message(id="ping besar hilang", en="large ping loss"),
    "cli.link.check.routing": Message(id="OSPF", en="OSPF"),
    "cli.link.check.optics": Message(id="optik", en="optics"),
    "cli.column.end": Message(id="Ujung", en="End"),
    "cli.column.seen": Message(id="Terlihat", en="Seen"),
    "cli.link.stage.read": Message(id="{link}: dibaca ({elapsed}).", en="{link}: read ({elapsed})."),
    "cli.link.stage.committed_far": Message(
        id="{link}: ujung jauh diubah dengan pewaktu berjalan: {device} ({elapsed}).",
        en="{link}: far end changed under a timer: {device} ({elapsed}).",
    ),
    "cli.link.stage.committed_near": Message(
        id="{link}: ujung dekat diubah dengan pewaktu berjalan: {device} ({elapsed}).",
        en="{link}: near end changed under a timer: {device} ({elapsed}).",
    ),
    "cli.link.stage.looking": Message(
        id="{link}: diperiksa dari sesi baru … ({elapsed})", en="{link}: looked at from fresh sessions … ({elapsed})"
    ),
    "cli.link.stage.verified": Message(id="{link}: semuanya baik ({elapsed}).", en="{link}: all is well ({elapsed})."),
    "cli.link.stage.confirmed_far": Message(
        id="{link}: {device} dipastikan ({elapsed}).", en="{link}: {device} confirmed ({elapsed})."
    ),
    "cli.link.stage.confirmed_near": Message(
        id="{link}: {device} dipastikan juga ({elapsed}).", en="{link}: {device} confirmed, too ({elapsed})."
    ),
    "cli.link.stage.done": Message(id="{link}: selesai ({elapsed}).", en="{link}: done ({elapsed})."),
    "cli.link.stage.nothing": Message(id="{link}: sudah sesuai ({elapsed}).", en="{link}: holds already ({elapsed})."),
    "cli.link.stage.going_back": Message(
        id="{link}: kembali ke keadaan semula … ({elapsed})", en="{link}: going back to the state before … ({elapsed})"
    ),
    "cli.link.stage.back": Message(
        id="{link}: keadaan semula terbaca di kedua ujung ({elapsed}).",
        en="{link}: the state before was read back on both ends ({elapsed}).",
    ),
    "cli.link.stage.left_out": Message(
        id=(
            "{link}: proses {run} yang terputus ditutup tanpa {device}, yang tidak ada lagi di kebenaran: apa yang dipegangnya "
            "tidak diketahui. Bila masih terpasang, periksa di sana."
        ),
        en=(
            "{link}: run {run}, which was cut off, is closed without {device}, which the truth no longer has: what it holds is "
            "not known. If it is still in place, look there."
        ),
    ),
    "cli.link.stage.finishing": Message(
        id="{link}: {device} menyusul ujung yang sudah dipastikan ({elapsed}).",
        en="{link}: {device} is brought after the end that is confirmed ({elapsed}).",
    ),
}
