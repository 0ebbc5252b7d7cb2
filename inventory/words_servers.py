"""What findings about leased servers, leases, workloads and stages say. Words only."""

from __future__ import annotations

from typing import Final

from inventory.findings import Message

WORDS: Final[dict[str, Message]] = {
    # --------------------------------------------------------------------------------------------------------- servers
    "server.name_taken": Message(
        id="nama '{server}' sudah dipakai perangkat di devices.yaml atau bagian lab; beri server ini nama lain",
        en="the name '{server}' belongs to a device in devices.yaml or to a part of the lab; give this server another one",
    ),
    "server.unreachable": Message(
        id="server '{server}' tidak punya `login` maupun `bmc`; tulis salah satunya, agar mesinnya dapat diperiksa",
        en="the server '{server}' has neither a `login` nor a `bmc`; write one of them, so that the machine can be looked at",
    ),
    "bmc.login": Message(
        id="`bmc` tanpa `login`: pengendali Redfish tidak melayani tanpa masuk; tulis `login: {{user: …, password: 'env:…'}}`",
        en="`bmc` without a `login`: a Redfish controller needs one; write `login: {{user: …, password: 'env:…'}}`",
    ),
    "bmc.node": Message(
        id="`via: ironic` tanpa `node`: Ironic mengurus banyak mesin; tulis nama atau UUID mesin ini di sana",
        en="`via: ironic` without a `node`: an Ironic looks after many machines; write this one's name there, or its UUID",
    ),
    "bmc.other_way": Message(
        id="`{field}` tidak berlaku untuk `via: {via}`; hapus, atau perbaiki `via`",
        en="`{field}` means nothing with `via: {via}`; take it out, or correct `via`",
    ),
    "server.address_twice": Message(
        id="alamat {address} server '{server}' sudah dipakai '{first}'; setiap mesin perlu alamatnya sendiri",
        en="the address {address} of the server '{server}' belongs to '{first}' already; every machine needs its own",
    ),
    "server.outside_segment": Message(
        id="alamat {address} server '{server}' di luar segmen {segment}; pilih alamat di dalamnya, atau perbaiki `segment`",
        en="the address {address} of the server '{server}' is outside the segment {segment}; "
        "choose one inside it, or correct `segment`",
    ),
    "server.address_kept": Message(
        id="alamat {address} pada segmen {segment} bukan untuk server '{server}': dua yang pertama milik core dan cermin paket, "
        "dan alamat jaringan serta siarannya tidak dapat dipakai; pilih yang lain",
        en="the address {address} of the segment {segment} is not for the server '{server}': the first two are the core's and "
        "the package mirror's, and those of the network and of broadcasts cannot be had; choose another one",
    ),
    "server.dns_twice": Message(
        id="nama DNS {name} sudah milik server '{first}'; satu nama untuk satu server",
        en="the DNS name {name} belongs to the server '{first}' already; one name for one server",
    ),
    "server.management_none": Message(
        id="server '{server}' mempunyai login tetapi tidak mempunyai management, sehingga tidak ada jaringan yang boleh masuk "
        "lewat SSH; tulis jaringan pengelola pada management, misalnya management: [10.0.0.0/24]",
        en="the server '{server}' has a login but no management, so that no network may come in by SSH; write the networks of "
        "the managers in management, as in management: [10.0.0.0/24]",
    ),
    "server.management_everywhere": Message(
        id="management: server '{server}' menerima SSH dari {prefix}, yang mencakup sebagian besar internet; tulis jaringan "
        "pengelola saja (jaringan publik: /{narrowest} atau lebih sempit)",
        en="management: the server '{server}' lets SSH in from {prefix}, which is a good part of the internet; write the "
        "networks of the managers only (a public network: /{narrowest} or narrower)",
    ),
    "server.management_wide": Message(
        id="management: server '{server}' menerima SSH dari jaringan publik {prefix}, dan `lajur infra` akan menolaknya; tulis "
        "jaringan pengelola saja (jaringan publik: /{narrowest} atau lebih sempit)",
        en="management: the server '{server}' lets SSH in from the public network {prefix}, and `lajur infra` will refuse that; "
        "write the networks of the managers only (a public network: /{narrowest} or narrower)",
    ),
    "server.lease_ended": Message(
        id="sewa '{lease}' untuk server '{server}' berakhir {end}; kembalikan mesinnya dengan `lajur infra destroy`, "
        "atau tulis sewa yang baru di leases.yaml",
        en="the lease '{lease}' of the server '{server}' ended on {end}; give the machine back with `lajur infra destroy`, "
        "or write the new lease in leases.yaml",
    ),
    "server.lease_not_begun": Message(
        id="sewa '{lease}' untuk server '{server}' baru mulai {start}; sampai saat itu mesinnya tidak akan diambil alih; "
        "periksa tanggalnya di leases.yaml",
        en="the lease '{lease}' of the server '{server}' only begins on {start}; until then the machine is not taken over; "
        "check the date in leases.yaml",
    ),
    "segment.size": Message(
        id="segmen {segment} terlalu kecil untuk core, cermin paket, dan server; tulis /{narrowest} atau lebih lebar",
        en="the segment {segment} is too small for the core, the package mirror and servers; write a /{narrowest} or wider",
    ),
    "segment.overlap": Message(
        id="segmen {segment} bertumpang tindih dengan {network} milik '{owner}'; pilih jaringan yang belum dipakai",
        en="the segment {segment} overlaps {network} of '{owner}'; choose a network that is not used",
    ),
    # ---------------------------------------------------------------------------------------------------------- leases
    "lease.ends_first": Message(
        id="sewa '{lease}' ({number}) berakhir {end}, sebelum dimulai {start}; periksa kedua tanggalnya pada kontrak",
        en="the lease '{lease}' ({number}) ends on {end}, before it begins on {start}; check both dates in the contract",
    ),
    "lease.ends_soon": Message(
        id="sewa '{lease}' ({number}, {count} server) berakhir {end}, {days} hari lagi; "
        "perpanjang kontraknya, atau siapkan pemindahan dan pengembalian mesinnya",
        en="the lease '{lease}' ({number}; servers: {count}) ends on {end}, days left: {days}; "
        "extend the contract, or prepare to move away and to give the machines back",
    ),
    "lease.ends_today": Message(
        id="hari ini ({end}) hari terakhir sewa '{lease}' ({number}, {count} server); "
        "perpanjang kontraknya hari ini, atau pindahkan yang berjalan di sana dan kembalikan mesinnya",
        en="today ({end}) is the last day of the lease '{lease}' ({number}; servers: {count}); "
        "extend the contract today, or move what runs there and give the machines back",
    ),
    "lease.contract_twice": Message(
        id="sewa '{lease}' bernomor kontrak {number} dari {lessor}, sama dengan sewa '{first}'; perbaiki nomornya bila "
        "kontraknya lain; bila satu kontrak memuat beberapa jenis mesin, pastikan biayanya tidak tertulis dua kali",
        en="the lease '{lease}' has the contract number {number} of {lessor}, as the lease '{first}' has; correct the number if "
        "they are two contracts; if one contract has several kinds of machine, see that its cost is not written twice",
    ),
    "lease.unused": Message(
        id="tidak ada server di bawah sewa '{lease}'; sebut di servers.yaml, atau hapus bila mesinnya sudah dikembalikan",
        en="no server is held under the lease '{lease}'; name it in servers.yaml, or remove it if its machines were given back",
    ),
    "lease.memory_unit": Message(
        id="memori pada sewa '{lease}' tertulis {memory}, yaitu {binary}; modul memori dihitung dengan kelipatan 1024, "
        "jadi tulis GiB (misalnya '64 GiB') bila itu yang dijanjikan kontrak",
        en="the memory of the lease '{lease}' is written as {memory}, which is {binary}; memory modules count by 1024, "
        "so write GiB (for example '64 GiB') if that is what the contract promises",
    ),
    # --------------------------------------------------------------------------------------------------------- waivers
    "waiver.line": Message(
        id="laporan penerimaan server '{server}' tidak punya baris '{line}'; yang terdekat: {nearest}",
        en="the acceptance report of the server '{server}' has no line '{line}'; the nearest: {nearest}",
    ),
    "waiver.twice": Message(
        id="pengecualian untuk baris '{line}' server '{server}' tertulis dua kali; hapus salah satunya",
        en="the waiver for the line '{line}' of the server '{server}' is written twice; remove one of the two",
    ),
    "waiver.ended": Message(
        id="pengecualian untuk baris '{line}' server '{server}' berakhir {until}, jadi kekurangan itu akan ditolak; "
        "minta pemberi sewa melengkapinya, atau tulis tanggal baru beserta alasannya",
        en="the waiver for the line '{line}' of the server '{server}' ended on {until}, so that falling short is refused again; "
        "have the lessor put it right, or write a new date with its reason",
    ),
    # ------------------------------------------------------------------------------------------------------- workloads
    "workload.nowhere": Message(
        id="beban kerja '{workload}' dipasang (kind: deployed), tetapi tidak menyebut server; "
        "tulis `servers:`, atau `kind: connected` bila hanya dihubungi",
        en="the workload '{workload}' is deployed, but names no server; write `servers:`, "
        "or `kind: connected` if it is only reached",
    ),
    "workload.outlives": Message(
        id="beban kerja '{workload}' berjalan sampai {until}, tetapi sewa '{lease}' untuk server '{server}' berakhir {end}; "
        "pindahkan ke server lain, perpanjang sewanya, atau majukan tanggal ini",
        en="the workload '{workload}' runs until {until}, but the lease '{lease}' of the server '{server}' ends on {end}; "
        "move it to another server, extend the lease, or bring this date forward",
    ),
    # ---------------------------------------------------------------------------------------------------------- stages
    "stage.untrained": Message(
        id="tahap '{stage}': {count} dari {total} kantor belum punya {least} petugas TI terlatih, jadi belum siap diluncurkan: "
        "{offices}; latih petugasnya lalu tulis `trained: true`, atau beri pengecualian di stages.yaml",
        en="stage '{stage}': {count} of {total} offices have fewer than {least} trained IT staff and are not ready to launch: "
        "{offices}; train them and write `trained: true`, or waive it in stages.yaml",
    ),
    "stage.waiver_ended": Message(
        id="pengecualian untuk kantor '{office}' pada tahap '{stage}' berakhir {until}; "
        "siapkan kantornya, atau tulis tanggal baru beserta alasannya",
        en="the waiver for the office '{office}' of the stage '{stage}' ended on {until}; "
        "make the office ready, or write a new date with its reason",
    ),
}  # fmt: skip

NONE_NEAR: Final[dict[str, Message]] = {
    "waiver.line": Message(
        id="laporan penerimaan server '{server}' tidak punya baris '{line}'; yang ada: {known}",
        en="the acceptance report of the server '{server}' has no line '{line}'; there are: {known}",
    ),
}
