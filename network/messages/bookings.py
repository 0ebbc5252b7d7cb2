"""What is said of boosts, windows and plans that people and systems ask for."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

MESSAGES: Final[dict[str, Message]] = {
    "booking.not_found": Message(
        id="Tidak ada {id} di kabupaten {regency}. Tidak ada yang diubah. Lihat daftarnya, lalu ulangi dengan id yang benar.",
        en="There is no {id} in regency {regency}. Nothing was changed. Look at the list and try again with the right id.",
    ),
    "booking.changed": Message(
        id="{id} sudah diubah orang lain (sekarang revisi {revision}). Tidak ada yang diubah. Baca lagi, lalu putuskan lagi.",
        en="{id} was changed by somebody else (it is at revision {revision} now). Nothing was changed. Read it again.",
    ),
    "booking.exists": Message(
        id="Sudah ada {kind} bernama {key} yang masih berlaku. Tidak ada yang diubah. Batalkan itu dulu, atau pakai nama lain.",
        en="A {kind} called {key} stands already. Nothing was changed. Cancel that one first, or use another name.",
    ),
    "booking.over": Message(
        id="{id} sudah selesai ({state}), jadi tidak dapat diubah lagi. Ajukan permintaan baru bila masih perlu.",
        en="{id} is over ({state}), so it cannot be changed any more. Ask anew if it is still needed.",
    ),
    "booking.not_pending": Message(
        id="{id} tidak sedang menunggu persetujuan (keadaan: {state}). Tidak ada yang diubah.",
        en="{id} does not wait for anybody's approval (its state: {state}). Nothing was changed.",
    ),
    "booking.own_request": Message(
        id="{actor} yang meminta {id}, jadi orang lain yang harus menyetujui atau menolaknya. Tidak ada yang diubah.",
        en="{actor} asked for {id}, so somebody else must approve or reject it. Nothing was changed.",
    ),
    "booking.not_admitted": Message(
        id="Permintaan {id} tidak dapat dipenuhi, jadi tidak dicatat dan tidak ada yang diubah. {reasons}",
        en="The request {id} does not fit, so it is not kept and nothing was changed. {reasons}",
    ),
    "plan.not_approved": Message(
        id="Rencana {id} masih menunggu persetujuan orang kedua. Tidak ada yang diubah.",
        en="Plan {id} still waits for a second person's approval. Nothing was changed.",
    ),
    "plan.stale": Message(
        id=(
            "Keadaan sudah berubah sejak rencana {id} dibuat: langkahnya sekarang lain. Tidak ada yang diubah. "
            "Buat rencana baru dan lihat lagi."
        ),
        en=(
            "Things have changed since plan {id} was made: its steps would be others now. Nothing was changed. "
            "Make a new plan and look at it."
        ),
    ),
    "api.no_office": Message(
        id="Tidak ada kantor {office} di kabupaten {regency}. Lihat daftarnya di /v1/regencies/{regency}/offices.",
        en="There is no office {office} in regency {regency}. The list is at /v1/regencies/{regency}/offices.",
    ),
    "api.no_run": Message(
        id="Tidak ada proses {run} di kabupaten {regency}. Lihat daftarnya di /v1/regencies/{regency}/runs.",
        en="There is no run {run} in regency {regency}. The list is at /v1/regencies/{regency}/runs.",
    ),
    "api.no_token_id": Message(
        id="Tidak ada token {id} yang masih berlaku. Lihat daftarnya di /v1/tokens.",
        en="There is no token {id} that still holds. The list is at /v1/tokens.",
    ),
    "api.too_far": Message(
        id="Saat itu lebih dari {days} hari dari sekarang. Minta saat yang lebih dekat.",
        en="That moment is more than {days} days from now. Ask for a nearer one.",
    ),
    "api.window": Message(
        id="Jendela itu tidak dapat dipakai: {reason}. Perbaiki lalu kirim lagi.",
        en="That window cannot be used: {reason}. Mend it and send it again.",
    ),
    "api.streams": Message(
        id="Sudah {most} pembaca mengikuti proses. Coba lagi sebentar lagi, atau baca prosesnya saja tanpa /events.",
        en="There are {most} readers following runs already. Try again shortly, or read the run itself without /events.",
    ),
    "api.keeper_still": Message(
        id="Penjaga kabupaten {regency} tidak bergerak sejak {seconds} detik. Mulai ulang layanannya dan baca lognya.",
        en="The keeper of regency {regency} has not moved for {seconds} seconds. Restart the service and read its log.",
    ),
}
