"""What can go wrong with what is rented from a cloud. The reason is the cloud's own, in its language."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

MESSAGES: Final[dict[str, Message]] = {
    "infra.cloud_away": Message(
        id=(
            "{cloud}: {what}: penyedia cloud tidak menjawab ({reason}; permintaan {request}). Periksa sambungan ke sana "
            "dan halaman statusnya, lalu jalankan perintah yang sama lagi: yang sudah terbentuk dikenali dari tandanya "
            "dan tidak dibuat dua kali."
        ),
        en=(
            "{cloud}: {what}: the cloud does not answer ({reason}; request {request}). Check the way there and its status"
            " page, then give the same command again: what was made already is known by its mark and is never made twice."
        ),
    ),
    "infra.cloud_failed": Message(
        id=(
            "{cloud}: {what}: penyedia cloud menerima permintaannya tetapi tidak menyelesaikannya: {reason} (permintaan "
            "{request}). Yang terbentuk tetap di sana, bertanda. Sampaikan nomor itu kepada penyedianya; setelah beres, "
            "jalankan perintah yang sama lagi."
        ),
        en=(
            "{cloud}: {what}: the cloud took the request and did not carry it out: {reason} (request {request}). What "
            "came to be stays there, marked. Tell the provider that number; once it is mended, give the same command "
            "again."
        ),
    ),
    "infra.cloud_field": Message(
        id=(
            "{cloud}: {what}: nilainya ditolak: {reason} (permintaan {request}). Tidak ada lagi yang dikerjakan untuknya."
            " Betulkan nilai itu, lalu jalankan lagi."
        ),
        en=(
            "{cloud}: {what}: a value is refused: {reason} (request {request}). Nothing more was done for it. Put that "
            "value right, then try again."
        ),
    ),
    "infra.cloud_forbidden": Message(
        id=(
            "{cloud}: {what}: akun ini tidak berhak melakukannya: {reason} (permintaan {request}). Tidak ada lagi yang "
            "dikerjakan untuknya. Minta hak itu kepada penyedia cloud, atau pakai akun yang berhak di clouds.yaml."
        ),
        en=(
            "{cloud}: {what}: this account may not do that: {reason} (request {request}). Nothing more was done for it. "
            "Ask the provider for the right to it, or name an account in clouds.yaml that has it."
        ),
    ),
    "infra.cloud_foreign": Message(
        id=(
            "{cloud}: {what}: yang ada di sana bertanda milik lain ({reason}), jadi tidak diubah dan tidak dihapus. Bila "
            "memang milik bagian ini, hapus tanda itu lewat penyedianya; bila bukan, sebut nomor yang benar."
        ),
        en=(
            "{cloud}: {what}: what is there bears another owner's mark ({reason}), so it was neither changed nor deleted."
            " If it is this resource's after all, take that mark off it at the provider; if not, name the right id."
        ),
    ),
    "infra.cloud_image_other": Message(
        id=(
            "{cloud}: {what}: citra di cloud ini bukan yang disebut clouds.yaml: checksum-nya lain ({reason}; yang ada > yang "
            "disebut). Tidak ada server yang dibuat darinya. Tanyakan kepada penyedianya siapa yang menggantinya; bila citra "
            "baru itu memang yang dikehendaki, tulis checksum-nya (`openstack image show`, os_hash_value) di clouds.yaml."
        ),
        en=(
            "{cloud}: {what}: the image in this cloud is not the one that clouds.yaml names: its checksum is another ({reason}; "
            "there > named). No server was made of it. Ask the provider who replaced it; if the new image is the one that you "
            "want, write its checksum (`openstack image show`, os_hash_value) into clouds.yaml."
        ),
    ),
    "infra.cloud_in_use": Message(
        id=(
            "{cloud}: {what}: masih dipakai, atau sudah ada yang sama: {reason} (permintaan {request}). Yang sudah "
            "dikerjakan tetap. Lepas dulu pemakainya yang disebut di situ, lalu jalankan lagi."
        ),
        en=(
            "{cloud}: {what}: it is in use, or the like of it is there already: {reason} (request {request}). What was "
            "done stays. Let go first of what is named there, then try again."
        ),
    ),
    "infra.cloud_lacks": Message(
        id=(
            "{cloud}: {what}: cloud ini tidak punya layanan itu: {reason}. Tidak ada yang diubah. Periksa wilayah "
            "(region_name) di clouds.yaml, atau tanyakan layanannya kepada penyedianya."
        ),
        en=(
            "{cloud}: {what}: this cloud has no such service: {reason}. Nothing was changed. Check the region "
            "(region_name) in clouds.yaml, or ask the provider for the service."
        ),
    ),
    "infra.cloud_login": Message(
        id=(
            "{cloud}: {what}: penyedia cloud menolak kami masuk: {reason} (permintaan {request}). Tidak ada yang diubah. "
            "Periksa pengguna, proyek, dan rahasia cloud ini di sana."
        ),
        en=(
            "{cloud}: {what}: the cloud does not let us in: {reason} (request {request}). Nothing was changed. Check "
            "user, project and secret of this cloud there."
        ),
    ),
    "infra.cloud_missing": Message(
        id=(
            "{cloud}: {what}: yang disebut tidak ada di sana: {reason} (permintaan {request}). Bila ia dihapus orang "
            "lain, jalankan `lajur infra refresh` lalu `lajur infra up`; bila namanya keliru, betulkan dulu."
        ),
        en=(
            "{cloud}: {what}: what is named is not there: {reason} (request {request}). If somebody else deleted it, give"
            " `lajur infra refresh` and then `lajur infra up`; if the name is wrong, put it right first."
        ),
    ),
    "infra.cloud_no_room": Message(
        id=(
            "{cloud}: {what}: penyedia cloud sedang tidak punya tempat: {reason} (permintaan {request}). Yang gagal "
            "terbentuk sudah dihapus lagi. Pilih ukuran yang lebih kecil, atau minta tempat kepada penyedianya, lalu "
            "jalankan lagi."
        ),
        en=(
            "{cloud}: {what}: the cloud has no room for it now: {reason} (request {request}). What failed to come to be "
            "was deleted again. Choose a smaller size, or ask the provider for room, then try again."
        ),
    ),
    "infra.cloud_other": Message(
        id=(
            "{cloud}: {what}: sudah ada yang bertanda kita, tetapi lain dari yang diminta dan tidak dapat diubah di "
            "tempat ({reason}; yang ada > yang diminta). Tidak ada yang diubah. Samakan nilainya dengan yang ada, atau "
            "impor yang ada itu supaya dapat diganti."
        ),
        en=(
            "{cloud}: {what}: one with our mark is there already, but it is another than is asked for and cannot be "
            "changed in place ({reason}; there > asked for). Nothing was changed. Ask for what is there, or import that "
            "one, so that it can be replaced."
        ),
    ),
    "infra.cloud_quota": Message(
        id=(
            "{cloud}: {what}: jatah di cloud ini habis: {reason} (permintaan {request}). Tidak ada lagi yang dikerjakan "
            "untuknya; yang terbentuk sebelumnya tetap ada dan dibayar. Hapus yang tidak dipakai, atau minta tambahan jatah "
            "kepada penyedianya, lalu jalankan lagi; atau kembalikan dengan `lajur infra destroy`."
        ),
        en=(
            "{cloud}: {what}: the quota in this cloud is used up: {reason} (request {request}). Nothing more was done for"
            " it; what came to be before that stays, and is paid for. Delete what is not in use, or ask the provider for more, "
            "then try again; or give it back with `lajur infra destroy`."
        ),
    ),
    "infra.cloud_timeout": Message(
        id=(
            "{cloud}: {what}: belum selesai dalam waktu yang diberi ({reason}). Yang sudah dimulai berjalan terus di "
            "sana. Jalankan perintah yang sama lagi: ia dikenali dari tandanya dan ditunggu, tidak dibuat dua kali."
        ),
        en=(
            "{cloud}: {what}: it was not through in the time that it was given ({reason}). What was begun goes on there. "
            "Give the same command again: it is known by its mark and waited for, never made twice."
        ),
    ),
    "infra.cloud_twice": Message(
        id=(
            "{cloud}: {what}: lebih dari satu yang cocok: {reason}. Tidak ada yang diubah. Lihat mana yang dipakai, hapus"
            " yang lain lewat penyedianya atau sebut nomornya, lalu jalankan lagi."
        ),
        en=(
            "{cloud}: {what}: more than one answers to it: {reason}. Nothing was changed. See which is in use, delete the"
            " others at the provider or name the id, then try again."
        ),
    ),
    "infra.cloud_records": Message(
        id=(
            "{cloud}: {what}: cloud ini hanya mencatat server (driver palsu Nova) dan tidak menjalankan mesin; {reason} tidak "
            "akan pernah bisa dimasuki. Catatannya, dan semua yang dibuat di sekitarnya, tetap ada: `lajur infra destroy "
            "--server KUNCI --release` mengembalikannya. Untuk mesin sungguhan: `lajur lab up --cloud` sebagai root."
        ),
        en=(
            "{cloud}: {what}: this cloud keeps servers on record only (Nova's fake driver) and runs no machine; {reason} can "
            "never be entered. The record, and all that was made around it, stand: `lajur infra destroy --server KEY --release` "
            "gives them back. For real machines: `lajur lab up --cloud` as root."
        ),
    ),
    "infra.cloud_unoffered": Message(
        id=(
            "{cloud}: {what}: cloud ini tidak punya ukuran atau citra dengan nama itu ({reason}; permintaan {request}). Server "
            "tidak dibuat. Betulkan namanya di clouds.yaml (`sizes`, `images`), atau minta kepada penyedianya."
        ),
        en=(
            "{cloud}: {what}: this cloud has no size or image of that name ({reason}; request {request}). No server was made. "
            "Put the name right in clouds.yaml (`sizes`, `images`), or ask the provider for it."
        ),
    ),
    "infra.cloud_unknown": Message(
        id=(
            "{cloud}: {what}: cloud ini tidak ada dalam berkas tempat cara masuknya tertulis, atau berkas itu tidak dapat "
            "dibaca: {reason}. Tidak ada yang diubah. Periksa nama cloud dan berkasnya (YAML dengan `clouds:`)."
        ),
        en=(
            "{cloud}: {what}: the file that says how it is entered does not have this cloud, or cannot be read: {reason}. "
            "Nothing was changed. Check the name of the cloud and the file (YAML with `clouds:`)."
        ),
    ),
}
