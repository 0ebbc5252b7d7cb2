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
    "play.busy_play": Message(
        id=(
            "{actor} sedang menjalankan playbook {playbook} sejak {since} (proses {pid}), juga di {server}. Tidak ada yang "
            "diubah; tunggu sampai selesai, lalu jalankan lagi."
        ),
        en=(
            "{actor} has been playing {playbook} since {since} (process {pid}), on {server}, too. Nothing was changed; wait "
            "until that has ended, then play again."
        ),
    ),
    "play.busy_release_since": Message(
        id=(
            "{actor} sedang merilis {workload} {release} sejak {since} ({run}, proses {pid}), juga di {server}. Tidak ada yang "
            "diubah; tunggu sampai selesai (`lajur release status {workload}`), lalu jalankan lagi."
        ),
        en=(
            "{actor} has been releasing {workload} {release} since {since} ({run}, process {pid}), on {server}, too. Nothing was "
            "changed; wait until that has ended (`lajur release status {workload}`), then play again."
        ),
    ),
    "play.busy_release": Message(
        id=(
            "Sebuah rilis sedang bekerja di {server} ({run}, proses {pid}). Tidak ada yang diubah; tunggu sampai selesai (`lajur "
            "release status`), lalu jalankan lagi."
        ),
        en=(
            "A release is at work on {server} ({run}, process {pid}). Nothing was changed; wait until that has ended (`lajur "
            "release status`), then play again."
        ),
    ),
    "play.busy_return": Message(
        id=(
            "{server} sedang dikembalikan dan dihapus isinya ({run}, proses {pid}). Tidak ada yang diubah; tunggu sampai "
            "selesai, lalu jalankan lagi, atau pada server lain saja: --server."
        ),
        en=(
            "{server} is being wiped and given back ({run}, process {pid}). Nothing was changed; wait until that has ended, then "
            "play again, or on other servers only: --server."
        ),
    ),
    "play.busy_stage": Message(
        id=(
            "Sebuah tahap sedang dibuka ({run}, proses {pid}), dan pintu masuknya sedang diberi tahu. Tidak ada yang diubah; "
            "tunggu sebentar, lalu jalankan lagi."
        ),
        en=(
            "A stage is being opened ({run}, process {pid}), and its edges are being told. Nothing was changed; wait a moment, "
            "then play again."
        ),
    ),
    "release.busy_play": Message(
        id=(
            "{actor} sedang menjalankan playbook {playbook} sejak {since} (proses {pid}), juga di {server}, jadi {workload} "
            "tidak dirilis dan tidak dikembalikan ke versi lain selama itu. Belum ada yang diubah; tunggu sampai "
            "selesai, lalu ulangi."
        ),
        en=(
            "{actor} has been playing {playbook} since {since} (process {pid}), on {server}, too, so {workload} is neither "
            "released nor taken back meanwhile. Nothing was changed; wait until that has ended, then try again."
        ),
    ),
    "release.stage_busy_play": Message(
        id=(
            "{actor} sedang menjalankan playbook {playbook} sejak {since} (proses {pid}), juga di pintu masuk tahap-tahap. Tidak "
            "ada yang dibuka; tunggu sampai selesai, lalu ulangi."
        ),
        en=(
            "{actor} has been playing {playbook} since {since} (process {pid}), on the edges of stages, too. Nothing was opened; "
            "wait until that has ended, then try again."
        ),
    ),
    "play.interrupted": Message(
        id=(
            "Dihentikan di langkah “{task}” dari playbook {playbook}. Yang sudah dikerjakan tetap, dan langkah itu mungkin baru "
            "setengah jalan. Jalankan {playbook} lagi: yang sudah ada tidak diulang."
        ),
        en=(
            "Interrupted at the step “{task}” of the playbook {playbook}. What was done stays, and that step may be half done. "
            "Play {playbook} again: what is there is not done twice."
        ),
    ),
    "play.interrupted_own": Message(
        id=(
            "Dihentikan di langkah “{task}” dari playbook {playbook}. Langkah ini merapikan sendiri yang sudah dimulainya, "
            "sejauh masih sempat; kata-katanya tertulis di atas. Lihat yang berlaku sekarang (`lajur status`, `lajur release "
            "status`, `lajur infra outputs`), lalu jalankan {playbook} lagi."
        ),
        en=(
            "Interrupted at the step “{task}” of the playbook {playbook}. That step puts in order by itself what it had begun, "
            "as far as it still could; what it said is above. Look at what holds now (`lajur status`, `lajur release status`, "
            "`lajur infra outputs`), then play {playbook} again."
        ),
    ),
    "play.interrupted_before": Message(
        id="Playbook {playbook} dihentikan sebelum langkah pertamanya. Tidak ada yang diubah.",
        en="The playbook {playbook} was interrupted before its first step. Nothing was changed.",
    ),
    "play.interrupted_looking": Message(
        id="Playbook {playbook} dihentikan sewaktu melihat saja. Tidak ada yang diubah.",
        en="The playbook {playbook} was interrupted while it only looked. Nothing was changed.",
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
    "play.end.refused": Message(id="{value}", en="{value}"),
    "play.end.untouched": Message(
        id=(
            "{host}: berhenti di langkah “{task}”; sebabnya tertulis di atas. Di {host} tidak ada yang diubah. Perbaiki "
            "sebabnya, lalu jalankan lagi."
        ),
        en=(
            "{host}: it stopped at the step “{task}”; why is written above. Nothing was changed on {host}. Mend the cause, then "
            "play again."
        ),
    ),
    "play.end.looking": Message(
        id=(
            "{host}: berhenti di langkah “{task}” sewaktu melihat saja; sebabnya tertulis di atas. Tidak ada yang diubah. "
            "Perbaiki sebabnya, lalu lihat lagi."
        ),
        en=(
            "{host}: it stopped at the step “{task}” while it only looked; why is written above. Nothing was changed. Mend the "
            "cause, then look again."
        ),
    ),
    "play.end.login_looking": Message(
        id=(
            "{host} menolak login. Tidak ada yang diubah. Periksa kunci yang dirujuk servers.yaml dan penggunanya di sana, lalu "
            "lihat lagi."
        ),
        en=(
            "{host} refuses the login. Nothing was changed. Check the key that servers.yaml refers to and its user there, then "
            "look again."
        ),
    ),
    "play.end.unreachable_looking": Message(
        id="{host} tidak dapat dihubungi lewat SSH. Tidak ada yang diubah. Periksa daya dan jalurnya, lalu lihat lagi.",
        en="{host} cannot be reached over SSH. Nothing was changed. Check its power and its line, then look again.",
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
