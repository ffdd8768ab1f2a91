"""How a figure is made into what prometheus-client writes, and what the counters mean.

A figure is a name, its labels and a value; figures of one name are one family. Labels are codes of
entities, kinds and states: never an address, a person or a subject.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from registry.counters import Key

COUNTERS = {
    "saraban_letters_accepted_total": "Letters answered with 250 at the door, by listener.",
    "saraban_refusals_total": "Refusals at the door, by reply code.",
    "saraban_sign_ins_failed_total": "Failed sign-ins of clerks.",
    "saraban_scans_total": "Letters shown to the virus scanner, by result.",
    "saraban_letters_fetched_total": "Letters fetched from mailboxes.",
    "saraban_letters_entered_total": "What letters became in the books, by kind and state.",
    "saraban_letters_set_aside_total": "Letters that could not be entered and wait for a person.",
    "saraban_files_read_total": "Files opened for their text, by what came of it.",
    "saraban_pages_read_total": "Pages of scans and pictures looked at, by what was seen.",
    "saraban_papers_read_total": "Letters whose fields were read off their paper.",
    "saraban_signatures_verified_total": "Signatures of files and mails that were verified.",
    "saraban_mail_tries_total": "Tries to hand a mail on, by kind and what came of it.",
    "saraban_downloads_total": "Files whose download from a page began.",
}
"""The counters of :mod:`registry.counters`, each with the sentence that explains it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One value as it stands at the moment; ``total`` says that it only ever grows."""

    name: str
    help: str
    value: float
    labels: dict[str, str] = field(default_factory=dict)
    total: bool = False


def counted(values: dict[Key, float]) -> Iterator[Figure]:
    """Give the counters as figures, those that nobody moved yet as 0 where they have no labels."""
    seen = {name for name, _ in values}
    for (name, labels), value in values.items():
        if name in COUNTERS:
            yield Figure(name, COUNTERS[name], value, dict(labels), total=True)
    for name in ("saraban_letters_set_aside_total", "saraban_sign_ins_failed_total"):
        if name not in seen:
            yield Figure(name, COUNTERS[name], 0, total=True)


def families(figures: Iterable[Figure]) -> Iterator[Metric]:
    """Put figures of one name together."""
    made: dict[str, Metric] = {}
    for one in figures:
        if one.name not in made:
            kind = CounterMetricFamily if one.total else GaugeMetricFamily
            made[one.name] = kind(one.name, one.help, labels=list(one.labels))
        family = made[one.name]
        family.add_sample(one.name, one.labels, one.value)
    yield from made.values()
