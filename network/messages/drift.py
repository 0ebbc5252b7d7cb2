"""What `lajur drift` says."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

MESSAGES: Final[dict[str, Message]] = {
    "drift.shaper_absent": Message(id="pembagi belum ada", en="the shaper is not there"),
    "drift.shaper_part": Message(id="sebagian pembagi hilang", en="a part of the shaper is missing"),
    "drift.queue": Message(id="antrean berbeda", en="the queue differs"),
    "drift.queue_absent": Message(id="antrean hilang", en="the queue is missing"),
    "drift.queue_extra": Message(id="antrean berlebih", en="a queue too many"),
    "drift.rules": Message(id="aturan berbeda", en="the rules differ"),
    "drift.foreign": Message(id="bukan buatan Lajur, dibiarkan", en="not made by Lajur, left alone"),
    "drift.link": Message(id="tautan berbeda", en="the link differs"),
    "drift.end_absent": Message(id="ujung tautan belum diatur", en="this end of the link is not configured"),
    "drift.link_absent": Message(id="baris tautan hilang", en="a line of the link is missing"),
    "drift.link_extra": Message(id="baris tautan berlebih", en="a line of the link too many"),
    "drift.address_absent": Message(id="kernel tidak memegang alamatnya", en="the kernel does not hold its address"),
    "drift.address_extra": Message(id="alamat di luar FRR", en="an address beside FRR"),
    "drift.down": Message(id="antarmuka dimatikan", en="the interface is switched off"),
    "drift.lan_absent": Message(id="tidak ada alamat LAN", en="there is no address of the LAN"),
    "drift.route": Message(id="rute buatan tangan mendahului OSPF", en="a route by hand goes before OSPF"),
    "drift.route_beside": Message(id="rute buatan tangan, di luar OSPF dan FRR", en="a route by hand, beside OSPF and FRR"),
    "drift.forwarding": Message(id="tidak meneruskan paket", en="it forwards no packets"),
    "drift.queue_beside": Message(
        id="antrean bukan buatan Lajur membatasi tautan", en="a queue not made by Lajur limits the link"
    ),
    "drift.there": Message(id="di perangkat: {command}", en="on the device: {command}"),
    "drift.pending": Message(
        id="perubahan tautan belum dipastikan: perangkat kembali sendiri",
        en="a link's change is not confirmed yet: the device goes back by itself",
    ),
    "drift.unseen": Message(
        id="Tautan perangkat ini tidak dibandingkan, karena platformnya belum dikenal di sini: {devices}.",
        en="The links of these devices are not compared, because their platform is not known here yet: {devices}.",
    ),
    "drift.armed": Message(
        id="masih dipegang sebuah proses: yang terlihat bisa setengah jadi",
        en="a run still holds it: what is seen may be half done",
    ),
    "drift.figure.queues": Message(id="{value} antrean", en="{value} queues"),
    "drift.figure.parent": Message(id="di bawah {value}", en="below {value}"),
    "drift.figure.guarantee": Message(id="jaminan {value}", en="guarantee {value}"),
    "drift.figure.ceiling": Message(id="batas atas {value}", en="ceiling {value}"),
    "drift.figure.priority": Message(id="prioritas {value}", en="priority {value}"),
    "drift.figure.quantum": Message(id="quantum {value} byte", en="quantum {value} bytes"),
    "drift.figure.burst": Message(id="burst {value} byte", en="burst {value} bytes"),
    "drift.figure.ceiling_burst": Message(id="cburst {value} byte", en="cburst {value} bytes"),
    "drift.figure.buffer": Message(id="penyangga {value} byte", en="buffer {value} bytes"),
    "drift.by_hand": Message(id="dengan tangan", en="by hand"),
    "drift.none": Message(
        id="Tidak ada beda: {count} perangkat memegang yang seharusnya ({at}).",
        en="No difference: {count} devices hold what they are to hold ({at}).",
    ),
    "drift.sum": Message(
        id="{count} beda di {devices} perangkat ({at}). Tidak ada yang diubah; kolom terakhir menyebut yang memperbaikinya.",
        en="{count} differences on {devices} devices ({at}). Nothing was changed; the last column says what would mend them.",
    ),
    "drift.column_where_on": Message(id="Di mana", en="Where"),
    "drift.column_differs": Message(id="Beda", en="Difference"),
    "drift.column_wanted": Message(id="Seharusnya", en="Wanted"),
    "drift.column_found": Message(id="Ditemukan", en="Found"),
    "drift.column_mend": Message(id="Perbaikan", en="Mend with"),
    "cli.flag.drift_servers": Message(
        id="Server sewa sebagai gantinya: seluruh `site.yml`, hanya melihat.",
        en="Leased servers instead: the whole of `site.yml`, looking only.",
    ),
    "drift.looking": Message(
        id="Melihat apa yang akan diubah peran-peran pada {count} server …",
        en="Looking at what the roles would change on {count} servers …",
    ),
    "drift.column_server": Message(id="Server", en="Server"),
    "drift.column_role": Message(id="Peran", en="Role"),
    "drift.column_task": Message(id="Tugas yang akan mengubah", en="Task that would change it"),
    "drift.column_things": Message(id="Yang berbeda", en="What differs"),
    "drift.not_shown": Message(id="(tidak disebut)", en="(not told)"),
    "drift.server_away": Message(
        id="{server}: tidak terjangkau, jadi tidak dibandingkan ({reason}). Ulangi bila sudah kembali.",
        en="{server}: could not be reached, so it was not compared ({reason}). Look again when it is back.",
    ),
    "drift.server_failed": Message(
        id="{server}: berhenti pada tugas «{task}», jadi sisanya tidak dibandingkan: {reason}",
        en="{server}: ended at the task “{task}”, so the rest was not compared: {reason}",
    ),
    "drift.servers_none": Message(
        id="Tidak ada beda: {count} server seperti yang ditaruh perannya ({at}).",
        en="No difference: {count} servers are as their roles put them ({at}).",
    ),
    "drift.servers_sum": Message(
        id="{count} tugas akan mengubah sesuatu pada {servers} server ({at}). Tidak ada yang diubah.",
        en="{count} tasks would change something on {servers} servers ({at}). Nothing was changed.",
    ),
    "cli.help.drift": Message(
        id=(
            "Bandingkan niat dengan yang dipegang perangkat: apa yang berbeda, di mana, dan apa yang memperbaikinya.\n\n"
            "Dengan --servers: server sewa, dibandingkan dengan yang ditaruh peran-perannya. Hanya melihat. Keluar 0 bila tidak "
            "ada beda, 2 bila ada, dan 5 bila tidak ada tetapi sebuah perangkat atau server tidak dapat dibaca."
        ),
        en=(
            "Compare intent with what devices hold: what differs, where, and what would mend it.\n\n"
            "With --servers: leased servers, compared with what their roles put there. Only looks. Ends with 0 when nothing "
            "differs, 2 when something does, and 5 when nothing does but a device or server could not be read."
        ),
    ),
}
