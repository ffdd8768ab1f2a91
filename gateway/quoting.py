"""The line above which people write their answer.

Mails that we deliver carry it (:mod:`gateway.outbound`), answers that come back are cut at it
(:mod:`gateway.inbound.bodies`), so both sides take it from here.
"""

REPLY_LINE = "── โปรดเขียนคำตอบเหนือบรรทัดนี้ ──"
