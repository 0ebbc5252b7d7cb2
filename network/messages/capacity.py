"""What is said of rented servers that come for a peak and go when it ends."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

_AGAIN_ID: Final = " Betulkan itu; `lajur infra up --due` berikutnya meneruskan dari situ."
_AGAIN_EN: Final = " Mend that; the next `lajur infra up --due` goes on from there."

_STEPS: Final[dict[str, Message]] = {
    "capacity.step.rent": Message(id="menyewa {servers}", en="renting {servers}"),
    "capacity.step.site": Message(id="menyiapkan {servers}", en="making {servers} ready"),
    "capacity.step.join": Message(
        id="memasang rilis {workload} di {servers}", en="bringing the release of {workload} to {servers}"
    ),
    "capacity.step.edges": Message(id="memasukkan server baru di {edges}", en="letting new servers in at {edges}"),
    "capacity.step.drain": Message(
        id="menunggu permintaan terakhir ke {servers} di {edges}", en="waiting at {edges} for the last request to {servers}"
    ),
    "capacity.step.hide": Message(id="mengeluarkan server dari {edges}", en="taking servers out of {edges}"),
    "capacity.step.logs": Message(id="mengambil jurnal {servers}", en="fetching the journals of {servers}"),
    "capacity.step.give_back": Message(id="mengembalikan {servers}", en="giving {servers} back"),
    "capacity.step.accept": Message(
        id="mencatat keadaan {servers} sebagai acuan drift", en="recording how {servers} are as what drift compares with"
    ),
    "capacity.task": Message(id="{host}: {task}", en="{host}: {task}"),
    "capacity.step.others": Message(id="memberi tahu {servers}", en="telling {servers}"),
}

_QUOTAS: Final[dict[str, Message]] = {
    "capacity.quota.instances": Message(id="jumlah server", en="servers"),
    "capacity.quota.cores": Message(id="inti CPU", en="CPU cores"),
    "capacity.quota.memory": Message(id="memori (MiB)", en="memory (MiB)"),
    "capacity.quota.volumes": Message(id="jumlah volume", en="volumes"),
    "capacity.quota.volume_size": Message(id="ukuran volume (GiB)", en="size of volumes (GiB)"),
    "capacity.quota.addresses": Message(id="alamat mengambang", en="floating addresses"),
}

MESSAGES: Final[dict[str, Message]] = {
    **_STEPS,
    **_QUOTAS,
    "capacity.busy": Message(
        id=(
            "Server sewaan sedang didatangkan atau dikembalikan oleh proses lain ({run}, proses {pid}). Tidak ada yang dimulai. "
            "Tunggu sampai selesai, lalu ulangi."
        ),
        en=(
            "Somebody else is bringing or giving back rented servers ({run}, process {pid}). Nothing was begun. Wait until that "
            "has ended, then try again."
        ),
    ),
    "cli.flag.infra_due": Message(
        id="Server sewaan yang waktunya tiba didatangkan, yang waktunya lewat dikembalikan; untuk pewaktu, dengan --yes.",
        en="Rented servers whose time has come are brought, those whose time is over go; for timers, with --yes.",
    ),
    "capacity.which": Message(
        id="--due menurut clouds.yaml: server mana yang datang dan pergi tidak dipilih dengan {flag}.",
        en="--due goes by clouds.yaml: which servers come and go is not chosen by {flag}.",
    ),
    "capacity.at_alone": Message(id="--at hanya berlaku bersama --due.", en="--at is for --due only."),
    "capacity.no_cloud": Message(
        id=(
            "Lab {lab} berdiri tanpa cloud, jadi tidak ada yang dapat disewa di sana. Tidak ada yang diubah. Dirikan dengan "
            "`lajur lab up --cloud`."
        ),
        en=(
            "Lab {lab} stands without a cloud, so nothing can be rented there. Nothing was changed. Bring one up with `lajur lab "
            "up --cloud`."
        ),
    ),
    "capacity.ask": Message(
        id="Yang pergi: {goes}. Yang datang: {comes}. Lanjutkan?", en="They go: {goes}. They come: {comes}. Go on?"
    ),
    "capacity.interrupted": Message(
        id=(
            "Dihentikan. Yang sudah dikerjakan tetap; yang sudah disewa tetap dibayar. `lajur infra up --due` meneruskan dari "
            "situ."
        ),
        en="Stopped. What was done stays, and what was rented is paid for. `lajur infra up --due` goes on from there.",
    ),
    "capacity.several": Message(
        id="{count} hal belum beres. {reasons}", en="{count} things are not as they should be. {reasons}"
    ),
    "infra.quotas": Message(id="{cloud} memberitahukan kuotanya", en="{cloud} tells its quotas"),
    "infra.no_quotas": Message(
        id="{cloud} tidak memberitahukan kuotanya ({code})", en="{cloud} does not tell its quotas ({code})"
    ),
    "capacity.nothing": Message(
        id="Tidak ada server sewaan yang harus datang atau pergi pada {at}.",
        en="No rented server has to come or go at {at}.",
    ),
    "capacity.slot.due": Message(id="menunggu", en="due"),
    "capacity.slot.acted": Message(id="dijalankan", en="acted"),
    "capacity.slot.skipped": Message(id="terlambat", en="late"),
    "capacity.column.capacity": Message(id="Kapasitas", en="Capacity"),
    "capacity.column.move": Message(id="Gerak", en="Move"),
    "capacity.column.logs": Message(id="Jurnal", en="Journals"),
    "capacity.move.comes": Message(id="akan datang", en="would come"),
    "capacity.move.goes": Message(id="akan pergi", en="would go"),
    "capacity.move.came": Message(id="datang", en="came"),
    "capacity.move.went": Message(id="pergi", en="went"),
    "capacity.rule": Message(
        id=(
            "Jadwal server sewaan di clouds.yaml tidak dapat dipakai ({rule}). Tidak ada yang dimulai. Lihat `lajur inventory "
            "check`."
        ),
        en=(
            "The times of rented servers in clouds.yaml cannot be used ({rule}). Nothing was begun. See `lajur inventory check`."
        ),
    ),
    "capacity.not_in": Message(
        id=(
            "{capacity}: {servers} belum melayani. {reasons} Yang sudah disewa darinya tetap berdiri dan tetap dibayar (lihat "
            "`lajur infra costs`); server lain melayani seperti biasa."
        )
        + _AGAIN_ID,
        en=(
            "{capacity}: {servers} not serving yet. {reasons} What was rented of them stands and is paid for (see `lajur infra "
            "costs`); the other servers go on."
        )
        + _AGAIN_EN,
    ),
    "capacity.not_out": Message(
        id=(
            "{capacity}: waktunya sudah lewat, tetapi {servers} masih berdiri dan masih dibayar. {reasons} Server itu tidak "
            "dihapus."
        )
        + _AGAIN_ID
        + " Bila harus pergi apa adanya: `lajur infra destroy --server KUNCI`.",
        en=("{capacity}: its time is over, and {servers} still there and paid for. {reasons} No server of these was deleted.")
        + _AGAIN_EN
        + " If one has to go as it is: `lajur infra destroy --server KEY`.",
    ),
    "capacity.not_forgotten": Message(
        id=(
            "{capacity}: {servers} sudah dikembalikan, tetapi server yang mengizinkan alamatnya belum semua tahu. {reasons} "
            "Alamat itu besok mungkin dipakai orang lain."
        )
        + _AGAIN_ID,
        en=(
            "{capacity}: {servers} given back, and not everybody who lets these addresses in knows of it. {reasons} Tomorrow the "
            "addresses may be somebody else's."
        )
        + _AGAIN_EN,
    ),
    "capacity.left_truth": Message(
        id=(
            "{servers}: entri yang mendatangkannya tidak ada lagi di clouds.yaml, jadi server itu dibiarkan dan tetap dibayar. "
            "Kembalikan entri itu supaya server dikeluarkan dengan rapi, atau: `lajur infra destroy --server KUNCI --release`."
        ),
        en=(
            "{servers}: what brought them is no longer in clouds.yaml, so they were left alone, and are paid for. Put that entry "
            "back, so that they leave in order, or: `lajur infra destroy --server KEY --release`."
        ),
    ),
    "capacity.over": Message(
        id=(
            "{servers}: hari terakhirnya sudah lewat, tetapi masih berdiri dan masih dibayar; isinya mungkin tidak ada di tempat "
            "lain, jadi tidak dikembalikan sendiri. Kembalikan: `lajur infra destroy --server KUNCI --release`; atau tulis "
            "`until` yang baru di clouds.yaml."
        ),
        en=(
            "{servers}: their last day is over, and they still stand and are paid for; what they hold may be nowhere else, so "
            "they were not given back unasked. Give one back: `lajur infra destroy --server KEY --release`; or write a new "
            "`until` into clouds.yaml."
        ),
    ),
    "capacity.not_rented": Message(
        id="{server} tidak ada setelah disewa; lihat `lajur infra preview`.",
        en="{server} is not there after it was rented; see `lajur infra preview`.",
    ),
    "capacity.not_returned": Message(
        id="{server} masih ada setelah dikembalikan; lihat `lajur infra outputs`.",
        en="{server} is still there after it was given back; see `lajur infra outputs`.",
    ),
    "capacity.not_ready": Message(
        id="{edge} belum memasukkan {server} untuk {workload} ({reason}); lihat {log}.",
        en="{edge} does not let {server} in for {workload} ({reason}); see {log}.",
    ),
    "capacity.not_drain": Message(
        id="{edge} belum berhenti mengirim permintaan {workload} ke {server} ({reason}); lihat {edge} dan {log}.",
        en="{edge} may still send requests of {workload} to {server} ({reason}); look at {edge} and at {log}.",
    ),
    "capacity.play": Message(id="{reason} Lihat {log}.", en="{reason} See {log}."),
    "capacity.untold": Message(
        id="{host} belum diberi tahu tentang server baru: {why} Nama dan pemantauannya menyusul dengan `lajur play site`.",
        en="{host} was not told of the new servers: {why} Their names and figures come with `lajur play site`.",
    ),
    "capacity.not_accepted": Message(
        id=(
            "{servers} melayani, tetapi keadaannya belum dicatat sebagai acuan: {why} Sampai dicatat dengan `lajur infra refresh "
            "--baseline`, `lajur infra drift` menyebut yang baru dipasang di sana."
        ),
        en=(
            "{servers} serve, but how they are is not yet on record as a baseline: {why} Until `lajur infra refresh --baseline` "
            "records it, `lajur infra drift` tells what was just put there."
        ),
    ),
    "capacity.not_taken": Message(
        id="{servers} ikut disiapkan, tetapi belum diambil alih: jalankan `lajur infra up`.",
        en="{servers} were made ready too, but are not taken over yet: give `lajur infra up`.",
    ),
    "capacity.no_release": Message(
        id="{workload}: belum ada rilis, jadi server baru belum melayani apa-apa. Rilis pertama memasangnya di sana juga.",
        en="{workload}: nothing was released yet, so the new servers serve nothing of it. Its first release goes there too.",
    ),
    "capacity.short": Message(
        id=(
            "{cloud}: untuk {capacity} mulai {start}, {quota} kurang {missing}: perlu {needed}, tersisa {free}. Minta penyedia "
            "menaikkan kuota itu sebelum hari tersebut, atau kurangi server di clouds.yaml."
        ),
        en=(
            "{cloud}: for {capacity} from {start}, {quota}: {missing} too few: {needed} needed, {free} free. Ask the provider "
            "for a higher quota before that day, or ask for fewer servers in clouds.yaml."
        ),
    ),
    "capacity.unasked": Message(
        id="{cloud}: tidak dapat ditanya apakah masih ada tempat untuk server yang akan datang. {why}",
        en="{cloud}: could not be asked whether there is room for the servers that come. {why}",
    ),
}
