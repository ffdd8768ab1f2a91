"""Fields of a form: what is no number of ours is told, whatever digits it is written with."""

import pytest

from saraban.web.forms import Form


@pytest.mark.parametrize(("typed", "number"), [("12", 12), ("๑,๒๐๐", 1200), (" ๗ ", 7), ("", None)])
def test_a_number_is_read_in_either_kind_of_digits(typed, number):
    form = Form({"pages": [typed]}, {})
    assert (form.number("pages"), form.wrong) == (number, {})


@pytest.mark.parametrize("typed", ["²", "-1", "1.5", "๑ก", "9" * 20, "٣"])
def test_what_is_no_number_is_told_beside_its_field(typed):
    form = Form({"pages": [typed]}, {})
    assert form.number("pages") is None
    assert "pages" in form.wrong


def test_a_form_sent_twice_is_known_by_what_it_says():
    first = Form({"words": ["ก"], "to": ["1", "2"]}, {})
    assert first.digest == Form({"to": ["1", "2"], "words": ["ก"]}, {}).digest
    assert first.digest != Form({"words": ["ข"], "to": ["1", "2"]}, {}).digest
