"""Two nodes of one host name, each with a folder of its own, at one database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from gateway.inbound.spool import Spool
from gateway.outbound.mailq import Queue
from gateway.service import Runtime
from tests.gateway.outbound.office import Office


@contextmanager
def node(office: Office, folder: Path) -> Iterator[Queue]:
    """The queue of a process ``mailq`` on this host whose data lies in the folder."""
    settings = office.runtime.office
    settings = replace(settings, instance=replace(settings.instance, data_dir=folder))
    runtime = Runtime(settings, office.runtime.gateway, office.runtime.clock)
    runtime.__dict__ |= {"database": office.runtime.database, "keys": office.runtime.keys}
    spool = Spool(runtime.spool_dir, "mailq", runtime.clock)
    yield Queue(runtime, spool)
    spool.close()


def ids(queue: Queue) -> list[str]:
    """Claim one job, as the queue does."""
    return [job.id for job in queue._claim(1)]


def test_a_node_that_starts_leaves_alone_what_the_other_is_sending(office, tmp_path):
    job = office.send()
    with node(office, tmp_path / "a") as first, node(office, tmp_path / "b") as second:
        assert ids(first) == [job]
        second._take_over()
        assert ids(second) == []


def test_a_node_that_comes_back_goes_on_with_its_own(office, tmp_path):
    job = office.send()
    with node(office, tmp_path / "a") as first:
        assert ids(first) == [job]
    with node(office, tmp_path / "a") as again:
        again._take_over()
        assert ids(again) == [job]
