"""What a new regency's files say to whoever opens them, and what a table of offices to begin with may lack. Words only."""

from __future__ import annotations

from typing import Final

from inventory.findings import Message

WORDS: Final[dict[str, Message]] = {
    "csv.start_cell": Message(
        id="{column}: '{value}' tidak dapat dipakai; tulis misalnya {hint}",
        en="{column}: '{value}' cannot be used; write for example {hint}",
    ),
    "csv.start_thousands": Message(
        id="{column}: '{value}' bisa berarti ribuan atau pecahan; tulis tanpa titik ribuan (1000) atau dengan satu desimal (1,5)",
        en="{column}: '{value}' may mean thousands or a fraction; write it without separators (1000) or with one decimal (1.5)",
    ),
    "csv.start_rule": Message(
        id="{column}: '{value}' tidak dapat dipakai; yang boleh: {hint}",
        en="{column}: '{value}' cannot be used; what may stand there: {hint}",
    ),
    "csv.start_aside": Message(
        id="kolom yang tidak dikenal dilewati: {columns}. Yang dikenal: Nama OPD, Nomor, Kunci, Kelas Layanan, Hub, "
           "Perangkat, LAN, Aplikasi, Petugas TI, Alamat IP, Platform, Antarmuka, Laju, Media, Jarak (km)",
        en="columns that are not known are set aside: {columns}. Those that are: name, id, key, service_class, hub, device, "
           "lan, applications, it_staff, address, platform, interface, rate, medium, length_km",
    ),
    "csv.start_class": Message(
        id="kelas '{made}' belum ada, jadi dibuat di policy.yaml; yang sudah ada: {known}",
        en="there is no class '{made}' yet, so it is made in policy.yaml; those that exist: {known}",
    ),
    "csv.start_class_near": Message(
        id="kelas '{made}' belum ada, jadi dibuat di policy.yaml; mungkin maksudnya '{near}'",
        en="there is no class '{made}' yet, so it is made in policy.yaml; perhaps '{near}' is meant",
    ),
    "csv.start_many": Message(
        id="tabel ini memuat {count} kantor; satu kabupaten paling banyak {most}. Bagilah tabelnya",
        en="this table holds {count} offices; a regency has at most {most}. Divide the table",
    ),
    "csv.start_twice": Message(
        id="{column}: '{value}' sudah dipakai di baris {first}; tiap kantor punya yang sendiri",
        en="{column}: '{value}' stands on line {first} already; every office has one of its own",
    ),
    "csv.start_no_office": Message(
        id="tabel ini tidak memuat satu kantor pun; isi satu baris untuk tiap kantor, paling sedikit kolom Nama OPD",
        en="this table holds no office; write a line for each, with at least the column name",
    ),
    "csv.start_applications": Message(
        id="kolom applications belum dipakai: tujuan aplikasi belum diketahui; tulis di applications.yaml, lalu jalankan "
           "`lajur inventory import` dengan tabel yang sama",
        en="the column applications is left out for now: where the applications are is not known yet; write them in "
           "applications.yaml, then give `lajur inventory import` the same table",
    ),
    "start.block_full": Message(
        id="blok {block} sudah habis; jalankan lagi dengan blok yang lebih besar",
        en="the block {block} has nothing left; try again with a larger one",
    ),
    "folder.taken": Message(
        id="folder {folder} sudah berisi; tidak ada yang ditulis. Pilih folder lain, atau lanjutkan yang ada dengan "
           "`lajur inventory check`",
        en="the folder {folder} holds something already; nothing was written. Choose another, or go on with what is there: "
           "`lajur inventory check`",
    ),
    "folder.unwritable": Message(
        id="folder {folder} tidak dapat ditulis ({reason}); tidak ada yang ditulis. Periksa ruang dan izin folder di atasnya",
        en="the folder {folder} cannot be written ({reason}); nothing was written. Check the space and the permission of the "
           "folder above it",
    ),
}  # fmt: skip

