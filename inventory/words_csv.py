"""What findings about the CSV of offices say. Words only."""

from __future__ import annotations

from typing import Final

from inventory.findings import Message

WORDS: Final[dict[str, Message]] = {
    "csv.workbook": Message(
        id="ini buku kerja (xlsx, xls, atau ods), bukan tabel; di lembar sebar pilih Simpan sebagai > CSV UTF-8, "
        "lalu pakai berkas itu",
        en="this is a workbook (xlsx, xls or ods), not a table; in the spreadsheet choose Save as > CSV UTF-8, "
        "then use that file",
    ),
    "csv.nothing": Message(
        id="tidak ada baris judul; baris pertama menyebut kolomnya: {columns}",
        en="there is no header; the first line names the columns: {columns}",
    ),
    "csv.column_missing": Message(
        id="kolom '{column}' tidak ada; kolom yang wajib: {columns} (judul Indonesia, misalnya Nama OPD atau Kelas Layanan, "
        "juga dikenal)",
        en="the column '{column}' is missing; the columns that must be there: {columns}",
    ),
    "csv.column_unknown": Message(
        id="kolom '{column}' tidak dikenal; yang terdekat: {nearest}",
        en="the column '{column}' is not known; the nearest: {nearest}",
    ),
    "csv.column_twice": Message(
        id="kolom '{column}' ada dua kali; hapus salah satunya",
        en="the column '{column}' is there twice; remove one of the two",
    ),
    "csv.quote": Message(
        id="tanda kutip yang tidak berpasangan; sel yang memuat tanda kutip ditulis \"seperti \"\"ini\"\"\"",
        en="a stray quote; a cell that contains quotes is written \"like \"\"this\"\"\"",
    ),
    "csv.cells": Message(
        id="baris ini punya {count} sel, judulnya {wanted}; sel yang memuat tanda pemisah harus diberi kutip",
        en="this line has {count} cells, the header has {wanted}; a cell that contains the separator must be quoted",
    ),
    "csv.id": Message(
        id="id '{value}' bukan bilangan bulat 1 sampai 4000; id bersifat tetap dan wajib diisi",
        en="the id '{value}' is not a whole number from 1 to 4000; an id is permanent and must be there",
    ),
    "csv.id_twice": Message(
        id="id {value} sudah ada di baris {first}",
        en="the id {value} is on line {first} already",
    ),
    "csv.formula": Message(
        id="{column}: '{value}' dimulai dengan = + - @ dan akan dijalankan sebagai rumus oleh lembar kerja; hapus tanda itu",
        en="{column}: '{value}' begins with = + - @ and would be run as a formula by a spreadsheet; remove that sign",
    ),
    "csv.control": Message(
        id="{column}: sel ini memuat ganti baris atau karakter kendali; tulis dalam satu baris",
        en="{column}: this cell contains a line break or a control character; write it on one line",
    ),
    "csv.by_hand": Message(
        id="{column} milik '{office}' ditulis dengan cara yang tidak dapat diubah tanpa menyentuh yang lain "
           "(alias, anchor, atau komentar di dalamnya); ubah langsung di offices.yaml",
        en="{column} of '{office}' is written in a way that cannot be changed without touching something else "
           "(an alias, an anchor, a comment inside); change it in offices.yaml by hand",
    ),
    "csv.moved": Message(
        id="offices.yaml berubah setelah CSV diperiksa; tidak ada yang ditulis; jalankan impor lagi",
        en="offices.yaml changed after the CSV was judged; nothing was written; run the import again",
    ),
    "csv.unwritable": Message(
        id="berkas ini tidak dapat ditulis ({reason}); tidak ada yang berubah; periksa izin folder",
        en="this file cannot be written ({reason}); nothing was changed; check the folder's permissions",
    ),
}  # fmt: skip

NONE_NEAR: Final[dict[str, Message]] = {
    "csv.column_unknown": Message(
        id="kolom '{column}' tidak dikenal; yang dikenal: {known}",
        en="the column '{column}' is not known; those that are: {known}",
    ),
}
