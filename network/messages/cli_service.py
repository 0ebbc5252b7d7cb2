"""What the command says of boosts, requested windows, tokens and the service. Help texts of the same nouns too."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

_HELP: Final[dict[str, Message]] = {
    "cli.help.boost": Message(
        id="Tambahan sementara untuk beberapa kantor: minta, setujui, batalkan.",
        en="Boosts, more for some offices for a while: ask, approve, cancel.",
    ),
    "cli.help.boost_request": Message(
        id=(
            "Minta tambahan jaminan untuk beberapa kantor.\n\n"
            '  lajur boost request dpmptsp --amount "2 Mbit/s" --for 2h --reason "antrean di loket"\n\n'
            "Diperiksa terhadap setiap jendela, tambahan, dan kontrak sampai berakhirnya. Bila tidak muat, keluar dengan 3: "
            "siapa, kapan, berapa yang kurang, dan permintaan terdekat yang muat, siap disalin. Yang dikabulkan dijalankan oleh "
            "`lajur serve`, atau oleh `lajur shift run` yang berikutnya."
        ),
        en=(
            "Ask for a larger guarantee for some offices.\n\n"
            '  lajur boost request dpmptsp --amount "2 Mbit/s" --for 2h --reason "a queue at the counter"\n\n'
            "It is checked against every window, boost and contract until it ends. When it does not fit it exits with 3: who, "
            "when, how much is missing, and the nearest requests that fit, ready to paste. What is granted is carried out by "
            "`lajur serve`, or by the next `lajur shift run`."
        ),
    ),
    "cli.help.boost_list": Message(
        id="Tambahan yang berlaku, akan berlaku, atau menunggu persetujuan.",
        en="Boosts that are on, to come, or waiting for approval.",
    ),
    "cli.help.boost_show": Message(
        id="Satu tambahan: siapa yang meminta, siapa yang menyetujui, sampai kapan.",
        en="One boost: who asked, who agreed, until when.",
    ),
    "cli.help.boost_approve": Message(
        id="Setujui tambahan yang diminta orang lain, bila masih muat.",
        en="Agree to a boost that somebody else asked for, if it still fits.",
    ),
    "cli.help.boost_reject": Message(
        id="Tolak tambahan yang diminta orang lain, dan katakan sebabnya.",
        en="Reject a boost that somebody else asked for, and say why.",
    ),
    "cli.help.boost_cancel": Message(
        id="Akhiri tambahan sekarang, atau cegah sebelum mulai.", en="End a boost now, or before it begins."
    ),
    "cli.help.window_request": Message(
        id=(
            "Minta sebuah jendela di samping yang ada dalam windows.yaml, dari berkas YAML.\n\n"
            "Isinya satu jendela seperti dalam windows.yaml (`key`, `name`, `start`, …). Jendela dengan kunci yang sama "
            "digantikan selama yang diminta ini berlaku."
        ),
        en=(
            "Ask for a window beside those in windows.yaml, from a YAML file.\n\n"
            "The file holds one window as in windows.yaml (`key`, `name`, `start`, …). One with the same key is replaced while "
            "the requested one stands."
        ),
    ),
    "cli.help.window_requests": Message(
        id="Jendela yang diminta, di luar windows.yaml.", en="Windows that were asked for, beside windows.yaml."
    ),
    "cli.help.window_approve": Message(
        id="Setujui jendela yang diminta orang lain, bila masih muat.",
        en="Agree to a window that somebody else asked for, if it still fits.",
    ),
    "cli.help.window_reject": Message(
        id="Tolak jendela yang diminta orang lain, dan katakan sebabnya.",
        en="Reject a window that somebody else asked for, and say why.",
    ),
    "cli.help.window_cancel": Message(
        id="Cabut jendela yang diminta; yang ada dalam windows.yaml tetap.",
        en="Withdraw a requested window; those in windows.yaml stay.",
    ),
    "cli.help.token": Message(
        id="Token: rahasia yang dipakai program untuk mencapai layanan HTTP.",
        en="Tokens: the secrets by which programs reach the HTTP service.",
    ),
    "cli.help.token_create": Message(
        id=(
            "Buat token; rahasianya ditunjukkan sekali ini saja, di keluaran baku.\n\n"
            "  TOKEN=$(lajur token create pemantau --grant manokwari:viewer)\n\n"
            "Peran: viewer melihat · engineer juga meminta · approver menyetujui · operator juga menjalankan, dan mengurus "
            "webhook · scheduler meminta dan menjalankan pergeseran. `*:PERAN` berlaku di semua kabupaten."
        ),
        en=(
            "Make a token; its secret is shown this once, on standard output.\n\n"
            "  TOKEN=$(lajur token create dashboard --grant manokwari:viewer)\n\n"
            "Roles: viewer looks · engineer also asks · approver agrees · operator also carries out, and looks after webhooks · "
            "scheduler asks and runs shifts. `*:ROLE` holds in every regency."
        ),
    ),
    "cli.help.token_list": Message(
        id="Semua token, juga yang sudah berakhir; rahasianya tidak.", en="All tokens, ended ones too; never their secrets."
    ),
    "cli.help.token_revoke": Message(id="Cabut token; langsung tidak berlaku.", en="End a token, at once."),
    "cli.help.serve": Message(
        id=(
            "Layani: API HTTP, dan putaran yang membuka dan menutup jendela tepat waktu.\n\n"
            "  lajur serve manokwari bontang --port 8080\n\n"
            "Berjalan sampai dihentikan (Ctrl-C, SIGTERM); yang sedang dijalankan diselesaikan dulu. Mati mendadak pun aman: "
            "perangkat menyimpan jaminannya dan kembali sendiri pada waktunya. Tanpa TLS hanya di alamat loopback."
        ),
        en=(
            "Serve: the HTTP API, and the loop that opens and closes windows on time.\n\n"
            "  lajur serve manokwari bontang --port 8080\n\n"
            "Runs until it is told to end (Ctrl-C, SIGTERM); what is under way is finished first. Sudden death is safe too: "
            "devices keep their guarantees and go back by themselves when it is time. Without TLS on loopback addresses only."
        ),
    ),
}

_FLAGS: Final[dict[str, Message]] = {
    "cli.flag.boosted": Message(id="Kantor yang ditambah, dengan kuncinya.", en="Offices that get more, by key."),
    "cli.flag.amount": Message(
        id="Tambahan tiap kantor, misalnya 2 Mbit/s; turun dan naik, kecuali --up diberikan.",
        en="What each office gets more, say 2 Mbit/s; down and up, unless --up is given.",
    ),
    "cli.flag.up": Message(id="Tambahan ke arah naik, bila lain.", en="What it gets more upward, when that differs."),
    "cli.flag.uplink": Message(id="Hanya pada uplink ini.", en="On this uplink only."),
    "cli.flag.for": Message(id="Berapa lama, misalnya 90m, 2h, 1d12h.", en="For how long, say 90m, 2h, 1d12h."),
    "cli.flag.until": Message(id="Sampai kapan (setempat), pengganti --for.", en="Until when (local), in the place of --for."),
    "cli.flag.from": Message(id="Mulai kapan (setempat); bila tidak disebut, sekarang.", en="From when (local); otherwise now."),
    "cli.flag.reason": Message(id="Untuk apa; masuk ke log audit.", en="What for; it goes into the audit log."),
    "cli.flag.emergency": Message(
        id="Darurat: boleh juga mengambil dari kantor yang dilindungi, tidak pernah dari batas bawah.",
        en="Emergency: may take from protected offices too, never from a floor.",
    ),
    "cli.flag.every": Message(id="Juga yang sudah selesai.", en="Those that are over too."),
    "cli.flag.booking": Message(id="Id permintaan, seperti dalam daftar.", en="Id of the request, as in the list."),
    "cli.flag.note": Message(id="Catatan untuk log audit.", en="A note for the audit log."),
    "cli.flag.rejection": Message(id="Mengapa ditolak; peminta membacanya.", en="Why it is rejected; whoever asked reads it."),
    "cli.flag.window_file": Message(
        id="Berkas YAML dengan satu jendela; - berarti masukan baku.", en="A YAML file with one window; - means standard input."
    ),
    "cli.flag.token_name": Message(id="Untuk apa token ini, misalnya pemantau.", en="What the token is for, say dashboard."),
    "cli.flag.grant": Message(
        id="Peran di sebuah kabupaten (boleh diulang): viewer, engineer, approver, operator, scheduler.",
        en="A role in a regency (may be repeated): viewer, engineer, approver, operator, scheduler.",
    ),
    "cli.flag.days": Message(id="Berlaku berapa hari; bila tidak disebut, 90.", en="How many days it holds; otherwise 90."),
    "cli.flag.token_id": Message(id="Id token, seperti dalam daftar.", en="Id of the token, as in the list."),
    "cli.flag.due": Message(
        id="Tepi yang sudah tiba, untuk pewaktu. Selalu begitu; ditulis supaya jelas.",
        en="The edges that have come, for timers. It is always so; written to be plain.",
    ),
    "cli.flag.served": Message(
        id="Kabupaten yang dilayani; bila tidak disebut, satu dari --regency.",
        en="The regencies to serve; otherwise the one of --regency.",
    ),
    "cli.flag.host": Message(
        id="Alamat; bila tidak disebut LAJUR_API_HOST, lalu 127.0.0.1.",
        en="The address; otherwise LAJUR_API_HOST, then 127.0.0.1.",
    ),
    "cli.flag.port": Message(
        id="Port; bila tidak disebut LAJUR_API_PORT, lalu 8080. 0: yang bebas.",
        en="The port; otherwise LAJUR_API_PORT, then 8080. 0: a free one.",
    ),
    "cli.flag.tls_cert": Message(
        id="Sertifikat TLS (PEM); bila tidak disebut LAJUR_API_CERTIFICATE.",
        en="TLS certificate (PEM); otherwise LAJUR_API_CERTIFICATE.",
    ),
    "cli.flag.tls_key": Message(
        id="Kuncinya (PEM, 0600); bila tidak disebut LAJUR_API_KEY.", en="Its key (PEM, 0600); otherwise LAJUR_API_KEY."
    ),
    "cli.flag.client_ca": Message(
        id="Pemanggil harus menunjukkan sertifikat dari CA ini; bila tidak disebut LAJUR_API_CLIENT_CA.",
        en="Callers must show a certificate of this CA; otherwise LAJUR_API_CLIENT_CA.",
    ),
}

_WORK: Final[dict[str, Message]] = {
    "cli.panel.ask": Message(id="Meminta lebih dulu", en="Ask ahead of time"),
    "cli.panel.serve": Message(
        id="Layanan untuk program, dan putaran yang menepati waktu", en="The service for programs, and the loop that keeps time"
    ),
    "cli.booking.waiting": Message(id="menunggu persetujuan", en="waits for approval"),
    "cli.booking.lapsed": Message(id="tidak disetujui pada waktunya", en="not approved in time"),
    "cli.booking.granted": Message(id="dikabulkan", en="granted"),
    "cli.booking.used": Message(id="dipakai", en="used"),
    "cli.booking.scheduled": Message(id="akan berlaku", en="to come"),
    "cli.booking.active": Message(id="berlaku", en="active"),
    "cli.booking.ended": Message(id="selesai", en="over"),
    "cli.booking.rejected": Message(id="ditolak", en="rejected"),
    "cli.booking.cancelled": Message(id="dibatalkan", en="cancelled"),
    "cli.window.requested": Message(id="{state}, diminta", en="{state}, requested"),
    "cli.recover.nothing": Message(id="Tidak ada proses yang terputus.", en="No run was cut off."),
    "cli.recover.gone": Message(
        id="Proses {run} berjalan di lab {lab} yang sudah dibongkar: tidak ada yang perlu dipulihkan.",
        en="Run {run} was on the lab {lab}, which is no longer up: there is nothing to recover.",
    ),
    "cli.recover.own": Message(
        id="Proses {run} tidak terputus: sementara ditunggu, prosesnya sendiri menyelesaikannya.",
        en="Run {run} was finished by its own process while it was waited for.",
    ),
    "cli.recover.left_out": Message(
        id=(
            "Proses {run} ditutup tanpa {device}, yang tidak ada lagi di kebenaran ({links}): perangkat itu tidak ditanya, dan "
            "apa yang dipegangnya tidak diketahui. Bila masih terpasang, periksa di sana; keadaan tautan yang lain: "
            "`lajur link plan`."
        ),
        en=(
            "Run {run} was closed without {device}, which the truth no longer has ({links}): it was not asked, and what it holds "
            "is not known. If it is still in place, look there; how the other links stand: `lajur link plan`."
        ),
    ),
    "cli.recover.dry_run": Message(
        id="Belum ada yang diubah dan tidak ada perangkat yang ditanya. Bila pengendalinya sudah mati: `lajur recover`.",
        en="Nothing was changed and no device was asked. If its controller is dead: `lajur recover`.",
    ),
    "cli.recover.holds": Message(
        id="Antrean memegang apa yang seharusnya berlaku sekarang. Tautan diperiksa dengan `lajur link plan`.",
        en="The queues hold what should hold now. Links are looked at by `lajur link plan`.",
    ),
    "cli.recover.waiting": Message(
        id="Antrean masih {steps} langkah dari apa yang seharusnya berlaku sekarang: `lajur apply`, atau tunggu `lajur serve`.",
        en="{steps} steps still lead the queues to what should hold now: `lajur apply`, or wait for `lajur serve`.",
    ),
    "cli.booking.none": Message(id="Tidak ada permintaan.", en="There are no requests."),
    "cli.booking.from": Message(id="Dikabulkan: {id}, mulai {starts}.", en="Granted: {id}, from {starts}."),
    "cli.booking.soon": Message(
        id="`lajur serve` menjalankannya dalam setengah menit; bila tidak berjalan, `lajur shift run` yang berikutnya.",
        en="`lajur serve` carries it out within half a minute; if none runs, the next `lajur shift run` does.",
    ),
    "cli.booking.then": Message(
        id="`lajur serve` menjalankannya pada waktunya; bila tidak berjalan, `lajur shift run` yang berikutnya.",
        en="`lajur serve` carries it out on time; if none runs, the next `lajur shift run` does.",
    ),
    "cli.booking.waits": Message(
        id="{id} menunggu persetujuan orang kedua sampai {until}: `lajur {noun} approve {id}`.",
        en="{id} waits until {until} for a second person's approval: `lajur {noun} approve {id}`.",
    ),
    "cli.booking.withdrawn": Message(id="{id} dibatalkan.", en="{id} is cancelled."),
    "cli.booking.refused": Message(id="{id} ditolak.", en="{id} is rejected."),
    "cli.booking.approved": Message(id="{actor} setuju pada {at}", en="{actor} agreed at {at}"),
    "cli.booking.declined": Message(id="{actor} menolak pada {at}", en="{actor} rejected it at {at}"),
    "cli.verdict.fits": Message(id="Muat. Belum ada yang diminta.", en="It fits. Nothing was asked for yet."),
    "cli.verdict.short": Message(id="Tidak akan muat.", en="It would not fit."),
    "cli.verdict.refused": Message(
        id="Tidak muat, jadi tidak dicatat dan tidak ada yang diubah.",
        en="It does not fit, so it is not kept and nothing was changed.",
    ),
    "cli.verdict.later": Message(id="lebih lambat: {starts} sampai {ends}", en="later: {starts} to {ends}"),
    "cli.verdict.smaller": Message(id="lebih kecil: {starts} sampai {ends}", en="smaller: {starts} to {ends}"),
    "cli.verdict.shorter": Message(id="lebih singkat: {starts} sampai {ends}", en="shorter: {starts} to {ends}"),
    "cli.verdict.write_later": Message(id="lebih lambat; tulis {fields}", en="later; write {fields}"),
    "cli.verdict.write_smaller": Message(id="lebih kecil; tulis {fields}", en="smaller; write {fields}"),
    "cli.verdict.write_shorter": Message(id="lebih singkat; tulis {fields}", en="shorter; write {fields}"),
    "cli.verdict.part": Message(id="({part} % dari permintaan)", en="({part} % of what was asked for)"),
    "cli.verdict.needs": Message(id="Perlu persetujuan orang kedua:", en="It needs a second person's approval:"),
    "cli.verdict.shortfalls": Message(id="Yang kurang", en="What is missing"),
    "cli.verdict.offers": Message(id="Yang muat, paling dekat dengan permintaan:", en="What fits, nearest to the request:"),
    "cli.token.made": Message(
        id="Token {id} dibuat, berlaku sampai {expires}. Rahasianya di bawah ini tidak dapat ditunjukkan lagi: simpan sekarang.",
        en="Token {id} is made and holds until {expires}. The secret below cannot be shown again: keep it now.",
    ),
    "cli.token.none": Message(
        id="Belum ada token. Buat dengan `lajur token create`.", en="No tokens. Make one: `lajur token create`."
    ),
    "cli.token.valid": Message(id="berlaku", en="valid"),
    "cli.token.expired": Message(id="lewat waktu", en="expired"),
    "cli.token.revoked": Message(id="dicabut", en="revoked"),
    "cli.token.ended": Message(id="Token {id} dicabut; langsung tidak berlaku.", en="Token {id} is revoked, at once."),
    "cli.token.not_found": Message(
        id="Tidak ada token {id} yang masih berlaku. Tidak ada yang diubah. Lihat `lajur token list`.",
        en="There is no token {id} that still holds. Nothing was changed. See `lajur token list`.",
    ),
    "cli.serve.ready": Message(id="Melayani {regencies} di {address}", en="Serving {regencies} at {address}"),
    "cli.serve.ended": Message(
        id="Layanan berakhir. Perangkat menyimpan jaminannya; jalankan lagi, atau pakai `lajur shift run` dari pewaktu.",
        en="The service has ended. Devices keep their guarantees; start it again, or let a timer run `lajur shift run`.",
    ),
    "cli.column.offices": Message(id="Kantor", en="Offices"),
    "cli.column.from": Message(id="Mulai", en="From"),
    "cli.column.until": Message(id="Sampai", en="Until"),
    "cli.column.actor": Message(id="Oleh", en="By"),
    "cli.column.grants": Message(id="Peran", en="Grants"),
    "cli.column.together": Message(id="Bersama", en="Together with"),
    "cli.column.place": Message(id="Di mana", en="Where"),
    "cli.column.missing": Message(id="Kurang", en="Missing"),
    "cli.column.approvals": Message(id="Persetujuan", en="Approvals"),
    "cli.column.more": Message(id="Tambahan", en="More"),
    "cli.column.needs": Message(id="Perlu persetujuan", en="Needs approval"),
    "cli.boost.everywhere": Message(id="semua", en="all"),
    "cli.boost.emergency": Message(id="darurat", en="emergency"),
}

_USAGE: Final[dict[str, Message]] = {
    "cli.usage.no_uplink": Message(
        id="Tidak ada uplink {key} di uplinks.yaml.{nearest}",
        en="There is no uplink {key} in uplinks.yaml.{nearest}",
    ),
    "cli.usage.no_regency": Message(id="Tidak ada kabupaten {key}.{nearest}", en="There is no regency {key}.{nearest}"),
    "cli.usage.grant": Message(
        id="{value} bukan KABUPATEN:PERAN. Tulis misalnya manokwari:viewer, atau *:viewer untuk semua.",
        en="{value} is no REGENCY:ROLE. Write for example manokwari:viewer, or *:viewer for all.",
    ),
    "cli.usage.rate": Message(
        id="Laju {value} untuk {flag} tidak terbaca. Tulis di atas nol, misalnya '10 Mbit/s' atau '512 kbit/s'.",
        en="The rate {value} of {flag} cannot be read. Write one above zero, say '10 Mbit/s' or '512 kbit/s'.",
    ),
    "cli.usage.rate_thousands": Message(
        id=(
            "Laju {value} untuk {flag} bisa berarti ribuan atau pecahan. Tulis tanpa titik ribuan, misalnya '1000 Mbit/s', atau "
            "dalam satuan yang lebih kecil, misalnya '4192 kbit/s'."
        ),
        en=(
            "The rate {value} of {flag} may mean thousands or a fraction. Write it without a separator, say '1000 Mbit/s', or in "
            "a smaller unit, say '4192 kbit/s'."
        ),
    ),
    "cli.usage.duration": Message(
        id="Lama {value} tidak terbaca. Tulis misalnya 90m, 2h, atau 1d12h, paling lama 366d.",
        en="The duration {value} cannot be read. Write for example 90m, 2h or 1d12h, at most 366d.",
    ),
    "cli.usage.for_or_until": Message(
        id="Sebut sampai kapan: --for atau --until, salah satu saja.",
        en="Say until when: by --for or by --until, one of them.",
    ),
    "cli.usage.past": Message(
        id="{flag} {value} sudah lewat. Sebut waktu yang akan datang.", en="{flag} {value} is past. Name a time to come."
    ),
    "cli.usage.ends_first": Message(
        id="Berakhirnya ({until}) tidak sesudah mulainya ({starts}). Perbaiki salah satunya.",
        en="Its end ({until}) is not after its start ({starts}). Correct one of them.",
    ),
    "cli.usage.reason": Message(
        id="{flag} harus 1 sampai {most} karakter yang dapat dicetak.", en="{flag} must be 1 to {most} printable characters."
    ),
    "cli.usage.no_request": Message(
        id="Permintaan itu tidak dapat dipakai (lihat di atas). Tidak ada yang diubah.",
        en="That request cannot be used (see above). Nothing was changed.",
    ),
}

SERVICE: Final[dict[str, Message]] = {**_HELP, **_FLAGS, **_WORK, **_USAGE}
