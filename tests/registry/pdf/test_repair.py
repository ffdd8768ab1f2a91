"""Thai out of PDFs: mended without loss, and told from rubble."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.pdf.repair import legible, repaired
from registry.thai.text import fold, tidy

THAI = st.text(st.sampled_from("กขคงจชญดตถทนบปพมยรลวสหอฮะาเแโไใๆฯ ๐๑๒0159.-/\n"), max_size=60)
ANYTHING = st.text(
    st.one_of(
        st.sampled_from("กำ\u0e4d่้าเแู\uf70a\uf701 \u200b"),
        st.characters(min_codepoint=0xA1, max_codepoint=0xFF),
        st.characters(),
    ),
    max_size=60,
)


@given(ANYTHING)
def test_mending_twice_is_mending_once(text: str):
    once = repaired(text)
    assert repaired(once) == once


@given(THAI)
def test_sound_text_loses_nothing(text: str):
    assert repaired(text) == tidy(text)


@given(st.text(st.sampled_from("กขคงจชญดตถทนบปพมยรลวสหอ"), min_size=3, max_size=60))
def test_thai_under_western_names_is_thai_again(text: str):
    assert repaired(text.encode("cp874").decode("latin-1")) == text


@pytest.mark.parametrize(
    ("broken", "meant"),
    [
        ("¡ÃÐ·ÃÇ§ÁËÒ´ä·Â", "กระทรวงมหาดไทย"),
        ("Ë¹Ñ§Ê×Í·Õè ¾Ã òóôõ", "หนังสือที่ พร ๒๓๔๕"),
        ("¼Ùé­Ô§", "ผู้ญิง"),
        ("สําเนา", "สำเนา"),
        ("เเพร่", "แพร่"),
        ("ที\uf70aสุด", "ที่สุด"),
        ("ท ี่สุด", "ที่สุด"),
    ],
)
def test_what_is_broken_is_mended(broken: str, meant: str):
    assert repaired(broken) == meant


def test_western_words_with_accents_stay_western():
    text = "Élève, naïve, Zürich, señor, à Genève"
    assert repaired(text) == text


@pytest.mark.parametrize("rubble", ["", " \n", "\ufffd\ufffdก\ufffd", "\uf0b7\uf0b7 -", "•…"])
def test_rubble_is_no_text(rubble: str):
    assert not legible(rubble)


def test_a_page_with_some_signs_nobody_knows_is_text_still():
    assert legible("เรื่อง \uf0b7 การประชุม\ufffd")


def test_a_phrase_is_found_although_the_pdf_breaks_its_line():
    assert "การบริการภาครัฐ" in fold(repaired("ยกระดับการ\nบริการภาครัฐ"))
