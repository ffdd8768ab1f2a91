"""docs/READING.md: what was measured, as tables."""

from pathlib import Path
from typing import Final

from benchmarks.reading.compare import NAMES, TEXTS, Score
from benchmarks.reading.read import Reader

_WORDS: Final = {
    "number": "ที่",
    "dated": "ลงวันที่",
    "subject": "เรื่อง",
    "owner": "ส่วนราชการ",
    "to": "เรียน",
    "reference": "อ้างถึง",
    "enclosure": "สิ่งที่ส่งมาด้วย",
    "urgency": "ชั้นความเร็ว",
    "secrecy": "ชั้นความลับ",
    "signer": "ผู้ลงนาม",
    "contact": "โทร.",
    "stamp": "ตรารับ",
    "due": "กำหนด",
    "task": "เรื่องที่ต้องแจ้งต่อ",
}
_HEAD: Final = (Path(__file__).parent / "report.txt").read_text(encoding="utf-8")


def report(letters: int, scores: dict[str, Score], reader: Reader, real: str) -> str:
    """Give the document."""
    told = [f"{name} {score.letters}" for name, score in scores.items()]
    return _HEAD.format(
        letters=letters,
        counts=", ".join(told),
        table="\n".join(_table(scores, near=False)),
        near="\n".join(_table(scores, near=True)),
        sure="\n".join(_sure(scores)),
        digital=f"{reader.digital.pace:.0f}",
        scanned=f"{reader.scanned.pace:.2f}",
        real=real,
    )


def _table(scores: dict[str, Score], *, near: bool) -> list[str]:
    lines = [f"| field | {' | '.join(scores)} |", f"| --- |{' --- |' * len(scores)}"]
    for name in NAMES if not near else [one for one in NAMES if one in TEXTS]:
        cells = []
        for score in scores.values():
            right = (score.near if near else score.right)[name]
            cells.append(f"{_share(right, score.read[name])} / {_share(right, score.true[name])}")
        lines.append(f"| `{name}` {_WORDS[name]} | {' | '.join(cells)} |")
    if not near:
        whole = [_share(score.whole, score.letters) for score in scores.values()]
        lines.append(f"| ที่, date and เรื่อง all right | {' | '.join(whole)} |")
    return lines


def _sure(scores: dict[str, Score]) -> list[str]:
    lines = [
        "| | sure of | wrong then | number, date, เรื่อง: wrong then |",
        "| --- | --- | --- | --- |",
    ]
    for name, score in scores.items():
        wrong, sure = score.sure_wrong.total(), score.sure.total()
        three = ("number", "dated", "subject")
        main_wrong = sum(score.sure_wrong[one] for one in three)
        main_sure = sum(score.sure[one] for one in three)
        cells = (
            name,
            _share(sure, score.read.total()),
            f"{wrong} of {sure}: {_share(wrong, sure)}",
            f"{main_wrong} of {main_sure}: {_share(main_wrong, main_sure)}",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"
