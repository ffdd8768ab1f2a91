"""Under which type a file leaves us: its own, unless a browser might run it."""

import pytest

from gateway.links.files import kind_of


@pytest.mark.parametrize(
    "media_type",
    [
        "application/pdf", "image/png", "image/tiff", "text/plain", "message/rfc822",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ],
)  # fmt: skip
def test_papers_and_pictures_keep_their_type(media_type):
    assert kind_of(media_type) == media_type


@pytest.mark.parametrize(
    "media_type",
    [
        "text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "text/javascript",
        "application/ecmascript", "text/css", "application/wasm", "text/plain+x", "",
    ],
)  # fmt: skip
def test_what_a_browser_might_run_is_bytes_only(media_type):
    assert kind_of(media_type) == "application/octet-stream"
