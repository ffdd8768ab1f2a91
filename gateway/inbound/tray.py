"""The in-tray: the reading side of the spool, for the worker and for people who look after it.

A :class:`Tray` sees the folders of all processes, living or dead. Names are ``process/id`` and
sort by the time of acceptance within a process; :meth:`Tray.list_new` sorts across them, and
:mod:`gateway.inbound.turn` says whose turn it is when many wait.

Poison is counted. One file, ``at-work``, names the letters that are being worked on; whoever finds
it there died over one of them, and each gets a try noted (:meth:`Tray.blame_those_at_work`).
Whatever ends in order (:meth:`finish`, :meth:`put_back`, :meth:`hold`) takes the note away. A
letter with three tries goes to people; it keeps its bytes (``saraban spool``). Notes need not
survive a power cut: they only say whom not to try beside others.

Small letters may stand together in a pack (:mod:`gateway.inbound.packs`); all but reading one and
finishing all of them takes them out of it first.
"""

import contextlib
import json
import os
import re
import time
from collections.abc import Callable, Container, Sequence
from datetime import datetime
from pathlib import Path

from gateway.inbound import turn
from gateway.inbound.disk import fsync_folder
from gateway.inbound.envelope import Envelope
from gateway.inbound.pack import PackName
from gateway.inbound.packs import Packs
from gateway.inbound.spool import Spooled
from registry.clock import BANGKOK
from registry.errors import NotFound, NotUnderstood
from registry.letter.message import Listener

CRASHES = 3
DAMAGED = "the envelope cannot be read"
_STATES = ("new", "held", "bad")
_BESIDE = (".tries", ".p1", ".p2", ".p3")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*/[a-z2-7]{16}")


