"""What the demo of the stack and its releases says."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

MESSAGES: Final[dict[str, Message]] = {
    "cli.flag.demo_release": Message(
        id="Cerita rilis: server dikonfigurasi, rilis di bawah beban, rilis rusak ditarik, basis data dipulihkan.",
        en="The story of releases: servers configured, a release under load, a broken one taken back, a database restored.",
    ),
    "cli.usage.one_demo": Message(
        id="--servers, --release, dan --cloud masing-masing satu cerita. Pilih satu.",
        en="--servers, --release and --cloud are a story each. Choose one.",
    ),
    "bench.release.lab": Message(
        id="Menyalakan lab dengan {servers} server Debian …", en="Bringing up a lab with {servers} Debian servers …"
    ),
    "bench.release.taking": Message(
        id="Mengambil alih {servers} server lewat Pulumi …", en="Taking over {servers} servers through Pulumi …"
    ),
    "bench.release.configuring": Message(
        id="Mengonfigurasi semuanya dari nol dengan site.yml (beberapa menit) …",
        en="Configuring all of them from nothing by site.yml (minutes) …",
    ),
    "bench.release.again": Message(
        id="site.yml sekali lagi: tidak boleh ada yang berubah …", en="site.yml once more: nothing may change …"
    ),
    "bench.release.first": Message(id="Rilis 1 ke {workload} …", en="Release 1 to {workload} …"),
    "bench.release.second": Message(
        id="Rilis 2, sementara {rate} permintaan per detik datang dari sebuah kantor …",
        en="Release 2, while {rate} requests a second come from an office …",
    ),
    "bench.release.broken": Message(
        id="Rilis 3 yang rusak: sehat bila ditanya, galat bagi sepertiga orang …",
        en="Release 3, which is broken: healthy when asked, an error for a third of the people …",
    ),
    "bench.release.restoring": Message(
        id="Cadangan, pekerjaan berlanjut, lalu basis data dipulihkan pada {server} seperti sebelum itu …",
        en="A backup, work goes on, then the database is restored on {server} as it was before that …",
    ),
    "bench.release.accepted": Message(
        id="{count} server bare diambil alih menurut kontraknya: {servers}",
        en="{count} bare servers taken over against their contracts: {servers}",
    ),
    "bench.release.configured": Message(
        id="site.yml kedua kali: {tasks} pekerjaan diperiksa, {changed} berubah",
        en="site.yml a second time: {tasks} tasks looked at, {changed} changed",
    ),
    "bench.release.drift": Message(
        id="yang diubah site.yml diterima sebagai dasar; yang menyimpang darinya: {count}",
        en="what site.yml changed was accepted as the baseline; drift from it: {count}",
    ),
    "bench.release.hitless": Message(
        id="rilis 2 di bawah beban: {sent} permintaan, {failed} gagal, 95 persen dalam {slow} ms",
        en="release 2 under load: {sent} requests, {failed} failed, 95 per cent within {slow} ms",
    ),
    "bench.release.returned": Message(
        id="rilis rusak {release} ditarik sendiri; yang menjawab kembali {live}",
        en="the broken release {release} was taken back by itself; {live} answers again",
    ),
    "bench.release.drained": Message(
        id="selama itu: {sent} permintaan, {errors} dijawab galat oleh versi yang rusak, {dropped} putus",
        en="meanwhile: {sent} requests, {errors} answered with an error by the broken version, {dropped} cut",
    ),
    "bench.release.stored": Message(
        id="permohonan yang dijawab tersimpan dan yang ada di basis data berbeda {lost}",
        en="applications answered as stored, and rows in the database: {lost} differ",
    ),
    "bench.release.restored": Message(
        id="dipulihkan pada {server} sampai saat yang diminta: {rows} baris, tanpa {later} yang datang sesudahnya",
        en="restored on {server} to the moment asked for: {rows} rows, without the {later} that came after it",
    ),
    "bench.release.seconds": Message(
        id=(
            "detik: site.yml {configured}, sekali lagi {again}, rilis 1 {first}, rilis 2 {second}, rilis rusak dan kembali "
            "{broken}, pemulihan {restored}"
        ),
        en=(
            "seconds: site.yml {configured}, once more {again}, release 1 {first}, release 2 {second}, broken release and back "
            "{broken}, restore {restored}"
        ),
    ),
    "bench.release.kept": Message(id="Semua {count} janji ditepati.", en="All {count} promises were kept."),
    "bench.release.not_kept": Message(
        id="{broken} dari {count} janji TIDAK ditepati.", en="{broken} of {count} promises were NOT kept."
    ),
    "bench.release.no_spare": Message(
        id="Tidak ada server yang kosong untuk pemulihan. Tambahkan satu di servers.yaml tanpa beban kerja.",
        en="There is no server to spare for a restore. Add one to servers.yaml that nothing runs on.",
    ),
    "bench.release.failed": Message(
        id="`lajur {command}` berakhir dengan {exit}: {reason}", en="`lajur {command}` ended with {exit}: {reason}"
    ),
}
