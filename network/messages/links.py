"""What the services of links say, and the hands that serve them."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

MESSAGES: Final[dict[str, Message]] = {
    "links.returned": Message(
        id=(
            "Tautan {link}: {cause} Semua ujung sudah seperti semula dan dibaca ulang dari perangkat (proses {run}). "
            "Perbaiki sebabnya, lalu jalankan perintah yang sama lagi."
        ),
        en=(
            "Link {link}: {cause} All ends are as before and were read back from the devices (run {run}). "
            "Mend the cause, then give the same command again."
        ),
    ),
    "links.and_then": Message(id="{first} Sesudah itu: {then}", en="{first} After that: {then}"),
    "links.unproved": Message(
        id=(
            "Tautan {link}: {cause} {device} belum terbaca kembali seperti semula. Bila perubahannya sampai di sana, perangkat "
            "itu "
            "kembali sendiri paling lambat {seconds} detik lagi; ujung yang lain sudah seperti semula. Tunggu selama itu, lalu "
            "lihat dengan `lajur link verify` (proses {run})."
        ),
        en=(
            "Link {link}: {cause} {device} could not be read back as it was. If the change reached it, it goes back by itself in "
            "{seconds} seconds at the latest; any other end is as before. Wait that long, then look with "
            "`lajur link verify` (run {run})."
        ),
    ),
    "links.gone_by": Message(
        id=(
            "Tautan {link}: {cause} {device} belum terbaca kembali seperti semula, padahal pewaktunya sudah habis: bila "
            "perubahannya sampai di sana, perangkat itu sudah kembali sendiri sekarang; ujung yang lain sudah "
            "seperti semula. Lihat dengan `lajur link verify`, dan datangi {device} bila tetap tidak menjawab (proses {run})."
        ),
        en=(
            "Link {link}: {cause} {device} could not be read back as it was, though its timer has run out: if the change reached "
            "it, it has gone back by itself by now; any other end is as before. Look with `lajur link verify`, and go to "
            "{device} if it still does not answer (run {run})."
        ),
    ),
    "links.unsaved": Message(
        id=(
            "Tautan {link}: kedua ujung sudah berubah, terbukti, dan dipastikan, dan tetap demikian sekarang; tetapi {device} "
            "tidak dapat menulisnya ke konfigurasi start-up, jadi sesudah dihidupkan ulang perubahannya dapat hilang di sana. "
            "{cause} Perbaiki sebabnya di {device}, lalu simpan di sana (`write memory`; Huawei: `save`) sebelum dihidupkan "
            "ulang (proses {run})."
        ),
        en=(
            "Link {link}: both ends are changed, proved and confirmed, and hold now; but {device} could not write it to its "
            "start-up configuration, so after a restart the change may be gone there. {cause} Mend the cause on {device}, then "
            "save it there (`write memory`; Huawei: `save`) before it restarts (run {run})."
        ),
    ),
    "links.not_saved": Message(
        id=(
            "{device} ({step}): `write memory` gagal: {said}. Perangkat itu mencobanya lagi pada perubahan berikutnya dan "
            "sesudah dihidupkan ulang."
        ),
        en=(
            "{device} ({step}): `write memory` failed: {said}. The device tries it again at its next change and after a restart."
        ),
    ),
    "links.save_refused": Message(
        id=(
            "{device} ({step}): perangkat tidak menyimpan konfigurasinya: {said}. Perubahannya berlaku, dan hilang bila "
            "perangkat itu dihidupkan ulang. Lihat ruang kosong dan hak login di sana, lalu beri `save`."
        ),
        en=(
            "{device} ({step}): the device did not save its configuration: {said}. The change holds, and is gone when the device "
            "restarts. See the free space and the rights of the login there, then give `save`."
        ),
    ),
    "links.half": Message(
        id=(
            "Tautan {link}: {kept} sudah memegang perubahannya, tetapi {device} tidak dapat menyusul: {cause} Jalankan "
            "`lajur recover` begitu {device} terjangkau lagi; bila tidak bisa, datangi perangkat itu (proses {run})."
        ),
        en=(
            "Link {link}: {kept} holds the change already, but {device} could not be brought after it: {cause} Give "
            "`lajur recover` as soon as {device} can be reached; if it cannot, go to that device (run {run})."
        ),
    ),
    "links.undecided": Message(
        id=(
            "Tautan {link}: {device} diminta memegang perubahannya, lalu tidak terjangkau lagi sebelum menjawab, jadi tidak "
            "diketahui apakah perubahan itu tetap di sana; {rest} kembali sendiri ke keadaan semula. {cause} Begitu {device} "
            "terjangkau, jalankan `lajur recover`: yang satu disusulkan ke yang lain (proses {run})."
        ),
        en=(
            "Link {link}: {device} was told to keep its change and could not be reached any more before it answered, so it is "
            "not "
            "known whether the change stays there; {rest} goes back by itself to what was there before. {cause} As soon as "
            "{device} can be reached, give `lajur recover`: it brings one end after the other (run {run})."
        ),
    ),
    "links.out_of_reach": Message(
        id=(
            "Tautan {link}: proses {run} terputus sebelum selesai, dan {device} tidak menjawab: {cause} Ujung yang lain sudah "
            "dicoba dengan perubahannya juga, dengan pewaktu, dan {device} tetap tidak terlihat memegangnya; ujung itu "
            "sudah seperti semula lagi. Periksa serat dan listriknya, lalu jalankan `lajur recover`."
        ),
        en=(
            "Link {link}: run {run} was cut off before its end, and {device} does not answer: {cause} The other end was tried "
            "with the change as well, with a timer, and {device} still was not seen to hold it; that end is as before again. "
            "Look at the fibre and the power there, then give `lajur recover`."
        ),
    ),
    "links.still_armed": Message(
        id=(
            "Tautan {link}: {device} masih memegang perubahan dari proses {run} yang terputus, walaupun sudah diminta kembali. "
            "Tidak ada lagi yang diubah. Masuk ke perangkat itu dan lihat apa yang menahannya."
        ),
        en=(
            "Link {link}: {device} still holds the change of run {run}, which was cut off, although it was asked to go back. "
            "Nothing else was changed. Log in to that device and see what holds it."
        ),
    ),
    "links.armed": Message(
        id=(
            "{device} ({step}): perubahan orang atau proses lain ({run}) belum dipastikan di sana; sisa waktunya {seconds} "
            "detik. "
            "Tidak ada yang diubah. Tunggu sampai selesai, lalu jalankan lagi."
        ),
        en=(
            "{device} ({step}): a change of somebody else ({run}) is not confirmed there yet; it has {seconds} seconds left. "
            "Nothing was changed. Wait until it is over, then try again."
        ),
    ),
    "links.not_held": Message(
        id=(
            "{device} ({step}): setelah diubah, perangkat tidak memegang {count} baris dari rencananya; yang pertama: `{line}`. "
            "Lihat apakah perangkat itu menolak atau menulisnya dengan cara lain."
        ),
        en=(
            "{device} ({step}): after the change the device does not hold {count} lines of the plan; the first is `{line}`. "
            "See whether that device refuses it or writes it in another way."
        ),
    ),
    "links.line_refused": Message(
        id=(
            "{device} ({step}): perangkat menolak baris `{line}`: {said}. Tidak satu baris pun berlaku di sana. "
            "Periksa kebenaran tautan ini di links.yaml, dan apakah perangkat mengenal baris itu."
        ),
        en=(
            "{device} ({step}): the device refused the line `{line}`: {said}. No line of the change holds there. "
            "Check what links.yaml says of this link, and whether the device knows that line."
        ),
    ),
    "links.device_refused": Message(
        id=(
            "{device} ({step}): perangkat menolak: {said}. Tidak ada yang dipastikan di sana. Lihat apa yang kurang di "
            "perangkat itu, "
            "lalu jalankan lagi."
        ),
        en=(
            "{device} ({step}): the device refused: {said}. Nothing was confirmed there. See what that device lacks, then try "
            "again."
        ),
    ),
    "links.key_unfit": Message(
        id=(
            "Kunci OSPF dari {reference} tidak dapat dipakai: 1 sampai 16 huruf, angka, atau tanda ASCII tanpa spasi dan tanpa "
            "`?`. "
            "Tidak ada yang dikirim. Perbaiki isinya di tempat itu."
        ),
        en=(
            "The OSPF key from {reference} cannot be used: 1 to 16 letters, digits or signs of ASCII, without blanks and without "
            "`?`. Nothing was sent. Mend it where it is kept."
        ),
    ),
    "links.no_dialect": Message(
        id=(
            "{device}: baris tautan untuk platform {platform} belum dikenal (yang dikenal: {known}). Tidak ada yang dikirim. "
            "Atur ujung itu dengan tangan, dan keluarkan tautannya dari perintah ini."
        ),
        en=(
            "{device}: the lines of a link on platform {platform} are not known (known are: {known}). Nothing was sent. "
            "Configure that end by hand, and leave the link out of this command."
        ),
    ),
    "links.unknown": Message(
        id=("Tidak ada tautan, kantor, hub, atau perangkat bernama {name} di {regency}. Tidak ada yang dilakukan.{nearest}"),
        en="There is no link, office, hub or device called {name} in {regency}. Nothing was done.{nearest}",
    ),
    "links.bad_carrier": Message(
        id=(
            "{device} ({step}): {interface} tidak menerima sinyal (terlihat {seen}, seharusnya {wanted}). Periksa kabel atau "
            "serat, "
            "modulnya, dan apakah {other} hidup."
        ),
        en=(
            "{device} ({step}): {interface} has no carrier (seen {seen}, wanted {wanted}). Check the cable or fibre, its module, "
            "and whether {other} is up."
        ),
    ),
    "links.bad_mtu": Message(
        id=(
            "{device} ({step}): MTU {interface} adalah {seen}, seharusnya {wanted}. Periksa apakah perangkat atau modulnya "
            "sanggup, dan samakan dengan {other}."
        ),
        en=(
            "{device} ({step}): the MTU of {interface} is {seen}, wanted {wanted}. See whether the device or its module can do "
            "that, "
            "and make it equal to {other}."
        ),
    ),
    "links.bad_neighbour": Message(
        id=(
            "{device} ({step}): di ujung {interface} terdengar {seen}, padahal menurut kebenaran {wanted}. Kabelnya tertukar, "
            "atau "
            "links.yaml keliru: periksa di tempat, lalu betulkan salah satunya."
        ),
        en=(
            "{device} ({step}): at the other end of {interface} LLDP hears {seen}, but the truth names {wanted}. The cable is "
            "in a "
            "wrong port, or links.yaml is wrong: look on the spot, then mend one of the two."
        ),
    ),
    "links.bad_ping": Message(
        id=(
            "{device} ({step}): ping kecil ke {other} hilang {seen}, seharusnya {wanted}. Periksa alamat kedua ujung dan mutu "
            "tautannya."
        ),
        en=(
            "{device} ({step}): small pings to {other} lost {seen}, wanted {wanted}. Check the addresses of both ends and the "
            "quality of the link."
        ),
    ),
    "links.bad_ping_large": Message(
        id=(
            "{device} ({step}): ping sebesar MTU ke {other} hilang {seen}, seharusnya {wanted}. Biasanya MTU di suatu tempat di "
            "antaranya lebih kecil: periksa ujung lain dan alat di tengah."
        ),
        en=(
            "{device} ({step}): pings as large as the MTU to {other} lost {seen}, wanted {wanted}. Usually the MTU is smaller "
            "somewhere between: check the other end and what stands in the middle."
        ),
    ),
    "links.bad_routing": Message(
        id=(
            "{device} ({step}): tetangga OSPF di {interface} berkeadaan {seen}, seharusnya {wanted}. Samakan area, waktu hello "
            "dan "
            "dead, kunci, dan MTU dengan {other}."
        ),
        en=(
            "{device} ({step}): the OSPF neighbour on {interface} is in state {seen}, wanted {wanted}. Make area, hello and dead "
            "times, key and MTU equal to those of {other}."
        ),
    ),
    "links.no_light_read": Message(
        id=(
            "{device} ({step}): modul di {interface} tidak memberi bacaan daya optik, padahal kebenaran mencatat anggarannya "
            "({wanted}). Periksa apakah modulnya terpasang dan mendukung DDM; bila tidak, hapus `optics` ujung itu di links.yaml."
        ),
        en=(
            "{device} ({step}): the module of {interface} gives no reading of its optical level, though the truth has a budget "
            "for it "
            "({wanted}). See whether it is there and supports DDM; if it does not, take `optics` of that end out of links.yaml."
        ),
    ),
    "links.bad_optics": Message(
        id=(
            "{device} ({step}): {interface} menerima {seen}, seharusnya {wanted}. Bersihkan konektor, periksa lekukan dan "
            "sambungan serat ke {other}; bila memang berubah tetap, perbarui anggaran optik di links.yaml."
        ),
        en=(
            "{device} ({step}): {interface} receives {seen}, wanted {wanted}. Clean the connectors, check bends and splices of "
            "the "
            "fibre to {other}; if the change is there to stay, renew the optical budget in links.yaml."
        ),
    ),
}
