"""Sound Thai is told from broken Thai, and the better of two readings is kept."""

import pytest

from registry.pdf.quality import better, quality

SOUND = "แนวทางการปรับปรุงคู่มือสำหรับประชาชนตามแผนการยกระดับการบริการภาครัฐ"
TWICE = "แนวทางการปรับรัปรุงรุคู่มือมืสำหรับรัประชาชนตามแผนการยกยระดับดัการบริกริารภาคภารัฐ"
LOST = "แนวทางการปรบปรงคมอสาหรบประชาชนตามแผนการยกระดบการบรการภาครฐ"


def test_sound_text_is_near_one_and_nothing_is_nothing():
    assert quality(SOUND) > 0.98
    assert quality("Report of 2026, page 12") == 1.0
    assert quality(" \n") == 0.0


@pytest.mark.parametrize("broken", [TWICE, LOST, SOUND.replace("ป", "\ue123"), SOUND[::-1]])
def test_broken_text_is_far_below(broken: str):
    assert quality(broken) < 0.9


@pytest.mark.parametrize("broken", [TWICE, LOST, ""])
def test_the_better_reading_is_kept_whichever_comes_first(broken: str):
    assert better(SOUND, broken)[0] == better(broken, SOUND)[0] == SOUND


def test_a_reading_that_says_much_more_is_the_better_one():
    assert better("เรื่อง การปรับปรุงคู่มือสำหรับประชาชน", SOUND * 2)[0] == SOUND * 2
