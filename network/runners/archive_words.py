"""Why an archive cannot be read, as a code of ours: what Python says of it is English, and speaks to who wrote the reader."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from typing import Final

from network.errors import Refused

_MOST_SAID: Final = 200

_SIGNS: Final = (
    ("empty file", "empty"),
    ("ended before the end-of-stream", "cut"),
    ("unexpected end of data", "cut"),
    ("truncated header", "cut"),
    ("crc check failed", "damaged"),
    ("incorrect length of data", "damaged"),
    ("corrupt input data", "damaged"),
    ("invalid data stream", "damaged"),
    ("bad crc-32", "damaged"),
    ("bad magic number", "damaged"),
    ("bad checksum", "form"),
    ("invalid header", "form"),
    ("not a gzipped file", "form"),
    ("not a zip file", "form"),
    ("not supported by decoder", "form"),
    ("unknown compression method", "form"),
    ("file could not be opened", "form"),
    ("truncated file", "cut"),
    ("is encrypted", "locked"),
)
"""What is in the words of Python's readers, in small letters."""


class Lacking(ValueError):
    """An archive lacks the part of this name, which makes it what it is called."""


def why(error: Exception) -> Refused:
    """For a person. What nobody foresaw is told in the words of the reader."""
    if isinstance(error, Lacking):
        return Refused("release.archive.lacking", part=str(error))
    said = str(error)
    small = said.lower()
    word = next((word for sign, word in _SIGNS if sign in small), "")
    if not word and isinstance(error, EOFError):
        word = "cut"
    if not word and isinstance(error, (zlib.error, lzma.LZMAError, zipfile.BadZipFile)):
        word = "damaged"
    if word:
        return Refused(f"release.archive.{word}")
    shown = "".join(each if each.isprintable() else "?" for each in said[:_MOST_SAID])
    return Refused("release.archive.said", said=shown or type(error).__name__)
