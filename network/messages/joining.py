"""What is said of servers that join a workload."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

MESSAGES: Final[dict[str, Message]] = {
    "release.no_file": Message(
        id=(
            "{workload}: berkas rilis {release} tidak ada lagi di server yang membawanya, jadi server baru tidak dapat "
            "membawanya dan edge belum mengirim siapa pun ke sana.{reasons} Jalankan sekali `lajur play workloads`, lalu `lajur "
            "release deploy {workload} BERKAS` dengan berkas versi itu: berkasnya disimpan dan server baru ikut membawanya."
        ),
        en=(
            "{workload}: the file of release {release} is no longer on the servers that carry it, so a new server cannot "
            "carry it, and no edge sends anybody there.{reasons} Give `lajur play workloads` and then `lajur release deploy "
            "{workload} FILE` once, with the file of that version: the file is kept, and the new server carries it too."
        ),
    ),
    "release.file_not_kept": Message(id=" {host} tidak memberikan berkasnya.{said}", en=" {host} did not give its file.{said}"),
    "release.file_other": Message(
        id=" Berkas di {host} ternyata {found}, bukan {release}; berkas itu tidak dipakai.",
        en=" The file on {host} turned out to be {found}, not {release}; it was not used.",
    ),
}
