"""What the demo and the measurements say."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

_LINE_ID: Final = (
    "{seconds} d dari keputusan sampai ditegakkan ({commands} perintah); uplink terpakai {used} %; RTT p95 {office} {rtt} ms, "
    "hilang {loss} %."
)
_LINE_EN: Final = (
    "{seconds} s from decision to enforced ({commands} commands); {used} % of the uplink used; RTT p95 of {office} {rtt} ms, "
    "loss {loss} %."
)

MESSAGES: Final[dict[str, Message]] = {
    "bench.demo.lab": Message(
        id="Membangun {regency} dengan {offices} kantor dalam network namespace …",
        en="Building {regency} with {offices} offices in network namespaces …",
    ),
    "bench.demo.baseline": Message(id="Menerapkan kebijakan dasar …", en="Applying the base policy …"),
    "bench.demo.before": Message(
        id="Semua kantor membanjiri uplink; mengukur sebelum jendela …",
        en="Every office floods the uplink; measuring before the window …",
    ),
    "bench.demo.during": Message(id="Jendela e-planning dibuka; mengukur …", en="The e-planning window opens; measuring …"),
    "bench.demo.after": Message(id="Jendela ditutup; mengukur …", en="The window closes; measuring …"),
    "bench.demo.down": Message(id="Membongkar lab …", en="Taking the lab down …"),
    "bench.demo.title": Message(
        id="Jaminan dan terukur (byte kelas HTB) pada {uplink}, Mbit/s",
        en="Guarantee and measured (HTB class bytes) on {uplink}, Mbit/s",
    ),
    "bench.demo.lent": Message(
        id=(
            "Jaminan di atas adalah untuk lalu lintas yang diminta kantor. Sisa cadangan {application} ({before} / {during} / "
            "{after} Mbit/s) tidak diminta siapa pun dan dipinjamkan kepada yang lain."
        ),
        en=(
            "Guarantees above are of the traffic that offices asked for. The rest of the reserve of {application} ({before} / "
            "{during} / {after} Mbit/s) was asked for by nobody, and lent to the others."
        ),
    ),
    "bench.demo.line_before": Message(id="Sebelum: " + _LINE_ID, en="Before: " + _LINE_EN),
    "bench.demo.line_during": Message(id="Selama: " + _LINE_ID, en="During: " + _LINE_EN),
    "bench.demo.line_after": Message(id="Sesudah: " + _LINE_ID, en="After: " + _LINE_EN),
    "bench.demo.kept": Message(
        id="Kesemua {count} janji ditepati. Grafik: {chart}", en="All {count} promises were kept. Chart: {chart}"
    ),
    "bench.demo.broken": Message(
        id="{broken} dari {count} janji TIDAK ditepati. Grafik: {chart}",
        en="{broken} of {count} promises were NOT kept. Chart: {chart}",
    ),
    "bench.promise.floor_before": Message(
        id="Sebelum jendela setiap kantor mendapat jaminannya (terendah {office}: {percent} %).",
        en="Before the window every office got its guarantee (lowest {office}: {percent} %).",
    ),
    "bench.promise.floor_during": Message(
        id="Selama jendela setiap kantor mendapat jaminannya (terendah {office}: {percent} %).",
        en="During the window every office got its guarantee (lowest {office}: {percent} %).",
    ),
    "bench.promise.floor_after": Message(
        id="Sesudah jendela setiap kantor mendapat jaminannya (terendah {office}: {percent} %).",
        en="After the window every office got its guarantee (lowest {office}: {percent} %).",
    ),
    "bench.promise.used": Message(
        id="Uplink tetap penuh terpakai (paling sedikit {percent} %).",
        en="The uplink stayed in full use (least {percent} %).",
    ),
    "bench.promise.licensing": Message(
        id="Kantor perizinan {office} tidak kehilangan apa pun selama jendela dan mendapat {percent} % jaminannya.",
        en="The licensing office {office} lost nothing during the window and got {percent} % of its guarantee.",
    ),
    "bench.promise.planning": Message(
        id="Jaminan {application} di {office} naik selama jendela dan terpenuhi {percent} %.",
        en="The guarantee of {application} at {office} rose during the window and was met by {percent} %.",
    ),
    "bench.promise.rtt": Message(
        id="RTT p95 {office}, sambil ikut membanjiri, paling lama {ms} ms (janji {bar} ms).",
        en="RTT p95 of {office}, itself flooding, was {ms} ms at most (promise {bar} ms).",
    ),
    "bench.promise.hitless": Message(
        id="Tidak ada antrean yang dibuang oleh perubahan ({queues}).", en="No queue was thrown away by a change ({queues})."
    ),
    "bench.promise.back": Message(
        id="Sesudah jendela semuanya kembali persis seperti sebelumnya.", en="After the window everything is exactly as before."
    ),
    "bench.column.office": Message(id="kantor", en="office"),
    "bench.column.class": Message(id="kelas", en="class"),
    "bench.column.before": Message(id="jaminan\nsebelum", en="guarantee\nbefore"),
    "bench.column.during": Message(id="jaminan\nselama", en="guarantee\nduring"),
    "bench.column.after": Message(id="jaminan\nsesudah", en="guarantee\nafter"),
    "bench.column.measured_before": Message(id="terukur\nsebelum", en="measured\nbefore"),
    "bench.column.measured_during": Message(id="terukur\nselama", en="measured\nduring"),
    "bench.column.measured_after": Message(id="terukur\nsesudah", en="measured\nafter"),
    "bench.column.id": Message(id="id", en="id"),
    "bench.column.what": Message(id="apa", en="what"),
    "bench.column.value": Message(id="nilai", en="value"),
    "bench.column.bar": Message(id="batas", en="bar"),
    "bench.column.holds": Message(id="terpenuhi", en="holds"),
    "bench.column.spread": Message(id="terkecil … terbesar", en="least … most"),
    "bench.chart.licensing": Message(id="perizinan ({office})", en="licensing ({office})"),
    "bench.chart.planning": Message(id="perencanaan ({office}, {application})", en="planning ({office}, {application})"),
    "bench.chart.rest": Message(id="{service_class}, {offices} kantor", en="{service_class}, {offices} offices"),
    "bench.chart.during": Message(id="jendela dibuka", en="window opens"),
    "bench.chart.after": Message(id="jendela ditutup", en="window closes"),
    "bench.chart.seconds": Message(id="detik", en="seconds"),
    "bench.chart.time": Message(id="Laju pada {uplink}; garis putus: jaminan", en="Rates on {uplink}; dashed: guaranteed"),
    "bench.chart.offices": Message(id="Per kantor", en="Office by office"),
    "bench.chart.guarantee": Message(id="jaminan", en="guarantee"),
    "bench.title": Message(id="Hasil ukur ({machine})", en="Measured ({machine})"),
    "bench.running": Message(id="Mengukur {suite} …", en="Measuring {suite} …"),
    "bench.row": Message(id="{id}: {value}", en="{id}: {value}"),
    "bench.nothing": Message(
        id="Tidak ada ukuran yang namanya berawal {only}. Yang ada: {known}.",
        en="No measurement begins with {only}. There are: {known}.",
    ),
    "bench.verdict": Message(
        id="{held} dari {count} batas terpenuhi. Ditulis ke {file}.", en="{held} of {count} bars hold. Written to {file}."
    ),
    "bench.admission": Message(
        id="Permintaan {request} dinilai lain dari yang seharusnya: {told}. Ini kesalahan lajur: laporkan dengan keluaran ini.",
        en="The request {request} was judged otherwise than it should be: {told}. This is a mistake of lajur: report it.",
    ),
    "bench.slot": Message(
        id="Jendela yang dibuka {at} tidak sampai ke perangkat dalam {seconds} detik. Jalankan ulang; lihat sebabnya dengan -v.",
        en="The window that opened at {at} did not reach the device in {seconds} seconds. Run it again; see why with -v.",
    ),
    "bench.fleet": Message(
        id="{program} berakhir tanpa jawaban; yang ditulisnya di atas menyebut sebabnya. Jalankan ulang sesudah diperbaiki.",
        en="{program} ended without an answer; what it wrote above says why. Run it again when that is mended.",
    ),
    "bench.push": Message(
        id="{device} tidak selesai: {reason}. Jalankan ulang pada mesin yang tenang; lihat lab dengan `lajur lab status`.",
        en="{device} was not done: {reason}. Run it again on a quiet machine; see the lab with `lajur lab status`.",
    ),
    "bench.cut": Message(
        id="Serat {link} tidak diketahui {word} dalam {seconds} detik. Jalankan ulang; lihat lab dengan `lajur lab status`.",
        en="Fibre {link} was not known to be {word} in {seconds} seconds. Run it again; see the lab with `lajur lab status`.",
    ),
    "bench.peers": Message(
        id="Pembanding yang disematkan tidak ada di {folder}. Ambil dengan `make peers`, lalu jalankan ulang.",
        en="The pinned packages to measure against are not in {folder}. Get it with `make peers`, then run it again.",
    ),
    "bench.api": Message(
        id="Layanan tidak menjawab dalam {seconds} detik. Jalankan `lajur serve tolikara --via memory` untuk melihat sebabnya.",
        en="The service did not answer within {seconds} seconds. Run `lajur serve tolikara --via memory` to see why.",
    ),
}
