"""What makes a PDF of ours one for archives: PDF/A-2b (ISO 19005-2), told and meant.

A file for archives carries its fonts, says what its colours are, and tells in XMP what its
information dictionary tells. The rest is what :mod:`.sheet` leaves out: no encryption, no
transparency, nothing that runs, nothing outside of the file.

Limit: what the standard asks is kept as read; the tests look at it clause by clause
(``tests/registry/pdf/forms/pdfa.py``), since no validator comes as a package.
"""

from datetime import datetime
from functools import cache
from typing import Final
from xml.sax.saxutils import escape

_XMP: Final = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<xmp:CreateDate>{at}</xmp:CreateDate><pdf:Producer>saraban</pdf:Producer>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def metadata(title: str, at: datetime) -> bytes:
    """Give the XMP packet: that it is PDF/A-2b, its title, and when it was made."""
    clean = "".join(c if c.isprintable() else " " for c in title)
    told = _XMP.format(title=escape(clean), at=at.isoformat(timespec="seconds"))
    return told.encode("utf-8", "replace")


@cache
def colours() -> bytes:
    """Give the profile (ICC) of the colours that are meant: sRGB."""
    from PIL import ImageCms

    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
