"""The paper of a machine that was given back, or of one that is lost: what was searched for and wiped, what was not done, and
what a person has to do and to sign for.

A claim goes as far as the wiping did and no further: credentials where they were looked for. What nobody of us can know is a
box to tick, with a place for who vouches for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from infra.page import Head, day, facts, page, safe, signatures, title
from infra.wipe import Proof, Wiped
from infra.wipe_data import Tree
from infra.wipe_places import Kind

MOST_ROWS: Final = 16
"""Things of a proof on paper, which has one page; the record has all of them."""
_MOST_CONDITIONS: Final = 12
_MOST_TREES: Final = 12

_WHOLE: Final = (
    "kredensial kabupaten dan data peran Lajur dicari dan dihapus dari mesin di bawah ini, sebelum mesin dikembalikan kepada "
    "pemberi sewa. Halaman ini membuktikan hal itu saja."
)
_NEVER: Final = "mesin di bawah ini dikembalikan. Kabupaten tidak pernah masuk ke sistemnya, jadi di sana tidak ada yang dicari."
_LOST: Final = (
    "mesin di bawah ini dinyatakan hilang dan dilepas dari catatan kabupaten tanpa dijangkau. Halaman ini mencatat kehilangan "
    "itu."
)

_TOOLS: Final = (
    "~/.pgpass, .netrc, .my.cnf, .git-credentials, .docker, .aws, .azure, .kube, .gnupg, pengaturan .ssh, dan sejenisnya "
    "setiap akun"
)
_SYSTEM: Final = (
    "di /etc: ipsec, wireguard, openvpn, ppp, krb5, NetworkManager, apt, openstack, docker, sudoers.d/lajur, shadow-; data "
    "pengguna cloud-init"
)
_TLS: Final = (
    "/etc: ssl, pki, letsencrypt, nginx, apache2, haproxy, postgresql, caddy, prometheus, grafana; /var/lib: caddy, postgresql; "
    "/usr/local/etc"
)
_ROLES: Final = (
    "/srv/lajur; /var/lib: lajur-controller, postgresql, pgbackrest, prometheus, prosody, haproxy-state; /etc: postgresql, "
    "pgbackrest, prometheus, haproxy, prosody; /var/spool/pgbackrest; /var/log: postgresql, pgbackrest, prosody"
)
_KINDS: Final[Mapping[Kind, tuple[str, str]]] = {
    "authorized_keys": (
        "Kunci SSH yang diizinkan masuk",
        "~/.ssh/authorized_keys setiap akun, dan berkas lain yang disebut sshd_config",
    ),
    "private_key": ("Kunci pribadi SSH", "~/.ssh setiap akun: id_*, *.pem, *.key, *.ppk, dan berkas berisi kunci pribadi"),
    "known_hosts": ("Daftar mesin yang dikenal", "~/.ssh/known_hosts setiap akun"),
    "history": ("Riwayat perintah", "~/.*_history dan riwayat editor atau alat lain setiap akun"),
    "credential": ("Kredensial alat dan sistem", f"{_TOOLS}; {_SYSTEM}"),
    "ours": ("Berkas milik Lajur", "/etc/lajur, /var/lib/lajur, credstore"),
    "tls_key": ("Kunci TLS (bukan bawaan paket)", _TLS),
    "password": ("Kata sandi akun", "/etc/shadow, setiap akun"),
    "journal": ("Jurnal sistem", "/var/log/journal"),
}
"""Of each kind its name, and where it was searched for: `infra.wipe_places.SEARCHED` in few words."""

_AFTER: Final[Mapping[str, str]] = {
    "gone": "ditimpa dan dihapus",
    "kept": "kunci pemberi sewa tetap ada",
    "shut": "kunci kabupaten dicabut: masuk dengannya ditolak",
    "locked": "dihapus, akun tanpa kata sandi",
    "vacuumed": "dikosongkan",
}

_DATA: Final = (
    "<b>Data di luar tempat pada bagian 2</b> (misalnya /opt, /var/www, .env, surat, basis data lain, cadangan, log di luar "
    "jurnal) tidak dicari dan tidak dihapus; setelan peran Lajur yang tidak rahasia (nftables, unit systemd) tetap. Di dalamnya "
    "kata sandi dan data pribadi mungkin masih ada."
)
_DISKS: Final = (
    "<b>Disk tidak dikosongkan dan tidak dimusnahkan:</b> ruang bebas, swap, dan tembolok RAID mungkin masih berisi berkas yang "
    "lebih dulu dihapus. Salinan di luar mesin (cadangan, snapshot) dan pengendali mesin (BMC) tidak disentuh."
)
_ISSUED: Final = "Kata sandi, token, dan sertifikat yang pernah ada di mesin tidak dicabut di layanan asalnya."
_ONCE: Final = (
    "Setiap berkas pada bagian 2 ditimpa satu kali, lalu dihapus; namanya tidak ditimpa. Pada SSD, sistem berkas "
    "salin-saat-tulis, dan di balik "
    "pengendali RAID, isi lamanya mungkin masih dapat dipulihkan."
)
_BY_HAND: Final = (
    "Data aplikasi dan basis data yang dihapus sudah dipindahkan atau tidak diperlukan lagi",
    "Semua disk dihapus seluruhnya atau dimusnahkan; cara dan alat: …………………………",
    "Kata sandi, token, dan sertifikat yang pernah ada di mesin sudah diganti",
)
_AFTER_LOSS: Final = (
    "Kunci SSH kabupaten yang diizinkan masuk ke mesin ini diganti di semua mesin lain",
    "Kata sandi, token, kunci, dan sertifikat yang pernah ada di mesin dicabut dan diganti",
    "Pemberi sewa diberi tahu; laporan kepada polisi bila dicuri (nomor: …………………………)",
    "Data pribadi di mesin dinilai; bila pelindungannya gagal: pemberitahuan tertulis dalam 3 × 24 jam (UU 27/2022 Pasal 46)",
)

_TOLD: Final = "Syarat kontrak, dibicarakan dengan pemberi sewa: "


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """A machine that was given back. `reason`: what became of it, when nobody could reach it any more; `entered`: whether anybody
    of us ever logged in to it; `digest`: SHA-256 of the record, as the audit log has it. `data`: what was wiped of our roles, and
    `stopped` their units; `allowed`: why a database among it might go."""

    server: str
    lease: str
    lessor: str
    number: str
    place: str
    serial: str
    day: date
    proof: Proof
    conditions: tuple[str, ...] = ()
    reason: str = ""
    entered: bool = True
    digest: str = ""
    data: tuple[Tree, ...] = ()
    stopped: tuple[str, ...] = ()
    allowed: str = ""


def return_page(returned: Returned, head: Head) -> str:
    """Raises ValueError for a proof that is not whole of a machine that is not lost: that one was not given back."""
    lost = bool(returned.reason)
    if not lost and not returned.proof.whole:
        raise ValueError(f"{returned.server}: no paper without a whole proof")
    verdict, limit, said = _outcome(returned)
    kind = "Kehilangan" if lost else "Pengembalian"
    body = [
        *title(f"Berita Acara {kind} Mesin Sewa", head),
        f"<p>Pada hari ini, {safe(day(returned.day))}, {said}</p>",
        _machine(returned),
        f'<p class="verdict {"bad" if lost else "good"}">{verdict}<br><small>{limit}</small></p>',
        *(_loss(returned) if lost else _return(returned)),
        *_record(returned),
        *signatures("Penyewa (Dinas Kominfo)", "Pemberi sewa", kind="signatures low"),
    ]
    return page(f"Berita Acara {kind} – {returned.server}", body)


def _outcome(returned: Returned) -> tuple[str, str, str]:
    """The verdict, how far it goes, and what was done: nothing is claimed of a machine that nobody reached."""
    if returned.reason:
        return (
            "HILANG – TIDAK ADA YANG DIHAPUS",
            "Semua yang ada di mesin harus dianggap masih ada di sana dan terbaca orang lain.",
            _LOST,
        )
    if not returned.entered:
        return "TIDAK PERNAH DIMASUKI", "Isi mesin tidak dilihat dan tidak diubah oleh Lajur.", _NEVER
    limit = "Hanya yang dicari pada bagian 1 dan 2. Data di luar itu, ruang bebas, dan isi disk TIDAK ikut (bagian 3)."
    return ("KREDENSIAL DAN DATA DIHAPUS" if returned.data else "KREDENSIAL DIHAPUS"), limit, _WHOLE


def _machine(returned: Returned) -> str:
    rows = {
        "Mesin": returned.server,
        "Nomor seri": returned.serial or "–",
        "Pemberi sewa": returned.lessor,
        "Nomor kontrak": returned.number,
        "Tempat": returned.place,
    }
    return facts(rows | ({"Yang terjadi": returned.reason} if returned.reason else {}))


def _return(returned: Returned) -> Iterator[str]:
    counts = Counter(one.kind for one in returned.proof.wiped)
    if returned.entered:
        yield "<h2>1. Yang dicari, dan tempatnya</h2>"
        yield "<table class='proof searched'><thead><tr><th>Jenis</th><th>Tempat</th><th>Ditemukan</th></tr></thead><tbody>"
        for kind, (name, places) in _KINDS.items():
            yield f'<tr><td>{name}</td><td class="path">{places}</td><td>{counts[kind] or "–"}</td></tr>'
        trees = sum(tree.files > 0 for tree in returned.data)
        yield f'<tr><td>Data peran Lajur</td><td class="path">{_ROLES}</td><td>{trees or "–"}</td></tr>'
        yield "</tbody></table>"
        yield from _wiped(returned.proof)
        yield from _trees(returned)
    yield f"<h2>{'3. ' if returned.entered else ''}Yang TIDAK dilakukan oleh Lajur</h2><ul class='plain'>"
    yield from (f"<li>{text}</li>" for text in (_DATA, _DISKS, _ISSUED, *([_ONCE] if returned.entered else [])))
    yield "</ul>"
    heading = f"{'4. ' if returned.entered else ''}Dikerjakan dan dinyatakan oleh orang"
    yield from _by_hand(heading, _BY_HAND, "Syarat kontrak: ", returned.conditions)


def _loss(returned: Returned) -> Iterator[str]:
    yield "<h2>Yang TIDAK dilakukan</h2><ul class='plain'>"
    yield (
        "<li>Mesin tidak dijangkau: tidak ada kunci, kata sandi, data, atau disk yang dihapus padanya. Halaman ini bukan bukti "
        "penghapusan.</li></ul>"
    )
    yield from _by_hand("Dikerjakan dan dinyatakan oleh orang", _AFTER_LOSS, _TOLD, returned.conditions)


def _by_hand(heading: str, first: Sequence[str], mark: str, conditions: tuple[str, ...]) -> Iterator[str]:
    """Boxes that only a person ticks, the conditions of the contract among them."""
    heads = "<th></th><th>Butir</th><th>Paraf, tanggal</th>"
    yield f"<h2>{heading}</h2><table class='proof hand'><thead><tr>{heads}</tr></thead><tbody>"
    for text in (*first, *(f"{mark}{each}" for each in conditions[:_MOST_CONDITIONS])):
        yield f'<tr><td><span class="box"></span></td><td>{safe(text, 300)}</td><td></td></tr>'
    yield "</tbody></table>"
    if len(conditions) > _MOST_CONDITIONS:
        yield f'<p class="small">Dan {len(conditions) - _MOST_CONDITIONS} syarat kontrak lagi, menurut catatan elektronik.</p>'


def _wiped(proof: Proof) -> Iterator[str]:
    yield f"<h2>2. Yang ditemukan dan ditangani: {len(proof.wiped)}</h2>"
    if not proof.wiped:
        yield '<p class="small">Tidak ada.</p>'
        return
    yield '<ul class="things">'
    yield from (_thing(one) for one in proof.wiped[:MOST_ROWS])
    yield "</ul>"
    if len(proof.wiped) > MOST_ROWS:
        yield f'<p class="small">Dan {len(proof.wiped) - MOST_ROWS} lagi, menurut catatan elektronik.</p>'


def _trees(returned: Returned) -> Iterator[str]:
    """What was wiped as data: a line for each tree, however many files it had."""
    if not any(tree.files for tree in returned.data):
        yield "<p class='small'>Data peran Lajur (basis data, aplikasi, pemantauan, obrolan): tidak ada di mesin.</p>"
        return
    heads = "<th>Data</th><th>Peran</th><th>Berkas</th><th>Ukuran</th><th>Tidak dapat ditimpa</th>"
    yield f"<table class='proof data'><thead><tr>{heads}</tr></thead><tbody>"
    held = [tree for tree in returned.data if tree.files]
    for tree in held[:_MOST_TREES]:
        cells = (tree.role, f"{tree.files}", _size(tree.bytes), f"{tree.missed or '–'}")
        yield f"<tr><td class='path'>{safe(tree.path)}</td>{''.join(f'<td>{safe(cell)}</td>' for cell in cells)}</tr>"
    yield "</tbody></table>"
    more = len(held) - _MOST_TREES
    said = [f"Dan {more} pohon lagi, menurut catatan elektronik."] if more > 0 else []
    said += [f"Dihentikan: {safe(', '.join(returned.stopped), 300)}."] if returned.stopped else []
    said += [f"Basis data dihapus karena: {safe(returned.allowed, 300)}."] if returned.allowed else []
    yield f"<p class='small'>{' '.join(said)}</p>" if said else ""


def _size(count: int) -> str:
    """Bytes in decimal units, as disks are sold."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= factor:
            return f"{count / factor:.1f} {unit}".replace(".", ",")
    return f"{count} B"


def _thing(one: Wiped) -> str:
    digest = f" · <code>{safe(one.before[:12])}</code>" if one.before != "-" else ""
    name = f"{_KINDS[one.kind][0]}: " if one.kind in ("password", "authorized_keys") else ""
    return f"<li>{name}<span class='path'>{safe(one.path)}</span> – {_AFTER[one.after]}{digest}</li>"


def _record(returned: Returned) -> Iterator[str]:
    if not returned.digest:
        return
    salted = " Sidik isi digarami dengan angka acak yang tidak disimpan." if returned.entered and not returned.reason else ""
    yield (
        "<p class='small'>Catatan elektronik: berkas JSON di samping halaman ini. Sidiknya (SHA-256) sama dengan yang ada di log "
        f"audit kabupaten: <code>{safe(returned.digest)}</code>.{salted}</p>"
    )
