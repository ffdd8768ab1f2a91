"""What fits into one mail, and which files must travel as a link instead.

The regulation asks the sender to say by what way an enclosure travels that cannot go in the same
envelope (ข้อ 11, สิ่งที่ส่งมาด้วย). Here it is decided which those are:

- a file of more than ``attachments.split_over`` decoded bytes always leaves the mail;
- then, while the mail as it would be *encoded* passes the limit, the largest file left leaves too.

The limit is the directory's figure for the receiver, else ``attachments.max_outgoing_message``;
the next hop's SIZE (RFC 1870) lowers it and never raises it. All figures are bytes; MB is
1,000,000 of them. The size is measured on the mail itself, headers and table included: a mail of
exactly the limit goes, one byte more does not.
"""

from collections.abc import Callable, Sequence


def limit(directory: int | None, setting: int, next_hop: int | None) -> int:
    """Return the most encoded bytes of a mail. A next hop that says 0 or nothing sets none."""
    figure = directory or setting
    return min(figure, next_hop) if next_hop else figure


def leaving(
    sizes: Sequence[int],
    *,
    split_over: int,
    most: int,
    measure: Callable[[frozenset[int]], int],
    already: frozenset[int] = frozenset(),
) -> frozenset[int]:
    """Return the positions of the files that travel as a link.

    ``sizes`` are decoded bytes; ``measure`` tells the encoded size of the mail when the given
    positions have left it; ``already`` left before (at intake). When even a mail without files
    is too big, all positions are returned: whoever asked measures again and sees.
    """
    out = already | {place for place, size in enumerate(sizes) if size > split_over}
    by_size = sorted(range(len(sizes)), key=lambda place: (-sizes[place], place))
    for place in by_size:
        if measure(out) <= most:
            break
        out |= {place}
    return out
