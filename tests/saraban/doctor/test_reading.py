"""The doctor tells whether scans can be read."""

import pytest


def test_models_that_are_there_are_named(found):
    (one,) = found("eyes")
    assert one["state"] == "well"
    assert "tha+eng" in one["what"]


@pytest.mark.parametrize(("wish", "state", "code"), [("auto", "look", 0), ("on", "wrong", 1)])
def test_models_that_are_missing_matter_as_much_as_is_wished(found, monkeypatch, wish, state, code):
    monkeypatch.setenv("SARABAN__READING__OCR", wish)
    monkeypatch.setenv("SARABAN__READING__OCR_LANGUAGES", "tha+xyz")
    (one,) = found("eyes", code=code)
    assert one["state"] == state
    assert "tesseract-ocr-tha" in one["todo"]


def test_nothing_is_said_where_scans_are_not_to_be_read(found, monkeypatch):
    monkeypatch.setenv("SARABAN__READING__OCR", "off")
    assert found("eyes") == []