COMMENTS: Final[dict[str, Message]] = {
    "regency": Message(
        id="Folder ini tentang siapa, dan di zona waktu mana jendelanya ditulis.\n"
           "key adalah nama folder ini; catatan dan kunci disimpan di bawah nama itu, jadi jangan diganti lagi.",
        en="Who this folder is about, and the zone in which its windows are written.\n"
           "key is the name of this folder; records and locks are kept under it, so it is not changed any more.",
    ),
    "illustrative": Message(
        id="false: perangkatnya sungguhan dan dihubungi. true: hanya dilayani lab atau memori.",
        en="false: its devices are real and are dialled. true: served by the lab or in memory only.",
    ),
    "uplinks": Message(
        id="Kapasitas ke luar menurut kontrak. Yang dibagi adalah kontrak dikurangi `headroom` persen (3 bila tidak ditulis),\n"
           "agar antrean terbentuk di perangkat kita, bukan di penyedia. rate boleh {down: 100 Mbit/s, up: 50 Mbit/s}.\n"
           "id tetap selamanya dan tidak pernah dipakai lagi: nomor antrean di perangkat berasal darinya.",
        en="Contracted capacity to the outside. What is shared is the contract less `headroom` percent (3 when not written),\n"
           "so that the queue forms on our box and not on the provider's. rate may be {down: 100 Mbit/s, up: 50 Mbit/s}.\n"
           "An id is permanent and never used again: the numbers of queues on devices derive from it.",
    ),
    "uplink_default": Message(
        id="Tanpa `destinations`: semua yang tidak disebut uplink lain keluar lewat sini.",
        en="Without `destinations`: whatever no other uplink names leaves by this one.",
    ),
    "uplink_second": Message(
        id="Uplink kedua ditulis dengan cara yang sama, ditambah `destinations: prefixes/NAMA.txt`: berkas berisi satu\n"
           "prefiks per baris, yaitu tujuan yang keluar lewat uplink itu. Tautannya (border ke core) ditambah di links.yaml.",
        en="A second uplink is written alike, with `destinations: prefixes/NAME.txt`: a file with a prefix a line, the\n"
           "destinations that leave by it. Its link (border to core) is added in links.yaml.",
    ),
    "hubs": Message(
        id="Tempat serat bertemu. Masing-masing satu perangkat; tautan kantornya berakhir di sana.",
        en="Places where fibre meets. Each has one device, on which the links of its offices end.",
    ),
    "links": Message(
        id="Setiap tautan punya dua ujung, yang lebih dekat ke uplink ditulis dulu. `rate` ialah yang dilewatkannya tiap arah.\n"
           "`interface` ialah namanya di perangkat itu sendiri: samakan dengan kenyataan, `lajur device check` memeriksanya.\n"
           "`network` ialah alamat tautan: ujung dekat mendapat yang pertama, ujung jauh yang kedua.",
        en="Every link has two ends, the one nearer to the uplinks first. `rate` is what it carries in each direction.\n"
           "`interface` is its name on the device itself: make it what it really is, `lajur device check` looks.\n"
           "`network` holds the link's addresses: the near end has the first, the far end the second.",
    ),
    "links_more": Message(
        id="Juga boleh pada tautan: mtu, length_km, medium (fibre, radio, satellite, copper), local (kapasitas yang tidak\n"
           "dipakai uplink), shares (persen tiap uplink). Contoh lengkap: folder manokwari.",
        en="A link may also have: mtu, length_km, medium (fibre, radio, satellite, copper), local (capacity that no uplink\n"
           "uses), shares (percent by uplink). A full example: the folder manokwari.",
    ),
    "ospf": Message(
        id="OSPF di semua tautan. `key` adalah rujukan (env:NAMA atau file:BERKAS), bukan kuncinya.",
        en="OSPF on every link. `key` is a reference (env:NAME or file:PATH), never the key itself.",
    ),
    "links_border": Message(
        id="Perbatasan ke inti, satu tautan tiap uplink: pembagi berdiri di ujung inti.",
        en="Border to core, one link for each uplink: the shapers stand at the core's end.",
    ),
    "links_hubs": Message(id="Inti ke hub.", en="Core to hubs."),
    "links_offices": Message(id="Hub ke kantor.", en="Hubs to offices."),
    "devices": Message(
        id="Router. Rahasia hanya dirujuk: env:NAMA ialah variabel lingkungan, file:BERKAS ialah berkas yang hanya dapat\n"
           "dibaca pemiliknya (chmod 600). `&` memberi nama pada sebuah nilai, `*` memakainya lagi.\n"
           "platform: linux, mikrotik_routeros, cisco_ios, arista_eos, juniper_junos, huawei_vrp.\n"
           "services.queues: perangkat ini membagi uplink (Linux dengan tc). services.routing: frr, bila memakai FRR.",
        en="Routers. Secrets are only referred to: env:NAME is a variable of the environment, file:PATH a file that only its\n"
           "owner can read (chmod 600). `&` names a value, `*` uses it again.\n"
           "platform: linux, mikrotik_routeros, cisco_ios, arista_eos, juniper_junos, huawei_vrp.\n"
           "services.queues: this device shares the uplinks (Linux with tc). services.routing: frr, where it runs FRR.",
    ),
    "devices_core": Message(
        id="Inti membagi; perbatasan menuju penyedia. Masing-masing tepat satu.",
        en="The core shares, the border leads to the provider. There is exactly one of each.",
    ),
    "devices_hubs": Message(id="Hub.", en="Hubs."),
    "devices_offices": Message(id="Router kantor.", en="Office routers."),
    "offices": Message(
        id="Yang dilayani. `id` tetap selamanya; kantor baru mendapat nomor baru. `service_class` salah satu dari policy.yaml.\n"
           "`it_staff` menyebut peran, tidak pernah nama orang. Lewat lembar sebar: `lajur inventory export` dan `import`.",
        en="What is served. An `id` is permanent; a new office gets a new number. `service_class` is one of policy.yaml.\n"
           "`it_staff` names roles, never persons. By spreadsheet: `lajur inventory export` and `import`.",
    ),
    "applications": Message(
        id="Sistem yang dipakai orang lewat jaringan. Alamatnya ditulis sebagai prefiks: nama DNS menjadi prefiks lewat\n"
           "tinjauan, tidak pernah dengan sendirinya. Yang boleh punya cadangan ber-id 1 sampai 13. Contoh:\n"
           "\n"
           "applications:\n"
           "  - id: 1\n"
           "    key: oss\n"
           "    name: OSS (perizinan berusaha)\n"
           "    owner: Kementerian Investasi/BKPM\n"
           "    destinations: [192.0.2.0/24]\n"
           "    probe: {kind: https, host: 192.0.2.10, port: 443}",
        en="Systems that people use over the network. Where they are is written as prefixes: a DNS name becomes prefixes by\n"
           "review, never by itself. One that may have a reserve has an id of 1 to 13. For example:\n"
           "\n"
           "applications:\n"
           "  - id: 1\n"
           "    key: oss\n"
           "    name: OSS (business licences)\n"
           "    owner: Ministry of Investment\n"
           "    destinations: [192.0.2.0/24]\n"
           "    probe: {kind: https, host: 192.0.2.10, port: 443}",
    ),
    "policy": Message(
        id="Kebijakan dasar: yang berlaku bila tidak ada jendela terbuka. Jaminan dihitung dari sini, tidak pernah diketik.",
        en="The base policy: what holds when no window is open. Guarantees are computed from it, never typed.",
    ),
    "policy_floors": Message(
        id="Tidak ada kantor yang turun di bawah ini, jam berapa pun.",
        en="No office falls below this, whatever the hour.",
    ),
    "policy_classes": Message(
        id="share: pembagian kapasitas terjamin di atas batas bawah (0 sampai 1000). weight: pembagian sisanya.\n"
           "protected: pada kapasitas yang sama, tidak ada jendela yang mengambil jaminannya.",
        en="share: division of guaranteed capacity above the floors (0 to 1000). weight: division of what is left unused.\n"
           "protected: at equal capacity, no window takes such an office's guarantee.",
    ),
    "policy_reserves": Message(
        id="Disisihkan untuk tujuan satu aplikasi, dibagi rata ke semua kantor. Contoh:\n"
           "  - {application: oss, uplink: NAMA_UPLINK, rate: 4 Mbit/s}",
        en="Set aside for one application's destinations, divided over all offices. For example:\n"
           "  - {application: oss, uplink: UPLINK, rate: 4 Mbit/s}",
    ),
    "policy_move": Message(
        id="Bagian terbesar sebuah uplink, dalam persen, yang boleh diambil dari kantor-kantor dalam satu proses.",
        en="The largest part of an uplink, in percent, that one run may take from offices.",
    ),
    "windows": Message(
        id="Waktu berulang dengan kebijakannya sendiri, menurut jam setempat. Yang tidak disebut jendela tetap seperti dasar.\n"
           "Jendela yang belum `confirmed: true` tidak pernah bekerja. Lihat dulu: `lajur plan --at YYYY-MM-DDT09:00`.\n"
           "Yang diturunkan memberi tempat: bagian yang lain naik sendiri. Kelas yang hanya dinaikkan, tanpa yang turun,\n"
           "ditolak bila kantor yang dilindungi kehilangan karenanya. Contoh:\n"
           "\n"
           "windows:\n"
           "  - key: eplanning\n"
           "    name: Masa masukan e-planning\n"
           "    confirmed: false\n"
           "    start: YYYY-MM-DDT08:00\n"
           "    end: YYYY-MM-DDT15:00\n"
           "    recurrence: FREQ=DAILY;COUNT=10\n"
           "    calendar: working_days\n"
           "    policy:\n"
           "      classes:\n"
           "        planning_finance: {weight: 12}\n"
           "        light_service: {share: 10}\n"
           "        back_office: {share: 5}",
        en="Recurring times with their own policy, by local time. What a window does not name stays as in the base policy.\n"
           "One that is not `confirmed: true` never acts. Look first: `lajur plan --at YYYY-MM-DDT09:00`.\n"
           "What is lowered makes room: all other parts rise by themselves. A class that is only raised, with nothing lowered,\n"
           "is refused where protected offices would lose by it. For example:\n"
           "\n"
           "windows:\n"
           "  - key: eplanning\n"
           "    name: E-planning input\n"
           "    confirmed: false\n"
           "    start: YYYY-MM-DDT08:00\n"
           "    end: YYYY-MM-DDT15:00\n"
           "    recurrence: FREQ=DAILY;COUNT=10\n"
           "    calendar: working_days\n"
           "    policy:\n"
           "      classes:\n"
           "        planning_finance: {weight: 12}\n"
           "        light_service: {share: 10}\n"
           "        back_office: {share: 5}",
    ),
    "calendar": Message(
        id="Hari kerja, hari libur nasional dan cuti bersama, dan hari libur menurut keputusan daerah sendiri. Contoh:\n"
           "  - {day: 2026-02-05, name: Hari Pekabaran Injil, decree: Keputusan Bupati nomor ...}",
        en="Working days, national holidays and joint leave, and days off by the regency's own decrees. For example:\n"
           "  - {day: 2026-02-05, name: Gospel Day, decree: decree number ...}",
    ),
    "prefixes": Message(
        id="Tujuan yang keluar lewat uplink ini, satu prefiks per baris. Tinjaulah sebelum diubah.",
        en="Destinations that leave by this uplink, a prefix a line. Review it before it is changed.",
    ),
}  # fmt: skip
"""By file and place in it. A paragraph that follows an empty line is an example."""
