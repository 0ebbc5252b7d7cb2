"""What is said of connected systems: what an office heard of them, where the fault lies, what to do."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

_WORDS: Final[dict[str, Message]] = {
    "systems.word.answers": Message(id="menjawab", en="answers"),
    "systems.word.slow": Message(id="lambat", en="slow"),
    "systems.word.page": Message(id="halaman galat", en="error page"),
    "systems.word.certificate": Message(id="sertifikat salah", en="bad certificate"),
    "systems.word.silent": Message(id="tidak menjawab", en="no answer"),
    "systems.word.unclear": Message(id="tidak jelas", en="unclear"),
    "systems.word.unasked": Message(id="tidak dapat ditanya", en="could not ask"),
    "systems.word.never": Message(id="belum pernah ditanya", en="never asked"),
    "systems.by.https": Message(id="lewat HTTPS", en="by HTTPS"),
    "systems.by.https_unchecked": Message(id="lewat HTTPS, sertifikat tidak diperiksa", en="by HTTPS, certificate unchecked"),
    "systems.by.http": Message(id="lewat HTTP", en="by HTTP"),
    "systems.by.tcp": Message(id="lewat TCP", en="by TCP"),
    "systems.by.ping": Message(id="lewat ping saja", en="by ping only"),
    "systems.why.refused": Message(id="sambungan ditolak", en="connection refused"),
    "systems.why.timeout": Message(id="waktu habis", en="timed out"),
    "systems.why.no_route": Message(id="router tidak punya rute", en="the router has no route"),
    "systems.why.name": Message(id="namanya tidak ditemukan (DNS)", en="its name is not found (DNS)"),
    "systems.why.closed": Message(id="sambungan diputus", en="connection closed"),
    "systems.why.tls": Message(id="TLS gagal", en="TLS failed"),
    "systems.why.status": Message(id="status HTTP {status}", en="HTTP status {status}"),
    "systems.why.expect": Message(id="isi yang diharapkan tidak ada", en="the expected text is missing"),
    "systems.why.expired": Message(id="masa berlaku sertifikat habis", en="the certificate has expired"),
    "systems.why.not_yet": Message(id="sertifikat belum berlaku", en="the certificate is not valid yet"),
    "systems.why.other_name": Message(id="sertifikat atas nama lain", en="the certificate is for another name"),
    "systems.why.issuer": Message(id="penerbit sertifikat tidak dikenal", en="the certificate's issuer is unknown"),
    "systems.why.no_ping": Message(id="ping tidak dibalas", en="no reply to ping"),
    "systems.why.no_means": Message(id="router tidak punya python3 maupun ping", en="the router has neither python3 nor ping"),
    "systems.why.unreached": Message(id="router kantor tidak terjangkau", en="the office's router was not reached"),
    "systems.was_unreached": Message(
        id="{device} tidak terjangkau pada pertanyaan terakhir.", en="{device} was not reached when it was asked last."
    ),
    "systems.why.not_understood": Message(id="jawabannya tidak dimengerti", en="its answer is not understood"),
    "systems.good": Message(id="ya", en="yes"),
    "systems.share": Message(id="{answers} dari {asked} kantor", en="{answers} of {asked} offices"),
    "systems.acting": Message(id="{window} (sedang berlaku)", en="{window} (now)"),
    "systems.old": Message(id=" · {age} lalu", en=" · {age} ago"),
    "systems.column_system": Message(id="Sistem", en="System"),
    "systems.column_owner": Message(id="Pemilik", en="Owner"),
    "systems.column_answers": Message(id="Menjawab", en="Answers"),
    "systems.asked": Message(
        id="Ditanya dari alamat LAN kantor oleh routernya: {offices} kantor, {systems} sistem, {at}.",
        en="Asked by the offices' routers from their LAN addresses; offices: {offices}, systems: {systems}, {at}.",
    ),
    "systems.recorded": Message(
        id="Jawaban terakhir yang tercatat: {offices} kantor, {systems} sistem, dilihat {at}. Tidak ada yang ditanya sekarang.",
        en="The last answers on record; offices: {offices}, systems: {systems}, as of {at}. Nobody was asked now.",
    ),
}

_FAULTS: Final[dict[str, Message]] = {
    "systems.down": Message(
        id="{system} tidak menjawab satu pun dari {count} kantor yang bertanya ({why}): sistemnya sendiri yang mati.",
        en="{system} answers none of the offices that asked ({count}; {why}): the system itself is down.",
    ),
    "systems.next.down": Message(
        id="Jangan pindahkan bandwidth: itu tidak menolong. Hubungi pemiliknya, {owner}, dan beri tahu kantor.",
        en="Do not move bandwidth: it does not help. Call its owner, {owner}, and tell the offices.",
    ),
    "systems.silent_alone": Message(
        id="{system} tidak menjawab {offices} ({why}), dan tidak ada kantor lain yang bertanya.",
        en="{system} does not answer {offices} ({why}), and no other office asked.",
    ),
    "systems.next.silent_alone": Message(
        id="Tanya juga dari kantor lain (`lajur systems status --system {system}`): baru jelas apakah sistemnya atau jalannya.",
        en="Ask from other offices too (`lajur systems status --system {system}`): that tells the system from the way to it.",
    ),
    "systems.silent_some": Message(
        id="{system} tidak menjawab {count} kantor ({offices}: {why}), padahal menjawab kantor lain.",
        en="{system} does not answer some offices ({count}: {offices}; {why}) and answers others.",
    ),
    "systems.next.silent_some": Message(
        id="Periksa firewall dan rute kantor itu menuju {system}; `lajur drift` menunjukkan yang berbeda di routernya.",
        en="Look at those offices' firewall and route to {system}; `lajur drift` shows what differs on their routers.",
    ),
    "systems.uplink": Message(
        id="Tidak ada yang menjawab lewat uplink {uplink} dari kantor mana pun: {systems}.",
        en="Nothing answers by uplink {uplink} from any office: {systems}.",
    ),
    "systems.next.uplink": Message(
        id="Bukan sistemnya: periksa uplink {uplink} dan router border, lalu hubungi penyedianya. Lihat `lajur status`.",
        en="It is not the systems: look at uplink {uplink} and the border router, then call the provider. See `lajur status`.",
    ),
    "systems.unreached": Message(
        id="Router {count} kantor tidak terjangkau ({offices}), jadi tidak ada yang dapat ditanya dari sana. {cause}",
        en="Offices whose router cannot be reached, so that nothing could be asked from there: {count} ({offices}). {cause}",
    ),
    "systems.next.unreached": Message(
        id="Periksa tautannya dulu ({links}): `lajur link watch --once`.",
        en="Look at the links first ({links}): `lajur link watch --once`.",
    ),
    "systems.office": Message(
        id="Tidak ada sistem yang menjawab {office}, padahal semuanya hidup di kantor lain.",
        en="No system answers {office}, though they are alive for other offices.",
    ),
    "systems.next.office": Message(
        id="Kantor itu sendiri yang terputus dari luar: periksa {links}, rute, dan NAT untuk LAN-nya (`lajur drift`).",
        en="The office itself is cut off from outside: look at {links}, and at routes and NAT for its LAN (`lajur drift`).",
    ),
    "systems.certificate": Message(
        id="Sertifikat TLS {system} salah ({why}); peramban di semua kantor yang bertanya akan menolaknya.",
        en="The TLS certificate of {system} is bad ({why}); browsers in every office that asked will refuse it.",
    ),
    "systems.certificate_some": Message(
        id="Sertifikat TLS {system} salah menurut {count} kantor saja ({offices}: {why}).",
        en="The TLS certificate of {system} is bad for some offices only ({count}: {offices}; {why}).",
    ),
    "systems.next.certificate": Message(
        id="Beri tahu {owner}. Bila hanya sebagian kantor: periksa jam router (`lajur device check`) dan siapa yang mencegat di "
        "tengah jalan.",
        en="Tell {owner}. If it is some offices only: look at the router's clock (`lajur device check`), and for whoever "
        "intercepts on the way.",
    ),
    "systems.page": Message(
        id="{system} terjangkau tetapi halamannya salah ({why}) di semua kantor yang bertanya.",
        en="{system} is reached but its page is wrong ({why}) in every office that asked.",
    ),
    "systems.page_some": Message(
        id="{system} memberi halaman yang salah ({why}) kepada {count} kantor: {offices}.",
        en="{system} gives a wrong page ({why}) to some offices ({count}): {offices}.",
    ),
    "systems.next.page": Message(
        id="Jaringannya baik, jadi jangan pindahkan bandwidth; hubungi pemiliknya, {owner}.",
        en="The network is good, so do not move bandwidth; call its owner, {owner}.",
    ),
    "systems.slow": Message(
        id="{system} lambat dari semua kantor yang bertanya ({count}).",
        en="{system} is slow from every office that asked ({count}).",
    ),
    "systems.next.slow": Message(
        id="Kalau hanya sistem ini, beban ada pada pemiliknya ({owner}). Kalau semua lambat, lihat isi uplink: `lajur status`.",
        en="If it is this system only, the load is its owner's ({owner}). If all are slow, see the uplink: `lajur status`.",
    ),
    "systems.slow_some": Message(
        id="{system} lambat dari {count} kantor: {offices}.", en="{system} is slow from some offices ({count}): {offices}."
    ),
    "systems.next.slow_some": Message(
        id="Lihat jaminan dan isi kantor itu: `lajur status`.", en="See the guarantee and load of those offices: `lajur status`."
    ),
    "systems.full": Message(
        id="Semua sistem lambat dari {count} kantor ({offices}), cepat dari kantor lain: tautan atau jaminannya penuh.",
        en="Every system is slow from some offices ({count}: {offices}) and quick from others: their link or guarantee is full.",
    ),
    "systems.next.full": Message(
        id="Di sini bandwidth menolong: lihat `lajur status`, lalu `lajur boost` atau `lajur what-if`.",
        en="Here bandwidth helps: see `lajur status`, then `lajur boost` or `lajur what-if`.",
    ),
    "systems.unclear": Message(
        id="Router {count} kantor hanya dapat mem-ping {system} dan tidak dibalas ({offices}); banyak sistem memang begitu.",
        en="The routers of some offices can only ping {system} and got no reply ({count}: {offices}); many systems never reply.",
    ),
    "systems.next.unclear": Message(
        id="Ini bukan bukti bahwa sistemnya mati. Tanya dari kantor yang routernya Linux atau RouterOS.",
        en="This does not prove that the system is down. Ask from an office whose router is Linux or RouterOS.",
    ),
    "systems.unasked": Message(
        id="{system} tidak dapat ditanya atau jawabannya tidak dimengerti di {count} kantor: {offices}.",
        en="{system} could not be asked, or the answer not understood, in some offices ({count}): {offices}.",
    ),
    "systems.next.unasked": Message(
        id="Pasang python3 di router itu, atau periksa perintah yang didukungnya; lihat `lajur device check`.",
        en="Install python3 on those routers, or look at which commands they support; see `lajur device check`.",
    ),
    "systems.no_source": Message(
        id="Router {count} kantor tidak punya alamat di LAN kantornya ({offices}), jadi ditanya lewat jalan router sendiri.",
        en="Routers without an address in their office's LAN asked by a way of their own ({count}: {offices}).",
    ),
    "systems.next.no_source": Message(
        id="Jawabannya belum tentu berlaku bagi orang di kantor itu. Lihat `lajur drift`.",
        en="The answers need not hold for the people there. See `lajur drift`.",
    ),
    "systems.none": Message(
        id=(
            "{regency} tidak punya sistem terhubung yang dapat ditanya. Tulis di workloads.yaml: `kind: connected` dengan "
            "`application`, dan `probe` aplikasi itu di applications.yaml."
        ),
        en=(
            "{regency} has no connected system that can be asked. Write one into workloads.yaml: `kind: connected` with an "
            "`application`, and the `probe` of that application into applications.yaml."
        ),
    ),
}

_COMMAND: Final[dict[str, Message]] = {
    "cli.help.systems": Message(
        id="Sistem terhubung (OSS, SiCantik, SIPD, …): yang mana menjawab di kantor mana.",
        en="Connected systems (OSS, SiCantik, SIPD, …): which of them answer in which office.",
    ),
    "cli.help.systems_status": Message(
        id=(
            "Tanya setiap sistem dari setiap kantor, sekarang, dari alamat LAN kantor itu.\n\n"
            "Router kantor membuka sambungan, memeriksa sertifikat, dan mengambil halaman; router yang hanya dapat mem-ping "
            "mengatakannya. Keluar dengan 5 bila ada yang tidak menjawab: tidak ada perubahan kami yang memperbaikinya, perlu "
            "orang. Jawaban dicatat untuk kesiapan dan metrik."
        ),
        en=(
            "Ask every system from every office, now, from that office's LAN address.\n\n"
            "The office's router opens the connection, checks the certificate and gets the page; a router that can only ping "
            "says so. Exits with 5 when one does not answer: no change of ours mends that, a person must act. Answers are kept "
            "for readiness and metrics."
        ),
    ),
    "cli.flag.systems_office": Message(
        id="Hanya dari kantor ini (boleh diulang).", en="From this office only (may be repeated)."
    ),
    "cli.flag.systems_system": Message(id="Hanya sistem ini (boleh diulang).", en="This system only (may be repeated)."),
    "cli.flag.systems_recorded": Message(
        id="Jawaban terakhir yang tercatat dan umurnya; tidak ada yang ditanya.",
        en="The last answers on record and how old they are; nobody is asked.",
    ),
    "settings.systems_every": Message(
        id="LAJUR_SYSTEMS_EVERY={value} tidak dapat dipakai; tulis bilangan bulat dari 60 sampai 86400 (detik), atau off.",
        en="LAJUR_SYSTEMS_EVERY={value} cannot be used; write a whole number from 60 to 86400 (seconds), or off.",
    ),
    "cli.systems.asking": Message(
        id="Menanya sistem: {systems}, dari kantor: {offices} …", en="Asking systems: {systems}, from offices: {offices} …"
    ),
    "cli.usage.no_system": Message(
        id="Tidak ada sistem terhubung {key} yang dapat ditanya.{nearest}",
        en="There is no connected system {key} that can be asked.{nearest}",
    ),
    "cli.help.lab_system": Message(
        id=(
            "Jadikan sebuah sistem di luar lab hidup, mati, diam, lambat, bergalat, atau bersertifikat habis.\n\n"
            "  lajur lab system oss down\n  lajur lab system oss up"
        ),
        en=(
            "Let a system outside the lab be up, down, hanging, slow, in error, or with an expired certificate.\n\n"
            "  lajur lab system oss down\n  lajur lab system oss up"
        ),
    ),
    "cli.flag.lab_system": Message(id="Kunci aplikasi, misalnya oss.", en="Key of an application, say oss."),
    "cli.flag.lab_manner": Message(id="Keadaannya mulai sekarang.", en="How it is from now on."),
    "cli.lab.system_is": Message(
        id="{system} mulai sekarang: {manner}. Lihat dari kantor dengan `lajur systems status`.",
        en="{system} from now on: {manner}. See it from the offices with `lajur systems status`.",
    ),
    "lab.system_unknown": Message(
        id="{lab} tidak memainkan sistem {system!r}. Tidak ada yang diubah. Sistem yang ada: {systems}.",
        en="{lab} plays no system {system!r}. Nothing was changed. Its systems: {systems}.",
    ),
    "lab.systems_silent": Message(
        id="Yang memainkan sistem di luar lab {lab} tidak menjawab ({log}). Turunkan lalu naikkan lagi lab itu "
        "(`lajur lab down`, `lajur lab up`).",
        en="Whoever plays the systems outside lab {lab} does not answer ({log}). Take the lab down and up again "
        "(`lajur lab down`, `lajur lab up`).",
    ),
}

MESSAGES: Final[dict[str, Message]] = {**_WORDS, **_FAULTS, **_COMMAND}
