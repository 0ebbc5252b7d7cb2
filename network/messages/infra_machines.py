"""What can go wrong at the controller of a leased server, and why a difference needs a person."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

_BMC: Final[dict[str, Message]] = {
    "infra.bmc_unreachable": Message(
        id=(
            "{server}: pengendali {address} tidak dapat dihubungi ({reason}). Tidak ada yang diubah. Periksa VPN pemberi sewa "
            "dan alamat `bmc` di servers.yaml."
        ),
        en=(
            "{server}: the controller {address} cannot be reached ({reason}). Nothing was changed. Check the lessor's VPN and "
            "the address of `bmc` in servers.yaml."
        ),
    ),
    "infra.bmc_login_refused": Message(
        id=(
            "{server}: pengendali {address} menolak masuk sebagai {user}. Tidak ada yang diubah. Periksa pengguna dan rujukan "
            "kata sandinya di `bmc` pada servers.yaml."
        ),
        en=(
            "{server}: the controller {address} refused the login as {user}. Nothing was changed. Check the user and the "
            "reference to the password in `bmc` of servers.yaml."
        ),
    ),
    "infra.bmc_certificate": Message(
        id=(
            "{server}: sertifikat pengendali {address} bukan yang dipercaya: dipercaya {pinned}, yang ditunjukkan {offered}. "
            "Kata sandi tidak dikirim. Cocokkan dengan pemberi sewa; bila memang miliknya, tulis di `certificate` pada "
            "servers.yaml."
        ),
        en=(
            "{server}: the certificate of the controller {address} is not the trusted one: trusted is {pinned}, shown was "
            "{offered}. No password was sent. Compare it with the lessor; if it is theirs, write it to `certificate` in "
            "servers.yaml."
        ),
    ),
    "infra.bmc_elsewhere": Message(
        id=(
            "{server}: pengendali {address} mengarahkan ke alamat lain ({where}). Ke sana tidak ada yang dikirim. Periksa alamat "
            "`bmc` di servers.yaml."
        ),
        en=(
            "{server}: the controller {address} pointed to another address ({where}). Nothing was sent there. Check the address "
            "of `bmc` in servers.yaml."
        ),
    ),
    "infra.bmc_refused": Message(
        id=(
            "{server}: pengendali {address} menolak perintah `{doing}`: {reason}. Keadaan sebelumnya tetap. Periksa apakah "
            "pengendali itu mampu dan apakah penggunanya berhak, lalu ulangi."
        ),
        en=(
            "{server}: the controller {address} refused `{doing}`: {reason}. All stays as it was. Check that the controller can "
            "do it and that its user may, then try again."
        ),
    ),
    "infra.bmc_no_effect": Message(
        id=(
            "{server}: pengendali {address} menerima `{doing}`, tetapi sesudah {seconds} detik keadaannya belum begitu. Lihat "
            "konsol mesin, lalu jalankan perintah yang sama lagi: ia membaca ulang dulu."
        ),
        en=(
            "{server}: the controller {address} took `{doing}`, but {seconds} seconds later it is not so. See the console of "
            "the machine, then give the same command again: it reads back first."
        ),
    ),
    "infra.bmc_lacks": Message(
        id="{server}: pengendali {address} tidak punya {what}, jadi `{doing}` tidak dapat dilakukan. Hapus dari servers.yaml.",
        en="{server}: the controller {address} has no {what}, so `{doing}` cannot be done. Take it out of servers.yaml.",
    ),
    "infra.bmc_which_system": Message(
        id=(
            "{server}: di belakang pengendali {address} ada mesin {systems}, dan `{wanted}` tidak menunjuk tepat satu. Tulis "
            "salah satunya di `bmc.system` pada servers.yaml."
        ),
        en=(
            "{server}: behind the controller {address} are the machines {systems}, and `{wanted}` is not one of them alone. "
            "Write one of them to `bmc.system` in servers.yaml."
        ),
    ),
    "infra.bmc_not_understood": Message(
        id=(
            "{server}: jawaban pengendali {address} atas `{doing}` tidak dapat dipahami ({reason}). Periksa versi perangkat "
            "lunaknya; bila perlu, hapus `bmc` dari servers.yaml."
        ),
        en=(
            "{server}: what the controller {address} answered to `{doing}` cannot be understood ({reason}). Check the version "
            "of its software; if need be, take `bmc` out of servers.yaml."
        ),
    ),
}

_REASONS: Final[dict[str, Message]] = {
    "infra.reason.hardware": Message(
        id="perangkat keras: minta pemberi sewa memperbaikinya", en="hardware: have the lessor mend it"
    ),
    "infra.reason.contract": Message(
        id="kontrak: perpanjang sewa atau kembalikan mesinnya", en="contract: extend it or give back"
    ),
    "infra.and_more": Message(id="{names} dan {count} lagi (-v menyebut semua)", en="{names} and {count} more (-v names each)"),
    "infra.reason.changed_by_hand": Message(
        id="diubah dengan sengaja: kembalikan, atau jadikan acuan baru dengan `lajur infra refresh --baseline`",
        en="changed on purpose: undo it, or take it as the new baseline with `lajur infra refresh --baseline`",
    ),
    "infra.reason.not_ours_to_remove": Message(
        id="ditambahkan orang: hapus bila tidak dikenal, atau jadikan acuan baru dengan `lajur infra refresh --baseline`",
        en="added by somebody: remove it if nobody knows it, or make it the baseline with `lajur infra refresh --baseline`",
    ),
    "infra.reason.no_unit": Message(
        id="bukan layanan yang membukanya: cari prosesnya dengan `ss -tulpn` dan hentikan",
        en="no service opened it: find the process with `ss -tulpn` and stop it",
    ),
    "infra.reason.vital": Message(
        id="layanan yang membukanya diperlukan untuk masuk: periksa pengaturannya",
        en="the service that opened it is needed to log in: check its configuration",
    ),
    "infra.reason.released": Message(
        id="milik sebuah rilis, di gerbang yang tidak disebut kebenaran: lihat `lajur release status`, betulkan workloads.yaml, "
        "atau jadikan acuan baru dengan `lajur infra refresh --baseline`",
        en="it belongs to a release, at a port that the truth does not name: see `lajur release status`, mend workloads.yaml, or "
        "make it the baseline with `lajur infra refresh --baseline`",
    ),
    "infra.reason.name_refused": Message(
        id="namanya memuat tanda yang tidak boleh masuk ke perintah: periksa di mesinnya",
        en="its name has signs that may not enter a command: look on the machine",
    ),
    "infra.reason.not_plain": Message(
        id="bukan berkas biasa milik akun itu, jadi tidak disentuh: periksa di mesinnya, hapus tautan atau kunci yang asing",
        en="no plain file of that account's own, so it was left alone: look on the machine, remove the link or the unknown key",
    ),
    "infra.reason.host_key": Message(
        id="tanyakan pemberi sewa apakah mesinnya dipasang ulang; bila ya: `lajur device trust --replace`",
        en="ask the lessor whether the machine was installed anew; if so: `lajur device trust --replace`",
    ),
    "infra.reason.host_key_trusted": Message(
        id="kunci yang dipakai masuk sudah dipercaya; bila diganti dengan sengaja: `lajur infra refresh --baseline`",
        en="the key that it is entered by is trusted; if it was replaced on purpose: `lajur infra refresh --baseline`",
    ),
    "infra.reason.file": Message(
        id="bandingkan isinya dengan cadangan; kembalikan, atau jadikan acuan baru dengan `lajur infra refresh --baseline`",
        en="compare it with a backup; put it back, or take it as the new baseline with `lajur infra refresh --baseline`",
    ),
    "infra.reason.rights": Message(
        id="kembalikan dengan `chmod` dan `chown`, dan anggap isinya sudah dibaca atau ditulis orang",
        en="put it right with `chmod` and `chown`, and take what it holds for read or written by somebody",
    ),
    "infra.reason.password": Message(
        id="tanyakan pemiliknya; bila bukan dia, kunci dengan `passwd -l`; bila ya: `lajur infra refresh --baseline`",
        en="ask its owner; if it was not them, lock it with `passwd -l`; if it was: `lajur infra refresh --baseline`",
    ),
    "infra.reason.member": Message(
        id="bila tidak disengaja, keluarkan dengan `gpasswd -d AKUN GRUP`; bila disengaja: `lajur infra refresh --baseline`",
        en="if nobody meant it, take it out with `gpasswd -d ACCOUNT GROUP`; else: `lajur infra refresh --baseline`",
    ),
    "infra.reason.login": Message(
        id="bila tidak disengaja: `usermod -s /usr/sbin/nologin AKUN`; bila disengaja: `lajur infra refresh --baseline`",
        en="if nobody meant it: `usermod -s /usr/sbin/nologin ACCOUNT`; else: `lajur infra refresh --baseline`",
    ),
    "infra.reason.tool_missing": Message(
        id="program yang dipakai untuk melihatnya hilang dari mesin: pasang lagi",
        en="the program that it is seen with is gone from the machine: install it again",
    ),
    "infra.reason.other_machine": Message(
        id="mesin lain, atau dipegang orang lain: periksa `address` di servers.yaml",
        en="another machine, or held by somebody else: check `address` in servers.yaml",
    ),
    "infra.reason.contract_short": Message(
        id="tagih pemberi sewa; atau kecualikan barisnya di servers.yaml (`waivers`), lalu `lajur infra up`",
        en="claim it from the lessor; or waive the line in servers.yaml (`waivers`), then `lajur infra up`",
    ),
    "infra.reason.unreachable": Message(
        id="periksa mesin, jaringan dan SSH-nya, lalu lihat lagi",
        en="check the machine, its network and its SSH, then look again",
    ),
    "infra.reason.controller": Message(
        id="periksa pengendali dan VPN pemberi sewa, lalu lihat lagi",
        en="check the controller and the lessor's VPN, then look again",
    ),
    "infra.reason.orphan": Message(
        id="tidak ada lagi yang memintanya: hapus di cloud setelah diperiksa isinya; selama ada, sewanya berjalan",
        en="nobody asks for it any more: look at its contents, then delete it in the cloud; while it is there it is paid for",
    ),
    "infra.reason.rented_over": Message(
        id="`lajur infra up --due` mengembalikan yang datang untuk masa puncak, `lajur infra destroy --release` yang mana saja",
        en="`lajur infra up --due` gives back what came for a peak, `lajur infra destroy --release` any",
    ),
    "infra.reason.leaving": Message(
        id="selesaikan pengembaliannya: `lajur infra destroy --release`",
        en="finish giving it back: `lajur infra destroy --release`",
    ),
    "infra.reason.cloud": Message(
        id="periksa jalan ke cloud itu dan cara masuknya (`login.file` di clouds.yaml); `lajur infra preview` menyebut sebabnya",
        en="check the way to that cloud and its login (`login.file` in clouds.yaml); `lajur infra preview` names the cause",
    ),
    "infra.reason.left_truth": Message(
        id="tulis lagi di servers.yaml atau clouds.yaml, atau lepaskan dengan `lajur infra destroy`",
        en="put it back in servers.yaml or clouds.yaml, or let it go with `lajur infra destroy`",
    ),
}

MESSAGES: Final[dict[str, Message]] = {**_BMC, **_REASONS}
