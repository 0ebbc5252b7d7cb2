"""What findings about workloads, their releases and the accounts of people say. Words only."""

from __future__ import annotations

from typing import Final

from inventory.findings import Message

KIND_WORDS: Final[dict[str, Message]] = {
    "deployed": Message(id="dipasang", en="deployed"),
    "connected": Message(id="terhubung", en="connected"),
}
"""How a workload's `kind` is shown to people; the files keep the English word."""

WORDS: Final[dict[str, Message]] = {
    # ------------------------------------------------------------------------------------------------------- workloads
    "workload.connected_has": Message(
        id="beban kerja '{workload}' hanya dihubungi (kind: connected), jadi `{field}` tidak berlaku; hapus, atau hapus "
        "`kind: connected` bila memang dipasang di server sendiri",
        en="the workload '{workload}' is only reached (kind: connected), so that `{field}` means nothing; take it out, or take "
        "`kind: connected` out if it does run on own servers",
    ),
    "workload.not_for": Message(
        id="`{field}` tidak berlaku untuk beban kerja '{workload}' dengan `runs: {runs}`, hanya untuk {allowed}; hapus, atau "
        "perbaiki `runs`",
        en="`{field}` means nothing for the workload '{workload}' with `runs: {runs}`, only for {allowed}; take it out, or "
        "correct `runs`",
    ),
    "workload.chat_domain": Message(
        id="beban kerja '{workload}' menjalankan obrolan, tetapi domain akunnya tidak tertulis; tulis misalnya "
        "`chat: {{domain: obrolan.manokwari.example}}`",
        en="the workload '{workload}' runs a chat, but the domain of its accounts is not written; write for example "
        "`chat: {{domain: chat.manokwari.example}}`",
    ),
    "workload.key_long": Message(
        id="kunci beban kerja '{workload}' lebih panjang dari {most} tanda, padahal pengguna Linux-nya bernama lajur-KUNCI; "
        "pendekkan",
        en="the key of the workload '{workload}' is longer than {most} characters, and its Linux user is called lajur-KEY; "
        "shorten it",
    ),
    "workload.server_twice": Message(
        id="beban kerja '{workload}' menyebut server '{server}' dua kali; hapus salah satunya",
        en="the workload '{workload}' names the server '{server}' twice; remove one of the two",
    ),
    "workload.one_server": Message(
        id="beban kerja '{workload}' dengan `runs: {runs}` menyimpan datanya sendiri, jadi hanya satu server; pilih satu, dan "
        "tulis beban kerja lain untuk server lainnya",
        en="the workload '{workload}' with `runs: {runs}` keeps data of its own, so that it has one server only; choose one, and "
        "write another workload for the other",
    ),
    "workload.wrong_runs": Message(
        id="{field}: '{key}' adalah {runs}, padahal di sini perlu beban kerja dengan `runs: {needed}`; sebut yang lain, atau "
        "perbaiki `runs` di sana",
        en="{field}: '{key}' is {runs}, and what is needed here is a workload with `runs: {needed}`; name another one, or "
        "correct `runs` there",
    ),
    "workload.runs_twice": Message(
        id="server '{server}' sudah menjalankan {runs} untuk '{first}', jadi tidak juga untuk '{workload}': peran itu hanya "
        "sekali di setiap server; pindahkan ke server lain, atau gabungkan keduanya",
        en="the server '{server}' runs {runs} for '{first}' already, so not for '{workload}' too: that role is on a server once "
        "only; move it to another server, or make one of the two",
    ),
    "workload.port_taken": Message(
        id="port {port} di server '{server}' sudah dipakai '{first}', jadi tidak dapat juga untuk '{workload}'; tulis port "
        "lain, atau pindahkan ke server lain",
        en="port {port} of the server '{server}' belongs to '{first}' already and cannot be that of '{workload}' too; write "
        "another port, or move it to another server",
    ),
    "workload.unprobed": Message(
        id="beban kerja '{workload}' dihubungi, tetapi tidak menyebut aplikasi, jadi tidak ada yang dapat memeriksa apakah ia "
        "terjangkau; tulis `application:` dengan nama dari applications.yaml",
        en="the workload '{workload}' is connected but names no application, so that nothing can look whether it is reached; "
        "write `application:` with a name of applications.yaml",
    ),
    "workload.no_probe": Message(
        id="aplikasi '{application}' milik beban kerja '{workload}' tidak punya `probe`, jadi tidak ada yang dapat memeriksa "
        "apakah ia terjangkau; tulis di applications.yaml, misalnya `probe: {{kind: https, host: 198.18.10.10}}`",
        en="the application '{application}' of the workload '{workload}' has no `probe`, so that nothing can look whether it is "
        "reached; write one in applications.yaml, for example `probe: {{kind: https, host: 198.18.10.10}}`",
    ),
    "workload.window_unknown": Message(
        id="beban kerja '{workload}' menyebut jendela '{key}', yang tidak ada di windows.yaml; yang terdekat: {nearest}",
        en="the workload '{workload}' names the window '{key}', which is not in windows.yaml; the nearest: {nearest}",
    ),
    # -------------------------------------------------------------------------------------------------------- releases
    "release.batch": Message(
        id="batches: {value} bukan jumlah server (1 sampai {most}) maupun bagian dari semuanya (1% sampai 100%); tulis misalnya "
        "[1, 25%, 100%]",
        en="batches: {value} is neither a number of servers (1 to {most}) nor a part of them all (1% to 100%); write for "
        "example [1, 25%, 100%]",
    ),
    "release.batches": Message(
        id="batches: berakhir dengan {last}, jadi sebagian server tidak mendapat rilis; tulis 100% sebagai yang terakhir",
        en="batches: they end with {last}, so that some servers never get the release; write 100% as the last one",
    ),
    "release.batches_order": Message(
        id="batches: {batches}: setiap bagian harus lebih besar dari yang sebelumnya; tulis misalnya [1, 25%, 100%]",
        en="batches: {batches}: every part has to be larger than the one before; write for example [1, 25%, 100%]",
    ),
    "release.words": Message(
        id="di sini ada tanda yang tidak dapat dicetak, misalnya ganti baris; tulis satu baris teks biasa",
        en="there is a sign here that cannot be printed, such as a line break; write one line of plain text",
    ),
    "release.program_relative": Message(
        id="{field}: '{program}' di luar folder rilis; program dari {artefact} ditulis dari folder itu, tanpa '..', "
        "misalnya bin/serve",
        en="{field}: '{program}' is outside the release's folder; the program of a {artefact} is written from that folder on, "
        "without '..', for example bin/serve",
    ),
    "release.program_absolute": Message(
        id="{field}: '{program}' bukan jalur yang utuh; program dari {artefact} ditulis dari '/' tanpa '..', "
        "misalnya /usr/bin/gerbang",
        en="{field}: '{program}' is not a whole path; the program of a {artefact} is written from '/' on, without '..', "
        "for example /usr/bin/gateway",
    ),
    "release.unwatched": Message(
        id="beban kerja '{workload}' punya `release`, tetapi tidak punya {missing}, jadi rilis yang buruk tidak akan "
        "ketahuan; tulis `port:` dan `health:`",
        en="the workload '{workload}' has a `release` but no {missing}, so that a bad release would not be noticed; "
        "write `port:` and `health:`",
    ),
    "release.staged_inside": Message(
        id="beban kerja '{workload}' dibuka bertahap (`staged`), tetapi tidak lewat pintu masuk mana pun yang dapat menahan "
        "kantor lain; tulis `entrance:`, atau hapus `staged`",
        en="the workload '{workload}' opens in stages (`staged`), but goes through no edge that could hold other offices back; "
        "write `entrance:`, or take `staged` out",
    ),
    "release.staged_nobody": Message(
        id="beban kerja '{workload}' dibuka bertahap (`staged`), tetapi tidak ada tahap di stages.yaml, jadi tidak ada kantor "
        "yang akan masuk; tulis tahapnya, atau hapus `staged`",
        en="the workload '{workload}' opens in stages (`staged`), but stages.yaml has none, so that no office would be let in; "
        "write the stages, or take `staged` out",
    ),
    # ------------------------------------------------------------------------------------------------------- entrances
    "entrance.no_port": Message(
        id="beban kerja '{workload}' dibukakan pintu masuk, tetapi portnya tidak tertulis; tulis `port:`",
        en="the workload '{workload}' is let in from outside, but its port is not written; write `port:`",
    ),
    "entrance.name_twice": Message(
        id="nama {name} sudah milik beban kerja '{first}'; beri '{workload}' nama lain, karena satu nama menuju satu tempat",
        en="the name {name} belongs to the workload '{first}' already; give '{workload}' another one, as a name leads to one "
        "place",
    ),
    "entrance.name_elsewhere": Message(
        id="nama {name} milik server '{server}' (servers.yaml), padahal '{workload}' dicapai lewat {servers}; hapus di sana, "
        "atau pakai nama lain",
        en="the name {name} belongs to the server '{server}' (servers.yaml), while '{workload}' is reached through {servers}; "
        "take it out there, or use another name",
    ),
    # ------------------------------------------------------------------------------------------------------- databases
    "database.no_backup": Message(
        id="basis data '{workload}' tidak punya cadangan: bila disknya rusak, isinya hilang; tulis misalnya "
        "`backup: {{to: mon-1}}` dengan server lain",
        en="the database '{workload}' has no backup: what is in it is lost with its disk; write for example "
        "`backup: {{to: mon-1}}` with another server",
    ),
    "backup.same_server": Message(
        id="cadangan '{workload}' disimpan di '{server}', server basis datanya sendiri, jadi keduanya hilang bersama; pilih "
        "server lain",
        en="the backup of '{workload}' goes to '{server}', the database's own server, so that both are lost together; choose "
        "another server",
    ),
    "controller.plain": Message(
        id="pengendali '{workload}' selalu menjawab lewat TLS; tulis `scheme: https`, atau hapus `scheme`",
        en="the controller '{workload}' always answers over TLS; write `scheme: https`, or take `scheme` out",
    ),
    "controller.no_database": Message(
        id="catatan pengendali '{workload}' tidak punya tempat; tulis `release: {{artefact: tarball, database: KUNCI}}` dengan "
        "kunci beban kerja yang `runs: database`",
        en="the record of the controller '{workload}' has no place; write `release: {{artefact: tarball, database: KEY}}` with "
        "the key of a workload with `runs: database`",
    ),
    "database.name_kept": Message(
        id="basis data untuk '{workload}' akan bernama {name}, dan nama itu milik PostgreSQL sendiri; beri beban kerja ini "
        "nama lain",
        en="the database of '{workload}' would be called {name}, which belongs to PostgreSQL itself; give the workload another "
        "key",
    ),
    "dns.forwarder_own": Message(
        id="penerjemah nama '{workload}' meneruskan ke {address}, padahal itu '{server}', penerjemah nama kabupaten sendiri, "
        "jadi keduanya saling bertanya; tulis alamat milik penyedia",
        en="the resolver '{workload}' forwards to {address}, which is '{server}', a resolver of the regency itself, so that they "
        "ask each other; write an address of the provider's",
    ),
    "dns.forwarder_twice": Message(
        id="penerjemah nama '{workload}' menyebut {address} dua kali; hapus salah satunya",
        en="the resolver '{workload}' names {address} twice; remove one of the two",
    ),
    "dns.forwarder_nobody": Message(
        id="penerjemah nama '{workload}' meneruskan ke {address}, alamat yang tidak dijawab mesin lain mana pun; tulis alamat "
        "milik penyedia, atau hapus `dns` agar bertanya langsung ke server akar",
        en="the resolver '{workload}' forwards to {address}, at which no other machine answers; write an address of the "
        "provider's, or take `dns` out to ask the root servers",
    ),
    # -------------------------------------------------------------------------------------------------- moving a stage
    "move.no_stage": Message(
        id="tidak ada tahap bernama '{stage}'; yang terdekat: {nearest}",
        en="there is no stage called '{stage}'; the nearest: {nearest}",
    ),
    "move.same_day": Message(
        id="tahap '{stage}' memang sudah dibuka pada {opens}; tidak ada yang ditulis; sebut tanggal lain",
        en="the stage '{stage}' opens on {opens} already; nothing was written; give another date",
    ),
    "move.reason": Message(
        id="alasan pemindahan tahap '{stage}' kosong, lebih dari {most} tanda, atau berisi tanda yang tidak dapat dicetak; "
        "tidak ada yang ditulis; tulis satu kalimat biasa",
        en="the reason to move the stage '{stage}' is empty, longer than {most} signs, or has signs that cannot be printed; "
        "nothing was written; write one plain sentence",
    ),
    "move.by_hand": Message(
        id="{field} milik tahap '{stage}' ditulis dengan cara yang tidak dapat diubah tanpa menyentuh yang lain (alias atau "
        "anchor); tidak ada yang ditulis; ubah langsung di stages.yaml",
        en="{field} of the stage '{stage}' is written in a way that cannot be changed without touching something else (an alias "
        "or an anchor); nothing was written; change it in stages.yaml by hand",
    ),
    "move.changed": Message(
        id="stages.yaml berubah setelah dibaca; tidak ada yang ditulis; jalankan perintahnya lagi",
        en="stages.yaml changed after it was read; nothing was written; run the command again",
    ),
    "move.unwritable": Message(
        id="berkas ini tidak dapat ditulis ({reason}); tidak ada yang berubah; periksa izin folder",
        en="this file cannot be written ({reason}); nothing was changed; check the folder's permissions",
    ),
    # ---------------------------------------------------------------------------------------------------------- people
    "people.account_twice": Message(
        id="akun '{account}' milik '{first}', jadi tidak dapat juga untuk '{owner}'; beri salah satunya nama lain",
        en="the account '{account}' is that of '{first}' and cannot be that of '{owner}' too; give one of the two another key",
    ),
}

NONE_NEAR: Final[dict[str, Message]] = {
    "workload.window_unknown": Message(
        id="beban kerja '{workload}' menyebut jendela '{key}', yang tidak ada di windows.yaml; yang ada: {known}",
        en="the workload '{workload}' names the window '{key}', which is not in windows.yaml; there are: {known}",
    ),
    "move.no_stage": Message(
        id="tidak ada tahap bernama '{stage}'; yang ada: {known}",
        en="there is no stage called '{stage}'; there are: {known}",
    ),
}
