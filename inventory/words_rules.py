"""What findings about several files together say, and those of the CSV of offices. Words only."""

from __future__ import annotations

from typing import Final

from inventory.findings import Message

WORDS: Final[dict[str, Message]] = {
    # -------------------------------------------------------------------------------------------- names and references
    "identity.id_twice": Message(
        id="id {value} di {kind} sudah dipakai '{first}'; id bersifat tetap, pilih nomor yang belum pernah dipakai",
        en="id {value} in {kind} belongs to '{first}' already; an id is permanent, choose a number that was never used",
    ),
    "identity.key_twice": Message(
        id="'{value}' di {kind} sudah ada; beri nama pendek lain",
        en="'{value}' in {kind} exists already; choose another short name",
    ),
    "identity.name_twice": Message(
        id="nama '{value}' di {kind} sudah dipakai '{first}'; bedakan, agar laporan tidak tertukar",
        en="the name '{value}' in {kind} is used by '{first}' already; make them differ, so that reports are not confused",
    ),
    "reference.unknown": Message(
        id="tidak ada {kind} bernama '{key}'; yang terdekat: {nearest}",
        en="there is no {kind} called '{key}'; the nearest: {nearest}",
    ),
    # --------------------------------------------------------------------------------------------------------- devices
    "device.count": Message(
        id="perlu tepat satu perangkat dengan role {role}, ada {count}",
        en="exactly one device with role {role} is needed, there are {count}",
    ),
    "device.role": Message(
        id="perangkat '{device}' ber-role {role}; di sini perlu yang ber-role {wanted}",
        en="the device '{device}' has the role {role}; one with the role {wanted} is needed here",
    ),
    "device.serves_two": Message(
        id="perangkat '{device}' sudah melayani '{first}'; satu perangkat untuk satu hub atau kantor",
        en="the device '{device}' serves '{first}' already; one device for one hub or office",
    ),
    "device.unused": Message(
        id="perangkat '{device}' (role {role}) tidak melayani hub atau kantor mana pun",
        en="the device '{device}' (role {role}) serves no hub and no office",
    ),
    "device.address_twice": Message(
        id="alamat {address} sudah dipakai '{first}'; setiap perangkat perlu alamatnya sendiri",
        en="the address {address} belongs to '{first}' already; every device needs its own",
    ),
    # ----------------------------------------------------------------------------------------------------------- links
    "link.interface_twice": Message(
        id="antarmuka {interface} pada '{device}' sudah dipakai tautan '{first}'",
        en="the interface {interface} of '{device}' is used by the link '{first}' already",
    ),
    "link.interface_long": Message(
        id="nama antarmuka {interface} terdiri dari {length} huruf; Linux menerima paling banyak {most}",
        en="the interface name {interface} has {length} characters; Linux takes at most {most}",
    ),
    "link.same_device": Message(
        id="kedua ujung tautan '{link}' ada pada perangkat yang sama, '{device}'",
        en="both ends of the link '{link}' are on the same device, '{device}'",
    ),
    "link.reversed": Message(
        id="ujung tautan '{link}' terbalik; tulis dulu '{near}' (lebih dekat ke uplink), lalu '{far}'",
        en="the ends of the link '{link}' are the wrong way round; first '{near}' (nearer to the uplinks), then '{far}'",
    ),
    "link.stray": Message(
        id="tautan '{link}' menghubungkan {near} dengan {far}; pembagian hanya mengenal border–core, core–hub, dan hub–kantor",
        en="the link '{link}' joins {near} and {far}; sharing knows only border–core, core–hub and hub–office",
    ),
    "link.local": Message(
        id="batas atas hanya mengatur lalu lintas uplink; {count} tautan hub dan kantor tidak menyisihkan apa pun "
           "untuk lalu lintas lokal (`local`)",
        en="ceilings govern uplink traffic only; "
        "{count} links of hubs and offices keep nothing for local traffic (`local`)",
    ),
    "link.local_all": Message(
        id="tautan '{link}': `local` ({local}) menghabiskan seluruh kapasitas tautan; kecilkan",
        en="the link '{link}': `local` ({local}) takes all that the link carries; make it smaller",
    ),
    "link.share_sum": Message(
        id="shares pada tautan '{link}' berjumlah {total} persen; paling banyak 100",
        en="the shares of the link '{link}' sum to {total} percent; at most 100",
    ),
    "link.share_missing": Message(
        id="shares pada tautan '{link}' tidak menyebut uplink '{uplink}'; tulis untuk setiap uplink, atau hapus shares",
        en="the shares of the link '{link}' do not name the uplink '{uplink}'; write one for each uplink, or remove shares",
    ),
    "link.network_size": Message(
        id="tautan '{link}': jaringan {network} harus /31 (atau /30); satu alamat untuk tiap ujung",
        en="link '{link}': the network {network} must be a /31 (or a /30); one address for each end",
    ),
    "link.network_overlap": Message(
        id="tautan '{link}': jaringan {network} bertumpang tindih dengan alamat '{other}'; pilih jaringan yang belum dipakai",
        en="link '{link}': the network {network} overlaps the addresses of '{other}'; choose one that is not used",
    ),
    "link.network_missing": Message(
        id="tautan '{link}' tidak punya `network`, jadi tidak dialamati dan tidak dirutekan; tulis sebuah /31",
        en="the link '{link}' has no `network`, so it gets no address and no routing; write a /31",
    ),
    "link.ospf_alone": Message(
        id="tautan '{link}' mengubah ospf, tetapi links.yaml tidak punya `ospf:` untuk semua tautan; tulis di awal berkas",
        en="the link '{link}' changes ospf, but links.yaml has no `ospf:` for all links; write it at the top of the file",
    ),
    "ospf.dead": Message(
        id="dead ({dead} detik) harus lebih lama dari hello ({hello} detik), biasanya empat kali; perbaiki salah satunya",
        en="dead ({dead} seconds) must be longer than hello ({hello} seconds), four times as a rule; correct one of them",
    ),
    "device.services": Message(
        id="'{device}' adalah {platform} dan tidak dapat memberi {service}: {value}, yang hanya ada di Linux; hapus itu",
        en="'{device}' is {platform} and cannot give {service}: {value}, which is Linux's alone; remove that",
    ),
    "link.platform": Message(
        id="tautan '{link}': {field} tidak tersedia pada '{device}' ({platform}); hapus di sini, atau ganti perangkatnya",
        en="link '{link}': '{device}' ({platform}) has no {field}; remove it here, or change the device",
    ),
    "optics.medium": Message(
        id="tautan '{link}' bermedium {medium}, jadi tidak punya tingkat cahaya; hapus optics, atau perbaiki medium",
        en="the link '{link}' is {medium}, so there is no light to measure; remove optics, or correct the medium",
    ),
    "optics.floor": Message(
        id="optik '{device}': floor {floor} dBm lebih tinggi dari serah terima dikurangi margin ({least} dBm), "
        "jadi tautan gagal sebelum diperingatkan; kecilkan margin",
        en="optics of '{device}': the floor {floor} dBm is above handover less margin ({least} dBm), "
        "so the link would fail before anyone is warned; make the margin smaller",
    ),
    "hub.links": Message(
        id="hub '{hub}' perlu tepat satu tautan dari '{core}' ke '{device}', ada {count}; lengkapi links.yaml",
        en="the hub '{hub}' needs exactly one link from '{core}' to '{device}', there are {count}; see links.yaml",
    ),
    "office.links": Message(
        id="kantor '{office}' perlu tepat satu tautan dari '{hub}' ke '{device}', ada {count}; lengkapi links.yaml",
        en="the office '{office}' needs exactly one link from '{hub}' to '{device}', there are {count}; see links.yaml",
    ),
    # ------------------------------------------------------------------------------------------------------------ LANs
    "office.lan_interface": Message(
        id="antarmuka {interface} pada '{device}' adalah ujung tautan '{link}', jadi bukan LAN; tulis antarmuka lain",
        en="the interface {interface} of '{device}' is an end of the link '{link}', so no LAN; write another one",
    ),
    "office.lan_size": Message(
        id="LAN {lan}: panjang prefiks harus antara /{widest} dan /{narrowest}",
        en="LAN {lan}: the prefix length must be between /{widest} and /{narrowest}",
    ),
    "office.lan_overlap": Message(
        id="LAN {lan} bertumpang tindih dengan {other} milik '{first}'",
        en="LAN {lan} overlaps {other} of '{first}'",
    ),
    "office.lan_address": Message(
        id="LAN {lan} memuat alamat pengelolaan {address} milik '{device}'; pisahkan",
        en="LAN {lan} contains the management address {address} of '{device}'; keep them apart",
    ),
    # --------------------------------------------------------------------------------------------------------- uplinks
    "uplink.link_place": Message(
        id="tautan '{link}' untuk uplink '{uplink}' harus dari perangkat border ke perangkat core; pembagian dipasang di core",
        en="the link '{link}' of the uplink '{uplink}' must go from the border to the core; that is where sharing stands",
    ),
    "uplink.no_queues": Message(
        id="'{device}' di ujung uplink '{uplink}' tidak memberi antrean; tulis `services: {{queues: linux_tc}}` di devices.yaml",
        en="'{device}' at the end of the uplink '{uplink}' gives no queues; "
        "write `services: {{queues: linux_tc}}` in devices.yaml",
    ),
    "uplink.no_queues_there": Message(
        id="'{device}' di ujung uplink '{uplink}' adalah {platform}, dan Lajur membagi uplink hanya di Linux dengan tc; "
        "pasang sebuah Linux sebagai inti (platform: linux, services: {{queues: linux_tc}})",
        en="'{device}' at the end of the uplink '{uplink}' is {platform}, and Lajur shares an uplink on Linux with tc only; "
        "put a Linux there as the core (platform: linux, services: {{queues: linux_tc}})",
    ),
    "uplink.link_shared": Message(
        id="tautan '{link}' sudah dipakai uplink '{first}'; setiap uplink punya tautan border–core sendiri",
        en="the link '{link}' belongs to the uplink '{first}' already; every uplink has its own border–core link",
    ),
    "uplink.above_link": Message(
        id="kontrak uplink '{uplink}' lebih besar daripada yang dibawa tautan '{link}' ({rate})",
        en="the contract of the uplink '{uplink}' is more than its link '{link}' carries ({rate})",
    ),
    "uplink.no_default": Message(
        id="semua uplink punya destinations; satu uplink harus tanpa destinations, untuk semua tujuan lainnya",
        en="every uplink has destinations; one must be without, for all other destinations",
    ),
    "uplink.two_defaults": Message(
        id="uplink '{uplink}' dan '{first}' sama-sama tanpa destinations; hanya satu yang boleh, beri '{uplink}' daftar prefiks",
        en="the uplinks '{uplink}' and '{first}' are both without destinations; only one may be, give '{uplink}' a prefix list",
    ),
    "prefixes.missing": Message(
        id="berkas {name} tidak ada di folder ini; buat, satu prefiks per baris",
        en="the file {name} is not in this folder; create it, one prefix a line",
    ),
    "prefixes.two_uplinks": Message(
        id="prefiks {prefix} juga ada pada daftar uplink '{first}'; satu tujuan keluar lewat satu uplink",
        en="the prefix {prefix} is on the list of the uplink '{first}' too; one destination leaves by one uplink",
    ),
    # ---------------------------------------------------------------------------------------------------------- policy
    "policy.floor_missing": Message(
        id="floors belum menyebut uplink '{uplink}'; tulis batas bawahnya, misalnya 1 Mbit/s",
        en="floors does not name the uplink '{uplink}'; write its floor, for example 1 Mbit/s",
    ),
    "policy.rate_small": Message(
        id="{value} terlalu kecil untuk sebuah antrean; paling sedikit {least}",
        en="{value} is too small for a queue; at least {least}",
    ),
    "reserve.twice": Message(
        id="cadangan untuk '{application}' pada '{uplink}' tertulis dua kali di sini; hapus salah satunya",
        en="the reserve for '{application}' on '{uplink}' is written twice here; remove one of the two",
    ),
    "reserve.no_base": Message(
        id="cadangan untuk '{application}' pada '{uplink}' tidak ada di policy.yaml; jendela hanya mengubah angkanya, "
           "jadi tulis dulu cadangan dasarnya di sana",
        en="policy.yaml has no reserve for '{application}' on '{uplink}'; a window only changes its number, "
           "so write the base reserve there first",
    ),
    "reserve.id": Message(
        id="aplikasi '{application}' ber-id {id}; yang boleh punya cadangan hanya id 1 sampai {most}",
        en="the application '{application}' has id {id}; only ids 1 to {most} may have a reserve",
    ),
    "reserve.thin": Message(
        id="cadangan '{application}' dibagi {count} kantor menjadi {rate} per kantor; paling sedikit {least}",
        en="the reserve of '{application}' divided over {count} offices is {rate} each; at least {least}",
    ),
    "reserve.elsewhere": Message(
        id="cadangan '{application}' ada pada '{uplink}', tetapi {prefix} keluar lewat '{other}'; "
        "cadangan itu tidak akan terpakai",
        en="the reserve of '{application}' is on '{uplink}', but {prefix} leaves by '{other}'; the reserve will not be used",
    ),
    "application.destination_twice": Message(
        id="tujuan {prefix} sudah milik aplikasi '{first}'; satu tujuan untuk satu aplikasi",
        en="the destination {prefix} belongs to the application '{first}' already; one destination for one application",
    ),
    # ------------------------------------------------------------------------------------------------------------ sums
    "sum.uplink": Message(
        id="uplink '{name}' ({direction}), {when}: batas bawah, cadangan, dan kelas default berjumlah {need}, "
           "yang ada {have}; kurangi {missing}",
        en="uplink '{name}' ({direction}), {when}: floors, reserves and the default class sum to {need}, "
           "there is {have}; take off {missing}",
    ),
    "sum.hub": Message(
        id="hub '{name}', uplink '{uplink}' ({direction}), {when}: yang dijamin untuk kantor-kantornya {need}, "
           "bagian linknya {have}; kurang {missing}",
        en="hub '{name}', uplink '{uplink}' ({direction}), {when}: its offices are promised {need}, "
           "its link's part is {have}; {missing} too little",
    ),
    "sum.office": Message(
        id="kantor '{name}', uplink '{uplink}' ({direction}), {when}: yang dijamin {need}, bagian linknya {have}; "
        "kurang {missing}",
        en="office '{name}', uplink '{uplink}' ({direction}), {when}: it is promised {need}, its link's part is {have}; "
           "{missing} too little",
    ),
    # --------------------------------------------------------------------------------------------------------- windows
    "window.offset": Message(
        id="{value} memuat selisih zona; tulis waktu setempat saja, misalnya 2026-08-18T08:00",
        en="{value} has an offset; write the regency's local time only, for example 2026-08-18T08:00",
    ),
    "window.year": Message(
        id="tahun {year} di luar 2000 sampai 2199; periksa tahunnya",
        en="the year {year} is not within 2000 to 2199; check it",
    ),
    "window.too_often": Message(
        id="'{value}' terlalu sering; sebuah jendela berulang paling sering setiap hari (FREQ=DAILY)",
        en="'{value}' is too often; a window recurs once a day at most (FREQ=DAILY)",
    ),
    "window.exdate_idle": Message(
        id="jendela '{window}' tidak dimulai pada {value}, jadi exdates itu tidak mengubah apa pun; tulis jam mulai yang tepat",
        en="the window '{window}' does not start at {value}, so leaving that out changes nothing; write its exact start",
    ),
    "window.ends_first": Message(
        id="jendela ini harus berakhir sesudah dimulai: berakhir {end}, dimulai {start}; periksa start dan end",
        en="this window must end after it begins: it ends {end}, it begins {start}; check start and end",
    ),
    "window.too_long": Message(
        id="satu kali jendela ini berlangsung {days} hari; paling lama setahun, pakai recurrence",
        en="one occurrence of this window lasts {days} days; at most a year, use a recurrence",
    ),
    "window.rule": Message(
        id="bagian '{part}' pada recurrence '{value}' tidak dapat dipakai; tulis misalnya FREQ=DAILY;UNTIL=20260912T235959",
        en="the part '{part}' of the recurrence '{value}' cannot be used; write for example FREQ=DAILY;UNTIL=20260912T235959",
    ),
    "window.until": Message(
        id="UNTIL={value} harus waktu setempat yang lengkap, misalnya UNTIL=20260912T235959 (sampai dengan hari itu)",
        en="UNTIL={value} must be a full local time, for example UNTIL=20260912T235959 (that day included)",
    ),
    "window.start_not_in_rule": Message(
        id="start {value} tidak termasuk recurrence '{rule}'; start adalah kejadian pertama, samakan keduanya",
        en="the start {value} is not in the recurrence '{rule}'; start is the first occurrence, make the two agree",
    ),
    "window.never": Message(
        id="jendela '{window}' tidak pernah terjadi menurut kalender '{calendar}'; periksa start, recurrence, dan calendar.yaml",
        en="the window '{window}' never takes place on a day of the calendar '{calendar}'; "
        "check start, recurrence and calendar.yaml",
    ),
    "window.no_hours": Message(
        id="jendela '{window}' mengikuti jam kantor, tetapi calendar.yaml tidak punya hours; "
        "tulis misalnya hours: {{start: '07:30', end: '16:00'}}",
        en="the window '{window}' follows the office hours, but calendar.yaml has no hours; "
        "write for example hours: {{start: '07:30', end: '16:00'}}",
    ),
    "window.hours_days": Message(
        id="jendela '{window}' mengikuti jam kantor satu hari, tetapi berakhir {end}; "
        "tulis end pada hari yang sama dengan start, dan hari-hari lain dalam recurrence",
        en="the window '{window}' follows the office hours of one day, but ends {end}; "
        "write an end on the day of its start, and further days as a recurrence",
    ),
    "window.exempt_idle": Message(
        id="jendela '{window}' mengecualikan '{office}', jadi angkanya di bawah offices tidak berlaku; hapus salah satunya",
        en="the window '{window}' exempts '{office}', so the numbers under offices for it have no effect; remove one of the two",
    ),
    "window.meets_itself": Message(
        id="jendela '{window}' dimulai lagi ({start}) sebelum yang sebelumnya berakhir; pendekkan atau jarangkan",
        en="the window '{window}' begins again ({start}) before the one before it ends; make it shorter or rarer",
    ),
    "outlook.takes_protected": Message(
        id="{windows} akan ditolak pada {at}: {place} (dilindungi) kurang {missing}; kecilkan yang dinaikkan, atau "
           "turunkan kelas yang tidak dilindungi (lihat `lajur plan --at {at}`)",
        en="{windows} will be refused at {at}: {place} (protected) would lose {missing}; make what is raised smaller, "
           "or lower a class without protection (see `lajur plan --at {at}`)",
    ),
    "outlook.moves_too_much": Message(
        id="{windows} akan ditolak pada {at}: di {place} terlalu banyak berpindah sekaligus, {missing} di atas largest_move; "
           "kecilkan yang berubah, atau naikkan largest_move di policy.yaml",
        en="{windows} will be refused at {at}: on {place} too much moves at once, {missing} above largest_move; make the change "
           "smaller, or raise largest_move in policy.yaml",
    ),
    "outlook.does_not_fit": Message(
        id="{windows} akan ditolak pada {at}: di {place} kurang {missing}; kecilkan yang dinaikkan (`lajur plan --at {at}`)",
        en="{windows} will be refused at {at}: on {place} {missing} is missing; make it ask for less (`lajur plan --at {at}`)",
    ),
    "window.nothing": Message(
        id="jendela '{window}' tidak mengubah apa pun; tulis classes, offices, atau reserves, atau hapus",
        en="the window '{window}' changes nothing; write classes, offices or reserves, or remove it",
    ),
    "window.meets": Message(
        id="jendela '{window}' dan '{first}' sama-sama mengubah {things} pada {start} dengan precedence {precedence}; "
           "beri precedence yang berbeda",
        en="the windows '{window}' and '{first}' both change {things} at {start} with precedence {precedence}; "
           "give them different precedences",
    ),
    "calendar.day_twice": Message(
        id="{day} sudah tertulis sebagai '{first}'; hapus salah satunya",
        en="{day} is written as '{first}' already; remove one of the two",
    ),
    "calendar.on_and_off": Message(
        id="{day} tertulis sebagai hari kerja ('{on}') dan sebagai hari libur ('{off}'); hapus salah satunya",
        en="{day} is written as a working day ('{on}') and as a day off ('{off}'); remove one of the two",
    ),
    "calendar.on_idle": Message(
        id="{day} memang hari kerja, jadi baris ini tidak mengubah apa pun; periksa tanggalnya atau hapus",
        en="{day} is a working day anyway, so this line changes nothing; check the date or remove it",
    ),
    "calendar.clock": Message(
        id="'{value}' bukan jam; tulis dua angka jam dan menit, misalnya '07:30'",
        en="'{value}' is no time of day; write hours and minutes in two digits each, for example '07:30'",
    ),
    "calendar.hours_end": Message(
        id="jam kantor harus berakhir sesudah dimulai: dimulai {start}, berakhir {end}",
        en="office hours must end after they begin: they begin {start}, they end {end}",
    ),
    "calendar.period_end": Message(
        id="masa '{period}' berakhir {end}, sebelum dimulai {start}; periksa kedua tanggalnya",
        en="the period '{period}' ends on {end}, before it begins on {start}; check both dates",
    ),
    "calendar.periods_overlap": Message(
        id="'{one}' dan '{other}' sama-sama mencakup {day}; bila keduanya punya hours, tidak jelas jam mana yang berlaku; "
        "pisahkan tanggalnya",
        en="'{one}' and '{other}' both cover {day}; when both have hours, nobody could say which ones hold; "
        "keep their dates apart",
    ),
    "calendar.estimated": Message(
        id="jendela '{window}' bergantung pada hari libur yang masih perkiraan: {days}; "
        "setelah ditetapkan, tulis harinya di days_off (atau days_on) calendar.yaml",
        en="the window '{window}' leans on holidays that are still estimates: {days}; "
        "once they are decreed, write the days under days_off (or days_on) in calendar.yaml",
    ),
    "calendar.unsettled": Message(
        id="jendela '{window}' berlaku dalam tahun {year} (mulai {first}), yang cuti bersamanya belum diketahui; "
        "setelah ditetapkan, tulis di days_off calendar.yaml, dengan nama yang diawali 'Cuti bersama'",
        en="the window '{window}' takes place in {year} (from {first}), of which the joint leave is not known yet; "
        "once it is decreed, write it under days_off in calendar.yaml, with names that begin 'Cuti bersama'",
    ),
    # ------------------------------------------------------------------------------------------------------- contracts
    "contract.ends_first": Message(
        id="kontrak {number} berakhir {end}, sebelum dimulai {start}",
        en="the contract {number} ends on {end}, before it begins on {start}",
    ),
    "contract.ended": Message(
        id="kontrak {number} untuk uplink '{uplink}' berakhir {end}; tulis kontrak yang baru",
        en="the contract {number} of the uplink '{uplink}' ended on {end}; write the new one",
    ),
    "contract.ends_soon": Message(
        id="kontrak {number} untuk uplink '{uplink}' berakhir {end}, {days} hari lagi; siapkan perpanjangan",
        en="the contract {number} of the uplink '{uplink}' ends on {end}, in {days} days; prepare the next one",
    ),
    "contract.not_begun": Message(
        id="kontrak {number} untuk uplink '{uplink}' baru mulai {start}",
        en="the contract {number} of the uplink '{uplink}' only begins on {start}",
    ),
}  # fmt: skip

NONE_NEAR: Final[dict[str, Message]] = {
    "reference.unknown": Message(
        id="tidak ada {kind} bernama '{key}'; yang ada: {known}",
        en="there is no {kind} called '{key}'; there are: {known}",
    ),
}
