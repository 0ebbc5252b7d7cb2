"""What the demo of rented servers says."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

MESSAGES: Final[dict[str, Message]] = {
    "cli.flag.demo_cloud": Message(
        id="Cerita server sewaan: datang untuk masa puncak, melayani, lalu pergi, dengan biayanya.",
        en="The story of rented servers: they come for a peak, serve, and go, with what they cost.",
    ),
    "bench.renting.lab": Message(
        id="Menyalakan lab dengan {servers} server Debian dan sebuah cloud …",
        en="Bringing up a lab with {servers} Debian servers and a cloud …",
    ),
    "bench.renting.ready": Message(
        id="Mengambil alih dan mengonfigurasi {servers} server, lalu merilis aplikasinya (beberapa menit) …",
        en="Taking over and configuring {servers} servers, then releasing the application (minutes) …",
    ),
    "bench.renting.opening": Message(
        id="Masa puncak {capacity} dimulai, di bawah beban: menyewa {servers} server, menyiapkan, memasukkan ke gerbang …",
        en="The peak {capacity} begins, under load: renting {servers} servers, making them ready, letting them in …",
    ),
    "bench.renting.closing": Message(
        id="Masa puncak {capacity} berakhir, di bawah beban: dikosongkan, jurnal diambil, dikembalikan …",
        en="The peak {capacity} ends, under load: drained, journals fetched, given back …",
    ),
    "bench.renting.no_peak": Message(
        id="Tidak ada masa puncak di clouds.yaml (bagian `capacity`). Tidak ada yang disewa.",
        en="There is no peak in clouds.yaml (its part `capacity`). Nothing was rented.",
    ),
    "bench.renting.came": Message(
        id="server sewaan datang dan melayani: {servers}", en="rented servers came and were let in: {servers}"
    ),
    "bench.renting.open_hitless": Message(
        id="saat mereka masuk: {sent} permintaan, {failed} gagal", en="while they came in: {sent} requests, {failed} failed"
    ),
    "bench.renting.again": Message(
        id="sekali lagi di tengah masa itu: tidak ada yang perlu dikerjakan", en="once more in the middle: nothing to do"
    ),
    "bench.renting.served": Message(id="dilayani server sewaan: {served}", en="served by the rented ones: {served}"),
    "bench.renting.close_hitless": Message(
        id="saat mereka keluar: {sent} permintaan, {failed} gagal", en="while they left: {sent} requests, {failed} failed"
    ),
    "bench.renting.went": Message(
        id="dikembalikan: {servers}; jurnal tersimpan: {logs}", en="given back: {servers}; journals kept: {logs}"
    ),
    "bench.renting.left": Message(
        id="yang tertinggal di cloud dengan tanda kita: {count}", en="left in the cloud with our mark: {count}"
    ),
    "bench.renting.cost": Message(
        id="biaya {month}: {hours} jam server, {rupiah}", en="cost of {month}: {hours} hours of servers, {rupiah}"
    ),
    "bench.renting.seconds": Message(id="masuk {opened} s, keluar {closed} s", en="in {opened} s, out {closed} s"),
}
