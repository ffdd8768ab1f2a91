"""docs/READING.md: what was measured, as tables."""

from dataclasses import dataclass, field
from math import exp, lgamma, log, log1p
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
_THREE: Final = ("number", "dated", "subject")
_BOUND: Final = 0.05


@dataclass(slots=True)
class Measured:
    """What was measured over letters of these seeds, by way of reading.

    ``made_over`` are the typeset letters of the seed that the rules were made over.
    """

    seeds: list[int]
    reader: Reader
    scores: dict[str, Score]
    made_over: Score = field(default_factory=Score)
    wrong: dict[str, list[str]] = field(default_factory=dict)


def report(measured: Measured, real: str) -> str:
    """Give the document."""
    scores, over = measured.scores, measured.made_over
    told = [f"{name} {score.letters}" for name, score in scores.items() if score.letters]
    return _HEAD.format(
        seeds=", ".join(map(str, measured.seeds)),
        counts=", ".join(told),
        table="\n".join(_table(scores, near=False)),
        near="\n".join(_table(scores, near=True)),
        sure="\n".join(_sure(scores)),
        surely_wrong=_surely_wrong(scores),
        made_over=f"{over.whole} of {over.letters}",
        digital=f"{measured.reader.digital.pace:.0f}",
        scanned=f"{measured.reader.scanned.pace:.2f}",
        real=real,
    )


def _table(scores: dict[str, Score], *, near: bool) -> list[str]:
    lines = [f"| field | {' | '.join(scores)} |", f"| --- |{' --- |' * len(scores)}"]
    for name in NAMES if not near else [one for one in NAMES if one in TEXTS]:
        cells = []
        for score in scores.values():
            right = (score.near if near else score.right)[name]
            shares = f"{_share(right, score.read[name])} / {_share(right, score.true[name])}"
            cells.append(f"{shares} ({score.true[name]})")
        lines.append(f"| `{name}` {_WORDS[name]} | {' | '.join(cells)} |")
    if not near:
        whole = [_share(score.whole, score.letters) for score in scores.values()]
        lines.append(f"| ที่, date and เรื่อง all right | {' | '.join(whole)} |")
    return lines


def _sure(scores: dict[str, Score]) -> list[str]:
    lines = [
        "| | sure of | wrong then | number, date, เรื่อง: wrong then | at most, with 95 % |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, score in scores.items():
        wrong, sure = score.sure_wrong.total(), score.sure.total()
        main_wrong = sum(score.sure_wrong[one] for one in _THREE)
        main_sure = sum(score.sure[one] for one in _THREE)
        cells = (
            name,
            _share(sure, score.read.total()),
            f"{wrong} of {sure}: {_share(wrong, sure)}",
            f"{main_wrong} of {main_sure}: {_share(main_wrong, main_sure)}",
            f"{100 * at_most(wrong, sure):.1f} %" if sure else "–",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


def at_most(wrong: int, of: int) -> float:
    """Give the share that is wrong at most, so many of these having been, with 95 % confidence.

    The one-sided bound of Clopper and Pearson; ``of`` is more than 0.
    """
    if wrong == of:
        return 1.0
    low, high = wrong / of, 1.0
    for _ in range(30):
        middle = (low + high) / 2
        fewer = sum(_chance(n, of, middle) for n in range(wrong + 1))
        low, high = (middle, high) if fewer > _BOUND else (low, middle)
    return high


def _chance(wrong: int, of: int, share: float) -> float:
    """Give how likely just so many are wrong, if this share of all are; 0 < share < 1."""
    ways = lgamma(of + 1) - lgamma(wrong + 1) - lgamma(of - wrong + 1)
    return exp(ways + wrong * log(share) + (of - wrong) * log1p(-share))


def _surely_wrong(scores: dict[str, Score]) -> str:
    told = [f"- {name}: {one}" for name, score in scores.items() for one in score.surely_wrong]
    return "Those that were wrong:\n\n" + "\n".join(told) if told else "None was wrong."
