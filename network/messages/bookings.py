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
        en="{id} was changed by somebody else (it is at revision {revision} now). Nothing was changed. Read it again, then decide.",
    ),
    "booking.exists": Message(
        id="Sudah ada {kind} bernama {key} yang masih berlaku. Tidak ada yang diubah. Batalkan yang itu dulu, atau pakai nama lain.",
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
}
