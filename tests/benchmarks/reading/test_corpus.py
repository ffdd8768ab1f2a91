"""The letters that reading is measured by are the same each time, and their truth is true."""

import pypdfium2
import pytest

from benchmarks.reading.compare import Score
from benchmarks.reading.compose import compose
from benchmarks.reading.corpus import corpus
from benchmarks.reading.damaged import damaged
from benchmarks.reading.report import at_most
from benchmarks.reading.scan import scan
from registry.letter.number import LetterNumber
from registry.letter.paper import PaperField
from registry.pdf.read import read_pdf
from registry.texts.extract import Bounds
from registry.thai.numerals import to_arabic


def test_the_same_seed_gives_the_same_letter():
    assert compose(1, 5) == compose(1, 5)
    assert compose(1, 5) != compose(2, 5)


def test_a_letter_says_what_its_truth_says():
    """Numbers are in the register's own form, and everything that is true is printed somewhere."""
    for place in range(40):
        letter = compose(1, place)
        for one in letter.truth:
            if one["name"] == "number":
                number = LetterNumber.parse(letter.number)
                assert str(number) == one["value"]
            if one["name"] == "reference" and "number" in one["facts"]:
                assert str(LetterNumber.parse(one["facts"]["number"])) == one["facts"]["number"]
            if one["name"] == "subject":
                assert one["value"] == letter.subject


def test_letters_are_kept_and_have_text(tmp_path):
    first = next(corpus(tmp_path, 1, seed=3))
    written = first.pdf.stat().st_mtime_ns
    again = next(corpus(tmp_path, 1, seed=3))
    assert again == first
    assert again.pdf.stat().st_mtime_ns == written
    document = pypdfium2.PdfDocument(first.pdf)
    text = to_arabic(document[0].get_textpage().get_text_bounded())
    document.close()
    number = next(one["value"] for one in first.fields if one["name"] == "number")
    assert number.rsplit("/", 1)[1].removeprefix("ว").strip() in text


def test_a_scan_has_the_pages_as_pictures_alone(tmp_path):
    sample = next(corpus(tmp_path, 1, seed=3))
    out = tmp_path / "scan.pdf"
    scan(sample.pdf, out, 100)
    typeset, scanned = pypdfium2.PdfDocument(sample.pdf), pypdfium2.PdfDocument(out)
    assert len(scanned) == len(typeset)
    assert scanned[0].get_textpage().count_chars() == 0
    assert scanned[0].get_width() == pytest.approx(typeset[0].get_width(), abs=1)
    for document in (typeset, scanned):
        document.close()


def field(name: str, value: str, sure: int = 95, **facts: object) -> PaperField:
    return PaperField(name, value, value, sure, "text", facts=facts)


def test_what_is_right_missed_and_surely_wrong_is_counted():
    score = Score()
    truth = [
        {"name": "number", "value": "พร 0023.3/1", "facts": {}},
        {"name": "dated", "value": "2019-10-03", "facts": {}},
        {"name": "subject", "value": "ขอเชิญประชุม", "facts": {}},
    ]
    read = [field("number", "พร 0023.3/7"), field("subject", "ขอเชิญ ประชุม", 50)]
    wrong = score.add(truth, read)
    assert [line.split(" ")[0] for line in wrong] == ["number", "dated"]
    assert dict(score.right) == {"number": 0, "subject": 1}
    assert score.sure_wrong["number"] == 1
    assert score.sure["subject"] == 0
    assert score.whole == 0


def test_letters_of_all_kinds_come_up():
    kinds = {compose(1, at).kind for at in range(60)}
    assert kinds == {"external", "stamped", "memo", "order"}


def test_a_damaged_layer_lies_behind_the_scan_and_differs_from_it(tmp_path):
    sample = next(corpus(tmp_path, 1, seed=3))
    scan(sample.pdf, sample.pdf.with_name(f"{sample.pdf.stem}-300.pdf"), 72)
    typeset = read_pdf(sample.pdf, Bounds()).leaves
    behind = read_pdf(damaged(sample.pdf, typeset), Bounds())
    assert behind.unseen
    assert [line.text for line in behind.leaves[0].lines] != [
        line.text for line in typeset[0].lines
    ]


@pytest.mark.parametrize(
    ("wrong", "of", "most"), [(0, 600, 0.00498), (1, 600, 0.00788), (0, 1, 0.95), (3, 3, 1.0)]
)
def test_so_few_letters_show_so_much_and_no_more(wrong, of, most):
    """The one-sided bounds of Clopper and Pearson, 95 in a hundred."""
    assert at_most(wrong, of) == pytest.approx(most, abs=2e-5)
