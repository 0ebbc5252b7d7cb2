"""Help texts of the command. The first paragraph is the summary; a paragraph that begins with blanks is an example."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

HELP: Final[dict[str, Message]] = {
    "cli.help.usage": Message(id="Cara pakai:", en="Usage:"),
    "cli.help.verb_place": Message(id="PERINTAH", en="COMMAND"),
    "cli.help.flags_place": Message(id="[--bendera ...]", en="[--flags ...]"),
    "cli.panel.look": Message(id="Melihat, tanpa mengubah apa pun", en="Look, and change nothing"),
    "cli.panel.change": Message(id="Mengubah perangkat", en="Change devices"),
    "cli.panel.practice": Message(id="Lab dan ukuran, di mesin ini saja", en="Lab and measurements, on this machine only"),
    "cli.panel.verbs": Message(id="Perintah", en="Commands"),
    "cli.panel.arguments": Message(id="Argumen", en="Arguments"),
    "cli.panel.flags": Message(id="Bendera", en="Flags"),
    "cli.panel.common": Message(id="Bendera semua perintah", en="Flags of every command"),
    "cli.help.lajur": Message(
        id=(
            "Lajur membagi satu uplink internet yang sempit di antara semua kantor (OPD) sebuah kabupaten.\n\n"
            "Sekumpulan berkas YAML menyatakan kantor, tautan, uplink, dan jadwal jendela. Dari situ jaminan tiap kantor "
            "dihitung, ditunjukkan sebagai rencana, lalu dijalankan di perangkat: turunkan dulu, baru naikkan. Bila ada yang "
            "gagal, perangkat kembali sendiri ke keadaan sebelumnya."
        ),
        en=(
            "Lajur shares one scarce internet uplink among all offices of a regency.\n\n"
            "A folder of YAML says which offices, links, uplinks and windows there are. From it the guarantee of every office "
            "is computed, shown as a plan, and carried out on the devices: lower first, then raise. When something fails, the "
            "devices return to the state before by themselves."
        ),
    ),
    "cli.help.lajur_epilog": Message(
        id=(
            "Mulai dari sini:\n\n"
            "  lajur lab up        bangun kabupaten contoh di mesin ini (perlu root), beberapa detik\n"
            "  lajur plan          apa yang akan berubah, per kantor, dan mengapa\n"
            "  lajur apply         tunjukkan rencana yang sama, tanya, lalu jalankan\n\n"
            "Tanpa root: tambahkan `--via memory`. Melihat janji ditepati di bawah beban penuh: `lajur demo`.\n\n"
            "Perangkat sungguhan:\n\n"
            "  lajur init          buat folder kabupaten Anda dari pertanyaan, atau dari tabel kantor\n"
            "  lajur device trust  ambil kunci host, cocokkan sidik jarinya, percayai\n"
            "  lajur device check  masuk dan lihat saja: platform, versi, jam, yang bukan milik kita\n\n"
            "Kode keluar: 0 selesai atau tidak ada yang perlu · 2 ada perubahan menunggu · 3 ditolak · 4 gagal dan kembali "
            "seperti semula · 5 perlu orang · 64 salah pakai · 70 cacat program · 130 dihentikan: perubahan perangkat "
            "dikembalikan, yang sudah dikerjakan `play` tetap. "
            "`demo` dan `bench` keluar dengan 1 bila sebuah janji atau batas tidak terpenuhi.\n\n"
            "Lingkungan: LAJUR_STATE catatan, kunci host (bawaan ~/.local/state/lajur) · LAJUR_REGENCIES folder kabupaten · "
            "LAJUR_REGENCY · LAJUR_LEDGER catatan di PostgreSQL · LAJUR_LAB lab yang dipakai bila ada beberapa · LAJUR_LANG · "
            "LAJUR_ARM_SECONDS."
        ),
        en=(
            "Start here:\n\n"
            "  lajur lab up        build the example regency on this machine (needs root), a few seconds\n"
            "  lajur plan          what would change, office by office, and why\n"
            "  lajur apply         show the same plan, ask, carry it out\n\n"
            "Without root: add `--via memory`. To see the promises kept under full load: `lajur demo`.\n\n"
            "Real equipment:\n\n"
            "  lajur init          make your regency's folder from questions, or from a table of offices\n"
            "  lajur device trust  fetch host keys, compare their fingerprints, trust them\n"
            "  lajur device check  log in and only look: platform, version, clock, what is not ours\n\n"
            "Exit codes: 0 done or nothing to do · 2 changes waiting · 3 refused · 4 failed and back as before · 5 needs a "
            "person · 64 wrong usage · 70 a bug of ours · 130 interrupted: a change of devices was put "
            "back, what a play did stays. `demo` and `bench` exit with 1 when a promise or a bar is not kept.\n\n"
            "Environment: LAJUR_STATE record and host keys (~/.local/state/lajur unless set) · LAJUR_REGENCIES folder of the "
            "regencies · LAJUR_REGENCY · LAJUR_LEDGER a record in PostgreSQL · LAJUR_LAB the lab to use when several are up · "
            "LAJUR_LANG · LAJUR_ARM_SECONDS."
        ),
    ),
    "cli.help.audit": Message(
        id="Log audit: siapa berbuat apa, dalam rantai yang memperlihatkan setiap perubahan kemudian.",
        en="The audit log: who did what, in a chain that shows every later change.",
    ),
    "cli.help.audit_verify": Message(
        id=(
            "Hitung ulang rantai seluruh log audit.\n\n"
            "Keluar dengan 5 bila sebuah entri diubah, dihapus, atau disisipkan. Catat sidik terakhir di tempat lain: entri yang "
            "dipotong dari ujung hanya tampak dari sana."
        ),
        en=(
            "Compute the chain of the whole audit log again.\n\n"
            "Exits with 5 when an entry was changed, taken out or slipped in. Note the last digest elsewhere: only it shows "
            "entries that were cut off at the end."
        ),
    ),
    "cli.help.audit_export": Message(
        id=(
            "Seluruh log audit, satu entri JSON per baris.\n\n"
            "Siapa pun dapat menghitungnya ulang: python network/ledger/check_audit.py BERKAS. Program itu tidak "
            "memerlukan Lajur."
        ),
        en=(
            "The whole audit log, one entry of JSON a line.\n\n"
            "Anybody can compute it again: python network/ledger/check_audit.py FILE. That program needs nothing of Lajur."
        ),
    ),
    "cli.help.inventory": Message(
        id="Kebenaran sebuah kabupaten: periksa, lihat, tukar dengan lembar sebar.",
        en="The truth of a regency: check it, look at it, exchange it with a spreadsheet.",
    ),
    "cli.help.inventory_check": Message(
        id=(
            "Periksa semua berkas; semua temuan sekaligus, dengan berkas dan baris.\n\n"
            "Keluar dengan 3 bila ada kesalahan; peringatan saja tidak menghalangi."
        ),
        en=(
            "Check all files; every finding at once, with file and line.\n\n"
            "Exits with 3 when there is an error; warnings alone stop nothing."
        ),
    ),
    "cli.help.inventory_show": Message(
        id="Uplink, hub, dan kantor, dengan jaminan yang dihitung dari kebijakan dasar.",
        en="Uplinks, hubs and offices, with the guarantees computed from the base policy.",
    ),
    "cli.help.inventory_export": Message(
        id="Tulis daftar kantor sebagai CSV, untuk disunting di lembar sebar.\n\n  lajur inventory export > kantor.csv",
        en="Write the offices as CSV, to be edited in a spreadsheet.\n\n  lajur inventory export > offices.csv",
    ),
    "cli.help.inventory_import": Message(
        id=(
            "Masukkan daftar kantor dari CSV; tunjukkan dulu perubahannya.\n\n"
            "Pemisah koma atau titik koma, dengan atau tanpa tanda urutan byte. Komentar di YAML tetap. Hasil yang tidak lulus "
            "pemeriksaan ditolak dan tidak ada yang berubah."
        ),
        en=(
            "Take the offices from a CSV; the change is shown first.\n\n"
            "Separated by comma or semicolon, with or without a byte-order mark. Comments in the YAML stay. A result that does "
            "not pass the check is refused and nothing changes."
        ),
    ),
    "cli.help.inventory_schema": Message(
        id="JSON Schema sebuah berkas kebenaran, untuk penyunting teks; tanpa FILE: nama-nama berkasnya.",
        en="The JSON Schema of one file of the truth, for editors; without FILE: the names of the files.",
    ),
    "cli.help.plan": Message(
        id=(
            "Apa yang akan berubah, per kantor, dan mengapa. Hanya melihat.\n\n"
            "Keadaan sekarang dibaca dari perangkat, bukan dari ingatan. Keluar dengan 0 bila tidak ada yang berubah, 2 bila ada."
        ),
        en=(
            "What would change, office by office, and why. Only looks.\n\n"
            "The present is read from the devices, not from memory. Exits with 0 when nothing would "
            "change, 2 when something would."
        ),
    ),
    "cli.help.apply": Message(
        id=(
            "Bawa perangkat ke keadaan yang seharusnya berlaku sekarang.\n\n"
            "Menunjukkan rencana seperti `lajur plan`, bertanya, lalu: pasang pewaktu di perangkat, turunkan, naikkan, baca "
            "ulang, pastikan. Gagal di tengah berarti kembali ke keadaan semula. Tanpa terminal perlu --yes."
        ),
        en=(
            "Carry the devices to what should hold now.\n\n"
            "Shows the plan of `lajur plan`, asks, then: arm a timer on the device, lower, raise, read back, confirm. A failure "
            "on the way means back to the state before. Without a terminal it needs --yes."
        ),
    ),
    "cli.help.status": Message(
        id=(
            "Laju tiap kantor sekarang, di samping jaminannya.\n\n"
            "Diukur dari penghitung antrean di perangkat (meter kelas), dua kali baca berselang dua detik."
        ),
        en=(
            "The rate of every office now, beside its guarantee.\n\n"
            "Measured from the queues' counters on the device (the class meter), two readings two seconds apart."
        ),
    ),
    "cli.help.window": Message(
        id="Jendela: waktu berulang dengan pembagian sendiri.", en="Windows: recurring times with a sharing of their own."
    ),
    "cli.help.window_list": Message(
        id="Semua jendela: sedang berlaku atau kapan berikutnya.", en="All windows: on now, or when next."
    ),
    "cli.help.window_show": Message(
        id="Satu jendela: apa yang diubahnya, dan kapan saja.", en="One window: what it changes, and when it takes place."
    ),
    "cli.help.window_next": Message(
        id="Pembukaan atau penutupan jendela yang berikutnya.", en="The next opening or closing of a window."
    ),
    "cli.help.recover": Message(
        id=(
            "Baca ulang perangkat, selesaikan atau batalkan proses yang terputus.\n\n"
            "Proses yang pengendalinya mati diselesaikan bila hanya kurang dipastikan; selain itu perangkat kembali sendiri dan "
            "ditunggu. Catatan ditutup menurut apa yang terbaca di perangkat. Setiap `apply`, `shift run` dan `serve` juga "
            "melakukannya lebih dulu. Dengan --dry-run hanya proses yang masih tercatat berjalan (keluar 2 bila ada)."
        ),
        en=(
            "Read the devices back; finish or undo what was cut off.\n\n"
            "A run whose controller died is finished when it lacked the confirming only; else the devices go back by themselves "
            "and are waited for. The record is closed by what the devices show. Every `apply`, `shift run` and `serve` does this "
            "first, too. With --dry-run only the runs that are still on record as running (ends with 2 when there are any)."
        ),
    ),
    "cli.help.shift": Message(
        id="Pergeseran: bawa perangkat melewati tepi sebuah jendela.", en="Shifts: carry devices across the edge of a window."
    ),
    "cli.help.shift_run": Message(
        id=(
            "Catat tepi jendela yang tiba, lalu bawa perangkat ke keadaan sekarang.\n\n"
            "Untuk pewaktu setiap menit. Aman diulang: yang sudah dicatat tidak dicatat lagi, dan perangkat selalu dibawa ke "
            "keadaan yang seharusnya berlaku."
        ),
        en=(
            "Claim the window edges that have come, then carry the devices to the present.\n\n"
            "For a timer that runs every minute. Safe to repeat: what is claimed is not claimed again, and the devices are "
            "always carried to what should hold."
        ),
    ),
    "cli.help.shift_list": Message(
        id="Tepi jendela yang tercatat, yang menunggu, dan proses terakhir.",
        en="Window edges that were claimed, those that wait, and the last runs.",
    ),
    "cli.help.lab": Message(
        id="Lab: satu kabupaten utuh dalam network namespace di mesin ini.",
        en="The lab: a whole regency in network namespaces on this machine.",
    ),
    "cli.help.lab_up": Message(
        id=(
            "Bangun lab, atau dapati sudah ada.\n\n"
            "Selesai berarti: SSH dan SNMP menjawab dan OSPF Full di mana-mana. Perlu root; tanpa root hanya cloud yang berdiri "
            "(--cloud), sendirian. Sisa lab yang mati mendadak dibersihkan dulu. Tidak ada paket yang keluar dari mesin ini.\n\n"
            "Dengan --bare, tautannya seperti sebelum dikonfigurasi: tanpa alamat dan OSPF, tetapi SSH dan SNMP menjawab."
        ),
        en=(
            "Build the lab, or find it up.\n\n"
            "Up means: SSH and SNMP answer and OSPF is Full everywhere. Needs root; without, a cloud stands alone (--cloud). "
            "What a crashed lab left is cleaned first. No packet leaves this machine.\n\n"
            "With --bare its links are as before anybody configured them: no address, no OSPF, but SSH and SNMP answer."
        ),
    ),
    "cli.help.lab_down": Message(
        id="Turunkan lab, dalam keadaan apa pun, tanpa sisa.", en="Take the lab down, whatever its state, and leave nothing."
    ),
    "cli.help.lab_status": Message(
        id="Apa yang ada dari satu lab sekarang; semua lab: `lajur lab list`.",
        en="What there is of one lab now; of all labs: `lajur lab list`.",
    ),
    "cli.help.lab_list": Message(
        id="Semua lab di mesin ini, milik kabupaten mana, dan keadaannya.",
        en="All labs of this machine, of which regency, and how they are.",
    ),
    "cli.help.lab_exec": Message(
        id=(
            "Jalankan perintah di konsol sebuah simpul.\n\n"
            "  lajur lab exec core -- tc -s class show dev up1\n\n"
            "Kode keluarnya adalah kode keluar perintah itu."
        ),
        en=(
            "Run a command on the console of a node.\n\n"
            "  lajur lab exec core -- tc -s class show dev up1\n\n"
            "Its exit code is the command's own."
        ),
    ),
    "cli.help.lab_cut": Message(
        id="Putuskan serat sebuah tautan lab: kedua ujungnya kehilangan sinyal pembawa.",
        en="Cut the fibre of a link of the lab: both its ends lose the carrier.",
    ),
    "cli.help.lab_mend": Message(id="Sambung lagi serat yang diputus.", en="Mend a fibre that was cut."),
    "cli.help.lab_traffic": Message(
        id="Isi uplink: setiap kantor mengunduh atau mengunggah dengan TCP selama beberapa detik.",
        en="Fill the uplink: every office downloads or uploads with TCP for some seconds.",
    ),
    "cli.help.lab_restart": Message(
        id="Matikan dan nyalakan lagi sebuah router atau server lab; pewaktunya diselesaikan saat menyala.",
        en="Power-cycle a router or server of the lab; its timers are finished as it boots.",
    ),
    "cli.help.demo": Message(
        id=(
            "Perlihatkan semuanya: dasar, beban penuh, jendela dibuka, ditutup; putusan di akhir.\n\n"
            "Keluar dengan 0 bila setiap janji ditepati, 1 bila ada yang tidak."
        ),
        en=(
            "Show all of it: baseline, full load, a window opens, closes; a verdict at the end.\n\n"
            "Exits with 0 when every promise was kept, 1 when one was not."
        ),
    ),
    "cli.help.bench": Message(
        id=(
            "Ukur setiap angka yang dijanjikan; hasil ke .bench/latest.json.\n\n"
            "Keluar dengan 0 bila semua dipenuhi, 1 bila ada yang tidak."
        ),
        en=(
            "Measure every number that is promised; results go to .bench/latest.json.\n\n"
            "Exits with 0 when all hold, 1 when one does not."
        ),
    ),
    "cli.flag.help": Message(id="Tunjukkan halaman ini.", en="Show this page."),
    "cli.flag.install_completion": Message(
        id="Pasang pelengkapan TAB untuk cangkang yang sedang dipakai.", en="Install TAB completion for the current shell."
    ),
    "cli.flag.show_completion": Message(
        id="Tunjukkan naskah pelengkapan TAB, untuk disalin.", en="Show the script of TAB completion, to copy it."
    ),
    "cli.flag.regency": Message(
        id="Kabupaten; bila tidak disebut: LAJUR_REGENCY, atau manokwari.",
        en="The regency; otherwise LAJUR_REGENCY, or manokwari.",
    ),
    "cli.flag.output": Message(id="Tabel untuk orang, atau JSON untuk program.", en="Tables for people, or JSON for programs."),
    "cli.flag.via": Message(
        id=(
            "Lewat mana perangkat dicapai. auto: untuk kabupaten contoh lab bila ada, selain itu memori; untuk yang lain "
            "perangkat asli."
        ),
        en=(
            "How devices are reached. auto: for an illustrative regency the lab if one is up, else memory; for any other its "
            "real devices."
        ),
    ),
    "cli.flag.lang": Message(
        id="Bahasa; bila tidak disebut: LAJUR_LANG, lalu LANG.", en="The language; otherwise LAJUR_LANG, then LANG."
    ),
    "cli.flag.version": Message(id="Tunjukkan versi lalu berhenti.", en="Show the version and stop."),
    "cli.flag.verbose": Message(
        id="Lebih banyak: -v tahap dan rantai sebab, -vv segalanya.",
        en="More: -v stages and the chain of causes, -vv everything.",
    ),
    "cli.flag.at": Message(
        id="Seolah-olah sekarang waktu ini (setempat), misalnya 2026-08-18T08:05.",
        en="As if it were this time (local), for example 2026-08-18T08:05.",
    ),
    "cli.flag.dry_run": Message(id="Tunjukkan saja; jangan ubah apa pun.", en="Only show; change nothing."),
    "cli.flag.yes": Message(id="Jangan bertanya.", en="Do not ask."),
    "cli.flag.watch": Message(id="Terus tunjukkan, sampai Ctrl-C.", en="Keep showing, until Ctrl-C."),
    "cli.flag.links": Message(
        id="Laju setiap tautan dari total antarmuka SNMP, alih-alih kantor; perlu sepuluh detik.",
        en="The rate of every link from SNMP interface totals, instead of offices; takes ten seconds.",
    ),
    "cli.flag.window_key": Message(id="Kunci jendela, seperti dalam windows.yaml.", en="Key of the window, as in windows.yaml."),
    "cli.flag.csv": Message(id="Berkas CSV; - berarti masukan baku.", en="The CSV file; - means standard input."),
    "cli.flag.schema_file": Message(
        id="Nama berkas tanpa akhiran, misalnya offices.", en="Name of the file without ending, say offices."
    ),
    "cli.flag.offices": Message(
        id="Hanya sekian kantor, tersebar di hub dan kelas.", en="Only so many offices, spread over hubs and classes."
    ),
    "cli.flag.lab": Message(
        id="Nama lab; beberapa lab bisa berdampingan.", en="Name of the lab; several can stand side by side."
    ),
    "cli.flag.bare": Message(
        id="Tautan tanpa konfigurasi: alamat dan OSPF belum ada.", en="Links without configuration: no address, no OSPF yet."
    ),
    "cli.flag.traps": Message(
        id="Siapa yang mengabarkan tautan putus: pengirim yang segera tahu, atau agen SNMP sendiri.",
        en="Who tells of a fallen link: a sender that knows at once, or the SNMP agent itself.",
    ),
    "cli.flag.cloud": Message(
        id="Dengan cloud OpenStack untuk menyewa server; --fake-cloud: servernya hanya catatan, tanpa mesin. Perlu "
        "`bash requirements/cloud.sh` sekali. Tanpa root: cloud saja, hanya catatan.",
        en="With an OpenStack cloud to rent servers from; --fake-cloud: they are records only, without machines. Needs "
        "`bash requirements/cloud.sh` once. Without root: the cloud alone, records only.",
    ),
    "cli.flag.all": Message(id="Semua lab di mesin ini.", en="Every lab on this machine."),
    "cli.flag.node": Message(id="Simpul lab, misalnya core atau r-bappeda.", en="A node of the lab, say core or r-bappeda."),
    "cli.flag.cut_link": Message(
        id="Kunci tautan, seperti dalam links.yaml, misalnya sgg-bappeda.",
        en="Key of the link, as in links.yaml, say sgg-bappeda.",
    ),
    "cli.flag.argv": Message(id="Perintah dan kata-katanya, sesudah --.", en="The command and its words, after --."),
    "cli.flag.seconds": Message(id="Berapa lama, dalam detik.", en="For how long, in seconds."),
    "cli.flag.way": Message(id="Arah lalu lintas.", en="Direction of the traffic."),
    "cli.flag.flooding": Message(id="Hanya kantor ini (boleh diulang).", en="Only this office (may be repeated)."),
    "cli.flag.only": Message(id="Hanya baris yang namanya berawalan ini.", en="Only rows whose name begins so."),
}
