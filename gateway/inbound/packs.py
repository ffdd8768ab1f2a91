"""The packs that lie in the spool, as the in-tray sees them.

A pack is given and finished as a whole. Whatever befalls one of its letters alone begins with
taking all of them out (:mod:`gateway.inbound.unpack`); whoever still knows a letter by its place in
the pack finds it by its name then. Memory: the names of the letters of packs that are opened and
not yet finished.
"""

import contextlib
from collections.abc import Collection, Container, Iterator, Sequence
from pathlib import Path

from gateway.inbound.pack import APART, PACK, letters_in
from gateway.inbound.spool import Spooled
from gateway.inbound.unpack import unpack
from registry.errors import NotUnderstood


class Packs:
    """All packs of a spool folder."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._opened: dict[Path, list[str]] = {}
        self._places: dict[str, Path] = {}

    def open(self, process: str, stem: str) -> list[Spooled]:
        """Give the letters of one pack.

        None of one that is no more, that was broken off while its letters were taken out, or that
        is damaged: those letters are by themselves from now on.
        """
        path = self._root / process / "new" / f"{stem}{PACK}"
        try:
            letters = list(_letters(path))
        except FileNotFoundError:
            self.take_out(path)
            return []
        except NotUnderstood:
            self.take_out(path)
            return []
        self._opened[path] = [one.name for one in letters]
        self._places.update(dict.fromkeys(self._opened[path], path))
        return letters

    def letters(self) -> Iterator[Spooled]:
        """Give the letters of all packs, as far as they can be read."""
        for path in self._paths():
            with contextlib.suppress(FileNotFoundError, NotUnderstood):
                yield from _letters(path)

    def find(self, names: Collection[str]) -> dict[str, Spooled]:
        """Give those of these letters that are in packs; all packs are looked through."""
        return {one.name: one for one in self.letters() if one.name in names} if names else {}

    def known(self, name: str) -> Path | None:
        """Give the pack of a letter if it was opened, and the letter not taken out since."""
        return self._places.get(name)

    def take_out(self, pack: Path, done: Container[str] = ()) -> None:
        """Give the letters of a pack files of their own, but for those that are done."""
        unpack(pack, done)
        self._forget(pack)

    def finish(self, letters: Sequence[Spooled]) -> list[Spooled]:
        """Forget the packs of which all letters are finished; give the letters beside those."""
        done, groups = {one.name for one in letters}, dict[Path, list[Spooled]]()
        for one in letters:
            if one.packed:
                groups.setdefault(one.path, []).append(one)
        left = [one for one in letters if not one.packed]
        for pack, group in groups.items():
            names = self._opened.get(pack)
            if not (names and done.issuperset(names) and self._remove(pack)):
                self.take_out(pack, done)
                left += group
        return left

    def _remove(self, pack: Path) -> bool:
        """Remove a pack; False when somebody had its letters taken out."""
        self._forget(pack)
        try:
            pack.unlink()
        except FileNotFoundError:
            return False
        return True

    def _forget(self, pack: Path) -> None:
        for name in self._opened.pop(pack, ()):
            self._places.pop(name, None)

    def _paths(self) -> list[Path]:
        return sorted(path for end in (PACK, APART) for path in self._root.glob(f"*/new/*{end}"))


def _letters(path: Path) -> Iterator[Spooled]:
    for envelope, at in letters_in(path):
        yield Spooled(envelope.name, path, envelope, at=at)
