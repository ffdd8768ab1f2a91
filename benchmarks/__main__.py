"""All measurements, one after another, written into docs/BENCHMARKS.md (``make bench``).

Figures of two machines cannot be compared; the ratios, measured in the same run, can. Nothing else
should run on the machine meanwhile.
"""

import os
import platform
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import backlog, large_letters, parse_speed, profiles, section, small_letters
from benchmarks.section import PAGE

HEAD = """\
# Measurements

Written by `make bench`, which starts Postfix itself and drives both doors with Postfix's
`smtp-source`: in turns, in the same run, medians of five rounds. Ratios above 1 are more than
Postfix; for CPU less is better. Postfix delivers to a maildir; this system registers under a number
and writes the acknowledgement into its queue, on SQLite, every setting at its default but
`registry.answers_per_hour`: the letters of smtp-source carry neither file nor number, and only
twenty such an hour would be acknowledged. Both make a letter durable before they say 250. What
makes letters findable waits until they are in, half a minute at most, and is not in these figures.

{machine}
"""
PARTS: tuple[tuple[str, Callable[[], str]], ...] = (
    ("Letters of 20 kB, 8 sessions, a connection for each", small_letters.main),
    ("Large letters", large_letters.main),
    ("A backlog in the spool", backlog.main),
    ("Reading one letter of 50 MB", parse_speed.main),
    ("Where the time goes", profiles.main),
)


def main() -> None:
    """Measure everything and write the page."""
    text = HEAD.format(machine=_machine())
    for title, measure in PARTS:
        print(f"== {title}", flush=True)
        found = measure()
        print(found, flush=True)
        text += f"\n## {title}\n\n{found}\n"
    search = section.kept("search")  # make bench-search writes that
    PAGE.write_text(f"{text}\n{search}" if search else text, encoding="utf-8")


def _machine() -> str:
    cpu = Path("/proc/cpuinfo").read_text("utf-8").partition("model name")[2]
    model = cpu.partition(":")[2].partition("\n")[0].strip()
    version = subprocess.run(
        ["/usr/sbin/postconf", "-dh", "mail_version"], capture_output=True, text=True, check=True
    ).stdout.strip()
    when = datetime.now(UTC).date().isoformat()
    return (
        f"{when}: {os.cpu_count()} cores ({model}), Linux {platform.release()}, "
        f"Python {platform.python_version()}, Postfix {version}."
    )


if __name__ == "__main__":
    main()
