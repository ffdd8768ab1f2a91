"""What a proof found wrong: which claim does not hold, where, and why; in English and in Thai."""

from dataclasses import dataclass
from typing import NamedTuple, Self


class Wrong(NamedTuple):
    """One line on what is wrong, for logs and programs (``what``) and for people (``thai``)."""

    what: str
    thai: str

    def of(self, *values: object) -> Self:
        """Put numbers and names in."""
        return self._replace(what=self.what.format(*values), thai=self.thai.format(*values))


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that does not hold.

    ``kind`` is series, history, journal, blob, original, intake, files, witness or reading;
    ``where`` names the thing by ids and numbers, ``what`` is one English line without a word of any
    letter. For people: ``title`` is the thing in Thai (รับ 2/2569) and ``thai`` says what is wrong.
    ``entity`` is the code of whose it is, "" where nobody can tell; ``entry`` and ``letter`` are
    the ids to look at, "" for none.
    """

    kind: str
    where: str
    what: str
    thai: str = ""
    entity: str = ""
    title: str = ""
    entry: str = ""
    letter: str = ""

    @property
    def says(self) -> str:
        """The whole in Thai: รับ 2/2569: ข้อความถูกแก้นอกระบบ."""
        return f"{self.title}: {self.thai}" if self.title else self.thai
