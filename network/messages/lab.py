"""What the lab says."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

_PLAN: Final[dict[str, Message]] = {
    "lab.id_wrong": Message(
        id="Nama lab {lab!r} tidak dapat dipakai. Tidak ada yang dibuat. Tulis 1 sampai 12 huruf kecil (a-z) atau angka.",
        en="{lab!r} cannot be the name of a lab. Nothing was made. Write 1 to 12 lower-case letters (a-z) or digits.",
    ),
    "lab.name_taken": Message(
        id=(
            "Perangkat {device} memakai nama yang dipakai lab sendiri (inet, noc, srv). Tidak ada yang dibuat. Ganti namanya "
            "di devices.yaml."
        ),
        en="Device {device} has a name that the lab uses itself (inet, noc, srv). Nothing was made. Rename it in devices.yaml.",
    ),
    "lab.role_count": Message(
        id=(
            "Lab membutuhkan tepat satu perangkat dengan peran {role}; devices.yaml menyebut {count}. Tidak ada yang dibuat. "
            "Perbaiki `role:` di devices.yaml."
        ),
        en=(
            "A lab needs exactly one device with role {role}; devices.yaml has {count}. Nothing was made. Correct "
            "`role:` in devices.yaml."
        ),
    ),
    "lab.link_end_unknown": Message(
        id=(
            "Tautan {link} berakhir di perangkat {device} yang tidak ada di devices.yaml. Tidak ada yang dibuat. Jalankan "
            "`lajur inventory check`."
        ),
        en=(
            "Link {link} ends on device {device}, which devices.yaml does not have. Nothing was made. Run `lajur "
            "inventory check`."
        ),
    ),
    "lab.uplink_link": Message(
        id=(
            "Uplink {uplink}: tautan {link} tidak ada atau ujung pertamanya bukan perangkat {border}. Tidak ada yang dibuat. "
            "Di links.yaml tulis ujung border lebih dahulu, lalu ujung core."
        ),
        en=(
            "Uplink {uplink}: link {link} does not exist or does not begin at device {border}. Nothing was made. "
            "In links.yaml write the border's end first, then the core's."
        ),
    ),
    "lab.interface_name": Message(
        id=(
            "Perangkat {device}: Linux menolak nama antarmuka {interface!r}. Tidak ada yang dibuat. "
            "Untuk lab pakai paling banyak 15 huruf, angka, titik, titik dua, garis bawah, atau tanda hubung."
        ),
        en=(
            "Device {device}: Linux refuses the interface name {interface!r}. Nothing was made. "
            "For a lab use at most 15 letters, digits, dots, colons, underscores or hyphens."
        ),
    ),
    "lab.interface_twice": Message(
        id=(
            "Perangkat {device}: antarmuka {interface} dipakai dua kali. Tidak ada yang dibuat. Beri setiap tautan "
            "antarmuka sendiri di links.yaml."
        ),
        en=(
            "Device {device}: interface {interface} is used twice. Nothing was made. Give every link an interface of its "
            "own in links.yaml."
        ),
    ),
    "lab.address_outside": Message(
        id=(
            "{what}: alamat {network} di luar yang boleh dipakai lab ({allowed}). Tidak ada yang dibuat. "
            "Lab hanya untuk kabupaten ilustrasi; kabupaten nyata dilayani perangkatnya sendiri. Untuk berlatih dengan kantor "
            "Anda sendiri: `lajur init --practice`."
        ),
        en=(
            "{what}: address {network} is outside what a lab may use ({allowed}). Nothing was made. "
            "A lab is for illustrative regencies; a real one is served by its own devices. To practise with your own offices: "
            "`lajur init --practice`."
        ),
    ),
    "lab.no_destination": Message(
        id=(
            "Uplink {uplink}: tidak ada alamat tujuan bebas di luar aplikasi. Tidak ada yang dibuat. Tambahkan prefiks "
            "pada berkas `destinations` uplink itu."
        ),
        en=(
            "Uplink {uplink}: it leads to no address outside all applications. Nothing was made. Add a prefix to its "
            "`destinations` file."
        ),
    ),
}

_MACHINE: Final[dict[str, Message]] = {
    "lab.needs_root": Message(
        id=(
            "Lab membutuhkan hak root di mesin ini ({cause}). Tidak ada yang dibuat. Jalankan dengan `sudo`, atau pakai "
            "perangkat `memory`. Tanpa root hanya cloud yang bisa berdiri, sendirian: `lajur lab up --cloud`."
        ),
        en=(
            "A lab needs root on this machine ({cause}). Nothing was made. Run it with `sudo`, or use the `memory` devices. "
            "Without root only a cloud can stand, alone: `lajur lab up --cloud`."
        ),
    ),
    "lab.needs_users": Message(
        id=(
            "Tanpa root, cloud lab berdiri di dalam user namespace, dan mesin ini tidak mengizinkannya ({cause}). Tidak ada yang "
            "dibuat. Jalankan dengan `sudo`, atau izinkan: `sysctl user.max_user_namespaces` tidak boleh 0, dan di Ubuntu "
            "`kernel.apparmor_restrict_unprivileged_userns` harus 0."
        ),
        en=(
            "Without root a lab's cloud stands in user namespaces, which this machine does not allow ({cause}). Nothing was "
            "made. Run it with `sudo`, or allow them: `sysctl user.max_user_namespaces` must not be 0, and on Ubuntu "
            "`kernel.apparmor_restrict_unprivileged_userns` must be 0."
        ),
    ),
    "lab.needs_programs": Message(
        id=(
            "Lab membutuhkan program yang tidak ada di mesin ini: {programs}. Tidak ada yang dibuat. Pasang dengan: "
            "apt-get install {packages}"
        ),
        en=(
            "A lab needs programs that this machine lacks: {programs}. Nothing was made. Install them with: apt-get "
            "install {packages}"
        ),
    ),
    "lab.needs_namespaces": Message(
        id=(
            "Mesin ini tidak mengizinkan namespace baru ({cause}). Tidak ada yang dibuat. "
            "Jalankan di mesin atau kontainer dengan CAP_SYS_ADMIN dan CAP_NET_ADMIN, atau pakai perangkat `memory`."
        ),
        en=(
            "This machine allows no new namespaces ({cause}). Nothing was made. "
            "Run on a machine or container with CAP_SYS_ADMIN and CAP_NET_ADMIN, or use the `memory` devices."
        ),
    ),
    "lab.command_refused": Message(
        id=(
            "Kernel menolak saat lab dibangun: {command}: {cause}. Yang sudah dibuat dibongkar lagi. Periksa modul "
            "kernel yang disebut, lalu coba lagi."
        ),
        en=(
            "The kernel refused while the lab was built: {command}: {cause}. What was made is taken down. See to the "
            "kernel feature it names, then try again."
        ),
    ),
    "lab.namespace_gone": Message(
        id="Namespace {namespace} tidak ada: lab sudah dibongkar. Jalankan `lajur lab up`.",
        en="Namespace {namespace} does not exist: the lab was taken down. Run `lajur lab up`.",
    ),
    "lab.namespace_refused": Message(
        id="Namespace {namespace} tidak dapat dimasuki: {cause}. Jalankan sebagai root di mesin yang menjalankan lab.",
        en="Namespace {namespace} cannot be entered: {cause}. Run as root on the machine that runs the lab.",
    ),
    "lab.process_stays": Message(
        id=(
            "Proses lab tidak mau berhenti: {pids}. Sisa lab belum dibongkar. Periksa proses itu, lalu jalankan `lajur "
            "lab down` lagi."
        ),
        en=(
            "Processes of the lab do not end: {pids}. The rest of the lab still stands. Look at them, then run `lajur "
            "lab down` again."
        ),
    ),
}

_LIFE: Final[dict[str, Message]] = {
    "lab.other_plan": Message(
        id=(
            "Lab {lab} sudah berjalan untuk {regency} dengan {offices} kantor, tidak sama dengan yang diminta. Lab itu "
            "tidak diubah. "
            "Jalankan `lajur lab down` lebih dahulu, atau pakai nama lab lain."
        ),
        en=(
            "Lab {lab} already runs for {regency} (offices: {offices}), which is not what was asked for. It was left alone. "
            "Run `lajur lab down` first, or use another lab name."
        ),
    ),
    "lab.other_version": Message(
        id=(
            "Lab {lab} dibangun dengan versi Lajur yang lain, jadi dari sini tidak dapat dipakai. Lab itu tidak diubah. Bongkar "
            "dulu (`lajur lab down --lab {lab}`; bila tidak berhasil, dengan Lajur yang membangunnya), atau pakai nama lab lain."
        ),
        en=(
            "Lab {lab} was built with another version of Lajur, so it cannot be used from here. It was left alone. Take it down "
            "first (`lajur lab down --lab {lab}`; if that fails, with the Lajur that built it), or use another lab name."
        ),
    ),
    "lab.locked": Message(
        id=(
            "Perintah lain sedang membangun atau membongkar lab {lab}. Tidak ada yang diubah. Tunggu sampai selesai, "
            "lalu coba lagi."
        ),
        en="Another command is building or taking down lab {lab}. Nothing was changed. Wait until it is done, then try again.",
    ),
    "lab.not_ready": Message(
        id=(
            "Lab {lab} belum siap pada batas waktunya; yang belum menjawab: {devices}. Lab dibongkar lagi. "
            "Coba lagi saat mesin tidak sibuk, atau dengan `--offices` yang lebih kecil."
        ),
        en=(
            "Lab {lab} was not ready in time; still silent: {devices}. It was taken down again. "
            "Try again when the machine is less busy, or with fewer `--offices`."
        ),
    ),
    "lab.not_up": Message(
        id="Lab {lab} tidak berjalan. Jalankan `lajur lab up`; yang ada: `lajur lab list`.",
        en="Lab {lab} is not up. Run `lajur lab up`; those that are: `lajur lab list`.",
    ),
    "lab.supervisor_died": Message(
        id=(
            "Proses yang menjaga lab {lab} mati tanpa kata. Sisanya dibersihkan oleh perintah ini atau `lajur lab down`. "
            "Jalankan `lajur lab up` lagi."
        ),
        en=(
            "The process that keeps lab {lab} died without a word. What is left is cleaned by this command or by `lajur "
            "lab down`. Run `lajur lab up` again."
        ),
    ),
    "lab.supervisor_failed": Message(
        id=(
            "Lab {lab} tidak dapat dibangun: {cause}. Yang sudah dibuat dibongkar lagi. Ini cacat program lajur; laporkan "
            "bersama kalimat ini."
        ),
        en=(
            "Lab {lab} could not be built: {cause}. What was made is taken down. This is a bug of ours; report it with "
            "this sentence."
        ),
    ),
    "lab.router_dies": Message(
        id=(
            "Perangkat {device} berhenti setiap kali dinyalakan, sebelum menjawab {missing}. Kata terakhirnya: {log}. "
            "Lab dibongkar lagi. Perbaiki sebab itu, lalu coba lagi."
        ),
        en=(
            "Device {device} ends whenever it is started, before it answers {missing}. Its last words: {log}. The lab "
            "was taken down. Mend that, then try again."
        ),
    ),
    "lab.router_down": Message(
        id=(
            "Lab {lab}: perangkat {device} tidak berjalan atau sedang dinyalakan. Tidak ada yang diubah. Lihat `lajur "
            "lab status`."
        ),
        en="Lab {lab}: device {device} is down or just starting. Nothing was changed. See `lajur lab status`.",
    ),
    "lab.node_unknown": Message(
        id="Lab {lab} tidak punya {node!r}. Yang ada: {nodes}.",
        en="Lab {lab} has no {node!r}. It has: {nodes}.",
    ),
    "lab.no_router": Message(
        id="{node!r} bukan router atau server lab {lab}, jadi tidak dapat dinyalakan ulang. Yang dapat: {nodes}.",
        en="{node!r} is no router or server of lab {lab}, so it cannot be restarted. Those that can: {nodes}.",
    ),
    "lab.link_unknown": Message(
        id="Lab {lab} tidak punya tautan {link!r}. Tidak ada yang diubah. Tautan yang ada: {links}.",
        en="Lab {lab} has no link {link!r}. Nothing was changed. Its links: {links}.",
    ),
    "lab.port_unknown": Message(
        id="Lab {lab}: tidak ada tautan yang berujung di antarmuka {interface!r} pada {node!r}. Tidak ada yang diubah. "
        "Antarmuka ujung tautan di sana: {interfaces}.",
        en="Lab {lab}: no link ends on interface {interface!r} of {node!r}. Nothing was changed. Interfaces there that are "
        "ends of links: {interfaces}.",
    ),
    "lab.command_slow": Message(
        id="{node}: perintah {command!r} belum selesai sesudah {seconds} detik dan dihentikan.",
        en="{node}: command {command!r} was not done after {seconds} seconds and was ended.",
    ),
}

_TRAFFIC: Final[dict[str, Message]] = {
    "lab.no_such_path": Message(
        id=(
            "Lab ini tidak punya jalur dari kantor {office} lewat uplink {uplink} ke aplikasi {application}. Tidak ada "
            "lalu lintas yang dimulai. Lihat `lajur lab status`."
        ),
        en=(
            "This lab has no path from office {office} over uplink {uplink} to application {application}. No traffic was "
            "started. See `lajur lab status`."
        ),
    ),
    "lab.traffic_refused": Message(
        id=(
            "Hanya {standing} dari {wanted} sambungan yang tersambung; lalu lintas dihentikan lagi. Periksa `lajur lab "
            "status` dan antrean di core."
        ),
        en=(
            "Only {standing} of {wanted} connections stand; the traffic was ended again. Look at `lajur lab status` and "
            "at the queues on the core."
        ),
    ),
    "lab.worker_failed": Message(
        id=(
            "Pembangkit {worker} berhenti sendiri: {cause}. Tidak ada lalu lintas yang tersisa. Periksa apakah lab masih "
            "berjalan (`lajur lab status`)."
        ),
        en=(
            "Generator {worker} ended by itself: {cause}. No traffic is left. See whether the lab still runs (`lajur lab "
            "status`)."
        ),
    ),
    "lab.worker_seconds": Message(
        id="Lama lalu lintas {seconds} detik tidak dapat dipakai. Tulis lebih dari 0 dan paling lama {longest}.",
        en="Traffic cannot last {seconds} seconds. Write more than 0 and at most {longest}.",
    ),
}

MESSAGES: Final[dict[str, Message]] = {**_PLAN, **_MACHINE, **_LIFE, **_TRAFFIC}
