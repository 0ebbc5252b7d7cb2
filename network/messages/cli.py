"""What the command says: headings, stages, questions. Help texts are in `cli_help`, wrong usage in `cli_usage`,
the service and what is asked of it in `cli_service`."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message
from network.messages.cli_help import HELP
from network.messages.cli_links import LINKS
from network.messages.cli_service import SERVICE
from network.messages.cli_usage import USAGE

_WORK: Final[dict[str, Message]] = {
    "cli.error.head": Message(id="Gagal:", en="Error:"),
    "cli.error.person": Message(id="PERLU ORANG:", en="NEEDS A PERSON:"),
    "cli.error.because": Message(id="  sebab: {cause}", en="  because: {cause}"),
    "cli.error.output": Message(
        id="Jawaban tidak dapat ditulis ({reason}). Yang sudah dikerjakan tetap berlaku. Lihat `lajur status`.",
        en="The answer could not be written ({reason}). What was done stays done. See `lajur status`.",
    ),
    "cli.error.bug": Message(
        id=(
            "Ini cacat program lajur, bukan kesalahan Anda: {error} di {where}. Ulangi perintah yang sama dengan -vv dan "
            "sertakan semua keluarannya saat melapor. Bila ada proses yang sedang berjalan, perangkat kembali sendiri; "
            "periksa dengan `lajur status`."
        ),
        en=(
            "This is a bug of lajur, not a mistake of yours: {error} in {where}. Give the same command again with -vv and report "
            "it with all that it prints. If a run was under way, the devices return by themselves; look with `lajur status`."
        ),
    ),
    "cli.error.interrupted": Message(
        id="Dihentikan. Tidak ada perangkat yang sedang diubah.", en="Interrupted. No device was being changed."
    ),
    "cli.error.interrupted_done": Message(
        id="Dihentikan, tetapi proses sudah selesai dan dipastikan. Lihat `lajur shift list`.",
        en="Interrupted, but the run had been carried out and confirmed. See `lajur shift list`.",
    ),
    "cli.error.interrupted_back": Message(
        id="Dihentikan. Keadaan sebelumnya sudah kembali dan dibaca ulang dari perangkat.",
        en="Interrupted. The state before holds again and was read back from the devices.",
    ),
    "cli.error.interrupted_twice": Message(
        id=(
            "Dihentikan sebelum keadaan semula terbukti kembali. Pewaktu di perangkat mengembalikannya sendiri; tunggu sebentar, "
            "lalu periksa dengan `lajur status`."
        ),
        en=(
            "Interrupted before the state before was proved to be back. The timer on the device returns it by itself; wait a "
            "moment, then look with `lajur status`."
        ),
    ),
    "cli.severity.error": Message(id="kesalahan", en="error"),
    "cli.severity.warning": Message(id="peringatan", en="warning"),
    "cli.severity.info": Message(id="catatan", en="note"),
    "cli.via.lab": Message(id="lewat lab", en="on the lab"),
    "cli.via.memory": Message(id="perangkat di memori, tanpa lalu lintas", en="devices in memory, without traffic"),
    "cli.via.became_memory": Message(
        id="Tidak ada lab yang berjalan: ini perangkat di memori, tanpa lalu lintas.",
        en="No lab is up: these are devices in memory, without traffic.",
    ),
    "cli.via.direct": Message(id="perangkat asli", en="real devices"),
    "cli.stage.reaching": Message(id="Mencapai perangkat …", en="Reaching the devices …"),
    "cli.stage.waiting": Message(
        id="Menunggu perangkat yang masih dipegang proses lain (paling lama {steps} detik).",
        en="Waiting for a device that another run still holds (at most {steps} seconds).",
    ),
    "cli.stage.observed": Message(id="Dibaca dari perangkat ({elapsed}).", en="Read from the devices ({elapsed})."),
    "cli.stage.guarded": Message(id="Lulus penjagaan ({elapsed}).", en="Passed the guard ({elapsed})."),
    "cli.stage.armed": Message(id="Pewaktu terpasang di perangkat ({elapsed}).", en="Timer armed on the device ({elapsed})."),
    "cli.stage.lowered": Message(id="Diturunkan: {steps} langkah ({elapsed}).", en="Lowered: {steps} steps ({elapsed})."),
    "cli.stage.raised": Message(id="Dinaikkan: {steps} langkah ({elapsed}).", en="Raised: {steps} steps ({elapsed})."),
    "cli.stage.pointed": Message(
        id="Aturan diarahkan: {steps} langkah ({elapsed}).", en="Rules pointed: {steps} steps ({elapsed})."
    ),
    "cli.stage.read_back": Message(id="Dibaca ulang, sesuai rencana ({elapsed}).", en="Read back, as planned ({elapsed})."),
    "cli.stage.confirmed": Message(id="Dipastikan ({elapsed}).", en="Confirmed ({elapsed})."),
    "cli.stage.return_left": Message(
        id="Pewaktu pulang ditinggalkan di perangkat ({elapsed}).", en="Return timer left on the device ({elapsed})."
    ),
    "cli.stage.going_back": Message(
        id="Kembali ke keadaan semula … ({elapsed})", en="Going back to the state before … ({elapsed})"
    ),
    "cli.stage.back": Message(id="Keadaan semula sudah kembali ({elapsed}).", en="The state before holds again ({elapsed})."),
}

_INVENTORY: Final[dict[str, Message]] = {
    "cli.check.sound": Message(
        id="Kebenaran {regency} utuh: {errors} kesalahan, {warnings} peringatan.",
        en="The truth of {regency} is whole. Errors: {errors}, warnings: {warnings}.",
    ),
    "cli.check.wrong": Message(
        id="Kebenaran {regency} belum utuh: {errors} kesalahan, {warnings} peringatan. Perbaiki yang di atas, lalu periksa lagi.",
        en="The truth of {regency} is not whole. Errors: {errors}, warnings: {warnings}. Mend those above, then check again.",
    ),
    "cli.show.illustrative": Message(
        id="Contoh: angka dan alamatnya rekaan. Perangkatnya hanya lab atau memori.",
        en="Illustrative: figures and addresses are invented. Its devices are the lab or memory only.",
    ),
    "cli.import.added": Message(id="tambah", en="added"),
    "cli.import.removed": Message(id="buang", en="removed"),
    "cli.import.changed": Message(id="ubah", en="changed"),
    "cli.import.nothing": Message(
        id="Tidak ada beda: offices.yaml sudah seperti tabel ini.", en="No difference: offices.yaml is as this table already."
    ),
    "cli.import.written": Message(
        id="{count} perubahan ditulis ke offices.yaml. Lihat akibatnya: `lajur plan`.",
        en="{count} changes were written to offices.yaml. See what follows: `lajur plan`.",
    ),
    "cli.import.waiting": Message(
        id="{count} perubahan menunggu; belum ada yang ditulis.", en="{count} changes wait; nothing was written."
    ),
}

_LAB: Final[dict[str, Message]] = {
    "cli.lab.stage_keys": Message(id="Kunci: {done} dari {total}", en="Keys: {done} of {total}"),
    "cli.lab.stage_namespaces": Message(id="Namespace: {done} dari {total}", en="Namespaces: {done} of {total}"),
    "cli.lab.stage_wires": Message(id="Kabel: {done} dari {total}", en="Wires: {done} of {total}"),
    "cli.lab.stage_addresses": Message(id="Alamat: {done} dari {total}", en="Addresses: {done} of {total}"),
    "cli.lab.stage_routers": Message(id="Router siap: {done} dari {total}", en="Routers ready: {done} of {total}"),
    "cli.lab.up": Message(
        id="Lab {lab} siap dalam {took}: {regency}, {offices} kantor. Berikutnya: `{next}`.",
        en="Lab {lab} is up after {took}: {regency}, offices: {offices}. Next: `{next}`.",
    ),
    "cli.lab.was_up": Message(
        id="Lab {lab} memang sudah ada (dulu siap dalam {took}): {regency}, {offices} kantor.",
        en="Lab {lab} was up already (it had taken {took}): {regency}, offices: {offices}.",
    ),
    "cli.lab.going_down": Message(id="Menurunkan lab {lab} …", en="Taking lab {lab} down …"),
    "cli.lab.ask_all": Message(
        id="Lab ini sedang berjalan, milik siapa pun: {labs}. Turunkan semuanya? [y/T]",
        en="These labs are up, whoever's they are: {labs}. Take all of them down? [y/N]",
    ),
    "cli.lab.down": Message(id="Sudah diturunkan, tanpa sisa: {labs}.", en="Taken down, nothing left: {labs}."),
    "cli.lab.none": Message(id="Tidak ada lab yang perlu diturunkan.", en="There is no lab to take down."),
    "cli.lab.no_labs": Message(id="Tidak ada lab di mesin ini.", en="There is no lab on this machine."),
    "cli.lab.absent": Message(id="tidak ada; bangun dengan `lajur lab up`", en="absent; build it with `lajur lab up`"),
    "cli.lab.starting": Message(id="sedang dibangun", en="starting"),
    "cli.lab.ready": Message(id="siap", en="ready"),
    "cli.lab.degraded": Message(
        id="ada router atau server yang tidak menjawab; coba `lajur lab restart NODE`",
        en="a router or server does not answer; try `lajur lab restart NODE`",
    ),
    "cli.lab.foreign": Message(
        id="dibangun versi Lajur yang lain; bongkar dengan `lajur lab down`",
        en="built with another version of Lajur; take it down with `lajur lab down`",
    ),
    "cli.lab.crashed": Message(
        id="mati mendadak; dibersihkan oleh `lajur lab down` atau `up` berikutnya",
        en="crashed; cleaned by the next `lajur lab down` or `up`",
    ),
    "cli.lab.yes": Message(id="ya", en="yes"),
    "cli.lab.no": Message(id="tidak", en="no"),
    "cli.lab.restarting": Message(
        id="Menyalakan ulang {node}, menunggu sampai menjawab …", en="Restarting {node}, waiting until it answers …"
    ),
    "cli.lab.restarted": Message(id="{node} menyala dan menjawab lagi.", en="{node} is up again and answers."),
    "cli.lab.cut": Message(
        id="Tautan {link} putus. Sambung lagi dengan `lajur lab mend {link}`.",
        en="The link {link} is cut. Mend it with `lajur lab mend {link}`.",
    ),
    "cli.lab.interrupted_up": Message(
        id="Dihentikan. Lab yang sedang dibangun dibongkar lagi; yang sudah berjalan sebelumnya tetap. Lihat `lajur lab list`.",
        en="Interrupted. A lab that was being built was taken down again; one that was up before stays. See `lajur lab list`.",
    ),
    "cli.lab.interrupted_down": Message(
        id="Dihentikan. Pembongkaran mungkin belum selesai; jalankan `lajur lab down` sekali lagi.",
        en="Interrupted. Something of the lab may be left; give `lajur lab down` once more.",
    ),
    "cli.lab.interrupted_traffic": Message(
        id="Dihentikan. Beban uji di lab sudah berhenti; labnya tetap berjalan.",
        en="Interrupted. The traffic in the lab has ended; the lab itself stays up.",
    ),
    "cli.lab.mended": Message(id="Tautan {link} tersambung lagi.", en="The link {link} has its carrier again."),
    "cli.lab.flooding": Message(
        id="{flows} sambungan TCP mengalir selama {seconds} detik …", en="{flows} TCP connections flow for {seconds} seconds …"
    ),
    "cli.lab.traffic": Message(
        id="Yang tiba (muatan, tanpa kepala paket): {total} selama {took}.",
        en="What arrived (payload, without headers): {total} over {took}.",
    ),
}

_PLAN: Final[dict[str, Message]] = {
    "cli.audit.holds": Message(
        id="Rantai utuh: {count} entri; sidik terakhir {digest}.",
        en="The chain holds: {count} entries; the last digest is {digest}.",
    ),
    "cli.at.simulated": Message(id="Seolah-olah sekarang {at}.", en="As if it were {at} now."),
    "cli.diff.one": Message(id="{device}:", en="{device}:"),
    "cli.diff.alike": Message(id="{count} perangkat, sama: {devices}", en="{count} devices, the same: {devices}"),
    "cli.diff.many": Message(
        id="{count} perangkat, sama: {devices} dan {others} lagi", en="{count} devices, the same: {devices} and {others} more"
    ),
    "cli.diff.quiet": Message(id="Perangkat yang tetap: {count}.", en="Devices that stay as they are: {count}."),
    "cli.plan.head": Message(
        id="Rencana {regency} ({via}) untuk {at} · jendela: {windows}",
        en="Plan of {regency} ({via}) for {at} · windows: {windows}",
    ),
    "cli.plan.nothing": Message(
        id="Tidak ada yang perlu diubah: perangkat seperti seharusnya.",
        en="Nothing to change: the devices are as they should be.",
    ),
    "cli.plan.armed": Message(
        id=(
            "{device} masih dipegang proses {run}, yang belum memastikan: bila tidak dipastikan, perangkat kembali sendiri ke "
            "keadaan sebelum itu. Lihat `lajur status`, tunggu, lalu rencanakan lagi."
        ),
        en=(
            "{device} is still held by run {run}, which has not confirmed: unless it does, the device goes back by itself to "
            "what it held before. See `lajur status`, wait, then plan again."
        ),
    ),
    "cli.plan.refused": Message(
        id="Rencana ini akan DITOLAK bila dijalankan sekarang:", en="This plan would be REFUSED if it were carried out now:"
    ),
    "cli.plan.hitless": Message(
        id="Tanpa gangguan: semua antrean diubah di tempat.", en="Without interruption: every queue changes in place."
    ),
    "cli.plan.hits": Message(id="Tidak tanpa gangguan:", en="Not without interruption:"),
    "cli.plan.foreign": Message(id="Bukan buatan kami, dibiarkan: {what}", en="Not made by us, left alone: {what}"),
    "cli.plan.totals": Message(id="Jumlah jaminan kantor", en="Guarantees of offices, in sum"),
    "cli.plan.legend": Message(
        id="* jaminan tetap; bobot, prioritas, atau batas atas berubah. = tidak disentuh.",
        en="* the guarantee stays; weight, priority or ceiling change. = is not touched.",
    ),
    "cli.plan.quiet": Message(id="{count} kantor lain tetap.", en="{count} other offices stay as they are."),
    "cli.phase.lower": Message(id="{count} langkah menurunkan", en="{count} steps lower"),
    "cli.phase.raise": Message(id="{count} langkah menaikkan", en="{count} steps raise"),
    "cli.phase.point": Message(id="{count} langkah mengarahkan", en="{count} steps point"),
    "cli.phase.remove": Message(id="{count} langkah membuang", en="{count} steps remove"),
    "cli.ask.apply": Message(id="Jalankan rencana ini? [y/t]", en="Carry out this plan? [y/n]"),
    "cli.ask.import": Message(id="Tulis perubahan ini ke offices.yaml? [y/t]", en="Write this change to offices.yaml? [y/n]"),
    "cli.ask.left": Message(id="Tidak ada yang diubah.", en="Nothing was changed."),
    "cli.plan.next": Message(
        id="Berikutnya: `lajur apply`. Tidak ada yang diubah.", en="Next: `lajur apply`. Nothing was changed."
    ),
    "cli.run.next": Message(
        id="Berikutnya: `lajur status`; kapan saja: `lajur drift`.", en="Next: `lajur status`; at any time: `lajur drift`."
    ),
    "cli.run.done": Message(
        id="Selesai dalam {took}: {steps} langkah, dibaca ulang dan dipastikan ({run}).",
        en="Done in {took}: {steps} steps, read back and confirmed ({run}).",
    ),
    "cli.run.returns": Message(
        id="Bila tidak ada yang datang, perangkat kembali sendiri sesudah {at}.",
        en="If nobody comes, the devices go back by themselves after {at}.",
    ),
    "cli.edge.open": Message(id="buka", en="open"),
    "cli.edge.close": Message(id="tutup", en="close"),
    "cli.slot.due": Message(id="menunggu", en="due"),
    "cli.slot.acted": Message(id="dijalankan", en="acted"),
    "cli.slot.skipped": Message(id="terlewat (disesuaikan kemudian)", en="skipped (converged later)"),
    "cli.result.running": Message(id="berjalan", en="running"),
    "cli.result.done": Message(id="selesai", en="done"),
    "cli.result.nothing": Message(id="tidak perlu", en="nothing to do"),
    "cli.result.returned": Message(id="dikembalikan", en="returned"),
    "cli.result.needs_person": Message(id="perlu orang", en="needs a person"),
    "cli.result.refused": Message(id="ditolak", en="refused"),
    "cli.result.own": Message(id="diakhiri prosesnya sendiri", en="finished by its own process"),
    "cli.result.abandoned": Message(id="ditinggalkan", en="abandoned"),
    "cli.shift.nothing_due": Message(
        id="Tidak ada tepi jendela yang menunggu pada {at}.", en="No window edge was waiting at {at}."
    ),
    "cli.shift.no_edges": Message(
        id="Tidak ada tepi jendela dalam tujuh hari terakhir.", en="No window edge in the last seven days."
    ),
    "cli.shift.no_runs": Message(id="Belum ada proses yang tercatat.", en="No run is on record yet."),
}

_TABLES: Final[dict[str, Message]] = {
    "cli.place": Message(id="{place}", en="{place}"),
    "cli.direction.down": Message(id="turun", en="down"),
    "cli.direction.up": Message(id="naik", en="up"),
    "cli.column.regency": Message(id="Kabupaten", en="Regency"),
    "cli.column.time": Message(id="Waktu", en="Time"),
    "cli.column.windows": Message(id="Jendela", en="Windows"),
    "cli.column.window": Message(id="Jendela", en="Window"),
    "cli.column.device": Message(id="Perangkat", en="Device"),
    "cli.column.name": Message(id="Nama", en="Name"),
    "cli.column.state": Message(id="Keadaan", en="State"),
    "cli.column.opens": Message(id="Dibuka", en="Opens"),
    "cli.column.occurs": Message(id="Terjadi", en="Occurs"),
    "cli.column.window_or_boost": Message(id="Jendela atau tambahan", en="Window or boost"),
    "cli.column.closes": Message(id="Ditutup", en="Closes"),
    "cli.column.precedence": Message(id="Urutan", en="Precedence"),
    "cli.column.recurrence": Message(id="Ulangan", en="Recurrence"),
    "cli.column.of": Message(id="Milik", en="Of"),
    "cli.column.key": Message(id="Kunci", en="Key"),
    "cli.column.what": Message(id="Apa", en="What"),
    "cli.column.base": Message(id="Dasar", en="Base"),
    "cli.column.in_window": Message(id="Dalam jendela", en="In the window"),
    "cli.column.meter": Message(id="Meter", en="Meter"),
    "cli.column.waiting": Message(id="Menunggu", en="Waiting"),
    "cli.column.next": Message(id="Berikutnya", en="Next"),
    "cli.column.armed": Message(id="Pewaktu proses", en="Run's timer"),
    "cli.column.returns": Message(id="Pewaktu pulang", en="Return timer"),
    "cli.column.foreign": Message(id="Bukan milik kami", en="Not ours"),
    "cli.column.link": Message(id="Tautan", en="Link"),
    "cli.column.ends": Message(id="Ujung", en="Ends"),
    "cli.column.capacity": Message(id="Kapasitas", en="Capacity"),
    "cli.column.down": Message(id="Turun", en="Down"),
    "cli.column.up": Message(id="Naik", en="Up"),
    "cli.column.by": Message(id="Menurut", en="By"),
    "cli.column.uplink": Message(id="Uplink", en="Uplink"),
    "cli.column.direction": Message(id="Arah", en="Direction"),
    "cli.column.contracted": Message(id="Kontrak", en="Contract"),
    "cli.column.shaped": Message(id="Dibentuk", en="Shaped"),
    "cli.column.used": Message(id="Terpakai", en="Used"),
    "cli.column.use": Message(id="Pemakaian", en="Use"),
    "cli.column.office": Message(id="Kantor", en="Office"),
    "cli.column.class": Message(id="Kelas", en="Class"),
    "cli.column.id": Message(id="Id", en="Id"),
    "cli.column.hub": Message(id="Hub", en="Hub"),
    "cli.column.lan": Message(id="LAN", en="LAN"),
    "cli.column.now": Message(id="Sekarang", en="Now"),
    "cli.column.then": Message(id="Menjadi", en="Next"),
    "cli.column.change": Message(id="Selisih", en="Change"),
    "cli.column.why": Message(id="Mengapa", en="Why"),
    "cli.column.provider": Message(id="Penyedia", en="Provider"),
    "cli.column.contract_end": Message(id="Kontrak sampai", en="Contract until"),
    "cli.column.edge": Message(id="Tepi", en="Edge"),
    "cli.column.run": Message(id="Proses", en="Run"),
    "cli.column.reason": Message(id="Alasan", en="Reason"),
    "cli.column.result": Message(id="Hasil", en="Result"),
    "cli.column.steps": Message(id="Langkah", en="Steps"),
    "cli.column.node": Message(id="Simpul", en="Node"),
    "cli.column.role": Message(id="Peran", en="Role"),
    "cli.column.address": Message(id="Alamat", en="Address"),
    "cli.column.ready": Message(id="Siap", en="Ready"),
    "cli.column.starts": Message(id="Menyala", en="Starts"),
    "cli.column.lab": Message(id="Lab", en="Lab"),
    "cli.column.processes": Message(id="Proses", en="Processes"),
    "cli.column.memory": Message(id="Memori", en="Memory"),
    "cli.column.broken": Message(id="Putus", en="Broken"),
    "cli.column.uptime": Message(id="Hidup", en="Up for"),
    "cli.column.ready_after": Message(id="Siap dalam", en="Ready after"),
    "cli.of.class": Message(id="kelas", en="class"),
    "cli.of.office": Message(id="kantor", en="office"),
    "cli.of.reserve": Message(id="cadangan", en="reserve"),
    "cli.window.title": Message(id="Jendela {regency}, pada {now}", en="Windows of {regency}, as of {now}"),
    "cli.window.changes": Message(id="Yang diubahnya", en="What it changes"),
    "cli.window.times": Message(id="Waktu berikutnya", en="Times to come"),
    "cli.window.no_times": Message(id="Tidak ada waktu lagi yang akan datang.", en="No time of it is still to come."),
    "cli.window.active": Message(id="berlaku", en="on now"),
    "cli.window.over": Message(id="sudah lewat", en="over"),
    "cli.window.waiting": Message(id="menunggu", en="waiting"),
    "cli.window.unconfirmed": Message(id="belum dipastikan", en="not confirmed"),
    "cli.window.once": Message(id="sekali", en="once"),
    "cli.window.working_days": Message(id="hari kerja saja", en="working days only"),
    "cli.window.no_next": Message(
        id="Tidak ada jendela dipastikan yang masih akan datang.", en="No confirmed window is still to come."
    ),
    "cli.window.next_open": Message(id="{window} dibuka {at}, dalam {wait}.", en="{window} opens {at}, in {wait}."),
    "cli.window.next_close": Message(id="{window} ditutup {at}, dalam {wait}.", en="{window} closes {at}, in {wait}."),
    "cli.status.no_window": Message(id="tidak ada; kebijakan dasar", en="none; the base policy"),
    "cli.status.meter": Message(id="penghitung kelas di perangkat, umur {age} s", en="class counters on the device, {age} s old"),
    "cli.status.next_open": Message(id="{window} dibuka {at}", en="{window} opens {at}"),
    "cli.status.next_close": Message(id="{window} ditutup {at}", en="{window} closes {at}"),
    "cli.status.waiting": Message(
        id="{steps} langkah antara perangkat dan yang seharusnya; lihat `lajur plan`",
        en="{steps} steps between the devices and what should hold; see `lajur plan`",
    ),
    "cli.status.as_intended": Message(id="tidak ada; perangkat seperti seharusnya", en="nothing; the devices are as intended"),
    "cli.status.polling": Message(
        id="Membaca total antarmuka lewat SNMP, dua kali berselang {seconds} detik …",
        en="Reading interface totals by SNMP, twice, {seconds} seconds apart …",
    ),
    "cli.status.link_meter": Message(
        id="Total antarmuka SNMP selama {over} s; bisa {age} s lebih tua dari pembacaannya.",
        en="SNMP interface totals over {over} s; they may be {age} s older than their reading.",
    ),
    "cli.meter.new": Message(id="baru muncul", en="just appeared"),
    "cli.meter.too_close": Message(id="dua bacaan terlalu rapat", en="two readings too close"),
    "cli.meter.restarted": Message(id="agen dimulai ulang", en="the agent restarted"),
    "cli.meter.discontinuity": Message(id="penghitung terputus", en="the counter was interrupted"),
    "cli.meter.went_back": Message(id="penghitung mundur", en="the counter went back"),
    "cli.meter.above_speed": Message(id="di atas kecepatan antarmuka", en="above the interface's speed"),
    "cli.meter.silent": Message(id="tidak menjawab", en="does not answer"),
    "cli.meter.no_interface": Message(id="perangkat tidak punya antarmuka itu", en="the device has no such interface"),
    "cli.meter.no_snmp": Message(id="tanpa `snmp:` di devices.yaml", en="no `snmp:` in devices.yaml"),
    "cli.status.hidden": Message(
        id="{count} kantor lain tidak muat di layar; yang paling sibuk didahulukan.",
        en="{count} more offices do not fit on the screen; the busiest come first.",
    ),
    "cli.status.legend": Message(
        id="laju / jaminan; ≠ berarti perangkat memegang jaminan lain daripada seharusnya.",
        en="rate / guarantee; ≠ means that the device holds another guarantee than intended.",
    ),
}

MESSAGES: Final[dict[str, Message]] = {**HELP, **USAGE, **SERVICE, **LINKS, **_WORK, **_INVENTORY, **_LAB, **_PLAN, **_TABLES}