class Tray:
    """All letters of a spool folder (``spool/`` of the data folder).

    ``run`` names the run of the whole service that a worker belongs to, where there is one.
    """

    def __init__(self, root: Path, run: str = "") -> None:
        self._root = root
        self._run = run
        self._at_work = root / "at-work"
        self._packs = Packs(root)

    def list_new(self) -> list[str]:
        """Give the names of all letters that wait to be picked up, the oldest first."""
        packed = (one.name for one in self._packs.letters())
        return sorted({*packed, *self._names("new")}, key=lambda name: name.partition("/")[::-1])

    def waiting(self) -> tuple[int, float | None]:
        """Give how many letters wait, and since when the oldest does (seconds of the epoch)."""
        count, since = 0, None
        for file in self._root.glob("*/new/*"):
            pack = PackName.parse(file.stem)
            if letters := pack.letters if pack else int(file.suffix == ".json"):
                with contextlib.suppress(FileNotFoundError):
                    since = min(file.stat().st_mtime, since or time.time())
                    count += letters
        return count, since

    def next_names(self, resting: Callable[[str], bool]) -> list[str]:
        """Give the names of letters and packs whose turn it is, :data:`turn.AT_ONCE` at most."""
        return turn.next_names(self._root, resting)

    def open(self, name: str) -> list[Spooled]:
        """Give the letters of a pack, or the one letter; none when they do not wait any more.

        Raises NotUnderstood for a letter whose envelope is damaged, NotFound.
        """
        process, _, stem = name.partition("/")
        if PackName.parse(stem):
            return self._packs.open(process, stem)
        letter = self.read(name)
        return [letter] if letter.state == "new" else []

    def list_aside(self) -> list[Spooled]:
        """Give the letters that are held or set aside, the oldest first.

        One whose envelope is damaged is listed all the same, with what its file can tell.
        """
        return [self._show(name, state) for state in ("held", "bad") for name in self._names(state)]

    def read(self, name: str) -> Spooled:
        """Give one letter, whatever its state. Raises NotFound, and NotUnderstood if damaged."""
        for state in _STATES:
            with contextlib.suppress(FileNotFoundError):
                return self._read(name, state)
        for letter in self._packs.find([name]).values():
            return letter
        raise NotFound(f"no letter {name} in the spool")

    def at_work(self, names: Sequence[str]) -> None:
        """Say which letters are worked on from now on, before their bytes are looked at."""
        if not names:
            self._at_work.unlink(missing_ok=True)
            return
        draft = self._at_work.with_suffix(".tmp")
        draft.write_text("\n".join([self._run, *names]), encoding="ascii")
        draft.rename(self._at_work)

    def busy(self) -> bool:
        """Whether letters are being worked on at this moment."""
        return self._at_work.exists()

    def blame_those_at_work(self) -> None:
        """Note a try for each letter over which an earlier process may have died.

        Not when the whole service ended since: a letter brings down who works on it, not those
        beside, but a power cut does.
        """
        with contextlib.suppress(FileNotFoundError, UnicodeError):
            run, *names = self._at_work.read_text("ascii").split("\n")
            mine = [name for name in names if run == self._run and _NAME.fullmatch(name)]
            for pack in {one.path for one in self._packs.find(mine).values()}:
                self._packs.take_out(pack)
            for name in mine:
                if self._file(name, "new", ".json").exists():
                    self.blame(name)
        self.at_work(())

    def blame(self, name: str) -> int:
        """Note that work on this letter failed, and say how often it has."""
        self._take_out(name)
        tries = self.tries(name) + 1
        self._file(name, "new", ".tries").write_text(f"{tries}\n", encoding="ascii")
        return tries

    def tries(self, name: str) -> int:
        """How often work on this letter began and did not end well."""
        try:
            return int(_text(self._path(name, "new", ".tries")) or 0)
        except (FileNotFoundError, ValueError, NotFound):  # of a pack nothing is noted
            return 0

    def put_back(self, name: str) -> None:
        """End a try in order without a result: the letter is innocent and stays new."""
        self._file(name, "new", ".tries").unlink(missing_ok=True)

    def finish(self, name: str) -> None:
        """Forget a letter whose registration is committed. A letter already gone is fine."""
        self._take_out(name, done={name})
        for suffix in (".json", ".eml", *_BESIDE):  # without its envelope it is no entry
            self._file(name, "new", suffix).unlink(missing_ok=True)

    def finish_all(self, letters: Sequence[Spooled]) -> None:
        """Forget letters of which nobody was blamed: the quick way."""
        for letter in self._packs.finish(letters):
            base = f"{self._root}/{letter.name.replace('/', '/new/')}"
            for suffix in (".json", ".eml"):
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(base + suffix)  # noqa: PTH108 - once for every letter there is
            if letter.envelope.priority:
                self.finish(letter.name)

    def set_aside(self, name: str, reason: str) -> None:
        """Put a letter that cannot be worked on into bad/, with the reason in one line."""
        self._move(name, "bad", reason)

    def hold(self, name: str, reason: str) -> None:
        """Put a letter by until :meth:`readmit` brings it back."""
        self._move(name, "held", reason)

    def readmit(self, name: str) -> None:
        """Let a letter that was held or set aside be picked up again, with a clean slate."""
        self._move(name, "new", "")

    def _names(self, state: str) -> list[str]:
        found = [
            (letter, f"{folder}/{letter}")
            for folder in _entries(self._root, "")
            for letter in _entries(self._root / folder / state, ".json")
        ]
        return [name for _, name in sorted(found)]

    def _read(self, name: str, state: str) -> Spooled:
        """Give the letter if it is in this state. Raises FileNotFoundError, NotUnderstood."""
        envelope = Envelope.from_json(_text(self._path(name, state, ".json")))
        reason = "" if state == "new" else self._reason(name, state)
        return Spooled(name, self._file(name, state, ".eml"), envelope, state, reason)

    def _show(self, name: str, state: str) -> Spooled:
        try:
            return self._read(name, state)
        except FileNotFoundError:
            raise NotFound(f"no letter {name} in the spool") from None
        except NotUnderstood:
            path = self._file(name, state, ".eml")
            facts = self._file(name, state, ".json").stat()
            at = datetime.fromtimestamp(facts.st_mtime, BANGKOK)
            return Spooled(name, path, Envelope(Listener.MX, at, name), state, DAMAGED)

    def _reason(self, name: str, state: str) -> str:
        with contextlib.suppress(FileNotFoundError):
            return str(json.loads(self._file(name, state, ".reason").read_text("utf-8")))
        return ""

    def _move(self, name: str, state: str, reason: str) -> None:
        """Raw bytes first and envelope last, so that there is one entry at any moment."""
        before = self._state_of(name)
        if before == state:
            return
        target = self._file(name, state, ".json").parent
        if reason:
            line = json.dumps(" ".join(reason.split()), ensure_ascii=False)
            self._file(name, state, ".reason").write_text(line, encoding="utf-8")
        with contextlib.suppress(FileExistsError, FileNotFoundError):  # an earlier move was cut
            os.link(self._file(name, before, ".eml"), self._file(name, state, ".eml"))
        self._file(name, before, ".json").rename(self._file(name, state, ".json"))
        fsync_folder(target)
        for suffix in (".eml", *_BESIDE, ".reason"):
            self._file(name, before, suffix).unlink(missing_ok=True)

    def _state_of(self, name: str) -> str:
        for state in _STATES:
            if self._file(name, state, ".json").exists():
                return state
        if found := self._packs.find([name]):
            self._packs.take_out(found[name].path)
            return self._state_of(name)
        raise NotFound(f"no letter {name} in the spool")

    def _take_out(self, name: str, done: Container[str] = ()) -> None:
        """See that a letter that was opened in a pack has files of its own, unless it is done."""
        if pack := self._packs.known(name):
            self._packs.take_out(pack, done)

    def _file(self, name: str, state: str, suffix: str) -> Path:
        return Path(self._path(name, state, suffix))

    def _path(self, name: str, state: str, suffix: str) -> str:
        """Give the path; a name that could lead out of the spool names nothing."""
        if not _NAME.fullmatch(name):
            raise NotFound(f"no letter {name!r} in the spool")
        process, _, letter = name.partition("/")
        return f"{self._root}/{process}/{state}/{letter}{suffix}"


def _text(path: str) -> str:
    """Read a small file: once for every letter there is, and so without a Path."""
    with open(path, encoding="utf-8") as file:  # noqa: PTH123
        return file.read()


def _entries(folder: Path, suffix: str) -> list[str]:
    """List names with this suffix, without it; no folder, no names."""
    with contextlib.suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as found:
        return [entry.name.removesuffix(suffix) for entry in found if entry.name.endswith(suffix)]
    return []
