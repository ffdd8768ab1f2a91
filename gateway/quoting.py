"""Signs in our own mails by which they are known again, at home and at another installation.

*Our line*: people write their answer above it; mails that we deliver carry it
(:mod:`gateway.outbound`), answers that come back are cut at it (:mod:`gateway.inbound.own_text`).
*Our frame*: a letter that we send shows number, date and files around what its clerk wrote, for
people who register it by hand; two quiet lines say where the clerk's words begin and end, so that
another installation keeps those alone (:mod:`gateway.inbound.framed`) and shows each thing once.
*Our picture*: the QR code in our HTML is no enclosure. Both sides take all of it from here.
"""

REPLY_LINE = "── โปรดเขียนคำตอบเหนือบรรทัดนี้ ──"
WORDS_BEGIN = "── ข้อความ ──"
WORDS_END = "── จบข้อความ ──"
NO_WORDS = "none"
"""Value of the field ``X-Saraban-Text`` of a letter whose clerk wrote no text."""
QR_ID = "qr@saraban"
"""Content-ID under which our HTML texts refer to the QR code."""
