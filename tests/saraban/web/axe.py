"""What axe-core finds wrong with a page, serious or worse, in one line each."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_ASKED = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
}
_PICTURES = """Promise.all([...document.images]
    .filter(one => !one.complete && one.loading !== "lazy")
    .map(one => new Promise(done => { one.addEventListener("load", done);
                                      one.addEventListener("error", done) })))"""


def serious(page: Page) -> list[str]:
    """Give the serious and critical findings on a page as it stands now.

    The window is made as tall as the page meanwhile: what the menu at its foot covers can be
    scrolled to, and is not too small for that.
    """
    window = page.viewport_size
    assert window is not None
    tall, height = 0, window["height"]
    while height > tall:  # pictures that come into sight make it taller
        tall = height
        page.set_viewport_size({"width": window["width"], "height": tall})
        page.evaluate(_PICTURES)
        height = int(page.evaluate("document.documentElement.scrollHeight"))
    found = Axe().run(page, options=_ASKED).response["violations"]
    page.set_viewport_size(window)
    return [
        f"{one['id']}: {node['target']} {node.get('failureSummary', '')[:200]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
    ]
