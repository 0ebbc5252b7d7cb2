"""What is said of readiness: gaps and whose move it is, verdicts, the command, the printed report, and printing itself."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

_GAPS: Final[dict[str, Message]] = {
    "readiness.gap.link": Message(id="Tautan yang belum terbukti: {links}.", en="Links that are not proven: {links}."),
    "readiness.gap.no_record": Message(
        id="Tidak ada catatan tentang tautan mana yang terbukti.", en="There is no record of which links are proven."
    ),
    "readiness.gap.guarantee_refused": Message(
        id="Kebijakan dasar tidak dapat memberi jaminan kepada siapa pun: {cause}",
        en="The base policy cannot grant a guarantee to anybody: {cause}",
    ),
    "readiness.gap.guarantee_waits": Message(
        id="Jaminan menunggu tautannya terbukti (`unproven_links: refuse` di policy.yaml).",
        en="The guarantee waits for the proof of the link (`unproven_links: refuse` in policy.yaml).",
    ),
    "readiness.gap.contract": Message(
        id="Kontrak {number} untuk uplink {uplink} berlaku {start} sampai {end}, tidak mencakup {day}.",
        en="Contract {number} for uplink {uplink} runs from {start} to {end} and does not cover {day}.",
    ),
    "readiness.gap.lease": Message(
        id="Sewa {lease} ({number}) untuk server {servers} berlaku {start} sampai {end}, tidak mencakup {day}.",
        en="Lease {lease} ({number}) of servers {servers} runs from {start} to {end} and does not cover {day}.",
    ),
    "readiness.gap.workload": Message(
        id="Sistem {workload} di server {servers} hanya sampai {until}, jadi pada {day} tidak melayani siapa pun.",
        en="The system {workload} on servers {servers} runs until {until} only, so on {day} it serves nobody.",
    ),
    "readiness.gap.lease_unwritten": Message(
        id="Belum tertulis sistem apa berjalan di server mana (workloads.yaml).",
        en="Nobody has written which systems run on which servers (workloads.yaml).",
    ),
    "readiness.gap.staff_named": Message(
        id="Petugas TI yang ditugaskan: {named}, seharusnya {wanted}.", en="IT staff assigned: {named}, to be {wanted}."
    ),
    "readiness.gap.staff_trained": Message(
        id="Petugas TI yang terlatih: {trained}, seharusnya {wanted}.", en="IT staff trained: {trained}, to be {wanted}."
    ),
    "readiness.gap.probes": Message(
        id="Mutu tautan selama tujuh hari belum diukur.", en="The link's quality over seven days is not measured yet."
    ),
    "readiness.gap.procedures": Message(
        id="Daftar izin dengan langkah dan batas waktunya belum tercatat.",
        en="The list of permits with their steps and times is not recorded yet.",
    ),
    "readiness.gap.systems": Message(
        id="Belum diketahui apakah sistem ini menjawab di kantor itu: {systems}.",
        en="Nobody knows yet whether these systems answer in the office: {systems}.",
    ),
    "readiness.gap.systems_silent": Message(
        id="Sistem yang tidak memberi jawaban baik di kantor itu pada {day}: {systems}.",
        en="Systems that gave the office no good answer on {day}: {systems}.",
    ),
    "readiness.gap.systems_unwritten": Message(
        id="Belum tertulis sistem terhubung mana yang dipakai kantor (workloads.yaml, `kind: connected`).",
        en="Nobody has written which connected systems the offices use (workloads.yaml, `kind: connected`).",
    ),
    "readiness.gap.integration": Message(
        id="Uji penghubung data dan hasil pencocokannya belum tercatat.",
        en="Tests of data connectors and what they reconcile are not recorded yet.",
    ),
    "readiness.gap.service_time": Message(
        id="Bagian izin yang selesai pada waktunya selama tiga puluh hari belum diukur.",
        en="The share of permits issued in time over thirty days is not measured yet.",
    ),
}

_SHORT: Final[dict[str, Message]] = {
    "readiness.short.link": Message(id="tautan belum terbukti", en="link not proven"),
    "readiness.short.no_record": Message(id="bukti tautan tidak tercatat", en="no record of proofs"),
    "readiness.short.guarantee_refused": Message(id="jaminan tidak muat", en="guarantee has no room"),
    "readiness.short.guarantee_waits": Message(id="jaminan menunggu bukti tautan", en="guarantee waits for a proof"),
    "readiness.short.contract": Message(id="kontrak {uplink} sampai {end}", en="contract {uplink} until {end}"),
    "readiness.short.lease": Message(id="sewa {number} sampai {end}", en="lease {number} until {end}"),
    "readiness.short.workload": Message(id="sistem {workload} sampai {until}", en="system {workload} until {until}"),
    "readiness.short.lease_unwritten": Message(id="server belum tertulis", en="servers not written"),
    "readiness.short.staff_named": Message(id="petugas TI {named} dari {wanted}", en="IT staff {named} of {wanted}"),
    "readiness.short.staff_trained": Message(id="terlatih {trained} dari {wanted}", en="trained {trained} of {wanted}"),
    "readiness.short.probes": Message(id="mutu tautan", en="link quality"),
    "readiness.short.procedures": Message(id="SOP", en="procedures"),
    "readiness.short.systems": Message(id="sistem terhubung", en="connected systems"),
    "readiness.short.systems_silent": Message(id="tidak menjawab: {systems}", en="no good answer: {systems}"),
    "readiness.short.systems_unwritten": Message(id="sistem belum tertulis", en="systems not written"),
    "readiness.short.integration": Message(id="integrasi data", en="data integration"),
    "readiness.short.service_time": Message(id="waktu layanan", en="service time"),
}

_TASKS: Final[dict[str, Message]] = {
    "readiness.task.link": Message(
        id="Membuktikan tautan ke kantor (lajur link verify)", en="Prove the links to the office (lajur link verify)"
    ),
    "readiness.task.no_record": Message(id="Membuktikan tautan dan mencatatnya", en="Prove the links and record it"),
    "readiness.task.guarantee_refused": Message(
        id="Mengubah kebijakan dasar sampai jaminan semua kantor muat", en="Change the base policy until all guarantees fit"
    ),
    "readiness.task.guarantee_waits": Message(
        id="Membuktikan tautan, lalu memberi jaminannya", en="Prove the link, then grant the guarantee"
    ),
    "readiness.task.contract": Message(
        id="Menganggarkan perpanjangan kontrak internet", en="Budget for the internet contract's extension"
    ),
    "readiness.task.lease": Message(id="Memperpanjang sewa server", en="Extend the lease of servers"),
    "readiness.task.workload": Message(
        id="Menulis tanggal baru untuk sistem yang sudah lewat, atau menghapusnya (workloads.yaml)",
        en="Write a new date for systems that are over, or remove them (workloads.yaml)",
    ),
    "readiness.task.lease_unwritten": Message(
        id="Menulis sistem dan servernya di workloads.yaml", en="Write systems and their servers into workloads.yaml"
    ),
    "readiness.task.staff_named": Message(id="Menugaskan dua petugas TI", en="Assign two IT staff"),
    "readiness.task.staff_trained": Message(id="Melatih petugas TI yang sudah ditugaskan", en="Train the IT staff assigned"),
    "readiness.task.probes": Message(id="Mengukur mutu tautan", en="Measure the links' quality"),
    "readiness.task.procedures": Message(
        id="Mencatat izin, langkah, dan batas waktunya (SOP)", en="Record permits, steps and times (procedures)"
    ),
    "readiness.task.systems": Message(
        id="Menanya sistem terhubung dari kantor (lajur systems status)",
        en="Ask the connected systems from the office (lajur systems status)",
    ),
    "readiness.task.systems_silent": Message(
        id="Mencari mengapa sistem terhubung tidak menjawab di kantor (lajur systems status)",
        en="Find out why connected systems do not answer in the office (lajur systems status)",
    ),
    "readiness.task.systems_unwritten": Message(
        id="Menulis sistem terhubung di workloads.yaml", en="Write the connected systems into workloads.yaml"
    ),
    "readiness.task.integration": Message(id="Menguji integrasi data", en="Test data integration"),
    "readiness.task.service_time": Message(id="Mengukur waktu layanan", en="Measure the service time"),
}

_WORDS: Final[dict[str, Message]] = {
    "readiness.mover.network": Message(id="Kominfo (teknisi jaringan)", en="ICT office (network engineer)"),
    "readiness.mover.office": Message(id="Kantor masing-masing", en="Each office"),
    "readiness.mover.licensing": Message(id="DPMPTSP", en="Licensing office (DPMPTSP)"),
    "readiness.mover.lessor": Message(id="Pemberi sewa", en="Lessor"),
    "readiness.mover.planning": Message(id="Perencanaan dan anggaran", en="Planning and budget"),
    "readiness.verdict.ready": Message(id="siap", en="ready"),
    "readiness.verdict.waived": Message(id="dikecualikan", en="waived"),
    "readiness.verdict.undecided": Message(id="belum pasti", en="undecided"),
    "readiness.verdict.not_ready": Message(id="belum siap", en="not ready"),
    "readiness.state.met": Message(id="terpenuhi", en="met"),
    "readiness.state.partly": Message(id="sebagian", en="partly"),
    "readiness.state.missing": Message(id="belum", en="missing"),
    "readiness.state.unknown": Message(id="tidak diketahui", en="unknown"),
    "readiness.criterion.link": Message(id="tautan terbukti", en="link proven"),
    "readiness.criterion.guarantee": Message(id="jaminan diberikan", en="guarantee admitted"),
    "readiness.criterion.lease": Message(id="sewa server mencakup", en="leases cover"),
    "readiness.criterion.probes": Message(id="mutu tautan", en="link quality"),
    "readiness.criterion.staff": Message(id="dua petugas TI terlatih", en="two trained IT staff"),
    "readiness.criterion.procedures": Message(id="SOP", en="procedures"),
    "readiness.criterion.systems": Message(id="sistem menjawab", en="systems answer"),
    "readiness.criterion.integration": Message(id="integrasi data", en="data integration"),
    "readiness.criterion.service_time": Message(id="waktu layanan", en="service time"),
    "readiness.dimension.infrastructure": Message(id="Infrastruktur", en="Infrastructure"),
    "readiness.dimension.people": Message(id="Petugas", en="People"),
    "readiness.dimension.procedures": Message(id="SOP", en="Procedures"),
    "readiness.dimension.integration": Message(id="Integrasi data", en="Data integration"),
    "readiness.dimension.service_time": Message(id="Waktu layanan", en="Service time"),
    "readiness.no_stage": Message(id="Tanpa tahap", en="In no stage"),
    "readiness.no_day": Message(id="hari pembukaan belum ditetapkan", en="no opening day is set"),
    "readiness.moved": Message(id="Mundur dari {was}: {reason}", en="Put off from {was}: {reason}"),
    "readiness.waived": Message(id="dikecualikan: {reason}", en="waived: {reason}"),
    "readiness.waived_until": Message(id="dikecualikan sampai {until}: {reason}", en="waived until {until}: {reason}"),
    "readiness.days.left": Message(id="{days} hari lagi", en="days left: {days}"),
    "readiness.days.today": Message(id="hari ini", en="today"),
    "readiness.days.over": Message(id="lewat {days} hari", en="days over: {days}"),
    "readiness.no_coverage_memory": Message(
        id="perangkat di memori tidak dapat ditanyai", en="devices in memory cannot be asked"
    ),
    "readiness.no_coverage_snmp": Message(id="tidak ada perangkat yang ditanyai (SNMP)", en="no device is asked (SNMP)"),
    "readiness.coverage": Message(
        id="{covered} dari {offices} kantor di serat optik yang bekerja ({percent} %), diukur {at}",
        en="{covered} of {offices} offices on working fibre ({percent} %), measured {at}",
    ),
    "readiness.coverage_unknown": Message(id="tidak diketahui: {reason}", en="unknown: {reason}"),
}

_COMMAND: Final[dict[str, Message]] = {
    "cli.help.readiness": Message(
        id=(
            "Kesiapan per kantor dan per tahap: nilai, yang kurang, dan giliran siapa. Kode keluar 0: siap, 2: belum.\n\n"
            "  lajur readiness --page laporan.html --pdf laporan.pdf\n\n"
            "Yang belum diukur disebut tidak diketahui, tidak dihitung siap atau nol."
        ),
        en=(
            "Readiness for the launch by office and by stage: points, what is missing, whose move it is. Exit 0 ready, 2 not.\n\n"
            "  lajur readiness --page report.html --pdf report.pdf\n\n"
            "What is not measured yet is called unknown and counts neither as ready nor as zero."
        ),
    ),
    "cli.flag.readiness_office": Message(id="Kunci kantor, untuk melihat satu kantor.", en="Key of an office, to look at one."),
    "cli.flag.readiness_stage": Message(id="Hanya tahap ini.", en="This stage only."),
    "cli.flag.readiness_page": Message(
        id="Tulis laporan untuk pimpinan sebagai halaman HTML A4, dalam bahasa Indonesia.",
        en="Write the report for the governor as an A4 page in HTML, in Indonesian.",
    ),
    "cli.flag.readiness_pdf": Message(
        id="Tulis laporan yang sama sebagai PDF; perlu Chromium.", en="Write the same report as PDF; needs Chromium."
    ),
    "cli.usage.no_stage": Message(
        id="Tidak ada tahap {key}.{nearest} Yang ada: {known}.", en="There is no stage {key}.{nearest} There are: {known}."
    ),
    "cli.usage.readiness_one": Message(
        id="Laporan (--page, --pdf) dan --stage adalah tentang banyak kantor. Hapus {office}, atau hapus bendera itu.",
        en="The report (--page, --pdf) and --stage are about many offices. Leave out {office}, or leave out those flags.",
    ),
    "cli.usage.report_file": Message(
        id="Berkas {file} tidak dapat ditulis ({reason}). Laporan tidak disimpan. Pilih folder lain, atau perbaiki izinnya.",
        en="File {file} cannot be written ({reason}). The report was not kept. Choose another folder, or mend its permissions.",
    ),
    "cli.readiness.written": Message(id="Laporan ditulis ke {file}.", en="The report was written to {file}."),
    "cli.readiness.printing": Message(id="Mencetak ke PDF …", en="Printing to PDF …"),
    "cli.readiness.head": Message(id="Kesiapan {regency} pada {at}: {verdict}", en="Readiness of {regency} at {at}: {verdict}"),
    "cli.readiness.unknown": Message(
        id="Belum diketahui, untuk semua kantor di atas: {words} ({points} dari 100 nilai).",
        en="Not known yet, of all offices above: {words} ({points} of 100 points).",
    ),
    "cli.readiness.stages": Message(id="Tahap", en="Stages"),
    "cli.readiness.offices": Message(id="Kantor", en="Offices"),
    "cli.readiness.tasks": Message(id="Giliran siapa", en="Whose move it is"),
    "cli.readiness.of_office": Message(id="{name}: {verdict}", en="{name}: {verdict}"),
    "cli.readiness.points": Message(
        id="{least} dari {known} nilai yang diketahui; {least}–{most} dari 100, ambang {threshold}",
        en="{least} of {known} points that are known; {least}–{most} of 100, threshold {threshold}",
    ),
    "cli.readiness.staff_decides": Message(
        id="Tanpa dua petugas TI terlatih sebuah kantor belum siap, berapa pun nilainya.",
        en="Without two trained IT staff an office is not ready, whatever its points are.",
    ),
    "cli.column.stage": Message(id="Tahap", en="Stage"),
    "cli.column.verdict": Message(id="Keadaan", en="Verdict"),
    "cli.column.points": Message(id="Nilai", en="Points"),
    "cli.column.range": Message(id="Rentang", en="Range"),
    "cli.column.lacking": Message(id="Yang kurang", en="What is missing"),
    "cli.column.mover": Message(id="Giliran", en="Whose move"),
    "cli.column.task": Message(id="Yang dilakukan", en="What to do"),
    "cli.column.criterion": Message(id="Syarat", en="Criterion"),
    "cli.column.dimension": Message(id="Dimensi", en="Dimension"),
    "cli.column.ready_of": Message(id="Siap", en="Ready"),
    "cli.column.proven": Message(id="Tautan terbukti", en="Link proven"),
}

_PAGE: Final[dict[str, Message]] = {
    "readiness.page.kind": Message(
        id="Laporan kesiapan peluncuran perizinan daring (OSS)", en="Readiness for the launch of online licensing (OSS)"
    ),
    "readiness.page.as_of": Message(id="Keadaan pada", en="As of"),
    "readiness.page.illustrative": Message(id="DATA CONTOH", en="ILLUSTRATIVE DATA"),
    "readiness.page.offices_ready": Message(id="kantor siap", en="offices ready"),
    "readiness.page.waived_too": Message(id="dan {count} dikecualikan tertulis", en="and {count} waived in writing"),
    "readiness.page.offices_undecided": Message(id="belum pasti", en="undecided"),
    "readiness.page.undecided_why": Message(id="menunggu pengukuran", en="waits for measurements"),
    "readiness.page.offices_not_ready": Message(id="belum siap", en="not ready"),
    "readiness.page.not_ready_why": Message(id="ada yang harus dikerjakan", en="something is to be done"),
    "readiness.page.of_offices": Message(id="dari {count} kantor", en="of {count} offices"),
    "readiness.page.fibre": Message(id="serat optik bekerja", en="on working fibre"),
    "readiness.page.fibre_of": Message(
        id="{covered} dari {offices} kantor, diukur {age}", en="{covered} of {offices} offices, measured {age}"
    ),
    "readiness.page.proven": Message(id="tautan terbukti", en="links proven"),
    "readiness.page.proven_of": Message(
        id="{proven} dari {offices} kantor; bukti tertua {age}", en="{proven} of {offices} offices; oldest proof {age}"
    ),
    "readiness.page.proven_none": Message(id="{proven} dari {offices} kantor", en="{proven} of {offices} offices"),
    "readiness.page.age.now": Message(id="baru saja", en="just now"),
    "readiness.page.age.minutes": Message(id="{count} menit lalu", en="{count} minutes ago"),
    "readiness.page.age.hours": Message(id="{count} jam lalu", en="{count} hours ago"),
    "readiness.page.age.days": Message(id="{count} hari lalu", en="{count} days ago"),
    "readiness.page.unknown": Message(id="tidak diketahui", en="unknown"),
    "readiness.page.opens": Message(id="dibuka {day}", en="opens {day}"),
    "readiness.page.stage_sum": Message(id="{ready} dari {count} kantor siap", en="{ready} of {count} offices ready"),
    "readiness.page.stage_waived": Message(id="{count} dikecualikan tertulis", en="{count} waived in writing"),
    "readiness.page.threshold": Message(id="ambang {points}", en="threshold {points}"),
    "readiness.page.legend": Message(
        id=(
            "Batang: nilai yang sudah pasti (penuh) dan yang belum diukur (arsir); garis tegak adalah ambang tahapnya. Nilai "
            "tertulis sebagai pasti / paling tinggi. Kantor tanpa dua petugas TI terlatih belum siap, berapa pun nilainya."
        ),
        en=(
            "Bars: points had for certain (solid) and not measured yet (hatched); the upright line is the stage's threshold. "
            "Points are certain / at most. An office without two trained IT staff is not ready, whatever its points are."
        ),
    ),
    "readiness.page.unmeasured": Message(
        id="Belum diukur untuk semua kantor: {words} ({points} dari 100 nilai).",
        en="Not measured yet for any office: {words} ({points} of 100 points).",
    ),
    "readiness.page.whose_move": Message(id="Giliran siapa", en="Whose move it is"),
    "readiness.page.all_offices": Message(id="semua kantor", en="all offices"),
    "readiness.page.some_offices": Message(id="{count} kantor", en="{count} offices"),
    "readiness.page.office": Message(id="Kantor", en="Office"),
    "readiness.page.points": Message(id="Nilai", en="Points"),
    "readiness.page.proof": Message(id="Bukti tautan", en="Link proof"),
    "readiness.page.lacking": Message(id="Yang kurang", en="What is missing"),
    "readiness.page.all_lack": Message(id="semua kantor: {words}", en="all offices: {words}"),
    "readiness.page.as_all": Message(id="hanya yang sama untuk semua", en="only what all lack"),
    "readiness.page.nothing": Message(id="tidak ada yang kurang dari yang diukur", en="nothing of what is measured"),
    "readiness.page.source": Message(
        id=(
            "Kantor, petugas, kontrak, sewa, dan tahap: dari data daerah, dibaca saat laporan dibuat. Bukti tautan: dari catatan "
            "uji serah terima ({via}). Laporan ini tidak memuat nama orang."
        ),
        en=(
            "Offices, staff, contracts, leases and stages: from the regency's data, read when this was made. Link proofs: from "
            "the record of handover tests ({via}). This report names no person."
        ),
    ),
    "readiness.page.via.lab": Message(id="jaringan latihan", en="training network"),
    "readiness.page.via.memory": Message(id="perangkat di memori", en="devices in memory"),
    "readiness.page.via.direct": Message(id="perangkat di lapangan", en="devices in the field"),
}

_PRINTING: Final[dict[str, Message]] = {
    "print.no_chromium": Message(
        id=(
            "PDF tidak dibuat: {program} tidak ada di mesin ini. Pasang dengan `apt-get install chromium`, atau buka halaman "
            "dari --page di peramban mana pun dan cetak dari sana."
        ),
        en=(
            "No PDF was made: {program} is not on this machine. Install it with `apt-get install chromium`, or open the page of "
            "--page in any browser and print from there."
        ),
    ),
    "print.failed": Message(
        id="PDF tidak dibuat: {program} berhenti tanpa hasil ({cause}). Coba lagi, atau cetak halaman dari --page di peramban.",
        en="No PDF was made: {program} ended without one ({cause}). Try again, or print the page of --page from a browser.",
    ),
    "print.timeout": Message(
        id="PDF tidak dibuat: {program} belum selesai setelah {seconds} detik dan dihentikan. Coba lagi saat mesin lengang.",
        en="No PDF was made: {program} had not ended after {seconds} s and was stopped. Try again when the machine is less busy.",
    ),
}

MESSAGES: Final[dict[str, Message]] = {**_GAPS, **_SHORT, **_TASKS, **_WORDS, **_COMMAND, **_PAGE, **_PRINTING}
