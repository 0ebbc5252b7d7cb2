"""What can go wrong when Ansible plays for us."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

MESSAGES: Final[dict[str, Message]] = {
    "cli.help.play": Message(
        id=(
            "Jalankan playbook pada server sewa, dengan kunci SSH yang dirujuk servers.yaml; tercatat dalam log audit.\n\n"
            "  lajur play site --dry-run\n\n"
            "Tanpa nama: site. Kata sesudah -- diteruskan kepada ansible-playbook. Dengan --dry-run kode "
            "keluar 2 berarti ada yang akan berubah. --baseline menjadikan yang diubahnya keadaan pembanding drift."
        ),
        en=(
            "Play a playbook on the leased servers, with the SSH keys that servers.yaml refers to; kept in the audit log.\n\n"
            "  lajur play site --dry-run\n\n"
            "Without a name: site. Words after -- go to ansible-playbook. With --dry-run exit code 2 says that "
            "something would change. --baseline makes what it changes the state that drift compares with."
        ),
    ),
    "cli.flag.play_playbook": Message(
        id="Playbook di folder playbooks/, tanpa akhirannya.", en="A playbook in the folder playbooks/, without its ending."
    ),
    "cli.flag.play_server": Message(id="Hanya server ini (boleh diulang).", en="Only this server (may be repeated)."),
    "cli.flag.play_baseline": Message(
        id="Sesudahnya terima yang diubah sebagai dasar drift; ditolak bila sebelumnya sudah ada yang berbeda.",
        en="Accept what it changed as drift's baseline afterwards; refused where something differs already before.",
    ),
    "play.not_adopted": Message(
        id="Belum ada server yang diambil alih: tidak ada dasar drift. Jalankan `lajur infra up`, atau tanpa --baseline.",
        en="No server was taken over yet: there is no baseline of drift. Give `lajur infra up`, or leave out --baseline.",
    ),
    "play.drifted": Message(
        id=(
            "{count} hal sudah berbeda sebelum playbook dijalankan: {differences}. Tidak ada yang dijalankan, agar perubahan "
            "tangan tidak ikut diterima. Lihat `lajur infra drift`; benahi dengan `lajur infra up`, atau tanpa --baseline."
        ),
        en=(
            "{count} things differ already before the play: {differences}. Nothing was played, so that nothing done by "
            "hand is accepted with it. Look with `lajur infra drift`; mend it with `lajur infra up`, or play without --baseline."
        ),
    ),
    "play.accepted": Message(
        id="Keadaan sekarang adalah dasar drift bagi: {servers}.", en="What holds now is drift's baseline for: {servers}."
    ),
    "cli.flag.play_words": Message(
        id="Kata-kata untuk ansible-playbook, sesudah --.", en="Words for ansible-playbook, after --."
    ),
    "play.no_ansible": Message(
        id="ansible-playbook tidak ada di {place}. Tidak ada yang diubah. Pasang dengan: pip install 'lajur[ansible]'.",
        en="There is no ansible-playbook at {place}. Nothing was changed. Install it: pip install 'lajur[ansible]'.",
    ),
    "play.no_playbook": Message(
        id="Tidak ada playbook {playbook} di {folder}. Yang ada: {known}.",
        en="There is no playbook {playbook} in {folder}. There are: {known}.",
    ),
    "play.template": Message(
        id=(
            "{name}: nilai ini tampak seperti templat Ansible ({value}), dan tidak ada nilai yang boleh menjadi perintah. Tidak "
            "ada yang diubah. Tulis tanpa kurung kurawal ganda."
        ),
        en=(
            "{name}: this value looks like a template of Ansible ({value}), and no value may become a command. Nothing was "
            "changed. Write it without double braces."
        ),
    ),
    "play.died": Message(
        id="Playbook {playbook} berakhir tanpa selesai ({how}). Yang sudah dikerjakan tetap. Seluruh keluarannya: {log}.",
        en="The playbook {playbook} ended without being through ({how}). What was done stays. All that it said: {log}.",
    ),
    "play.nothing": Message(
        id="Playbook {playbook} tidak mengerjakan apa pun: {reason}. Seluruh keluarannya: {log}.",
        en="The playbook {playbook} did nothing: {reason}. All that it said: {log}.",
    ),
    "play.end.host_key": Message(
        id=(
            "{host}: kunci host SSH bukan yang dipercaya (yang ditunjukkan: {shown}), jadi server ini tidak dimasuki. Mungkin "
            "mesin lain yang menjawab. Bandingkan sidik jari itu di mesinnya sendiri; bila memang miliknya: "
            "lajur device trust {host} --replace, lalu jalankan lagi."
        ),
        en=(
            "{host}: its SSH host key is not the one that is trusted (it shows {shown}), so this server was not entered. Another "
            "machine may be answering. Compare that fingerprint on the machine itself; if it is its own: "
            "lajur device trust {host} --replace, then play again."
        ),
    ),
    "play.end.login": Message(
        id=(
            "{host} menolak login, jadi tidak diubah lagi. Periksa kunci yang dirujuk servers.yaml dan penggunanya di sana, lalu "
            "jalankan lagi."
        ),
        en=(
            "{host} refuses the login, so nothing more was changed there. Check the key that servers.yaml refers to and its user "
            "there, then play again."
        ),
    ),
    "play.end.unreachable": Message(
        id=(
            "{host} tidak dapat dihubungi lewat SSH, atau putus di tengah. Yang sudah dikerjakan di sana tetap. Periksa daya dan "
            "jalurnya, lalu jalankan lagi: yang sudah ada tidak diulang."
        ),
        en=(
            "{host} cannot be reached over SSH, or was lost on the way. What was done there stays. Check its power and its "
            "line, then play again: what is there is not done twice."
        ),
    ),
    "play.end.packages": Message(
        id=(
            "{host}: paket {packages} tidak dapat diambil dari repositori. Yang sudah terpasang tetap. Periksa repositori dan "
            "jalur ke sana, lalu jalankan lagi: dilanjutkan dari situ. Kata apt: {said}"
        ),
        en=(
            "{host}: the packages {packages} could not be had from the repository. What was installed stays. Check the "
            "repository and the line to it, then play again: it goes on from there. apt says: {said}"
        ),
    ),
    "play.end.failed": Message(
        id=(
            "{host}: berhenti di langkah “{task}”; sebabnya tertulis di atas. Yang sudah dikerjakan tetap. Perbaiki sebabnya, "
            "lalu jalankan lagi: yang sudah ada tidak diulang."
        ),
        en=(
            "{host}: it stopped at the step “{task}”; why is written above. What was done stays. Mend the cause, then play "
            "again: what is there is not done twice."
        ),
    ),
    "play.agent": Message(
        id=(
            "Kunci SSH untuk {servers} tidak dapat diberikan kepada ssh-agent ({reason}). Tidak ada server yang dihubungi. "
            "Periksa rujukannya di servers.yaml: kunci tanpa frasa sandi, dalam bentuk OpenSSH atau PEM."
        ),
        en=(
            "The SSH key of {servers} could not be given to ssh-agent ({reason}). No server was reached. Check its reference in "
            "servers.yaml: a key without a passphrase, in OpenSSH's form or PEM."
        ),
    ),
    "play.no_servers": Message(
        id="Di sini tidak ada server dari {regency} yang dapat dihubungi ({way}). Naikkan lab dengan `lajur lab up --servers`.",
        en="No server of {regency} can be reached from here ({way}). Bring up a lab: `lajur lab up --servers`.",
    ),
}
