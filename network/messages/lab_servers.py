"""What the lab and its command say of leased servers."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

_PLAN: Final[dict[str, Message]] = {
    "lab.no_servers": Message(
        id=(
            "Kabupaten {regency} tidak punya server sewaan untuk lab. Tidak ada yang dibuat. Tulis `segment` dan `servers` "
            "di servers.yaml, atau bangun lab tanpa --servers."
        ),
        en=(
            "Regency {regency} has no leased servers for a lab. Nothing was made. Write `segment` and `servers` in "
            "servers.yaml, or build the lab without --servers."
        ),
    ),
    "lab.cloud_unprepared": Message(
        id="Cloud untuk lab belum disiapkan. Tidak ada yang dibuat. Siapkan sekali (690 MB) dengan `bash requirements/cloud.sh`.",
        en="The cloud of labs was not prepared. Nothing was made. Prepare it once (690 MB) with `bash requirements/cloud.sh`.",
    ),
    "lab.cloud_no_checkout": Message(
        id="Cloud hanya ada pada lab dari checkout proyek ini, yang menyebut versi layanannya. Tidak ada yang dibuat.",
        en="Only a lab of a checkout of this project has a cloud: the versions of its services stand there. Nothing was made.",
    ),
    "lab.cloud_silent": Message(
        id="Layanan {service} dari cloud tidak menjawab, jadi cloud diturunkan. Kata terakhirnya: {log}. Coba lagi; bila "
        "terulang, siapkan ulang dengan `bash requirements/cloud.sh`.",
        en="Service {service} of the cloud does not answer, so the cloud was taken down. Its last words: {log}. Try again; if it "
        "stays, prepare it anew with `bash requirements/cloud.sh`.",
    ),
    "lab.server_unknown": Message(
        id="{lab} tidak punya server {server!r}. Tidak ada yang diubah. Server yang ada: {servers}.",
        en="{lab} has no server {server!r}. Nothing was changed. Its servers: {servers}.",
    ),
    "lab.server_name_taken": Message(
        id=(
            "Server {server}: namanya sudah dipakai sebuah perangkat atau lab sendiri (inet, noc, srv). Tidak ada yang "
            "dibuat. Ganti namanya di servers.yaml."
        ),
        en=(
            "Server {server}: a device or the lab itself (inet, noc, srv) has that name. Nothing was made. Rename it in "
            "servers.yaml."
        ),
    ),
    "lab.server_lease": Message(
        id=(
            "Server {server}: sewa {lease} tidak ada di leases.yaml, jadi perangkat kerasnya tidak diketahui. Tidak ada yang "
            "dibuat. Jalankan `lajur inventory check`."
        ),
        en=(
            "Server {server}: leases.yaml has no lease {lease}, so its hardware is not known. Nothing was made. Run `lajur "
            "inventory check`."
        ),
    ),
    "lab.server_address": Message(
        id=(
            "Server {server}: alamat {address} di luar segmen {segment} atau sudah dipakai (yang pertama milik core, yang "
            "kedua milik repositori paket). Tidak ada yang dibuat. Perbaiki di servers.yaml."
        ),
        en=(
            "Server {server}: address {address} is outside the segment {segment} or taken (the first is the core's, the "
            "second the package repository's). Nothing was made. Correct it in servers.yaml."
        ),
    ),
    "lab.disk_unknown": Message(
        id="Server {server} menurut sewanya tidak punya disk {disk!r}. Tidak ada yang diubah. Disknya: {disks}.",
        en="Server {server} has no disk {disk!r} by its lease. Nothing was changed. Its disks: {disks}.",
    ),
}

_IMAGE: Final[dict[str, Message]] = {
    "lab.image_needs_debian": Message(
        id=(
            "Server lab dibuat dari sumber paket mesin ini, dan itu harus Debian; mesin ini {system}. Tidak ada yang dibuat. "
            "Jalankan di Debian, atau bangun lab tanpa --servers."
        ),
        en=(
            "A lab's servers are made from this machine's package sources, which must be Debian's; this machine is {system}. "
            "Nothing was made. Run on Debian, or build the lab without --servers."
        ),
    ),
    "lab.image_no_sources": Message(
        id=(
            "Apt di mesin ini tidak punya sumber paket `main` untuk {suite}, jadi image server tidak dapat dibuat. Tidak ada "
            "yang dibuat. Tambahkan sumber itu di /etc/apt, jalankan `apt-get update`, lalu ulangi perintah ini."
        ),
        en=(
            "Apt on this machine has no source with `main` of {suite}, so the image of the servers cannot be made. Nothing "
            "was made. Add that source in /etc/apt, run `apt-get update`, then give the command again."
        ),
    ),
    "lab.image_failed": Message(
        id=(
            "Image server tidak dapat dibuat: {cause}. Tidak ada sisanya. Periksa apakah `apt-get update` berhasil dan disk "
            "masih punya 1 GB, lalu ulangi perintah ini."
        ),
        en=(
            "The image of the servers could not be made: {cause}. Nothing of it is left. See whether `apt-get update` works "
            "and the disk has 1 GB free, then give the command again."
        ),
    ),
}

_COMMAND: Final[dict[str, Message]] = {
    "cli.flag.servers": Message(
        id="Dengan server sewaan dari servers.yaml, sebagai mesin Debian.",
        en="With the leased servers of servers.yaml, as Debian machines.",
    ),
    "cli.flag.short": Message(
        id="Server yang memorinya hanya separuh dari janji sewanya (boleh diulang); berarti --servers.",
        en="A server with half the memory that its lease promises (may be repeated); implies --servers.",
    ),
    "cli.flag.lab_server": Message(id="Server lab, misalnya app-1.", en="A server of the lab, say app-1."),
    "cli.flag.lab_disk": Message(id="Nama disk di server itu, misalnya sdb.", en="Name of the disk on that server, say sdb."),
    "cli.help.lab_pull_disk": Message(
        id="Cabut sebuah disk dari server lab yang berjalan.", en="Pull a disk out of a running server of the lab."
    ),
    "cli.help.lab_plug_disk": Message(id="Pasang lagi disk yang dicabut.", en="Put a disk that was pulled back."),
    "cli.lab.stage_image": Message(
        id="Membuat image server (sekali saja): {done} dari {total}",
        en="Making the image of the servers (once): {done} of {total}",
    ),
    "cli.lab.stage_waiting": Message(
        id="Menunggu perintah lain yang sedang membuat image server …",
        en="Waiting for another command that is making the image of the servers …",
    ),
    "cli.lab.stage_cloud_base": Message(
        id="Menyiapkan cloud (sekali saja, semenit): {done} dari {total}",
        en="Preparing the cloud (once, a minute): {done} of {total}",
    ),
    "cli.lab.stage_cloud": Message(id="Cloud siap: {done} dari {total}", en="Cloud ready: {done} of {total}"),
    "cli.lab.up_cloud": Message(
        id="Cloud lab menjawab; cara masuknya ada di {clouds} (cloud `lab`).",
        en="The lab's cloud answers; how it is entered is in {clouds} (cloud `lab`).",
    ),
    "cli.lab.up_alone": Message(
        id="Lab {lab} siap dalam {took}: {regency}, cloud saja. Tanpa root tidak ada router, kantor, atau server sewa tahunan di "
        "dalamnya. Berikutnya: `{next}`.",
        en="Lab {lab} is up after {took}: {regency}, a cloud alone. Without root no router, office or leased server stands in "
        "it. Next: `{next}`.",
    ),
    "cli.lab.up_cloud_inside": Message(
        id="Cloud itu menjawab di dalam lab saja, dan cara masuknya (cloud `lab`) pun hanya terlihat di sana: "
        "`lajur lab exec noc -- cat {clouds}`.",
        en="The cloud answers inside the lab only, where alone it is seen how it is entered (cloud `lab`): "
        "`lajur lab exec noc -- cat {clouds}`.",
    ),
    "cli.lab.fake": Message(
        id="Server yang disewa di cloud ini palsu: driver palsu Nova hanya mencatatnya, tidak ada mesin yang berjalan, jadi "
        "tidak ada yang bisa dimasuki. Untuk server sungguhan: `lajur lab up --cloud` sebagai root di mesin dengan "
        "systemd-nspawn dan mmdebstrap.",
        en="Servers rented from this cloud are fake: Nova's fake driver keeps them on record, no machine runs, and none can be "
        "entered. For real ones: `lajur lab up --cloud` as root on a machine with systemd-nspawn and mmdebstrap.",
    ),
    "cli.lab.stage_servers": Message(id="Server siap: {done} dari {total}", en="Servers ready: {done} of {total}"),
    "cli.lab.up_servers": Message(
        id="Lab {lab} siap dalam {took}: {regency}, {offices} kantor, {servers} server. Berikutnya: `{next}`; "
        "untuk servernya: `{servers_next}`.",
        en="Lab {lab} is up after {took}: {regency}, offices: {offices}, servers: {servers}. Next: `{next}`; "
        "for its servers: `{servers_next}`.",
    ),
    "cli.lab.pulled": Message(
        id="Disk {disk} dicabut dari {server}. Pasang lagi dengan `lajur lab plug-disk {server} {disk}`.",
        en="Disk {disk} is out of {server}. Put it back with `lajur lab plug-disk {server} {disk}`.",
    ),
    "cli.lab.plugged": Message(id="Disk {disk} terpasang lagi di {server}.", en="Disk {disk} is in {server} again."),
}

MESSAGES: Final[dict[str, Message]] = {**_PLAN, **_IMAGE, **_COMMAND}
