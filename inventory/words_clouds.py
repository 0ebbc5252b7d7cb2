"""What findings about clouds, rented servers and what comes for peaks say. Words only."""

from __future__ import annotations

from typing import Final

from inventory.findings import Message

WORDS: Final[dict[str, Message]] = {
    # ---------------------------------------------------------------------------------------------------------- shapes
    "shape.group_key": Message(
        id="{field}: '{value}' tidak dapat menjadi awal nama server; huruf kecil, angka, '-', mulai dengan huruf, "
        "paling panjang 26",
        en="{field}: '{value}' cannot be the beginning of servers' names; small letters, digits, '-', beginning with a letter, "
        "at most 26",
    ),
    "shape.checksum": Message(
        id="{field}: '{value}' bukan checksum citra; tulis sha512: dan 128 angka heksadesimal kecil, atau sha256: dan 64 "
        "(`openstack image show`: os_hash_algo dan os_hash_value)",
        en="{field}: '{value}' is not the checksum of an image; write sha512: and 128 small hexadecimal digits, or sha256: "
        "and 64 (`openstack image show`: os_hash_algo and os_hash_value)",
    ),
    "unit.duration": Message(
        id="{value} bukan lama waktu; tulis misalnya '3 days' atau '12 hours' (minutes, hours, days, weeks)",
        en="{value} is not a length of time; write for example '3 days' or '12 hours' (minutes, hours, days, weeks)",
    ),
    "unit.duration_long": Message(
        id="{value} lebih lama dari {most}; periksa satuannya",
        en="{value} is longer than {most}; check the unit",
    ),
    # ---------------------------------------------------------------------------------------------------------- clouds
    "cloud.image_unpinned": Message(
        id="citra ini tanpa checksum, sehingga besok namanya dapat menunjuk citra lain; tulis `checksum: 'sha512:…'` "
        "seperti os_hash_value pada `openstack image show`",
        en="this image has no checksum, so that its name may lead to another one tomorrow; write `checksum: 'sha512:…'` as "
        "os_hash_value of `openstack image show` has it",
    ),
    "cloud.network_overlap": Message(
        id="jaringan {value} pada cloud '{cloud}' bertumpang tindih dengan {network} milik '{owner}', yang karena itu tidak "
        "terjangkau dari server sewaan; pilih jaringan yang belum dipakai",
        en="the network {value} in the cloud '{cloud}' overlaps {network} of '{owner}', which rented servers could therefore not "
        "reach; choose a network that is not used",
    ),
    "cloud.ends_first": Message(
        id="kontrak cloud '{cloud}' ({number}) berakhir {end}, sebelum dimulai {start}; periksa kedua tanggalnya pada kontrak",
        en="the contract of the cloud '{cloud}' ({number}) ends on {end}, before it begins on {start}; check both dates in the "
        "contract",
    ),
    "cloud.ended": Message(
        id="kontrak cloud '{cloud}' ({number}) berakhir {end}, jadi tidak ada server yang datang lagi dari sana; "
        "tulis kontrak yang baru di clouds.yaml, atau hapus cloud ini",
        en="the contract of the cloud '{cloud}' ({number}) ended on {end}, so that no server comes from there any more; write "
        "the new contract in clouds.yaml, or remove this cloud",
    ),
    "cloud.ends_soon": Message(
        id="kontrak cloud '{cloud}' ({number}) berakhir {end}, {days} hari lagi, dan sesudah itu tidak ada server yang datang "
        "dari sana; perpanjang kontraknya",
        en="the contract of the cloud '{cloud}' ({number}) ends on {end}, days left: {days}, and no server comes from there "
        "afterwards; extend the contract",
    ),
    "cloud.no_size": Message(
        id="'{server}': cloud '{cloud}' tidak punya ukuran '{name}' di clouds.yaml; yang terdekat: {nearest}",
        en="'{server}': the cloud '{cloud}' has no size '{name}' in clouds.yaml; the nearest: {nearest}",
    ),
    "cloud.no_image": Message(
        id="'{server}': cloud '{cloud}' tidak punya citra '{name}' di clouds.yaml; yang terdekat: {nearest}",
        en="'{server}': the cloud '{cloud}' has no image '{name}' in clouds.yaml; the nearest: {nearest}",
    ),
    "cloud.too_many": Message(
        id="pada {start} akan ada {count} server di cloud '{cloud}' ({servers}), padahal kontraknya mengizinkan {most}; "
        "kurangi servernya, geser waktunya, atau ubah kontrak lalu `most_servers`",
        en="at {start} there would be {count} servers in the cloud '{cloud}' ({servers}), and its contract allows {most}; "
        "ask for fewer, move their times, or change the contract and then `most_servers`",
    ),
    # -------------------------------------------------------------------------------------------------- rented servers
    "rented.no_end": Message(
        id="server '{server}' disewa tanpa akhir; tulis `until:` dengan hari terakhirnya, agar ia dikembalikan",
        en="the server '{server}' is rented without an end; write `until:` with its last day, so that it is given back",
    ),
    "rented.ends_first": Message(
        id="server '{server}' berakhir {until}, sebelum dimulai {start}; perbaiki salah satu tanggalnya",
        en="the server '{server}' ends on {until}, before it begins on {start}; correct one of the two dates",
    ),
    "rented.outlives": Message(
        id="server '{server}' disewa sampai {until}, padahal kontrak cloud '{cloud}' berlaku {begins} sampai {ends}; "
        "majukan akhirnya, atau perpanjang kontraknya",
        en="the server '{server}' is rented until {until}, and the contract of the cloud '{cloud}' is from {begins} to {ends}; "
        "let it end earlier, or extend the contract",
    ),
    "rented.too_early": Message(
        id="server '{server}' dimulai {start}, padahal kontrak cloud '{cloud}' berlaku {begins} sampai {ends}; "
        "mundurkan mulainya, atau perbaiki kontraknya",
        en="the server '{server}' begins on {start}, and the contract of the cloud '{cloud}' is from {begins} to {ends}; "
        "let it begin later, or correct the contract",
    ),
    "rented.abroad": Message(
        id="'{server}': cloud '{cloud}' berada di {country}, padahal datanya harus tinggal di {residency} (badan publik: "
        "PP 71/2019, pasal 20); pilih cloud di sana, atau perbaiki `country` cloud itu bila keliru",
        en="'{server}': the cloud '{cloud}' stands in {country}, and what it holds must stay in {residency} (a public body: "
        "PP 71/2019, article 20); choose a cloud there, or put `country` of the cloud right if it is wrong",
    ),
    "rented.elsewhere": Message(
        id="'{server}': `residency` menyebut {residency}, padahal data badan publik tinggal di Indonesia (PP 71/2019, pasal 20); "
        "simpan keputusan yang mengizinkannya, atau pilih cloud di Indonesia dan hapus `residency`",
        en="'{server}': `residency` says {residency}, and the data of a public body stays in Indonesia (PP 71/2019, article 20); "
        "keep the decision that allows it, or choose a cloud in Indonesia and take `residency` out",
    ),
    "rented.key_taken": Message(
        id="nama server '{server}' sudah dipakai oleh '{owner}'; beri nama, atau `prefix`, yang lain",
        en="the name of the server '{server}' belongs to '{owner}' already; give it another one, or another `prefix`",
    ),
    "rented.dns_twice": Message(
        id="server '{server}': nama DNS {name} sudah milik '{first}'; satu nama untuk satu server",
        en="the server '{server}': the DNS name {name} belongs to '{first}' already; one name for one server",
    ),
    "rented.workload_twice": Message(
        id="'{server}' menyebut beban kerja '{workload}' dua kali; hapus salah satunya",
        en="'{server}' names the workload '{workload}' twice; remove one of the two",
    ),
    "rented.workload_connected": Message(
        id="'{server}' menyebut beban kerja '{workload}' yang hanya dihubungi (kind: connected); tidak ada yang dipasang "
        "darinya, jadi hapus dari sini",
        en="'{server}' names the workload '{workload}', which is only reached (kind: connected); nothing of it is installed, "
        "so take it out here",
    ),
    "rented.workload_one": Message(
        id="'{server}' menyebut beban kerja '{workload}' ({runs}), yang menyimpan data sendiri di satu server; server kedua "
        "akan menjadi yang lain, jadi hapus dari sini",
        en="'{server}' names the workload '{workload}' ({runs}), which keeps data of its own on one server; a second one would "
        "be a different one, so take it out here",
    ),
    "rented.no_budget": Message(
        id="'{server}' dibayar dari tahap '{stage}', yang belum punya anggaran; tulis `budget:` (rupiah per bulan) di "
        "stages.yaml",
        en="'{server}' is paid from the stage '{stage}', which has no budget; write `budget:` (rupiah for a month) in "
        "stages.yaml",
    ),
    "stage.over_budget": Message(
        id="tahap '{stage}': server yang disewa berbiaya {cost} pada bulan {month}, {excess} di atas anggaran {budget}; "
        "kurangi atau persingkat yang disewa, pilih ukuran lebih kecil, atau naikkan `budget`",
        en="stage '{stage}': what is rented costs {cost} in the month {month}, {excess} above the budget of {budget}; "
        "rent less or for a shorter time, choose a smaller size, or raise `budget`",
    ),
    # -------------------------------------------------------------------------------------------------------- capacity
    "capacity.when": Message(
        id="'{capacity}' harus mengikuti tepat satu: `window:` dengan nama jendela di windows.yaml, atau `own:` dengan "
        "waktunya sendiri",
        en="'{capacity}' has to follow exactly one: `window:` with the name of one in windows.yaml, or `own:` with times of its "
        "own",
    ),
    "capacity.no_time": Message(
        id="'{capacity}' dihitung dari akhir (counted_from: end) tanpa `before` dan `after`, sehingga tidak berlangsung sama "
        "sekali; tulis misalnya `before: 3 days`",
        en="'{capacity}' is reckoned from the end (counted_from: end) without `before` and `after`, so that it lasts no time at "
        "all; write for example `before: 3 days`",
    ),
    "capacity.no_last": Message(
        id="'{capacity}' mengikuti yang terakhir (occurrence: last), padahal aturannya tidak berakhir; beri aturan itu UNTIL "
        "atau COUNT, atau tulis `occurrence: each`",
        en="'{capacity}' follows the last one (occurrence: last), and the rule has no end; give the rule an UNTIL or a COUNT, "
        "or write `occurrence: each`",
    ),
    "capacity.window_unknown": Message(
        id="'{capacity}' mengikuti jendela '{key}', yang tidak ada di windows.yaml, jadi tidak mendatangkan server; "
        "yang terdekat: {nearest}",
        en="'{capacity}' follows the window '{key}', which is not in windows.yaml, and brings no servers; the nearest: {nearest}",
    ),
    "capacity.unconfirmed": Message(
        id="'{capacity}' mengikuti waktu yang belum dipastikan, jadi tidak mendatangkan server; tulis `confirmed: true` di sana "
        "setelah tanggalnya pasti",
        en="'{capacity}' follows times that are not confirmed and brings no servers; write `confirmed: true` there once the "
        "dates are certain",
    ),
    "capacity.never": Message(
        id="yang diikuti '{capacity}' tidak pernah berlangsung; periksa tanggal, aturan, dan kalendernya",
        en="what '{capacity}' follows never takes place; check its dates, its rule and its calendar",
    ),
    "capacity.outlives": Message(
        id="'{capacity}' mendatangkan server dari {start} sampai {end}, padahal kontrak cloud '{cloud}' berlaku {begins} sampai "
        "{ends}, jadi tidak ada server yang datang untuk waktu itu; perpanjang kontraknya, atau ubah waktunya",
        en="'{capacity}' brings servers from {start} to {end}, and the contract of the cloud '{cloud}' is from {begins} to "
        "{ends}, so that no server comes for that time; extend the contract, or change the times",
    ),
}

NONE_NEAR: Final[dict[str, Message]] = {
    "capacity.window_unknown": Message(
        id="'{capacity}' mengikuti jendela '{key}', yang tidak ada di windows.yaml, jadi tidak mendatangkan server; "
        "yang ada: {known}",
        en="'{capacity}' follows the window '{key}', which is not in windows.yaml, and brings no servers; there are: {known}",
    ),
    "cloud.no_size": Message(
        id="'{server}': cloud '{cloud}' tidak punya ukuran '{name}' di clouds.yaml; yang ada: {known}",
        en="'{server}': the cloud '{cloud}' has no size '{name}' in clouds.yaml; there are: {known}",
    ),
    "cloud.no_image": Message(
        id="'{server}': cloud '{cloud}' tidak punya citra '{name}' di clouds.yaml; yang ada: {known}",
        en="'{server}': the cloud '{cloud}' has no image '{name}' in clouds.yaml; there are: {known}",
    ),
}
