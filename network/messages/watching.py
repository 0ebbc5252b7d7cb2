"""What the watch over links says: states and reasons, coverage, the drawing, proofs, traps."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

_ERRORS: Final[dict[str, Message]] = {
    "meter.over_budget": Message(
        id=(
            "{device}: setelah {requests} pertanyaan SNMP ke {address}:{port} tabel antarmukanya belum habis. Bacaan dihentikan "
            "agar perangkat lain tidak menunggu; perangkat tidak diubah. Periksa beban agen SNMP-nya dan hilangnya paket ke sana."
        ),
        en=(
            "{device}: after {requests} SNMP requests to {address}:{port} its interface table had not ended. The reading was "
            "ended so that no other device waits; nothing was changed. Look at its agent's load, and at lost packets on "
            "the way."
        ),
    ),
    "traps.no_port": Message(
        id=(
            "Port {port} untuk trap tidak dapat dipakai ({reason}). Pengawasan berjalan dengan poll saja: tautan yang putus "
            "diketahui pada poll berikutnya. Jalankan sebagai root atau dengan CAP_NET_BIND_SERVICE, hentikan penerima trap yang "
            "lain, atau pilih port lain dengan LAJUR_TRAP_LISTEN."
        ),
        en=(
            "Port {port} for traps cannot be had ({reason}). The watch goes on with polls alone: a link that is cut is known by "
            "the next poll. Run as root or with CAP_NET_BIND_SERVICE, end the other trap receiver, or choose a port with "
            "LAJUR_TRAP_LISTEN."
        ),
    ),
    "traps.memory_lost": Message(
        id=(
            "Catatan trap {file} tidak dapat dibaca ({reason}) dan disisihkan sebagai {aside}. Pengawasan berjalan; hanya trap "
            "lama yang dikirim ulang oleh orang lain dapat dipercaya satu kali lagi, dan poll berikutnya membetulkannya. "
            "Tidak perlu berbuat apa-apa; bila berulang, periksa disk."
        ),
        en=(
            "The record of traps {file} cannot be read ({reason}) and was set aside as {aside}. The watch goes on; only an old "
            "trap that somebody sends again may be believed once more, and the next poll puts that right. There is nothing "
            "to do; look at the disk if it happens again."
        ),
    ),
    "traps.memory_full": Message(
        id=(
            "Trap yang sudah dipercaya tidak dapat dicatat ({reason}). Pengawasan berjalan; setelah dimulai ulang, trap lama "
            "yang dikirim ulang dapat dipercaya satu kali lagi. Periksa ruang dan izin folder LAJUR_STATE."
        ),
        en=(
            "Traps that were believed cannot be written down ({reason}). The watch goes on; after a restart of it an old trap "
            "that is sent again may be believed once more. Look at the room and the permissions of the folder LAJUR_STATE."
        ),
    ),
    "settings.trap_listen": Message(
        id="LAJUR_TRAP_LISTEN={value} bukan alamat IPv4 dan port. Tulis misalnya 0.0.0.0:162.",
        en="LAJUR_TRAP_LISTEN={value} is no IPv4 address and port. Write, say, 0.0.0.0:162.",
    ),
    "settings.link_every": Message(
        id="LAJUR_LINK_EVERY={value} tidak dapat dipakai; tulis bilangan bulat dari 5 sampai 3600 (detik), atau off.",
        en="LAJUR_LINK_EVERY={value} cannot be used; write a whole number from 5 to 3600 (seconds), or off.",
    ),
    "proof.missing": Message(
        id=(
            "Jaminan untuk {offices} tidak diberikan: {count} tautannya belum terbukti, dan `unproven_links: refuse` di "
            "policy.yaml menolaknya. Tidak ada yang diubah. Buktikan dengan `{command}`, lalu jalankan perintah yang sama lagi."
        ),
        en=(
            "No guarantee is granted to {offices}: {count} of their links are not proven yet, and `unproven_links: refuse` in "
            "policy.yaml refuses that. Nothing was changed. Prove them with `{command}`, then give the same command again."
        ),
    ),
}

_WORDS: Final[dict[str, Message]] = {
    "topology.title": Message(id="Jaringan {regency}", en="The network of {regency}"),
    "topology.state.up": Message(id="hidup", en="up"),
    "topology.state.down": Message(id="putus", en="down"),
    "topology.state.one_way": Message(id="satu arah", en="one way"),
    "topology.state.unknown": Message(id="tidak diketahui", en="unknown"),
    "topology.medium.fibre": Message(id="serat optik", en="fibre"),
    "topology.medium.radio": Message(id="radio", en="radio"),
    "topology.medium.satellite": Message(id="satelit", en="satellite"),
    "topology.medium.copper": Message(id="tembaga", en="copper"),
    "link_why.no_carrier": Message(id="tanpa sinyal di {end}", en="no carrier on {end}"),
    "link_why.switched_off": Message(id="{end} dimatikan", en="{end} is switched off"),
    "link_why.trap": Message(id="trap dari {end}", en="a trap of {end}"),
    "link_why.silent": Message(id="{end}: perangkat tidak menjawab", en="{end}: the device does not answer"),
    "link_why.no_snmp": Message(id="{end}: tanpa `snmp:` di devices.yaml", en="{end}: no `snmp:` in devices.yaml"),
    "link_why.no_interface": Message(id="perangkat tidak punya antarmuka {end}", en="the device has no interface {end}"),
    "link_why.unsure": Message(id="{end} tidak mengatakan hidup atau putus", en="{end} says neither up nor down"),
    "link_why.not_asked": Message(id="belum ditanya", en="not asked yet"),
    "link_why.stale": Message(id="kabar terakhir dari {end} sudah usang", en="the last word of {end} is too old"),
    "link_why.not_fibre": Message(id="{link} memakai {medium}", en="{link} is {medium}"),
    "link_source.poll": Message(id="poll", en="poll"),
    "link_source.trap": Message(id="trap", en="trap"),
    "link_news.turn": Message(id="{at}  {link}: {before} → {after}{why}", en="{at}  {link}: {before} → {after}{why}"),
    "link_news.flap": Message(
        id="{at}  {link}: sempat putus, kini {after} lagi{why}", en="{at}  {link}: was interrupted, and is {after} again{why}"
    ),
    "link_finding.light": Message(
        id="{link}: cahaya di {place} {seen} dBm, anggaran {wanted} dBm",
        en="{link}: light on {place} is {seen} dBm, the budget {wanted} dBm",
    ),
    "link_finding.light_over": Message(
        id="{link}: cahaya di {place} kembali dalam anggaran",
        en="{link}: light on {place} is within its budget again",
    ),
    "link_finding.neighbour": Message(
        id="{link}: tetangga di {place} adalah {seen}, seharusnya {wanted}",
        en="{link}: the neighbour on {place} is {seen}, to be {wanted}",
    ),
    "link_finding.neighbour_over": Message(
        id="{link}: tetangga di {place} sudah sesuai", en="{link}: the neighbour on {place} is as it should be"
    ),
    "plan.unproven": Message(
        id="{office}: tautannya belum terbukti ({links}); `lajur link verify {links}`",
        en="{office}: its link is not proven yet ({links}); `lajur link verify {links}`",
    ),
}

_COMMAND: Final[dict[str, Message]] = {
    "cli.help.link_watch": Message(
        id=(
            "Awasi semua tautan: poll SNMP, trap, tetangga LLDP, dan daya optik.\n\n"
            "  lajur link watch\n"
            "  lajur link watch --once --output json\n\n"
            "Hanya melihat. Trap linkDown dan linkUp diterima di port 162 (LAJUR_TRAP_LISTEN); trap dari alamat, pengguna, atau "
            "komunitas yang bukan milik perangkat kita dihitung dan dibuang. Akhiri dengan Ctrl-C."
        ),
        en=(
            "Watch all links: SNMP polls, traps, LLDP neighbours and optical levels.\n\n"
            "  lajur link watch\n"
            "  lajur link watch --once --output json\n\n"
            "Only looks. linkDown and linkUp traps are heard on port 162 (LAJUR_TRAP_LISTEN); those of an address, user or "
            "community that is none of our devices' are counted and dropped. End it with Ctrl-C."
        ),
    ),
    "cli.help.link_coverage": Message(
        id=(
            "Berapa kantor yang tersambung serat yang hidup, dari semua kantor.\n\n"
            "Sebuah kantor dihitung bila setiap tautan dari inti sampai ke sana serat optik dan hidup menurut kedua ujungnya, "
            "saat ini. Yang lain disebut satu per satu dengan sebabnya."
        ),
        en=(
            "How many offices are on working fibre, of all offices.\n\n"
            "An office counts when every link from the core to it is fibre and up, as both of its ends say now. The others are "
            "listed with the reason."
        ),
    ),
    "cli.help.topology": Message(
        id=(
            "Jaringan sebagai pohon: perangkat, tautan, dan keadaannya sekarang.\n\n"
            "  lajur topology --svg jaringan.svg\n\n"
            "Dengan `--output json` sebagai dokumen, dengan `--svg` sebagai gambar. Perangkat memori tidak punya keadaan tautan: "
            "semuanya tidak diketahui."
        ),
        en=(
            "The network as a tree: devices, links, and their state now.\n\n"
            "  lajur topology --svg network.svg\n\n"
            "With `--output json` as a document, with `--svg` as a drawing. Devices in memory have no states of links: all are "
            "unknown."
        ),
    ),
    "cli.flag.link_once": Message(id="Satu poll, lalu selesai.", en="One poll, and done."),
    "cli.flag.link_every": Message(
        id="Detik antara dua poll sebuah perangkat; kedua ujung tautan ditanyai bergiliran.",
        en="Seconds between two polls of a device; the two ends of a link take turns.",
    ),
    "cli.flag.svg": Message(id="Tulis gambar SVG ke berkas ini.", en="Write an SVG drawing to this file."),
    "cli.links.coverage": Message(
        id="{covered} dari {offices} kantor pada serat yang hidup ({percent} %)",
        en="{covered} of {offices} offices on working fibre ({percent} %)",
    ),
    "cli.links.reached": Message(
        id="{reached} kantor terjangkau, lewat media apa pun", en="{reached} offices reached, over whatever medium"
    ),
    "cli.links.all_up": Message(id="Semua tautan hidup.", en="All links are up."),
    "cli.links.all_covered": Message(id="Semua kantor pada serat yang hidup.", en="All offices are on working fibre."),
    "cli.links.polled": Message(id="{heard} dari {asked} perangkat menjawab SNMP", en="{heard} of {asked} devices answered SNMP"),
    "cli.links.traps.believed": Message(id="{count} dipercaya", en="{count} believed"),
    "cli.links.traps.strangers": Message(
        id="{count} dari alamat yang bukan milik perangkat kita (terakhir {last})",
        en="{count} from addresses that no device of ours has (last {last})",
    ),
    "cli.links.traps.refused": Message(
        id="{count} ditolak: komunitas, pengguna, atau kunci lain, atau tidak terenkripsi (terakhir dari {last})",
        en="{count} refused: another community, user or key, or not encrypted (last from {last})",
    ),
    "cli.links.traps.stale": Message(id="{count} dikirim ulang atau sudah usang", en="{count} sent again or too old"),
    "cli.links.traps.garbled": Message(id="{count} tidak terbaca", en="{count} unreadable"),
    "cli.links.traps.flooded": Message(
        id="{count} melebihi yang boleh dikirim satu perangkat", en="{count} more than one device may send"
    ),
    "cli.links.traps.lost": Message(id="{count} hilang karena banjir", en="{count} lost in a flood"),
    "cli.links.traps.other": Message(id="{count} tentang hal lain", en="{count} about something else"),
    "cli.links.no_traps": Message(id="tidak diterima", en="not received"),
    "cli.links.ago": Message(id="{span} lalu", en="{span} ago"),
    "cli.links.no_states": Message(
        id=(
            "Keadaan tautan tidak diketahui: tidak ada perangkat {regency} yang punya `snmp:` di devices.yaml. Tambahkan pada "
            'setiap perangkat, misalnya `snmp: {{user: lajur, auth: "env:LAJUR_SNMP_AUTH", privacy: "env:LAJUR_SNMP_PRIVACY"}}`, '
            "isi kedua variabel itu, lalu jalankan `lajur inventory check` dan perintah ini lagi."
        ),
        en=(
            "The states of the links are not known: no device of {regency} has `snmp:` in devices.yaml. Add to each device, for "
            'example, `snmp: {{user: lajur, auth: "env:LAJUR_SNMP_AUTH", privacy: "env:LAJUR_SNMP_PRIVACY"}}`, set both '
            "variables, then run `lajur inventory check` and this command again."
        ),
    ),
    "cli.links.polling": Message(id="Menanyai {count} perangkat lewat SNMP …", en="Asking {count} devices over SNMP …"),
    "cli.links.drawn": Message(id="Gambar ditulis ke {file}.", en="The drawing was written to {file}."),
    "cli.links.proven": Message(id="{count} tautan terbukti: {links}", en="{count} links proven: {links}"),
    "cli.links.news": Message(id="Kejadian", en="News"),
    "cli.plan.unproven": Message(
        id="Memberi lebih lewat tautan yang belum terbukti:", en="Gives more over links that are not proven:"
    ),
    "cli.plan.unproven_more": Message(
        id="  … dan {count} lagi; `lajur link verify` membuktikan semua tautan yang baik",
        en="  … and {count} more; `lajur link verify` proves every link that is well",
    ),
    "cli.column.coverage": Message(id="Cakupan", en="Coverage"),
    "cli.column.polls": Message(id="Poll", en="Polls"),
    "cli.column.traps": Message(id="Trap", en="Traps"),
    "cli.column.since": Message(id="Sejak", en="Since"),
    "cli.column.source": Message(id="Sumber", en="Source"),
    "cli.error.svg": Message(
        id="Berkas {file} tidak dapat ditulis ({reason}). Tidak ada yang digambar. Pilih folder lain, atau perbaiki izinnya.",
        en="File {file} cannot be written ({reason}). Nothing was drawn. Choose another folder, or mend its permissions.",
    ),
}

MESSAGES: Final[dict[str, Message]] = {**_ERRORS, **_WORDS, **_COMMAND}
