"""What the command says of the task force's chat."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

MESSAGES: Final[dict[str, Message]] = {
    "cli.help.chat": Message(
        id="Obrolan Satgas: siapa punya akun, dan kata sandi pertamanya.",
        en="The task force's chat: who has an account, and its first password.",
    ),
    "cli.help.chat_list": Message(
        id="Semua akun menurut people.yaml dan offices.yaml.", en="All accounts, as people.yaml and offices.yaml say."
    ),
    "cli.help.chat_password": Message(
        id=(
            "Kata sandi pertama sebuah akun, di keluaran baku.\n\n"
            "  lajur chat password satgas-007\n\n"
            "Dihitung dari sebuah rahasia mesin ini dan nama akunnya, tidak disimpan di mana pun. Berlaku sampai pemiliknya "
            "menggantinya; sesudah itu tidak ada yang dapat menunjukkannya."
        ),
        en=(
            "The first password of an account, on standard output.\n\n"
            "  lajur chat password satgas-007\n\n"
            "It is computed from a secret of this machine and the account's name, and kept nowhere. It holds until its owner "
            "changes it; then nobody can show it."
        ),
    ),
    "cli.flag.chat_account": Message(id="Akun, dengan atau tanpa @domain.", en="The account, with or without its @domain."),
    "cli.column.account": Message(id="akun", en="account"),
    "cli.column.chat_role": Message(id="peran", en="role"),
    "cli.column.chat_place": Message(id="tim atau kantor", en="team or office"),
    "cli.chat.none": Message(
        id="Di {regency} tidak ada obrolan. Tulis beban kerja dengan `runs: chat` di workloads.yaml.",
        en="There is no chat in {regency}. Write a workload with `runs: chat` in workloads.yaml.",
    ),
    "cli.chat.no_account": Message(
        id="Tidak ada akun {account}. Semua akun: `lajur chat list`.{nearest}",
        en="There is no account {account}. All of them: `lajur chat list`.{nearest}",
    ),
    "cli.chat.unmade": Message(
        id=(
            "Rahasia obrolan ({file}) belum ada atau tidak terbaca: {reason}. Akunnya dibuat oleh `lajur play site`, di mesin "
            "yang memainkannya."
        ),
        en=(
            "The chat's secret ({file}) is not there or cannot be read: {reason}. `lajur play site` makes the accounts, on the "
            "machine that plays it."
        ),
    ),
    "cli.chat.open": Message(
        id="Rahasia obrolan ({file}) terbaca oleh orang lain. Jalankan `chmod 600 {file}`, lalu ulangi.",
        en="The chat's secret ({file}) can be read by others. Run `chmod 600 {file}`, and try again.",
    ),
}
