"""What the HTTP door says: titles by status, what was wrong with a request, who may not come in, tokens."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

_TITLES: Final[dict[str, Message]] = {
    "api.title.400": Message(id="Permintaan tidak dapat dibaca", en="The request cannot be read"),
    "api.title.401": Message(id="Pemanggil tidak dikenal", en="The caller is not known"),
    "api.title.403": Message(id="Tidak diizinkan", en="Not allowed"),
    "api.title.404": Message(id="Tidak ditemukan", en="Not found"),
    "api.title.405": Message(id="Metode tidak berlaku di sini", en="The method does not apply here"),
    "api.title.408": Message(id="Permintaan datang terlalu lambat", en="The request came too slowly"),
    "api.title.409": Message(id="Bertentangan dengan keadaan sekarang", en="In conflict with how things stand"),
    "api.title.412": Message(id="Sudah diubah sementara itu", en="Changed meanwhile"),
    "api.title.413": Message(id="Permintaan terlalu besar", en="The request is too large"),
    "api.title.415": Message(id="Jenis isi tidak dikenal", en="The kind of content is not known"),
    "api.title.422": Message(id="Dipahami, tetapi tidak dapat dipenuhi", en="Understood, but it cannot be met"),
    "api.title.428": Message(id="Perlu menyebut revisi", en="A revision must be named"),
    "api.title.429": Message(id="Terlalu banyak permintaan", en="Too many requests"),
    "api.title.431": Message(id="Kepala permintaan terlalu besar", en="The request's headers are too large"),
    "api.title.500": Message(id="Kesalahan lajur", en="A mistake of lajur"),
    "api.title.502": Message(id="Perangkat tidak melakukan yang diminta", en="A device did not do as asked"),
    "api.title.503": Message(id="Layanan belum siap", en="The service is not ready"),
}

_REQUEST: Final[dict[str, Message]] = {
    "api.invalid": Message(
        id="Permintaan ini salah di {count} tempat. Tidak ada yang diubah. Perbaiki yang disebut `errors`, lalu kirim lagi.",
        en="This request is wrong in {count} places. Nothing was changed. Correct what `errors` names, then send it again.",
    ),
    "api.malformed": Message(
        id="Permintaan ini tidak dapat dibaca. Tidak ada yang diubah. Periksa bentuknya di /v1/openapi.json.",
        en="This request cannot be read. Nothing was changed. Compare it with /v1/openapi.json.",
    ),
    "api.not_json": Message(
        id="Isi permintaan bukan JSON yang benar di posisi {position}. Tidak ada yang diubah. Kirim satu nilai JSON dalam UTF-8.",
        en="The body is no correct JSON at position {position}. Nothing was changed. Send one JSON value in UTF-8.",
    ),
    "api.json_number": Message(
        id="Isi permintaan memuat angka di luar jangkauan. Tidak ada yang diubah. Pakai angka antara -2^63 dan 2^63 - 1.",
        en="The body holds a number out of range. Nothing was changed. Use numbers between -2^63 and 2^63 - 1.",
    ),
    "api.json_twice": Message(
        id="Isi permintaan memuat nama {name} dua kali dalam satu objek. Tidak ada yang diubah. Kirim setiap nama sekali.",
        en="The body has the name {name} twice in one object. Nothing was changed. Send every name once.",
    ),
    "api.json_deep": Message(
        id="Susunan isi permintaan lebih dalam dari {most} tingkat. Tidak ada yang diubah. Kirim susunan yang lebih datar.",
        en="The body is nested deeper than {most} levels. Nothing was changed. Send a flatter one.",
    ),
    "api.json_text": Message(
        id="Isi permintaan memuat karakter yang bukan teks (NUL atau separuh pasangan). Tidak ada yang diubah. Hapus itu.",
        en="The body holds a character that is no text (NUL or half of a pair). Nothing was changed. Take it out.",
    ),
    "api.no_body": Message(
        id="Permintaan ini tidak punya isi. Tidak ada yang diubah. Kirim objek JSON seperti di /v1/openapi.json.",
        en="This request has no body. Nothing was changed. Send a JSON object as in /v1/openapi.json.",
    ),
    "api.address": Message(
        id="Alamat permintaan memuat karakter kendali. Tidak ada yang diubah. Hapus karakter itu.",
        en="The request's address holds a control character. Nothing was changed. Take it out.",
    ),
    "api.correlator": Message(
        id=(
            "`x-correlator` tidak dapat dipakai: paling panjang 256, hanya huruf, angka dan - _ : ; . / < > {{ }}. "
            "Tidak ada yang diubah. Kirim yang lain, atau jangan kirim: layanan ini membuatnya sendiri."
        ),
        en=(
            "`x-correlator` cannot be used: 256 characters at most, only letters, digits and - _ : ; . / < > {{ }}. "
            "Nothing was changed. Send another one, or none: the service makes its own."
        ),
    ),
    "api.no_such_path": Message(
        id="Tidak ada apa-apa di alamat ini. Daftar alamat ada di /v1/openapi.json.",
        en="There is nothing at this address. /v1/openapi.json lists what there is.",
    ),
    "api.no_regency": Message(
        id="Tidak ada kabupaten {regency} yang dapat Anda lihat. Periksa namanya, atau minta hak kepada pengelola.",
        en="There is no regency {regency} that you may see. Check its name, or ask an administrator for a grant.",
    ),
    "api.method": Message(
        id="Metode {method} tidak berlaku di alamat ini. Yang berlaku: {allowed}.",
        en="The method {method} does not apply at this address. These do: {allowed}.",
    ),
    "api.too_large": Message(
        id="Isi permintaan lebih besar dari {most} byte. Tidak ada yang diubah. Kirim yang lebih kecil.",
        en="The body is larger than {most} bytes. Nothing was changed. Send a smaller one.",
    ),
    "api.too_slow": Message(
        id="Isi permintaan belum lengkap sesudah {seconds} detik. Tidak ada yang diubah. Kirim lagi.",
        en="The body was not complete after {seconds} seconds. Nothing was changed. Send it again.",
    ),
    "api.content_type": Message(
        id="Isi berjenis {found} tidak diterima. Tidak ada yang diubah. Kirim JSON dengan `Content-Type: application/json`.",
        en="A body of type {found} is not taken. Nothing was changed. Send JSON with `Content-Type: application/json`.",
    ),
    "api.too_many": Message(
        id="Terlalu banyak permintaan: paling banyak {most} dalam {seconds} detik. Coba lagi sesudah {wait} detik.",
        en="Too many requests: {most} in {seconds} seconds at most. Try again after {wait} seconds.",
    ),
    "api.busy": Message(
        id="Terlalu banyak sambungan sekaligus. Tidak ada yang diubah. Coba lagi sebentar lagi.",
        en="Too many connections at once. Nothing was changed. Try again in a moment.",
    ),
    "api.head_large": Message(
        id="Baris permintaan dan kepalanya lebih besar dari {most} byte. Tidak ada yang diubah. Kirim yang lebih kecil.",
        en="The request's line and headers are larger than {most} bytes. Nothing was changed. Send smaller ones.",
    ),
    "api.head_slow": Message(
        id="Kepala permintaan belum lengkap sesudah {seconds} detik. Tidak ada yang diubah. Kirim lagi.",
        en="The request's headers were not complete after {seconds} seconds. Nothing was changed. Send them again.",
    ),
    "api.bug": Message(
        id=(
            "Ini kesalahan lajur, bukan permintaan Anda. Laporkan kepada pengelola dengan `x-correlator` dari jawaban ini; "
            "baca dahulu keadaannya sebelum mencoba lagi."
        ),
        en=(
            "This is a mistake of lajur, not of your request. Report it to an administrator with the `x-correlator` of this "
            "answer; read how things stand before trying again."
        ),
    ),
    "api.unavailable": Message(
        id=(
            "Layanan ini sekarang tidak dapat membaca atau menulis catatannya, jadi tidak ada yang diubah; perangkat tetap "
            "seperti adanya. Coba lagi sebentar lagi; pengelola melihat sebabnya di /readyz dan log."
        ),
        en=(
            "The service cannot read or write its record now, so nothing was changed; devices stay as they are. "
            "Try again in a moment; an administrator sees the cause in /readyz and the log."
        ),
    ),
    "api.not_ready": Message(
        id="Layanan ini belum siap: {parts}. Yang memerlukannya ditolak sampai pulih; perangkat tetap seperti adanya.",
        en="The service is not ready: {parts}. What needs it is refused until it is well; devices stay as they are.",
    ),
    "api.not_set_up": Message(
        id="Layanan ini belum diatur untuk itu. Tidak ada yang diubah. Pengelola melihat sebabnya di log.",
        en="The service is not set up for that. Nothing was changed. An administrator sees the cause in the log.",
    ),
}

_FIELDS: Final[dict[str, Message]] = {
    "api.field.missing": Message(id="harus ada", en="must be there"),
    "api.field.unknown": Message(
        id="tidak dikenal di sini; yang terdekat: {nearest}", en="is not known here; the nearest: {nearest}"
    ),
    "api.field.unknown_all": Message(id="tidak dikenal di sini; yang ada: {known}", en="is not known here; there are: {known}"),
    "api.field.twice": Message(id="tertulis lebih dari sekali", en="is given more than once"),
    "api.field.text": Message(id="harus teks", en="must be text"),
    "api.field.integer": Message(id="harus bilangan bulat", en="must be an integer"),
    "api.field.number": Message(id="harus bilangan", en="must be a number"),
    "api.field.boolean": Message(id="harus true atau false", en="must be true or false"),
    "api.field.moment": Message(
        id="harus waktu RFC 3339 dengan zona, misalnya 2027-01-31T08:00:00+09:00",
        en="must be an RFC 3339 time with a zone, for example 2027-01-31T08:00:00+09:00",
    ),
    "api.field.moment_range": Message(
        id="di luar yang dihitung di sini: tahun 2000 sampai 2199",
        en="is outside what is reckoned with here: the years 2000 to 2199",
    ),
    "api.field.date": Message(id="harus tanggal, misalnya 2027-01-31", en="must be a date, for example 2027-01-31"),
    "api.field.list": Message(id="harus daftar", en="must be a list"),
    "api.field.object": Message(id="harus objek", en="must be an object"),
    "api.field.choice": Message(id="harus salah satu dari: {choices}", en="must be one of: {choices}"),
    "api.field.short": Message(id="terlalu pendek: paling sedikit {least}", en="is too short: {least} at least"),
    "api.field.long": Message(id="terlalu panjang: paling banyak {most}", en="is too long: {most} at most"),
    "api.field.small": Message(id="terlalu kecil: paling sedikit {least}", en="is too small: {least} at least"),
    "api.field.large": Message(id="terlalu besar: paling banyak {most}", en="is too large: {most} at most"),
    "api.field.above": Message(id="harus lebih besar dari {least}", en="must be greater than {least}"),
    "api.field.below": Message(id="harus lebih kecil dari {most}", en="must be less than {most}"),
    "api.field.pattern": Message(id="harus sesuai pola {pattern}", en="must match the pattern {pattern}"),
    "api.field.pattern_rate": Message(
        id="harus laju dari '0 bit/s' sampai '9999999 Mbit/s', misalnya '10 Mbit/s', '2.5 Mbit/s', atau '512 kbit/s'",
        en="must be a rate from '0 bit/s' to '9999999 Mbit/s', for example '10 Mbit/s', '2.5 Mbit/s' or '512 kbit/s'",
    ),
    "api.field.pattern_rate_signed": Message(
        id="harus laju, misalnya '10 Mbit/s' atau '-512 kbit/s'", en="must be a rate, for example '10 Mbit/s' or '-512 kbit/s'"
    ),
    "api.field.pattern_local": Message(
        id="harus waktu setempat tanpa zona, misalnya 2027-01-31T08:00",
        en="must be a local time without a zone, for example 2027-01-31T08:00",
    ),
    "api.field.pattern_key": Message(
        id="harus nama pendek: huruf kecil, angka, dan tanda hubung atau garis bawah, paling banyak 32, mulai dengan huruf",
        en="must be a short name: small letters, digits and hyphens or underscores, at most 32, beginning with a letter",
    ),
    "api.field.pattern_line": Message(
        id="harus satu baris teks, tidak hanya spasi", en="must be one line of text, not only blanks"
    ),
    "api.field.address": Message(id="harus alamat yang benar", en="must be a correct address"),
    "api.field.other": Message(id="tidak dapat dipakai", en="cannot be used"),
}

_CALLER: Final[dict[str, Message]] = {
    "api.no_token": Message(
        id="Permintaan ini tidak menyebut siapa yang meminta. Kirim `Authorization: Bearer TOKEN`.",
        en="This request does not say who asks. Send `Authorization: Bearer TOKEN`.",
    ),
    "api.bad_token": Message(
        id="Token ini tidak berlaku: tidak dikenal, sudah dicabut, atau bukan untuk layanan ini. Minta token baru.",
        en="This token does not hold: it is not known, was revoked, or is not for this service. Ask for a new one.",
    ),
    "api.token_expired": Message(
        id="Masa berlaku token ini sudah habis. Minta token baru.",
        en="This token has expired. Ask for a new one.",
    ),
    "api.issuer_away": Message(
        id=(
            "Penerbit token sekarang tidak dapat ditanya, jadi token ini tidak dapat diperiksa. Coba lagi sebentar lagi, "
            "atau pakai token API."
        ),
        en=(
            "The issuer of tokens cannot be asked now, so this token cannot be checked. Try again in a moment, or use an API "
            "token."
        ),
    ),
    "api.not_allowed": Message(
        id="{caller} tidak boleh melakukan ini: perlu hak `{right}` untuk {regency}. Peran yang memberinya: {roles}.",
        en="{caller} may not do this: it takes the right `{right}` for {regency}. Roles that give it: {roles}.",
    ),
    "token.expires": Message(
        id="Token harus berakhir antara sekarang dan {days} hari lagi. Tidak ada yang dibuat. Pilih waktu lain.",
        en="A token must end between now and {days} days from now. Nothing was made. Choose another time.",
    ),
    "token.grants": Message(
        id="Token harus menyebut peran yang ada. {role} bukan peran; yang ada: {known}. Tidak ada yang dibuat.",
        en="A token must name roles that exist. {role} is none; there are: {known}. Nothing was made.",
    ),
    "token.name": Message(
        id="Nama token harus 1 sampai {most} karakter yang dapat dicetak. Tidak ada yang dibuat.",
        en="A token's name must be 1 to {most} printable characters. Nothing was made.",
    ),
}

_REPEATS: Final[dict[str, Message]] = {
    "api.key_missing": Message(
        id="Permintaan ini mengubah sesuatu, jadi perlu `Idempotency-Key`: 1 sampai 128 karakter ASCII yang terlihat, "
        "baru untuk tiap permintaan. Tidak ada yang diubah.",
        en="This request changes something, so it needs an `Idempotency-Key`: 1 to 128 visible ASCII characters, new for "
        "each request. Nothing was changed.",
    ),
    "api.key_bad": Message(
        id="`Idempotency-Key` tidak dapat dipakai: perlu 1 sampai 128 karakter ASCII yang terlihat. Tidak ada yang diubah.",
        en="The `Idempotency-Key` cannot be used: it takes 1 to 128 visible ASCII characters. Nothing was changed.",
    ),
    "api.key_reused": Message(
        id="`Idempotency-Key` ini sudah dipakai untuk permintaan lain. Tidak ada yang diubah. Pakai kunci baru.",
        en="This `Idempotency-Key` was used for another request. Nothing was changed. Use a new key.",
    ),
    "api.match_missing": Message(
        id="Perubahan ini perlu `If-Match` dengan ETag yang terakhir dibaca. Tidak ada yang diubah. Baca dahulu.",
        en="This change needs `If-Match` with the ETag that was read last. Nothing was changed. Read first, then send again.",
    ),
    "api.match_bad": Message(
        id="`If-Match` tidak dapat dibaca. Tidak ada yang diubah. Kirim ETag persis seperti yang diterima, dengan tanda kutip.",
        en="`If-Match` cannot be read. Nothing was changed. Send the ETag just as it was received, with its quotes.",
    ),
    "api.match_stale": Message(
        id="{id} bukan lagi yang disebut `If-Match`. Tidak ada yang diubah. Baca lagi, lalu putuskan lagi.",
        en="{id} is no longer what `If-Match` names. Nothing was changed. Read it again, then decide.",
    ),
    "api.cursor": Message(
        id="`cursor` ini bukan dari layanan ini. Pakai `next` dari halaman sebelumnya, atau mulai tanpa `cursor`.",
        en="This `cursor` is not one of ours. Use `next` of the page before, or start without a `cursor`.",
    ),
}

_SERVER: Final[dict[str, Message]] = {
    "server.tls_pair": Message(
        id="TLS perlu sertifikat dan kuncinya; hanya satu yang disebut. Layanan tidak dimulai. Sebut keduanya.",
        en="TLS needs a certificate and its key; only one was named. The service was not started. Name both.",
    ),
    "server.plain": Message(
        id=(
            "{host} dapat dijangkau komputer lain, dan tanpa TLS token dapat dibaca di jalan. Layanan tidak dimulai. Isi "
            "LAJUR_API_CERTIFICATE dan LAJUR_API_KEY, atau LAJUR_API_PLAIN=yes bila ada proksi ber-TLS di depannya."
        ),
        en=(
            "Other machines can reach {host}, and without TLS tokens can be read on the way. The service was not started. Fill "
            "in LAJUR_API_CERTIFICATE and LAJUR_API_KEY, or LAJUR_API_PLAIN=yes when a proxy with TLS stands before it."
        ),
    ),
    "server.tls_open": Message(
        id="Kunci TLS {file} dapat dibaca siapa saja. Layanan tidak dimulai. Batasi izinnya: `chmod 600`.",
        en="Everybody can read the TLS key {file}. The service was not started. Restrict it: `chmod 600`.",
    ),
    "server.tls_file": Message(
        id="Berkas TLS {file} tidak dapat dipakai ({cause}). Layanan tidak dimulai. Periksa isi dan izinnya.",
        en="The TLS file {file} cannot be used ({cause}). The service was not started. Check its content and permissions.",
    ),
    "server.address": Message(
        id="Tidak dapat mendengarkan di {address} ({cause}). Layanan tidak dimulai. Pilih alamat lain, atau hentikan pemakainya.",
        en="Cannot listen at {address} ({cause}). The service was not started. Choose another address, or stop who uses it.",
    ),
    "server.issuer": Message(
        id=(
            "Penerbit {issuer} tidak dapat dipakai: perlu alamat https (http hanya untuk alamat loopback). "
            "Layanan tidak dimulai. Perbaiki LAJUR_API_ISSUER."
        ),
        en=(
            "The issuer {issuer} cannot be used: it takes an https address (http for loopback only). The service was not "
            "started. Correct LAJUR_API_ISSUER."
        ),
    ),
    "server.audience": Message(
        id="Penerbit token disebut tanpa audiens. Layanan tidak dimulai. Isi LAJUR_API_AUDIENCE.",
        en="An issuer of tokens is named without an audience. The service was not started. Fill in LAJUR_API_AUDIENCE.",
    ),
    "server.ready.devices": Message(
        id="Perangkat belum terbaca selama {seconds} detik.",
        en="Devices were not read for {seconds} seconds.",
    ),
    "server.ready.keeper": Message(
        id="Putaran penjaga diam selama {seconds} detik. Periksa log, lalu mulai ulang layanan.",
        en="The keeper's loop has been still for {seconds} seconds. Look at the log, then restart the service.",
    ),
    "settings.api": Message(
        id="{name} bernilai {value}; yang dapat dipakai: {allowed}. Perbaiki, lalu mulai lagi.",
        en="{name} is {value}; what can be used: {allowed}. Correct it, then start again.",
    ),
}

MESSAGES: Final[dict[str, Message]] = {**_TITLES, **_REQUEST, **_FIELDS, **_CALLER, **_REPEATS, **_SERVER}
