"""What devices and the way to them say."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

MESSAGES: Final[dict[str, Message]] = {
    "device.unreachable": Message(
        id=(
            "{device} ({step}): {address} tidak dapat dihubungi ({reason}). Tidak ada yang dikirim. "
            "Periksa kabel, alamat dan layanan SSH perangkat itu, lalu jalankan perintah yang sama lagi."
        ),
        en=(
            "{device} ({step}): {address} cannot be reached ({reason}). Nothing was sent. "
            "Check the cable, the address and the SSH service of that device, then give the same command again."
        ),
    ),
    "device.no_ssh": Message(
        id=(
            "{device} ({step}): di {address} ada yang menjawab, tetapi bukan SSH, atau ia tidak berkata apa-apa. Tidak ada yang "
            "dikirim. Periksa alamat dan portanya di devices.yaml, dan apakah SSH menyala pada perangkat itu."
        ),
        en=(
            "{device} ({step}): something answers at {address}, but it is no SSH, or it says nothing. Nothing was sent. "
            "Check its address and port in devices.yaml, and whether SSH is on at that device."
        ),
    ),
    "device.login_refused": Message(
        id=(
            "{device} ({step}): {address} menolak masuk sebagai {username}. Tidak ada yang diubah. "
            "Periksa nama pengguna dan rujukan rahasianya (kata sandi atau kunci), lalu jalankan lagi."
        ),
        en=(
            "{device} ({step}): {address} refused the login as {username}. Nothing was changed. "
            "Check the user name and the reference to its secret (password or key), then try again."
        ),
    ),
    "device.key_unreadable": Message(
        id=(
            "{device} ({step}): kunci pribadi untuk {username} tidak dapat dibaca ({reason}). Tidak ada yang dikirim. "
            "Pakai kunci OpenSSH atau PEM yang utuh, dan kata sandinya bila terkunci."
        ),
        en=(
            "{device} ({step}): the private key for {username} cannot be read ({reason}). Nothing was sent. "
            "Use a whole OpenSSH or PEM key, and its passphrase when it is locked."
        ),
    ),
    "device.host_key_unknown": Message(
        id=(
            "{device} ({step}): belum ada kunci host yang dipercaya untuk {address} di {file}. Tidak ada yang dikirim. "
            "Jalankan `lajur device trust {device}` dan cocokkan sidik jarinya di perangkat itu sendiri."
        ),
        en=(
            "{device} ({step}): no host key is trusted for {address} in {file}. Nothing was sent. "
            "Give `lajur device trust {device}` and compare the fingerprint on the device itself."
        ),
    ),
    "device.host_key_changed": Message(
        id=(
            "{device} ({step}): kunci host {address} berubah: dipercaya {pinned}, yang ditunjukkan {offered}. Kata sandi tidak "
            "dikirim dan tidak ada yang diubah. Tanyakan apakah perangkat itu diganti atau dipasang ulang; bila ya, "
            "`lajur device trust {device} --replace`. Bila tidak, jangan masuk: mungkin ada yang menyadap."
        ),
        en=(
            "{device} ({step}): the host key of {address} has changed: trusted is {pinned}, shown was {offered}. No password was "
            "sent and nothing was changed. Ask whether the device was replaced or installed anew; if so, "
            "`lajur device trust {device} --replace`. If not, do not log in: somebody may be listening."
        ),
    ),
    "device.armed": Message(
        id=(
            "{device} ({step}): perangkat masih dipegang oleh proses {run}; pewaktunya tinggal {seconds} detik, lalu perangkat "
            "kembali sendiri. Proses ini tidak mengubah apa pun. Tunggu, lihat dengan `lajur status`, lalu jalankan lagi."
        ),
        en=(
            "{device} ({step}): run {run} still holds the device; its timer has {seconds} seconds left, then the device goes "
            "back by itself. This run changed nothing. Wait, look with `lajur status`, then try again."
        ),
    ),
    "device.refused": Message(
        id=(
            "{device} ({step}): perangkat menolak `{line}`: {said}. {held} dari {total} langkah dijalankan sebelum itu, sisanya "
            "tidak. Periksa apa yang berbeda di perangkat itu dengan `lajur plan`."
        ),
        en=(
            "{device} ({step}): the device refused `{line}`: {said}. {held} of {total} steps were carried out before it, the "
            "rest were not. See with `lajur plan` what is different on that device."
        ),
    ),
    "device.foreign": Message(
        id=(
            "{device} ({step}): di {line} sudah ada yang bukan buatan Lajur: {said}. Itu tidak disentuh; {held} dari {total} "
            "langkah dijalankan sebelum itu. Pindahkan atau hapus sendiri bila memang tidak dipakai, lalu jalankan lagi."
        ),
        en=(
            "{device} ({step}): something that Lajur did not make stands on {line}: {said}. It was left alone; {held} of {total} "
            "steps were carried out before. Move or delete it yourself if it is not in use, then try again."
        ),
    ),
    "device.record_refused": Message(
        id=(
            "{device} ({step}): catatan pewaktu tidak dapat dibuat ({line}). Tidak ada yang diubah. "
            "Periksa ruang dan hak tulis /var/lib/lajur di perangkat itu."
        ),
        en=(
            "{device} ({step}): the timer's record could not be made ({line}). Nothing was changed. "
            "Check the space and the write permission of /var/lib/lajur on that device."
        ),
    ),
    "device.lacks": Message(
        id=(
            "{device} ({step}): perangkat tidak punya {what}. Tidak ada yang diubah. Perangkat Linux memerlukan iproute2, sh, "
            "setsid dan mktemp, antarmuka yang tertulis di links.yaml, dan masuk sebagai root."
        ),
        en=(
            "{device} ({step}): the device lacks {what}. Nothing was changed. A Linux device needs iproute2, sh, setsid and "
            "mktemp, the interface that links.yaml names, and a login as root."
        ),
    ),
    "device.unreadable": Message(
        id=(
            "{device} ({step}): jawaban perangkat tidak dapat dibaca ({reason}). Tidak ada yang diubah. "
            "Jalankan lagi; bila tetap, periksa versi iproute2 (`tc -V`) dan pesan masuk dari shell-nya."
        ),
        en=(
            "{device} ({step}): the device's answer cannot be read ({reason}). Nothing was changed. "
            "Try again; if it stays, check the version of iproute2 (`tc -V`) and what its shell prints at login."
        ),
    ),
    "device.cut_before": Message(
        id=(
            "{device} ({step}): sambungan ke {address} putus sebelum kelompok perintah ini terkirim utuh ({reason}); tidak satu "
            "pun dari {total} langkahnya dijalankan. Langkah sebelumnya tetap, dan pewaktu di perangkat mengembalikannya."
        ),
        en=(
            "{device} ({step}): the connection to {address} ended before this batch was sent whole ({reason}); none of its "
            "{total} steps was carried out. Steps before it hold until the timer on the device takes them back."
        ),
    ),
    "device.cut_during": Message(
        id=(
            "{device} ({step}): sambungan ke {address} putus setelah kelompok {total} langkah ini terkirim ({reason}); tidak "
            "diketahui berapa yang sudah dijalankan. Pewaktu di perangkat mengembalikan keadaan sebelumnya bila tidak ada yang "
            "memastikan. Baca ulang perangkat itu sebelum apa pun yang lain."
        ),
        en=(
            "{device} ({step}): the connection to {address} ended after this batch of {total} steps was sent ({reason}); how "
            "many were carried out is not known. The timer on the device restores the state before unless somebody confirms. "
            "Read that device back before anything else."
        ),
    ),
    "device.unread": Message(
        id=(
            "{device}: {address} tidak menjawab selama {seconds} detik ketika dibaca. Tidak ada yang diubah. Periksa apakah "
            "perangkat itu hidup dan terhubung, lalu coba lagi."
        ),
        en=(
            "{device}: {address} did not answer for {seconds} seconds while it was read. Nothing was changed. See whether the "
            "device is up and connected, then try again."
        ),
    ),
    "device.silent": Message(
        id=(
            "{device} ({step}): {address} tidak menjawab selama {seconds} detik setelah kelompok {total} langkah ini terkirim; "
            "tidak diketahui berapa yang sudah dijalankan. Pewaktu di perangkat mengembalikan keadaan sebelumnya bila tidak ada "
            "yang memastikan. Baca ulang perangkat itu sebelum apa pun yang lain."
        ),
        en=(
            "{device} ({step}): {address} did not answer for {seconds} seconds after this batch of {total} steps was sent; how "
            "many were carried out is not known. The timer on the device restores the state before unless somebody confirms. "
            "Read that device back before anything else."
        ),
    ),
    "device.expired": Message(
        id=(
            "{device} ({step}): waktu proses {run} habis sebelum dipastikan, dan perangkat sudah kembali sendiri ke keadaan "
            "sebelumnya; langkah ini tidak dijalankan. Baca ulang, lalu jalankan perintah yang sama lagi; bila sambungan lambat, "
            "beri LAJUR_ARM_SECONDS yang lebih besar."
        ),
        en=(
            "{device} ({step}): the time of run {run} was over before it was confirmed, and the device has gone back by itself "
            "to the state before; this step was not done. Read it back, then give the same command again; on a slow "
            "connection set a larger LAJUR_ARM_SECONDS."
        ),
    ),
    "device.moved": Message(
        id=(
            "{device} ({step}): perangkat berubah antara saat dibaca dan saat perintah ini tiba, jadi rencananya tidak berlaku "
            "lagi; langkah ini tidak dijalankan. Jalankan perintah yang sama lagi: perangkat dibaca ulang lebih dulu."
        ),
        en=(
            "{device} ({step}): the device has changed between being read and being told this, so that the plan no longer "
            "holds; this step was not done. Give the same command again: the device is read first."
        ),
    ),
}
