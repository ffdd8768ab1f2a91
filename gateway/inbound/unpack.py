"""Taking the letters of a pack out, each into files of its own.

Done before a letter is tried alone, held, set aside or blamed, and for what is left of a pack when
others of it are in the books. The pack is renamed to ``.apart`` first, so that whoever comes after
a crash goes on where it was broken off, and it is removed when all its letters stand by themselves:
at any moment each of them is there, at worst in two places, which its spool name tells. What of a
damaged pack cannot be read becomes one letter with a damaged envelope, which goes to people.
"""

import contextlib
import os
from collections.abc import Container, Iterator
from pathlib import Path
from typing import Final

from gateway.inbound import disk
from gateway.inbound.envelope import Envelope
from gateway.inbound.pack import APART, Damaged, letters_in
from registry.ids import new_id

_STATES: Final = ("new", "held", "bad")


def unpack(pack: Path, done: Container[str] = ()) -> None:
    """Give every letter files of its own in the folder of the pack, but for those named ``done``.

    A pack that is no more, or whose letters are taken out by somebody else, is fine.
    """
    half = pack.with_suffix(APART)
    with contextlib.suppress(FileNotFoundError):
        pack.rename(half)
    with contextlib.suppress(FileNotFoundError):
        for stem, envelope, raw in _letters(half):
            if f"{half.parent.parent.name}/{stem}" not in done and not _stands(half.parent, stem):
                _put(half.parent / stem, envelope, raw)
        disk.fsync_folder(half.parent)
        half.unlink()


def _letters(half: Path) -> Iterator[tuple[str, Envelope | None, bytes]]:
    """Give id, envelope and bytes of each letter, at last what cannot be read."""
    with half.open("rb") as file:
        try:
            for envelope, at in letters_in(half):
                file.seek(at)
                yield envelope.name.partition("/")[2], envelope, file.read(envelope.raw_bytes)
        except Damaged as error:
            file.seek(error.at)
            yield new_id(), None, file.read()


def _stands(new: Path, stem: str) -> bool:
    return any((new.parent / state / f"{stem}.json").exists() for state in _STATES)


def _put(base: Path, envelope: Envelope | None, raw: bytes) -> None:
    """Write one letter, its envelope last; what an earlier try left is written anew."""
    for suffix, content in (
        (".eml", raw),
        (".draft", envelope.to_json().encode() if envelope else b"damaged\n"),
    ):
        base.with_suffix(suffix).unlink(missing_ok=True)
        disk.write_new(base.with_suffix(suffix), content)
    if envelope and envelope.priority:
        base.with_suffix(f".p{envelope.priority}").touch(mode=0o600)
    os.rename(base.with_suffix(".draft"), base.with_suffix(".json"))  # noqa: PTH104
