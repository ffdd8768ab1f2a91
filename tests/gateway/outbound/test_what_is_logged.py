"""The line about a try: ids, the host and the peer's words without the person in them."""

import logging

from tests.gateway.outbound.peer import ScriptedPeer


async def test_a_peers_words_are_told_without_the_persons_name(
    relayed, peer: ScriptedPeer, queue, caplog
):
    caplog.set_level(logging.INFO)
    job = relayed.send()
    peer.says("RCPT", "550 5.1.1 <somchai.jaidee@dla.example> is unknown")
    await queue.drain()
    line = next(one for one in caplog.records if ": refused " in one.getMessage())
    assert f"job {job} (letter to dla.example): refused 550 " in line.getMessage()
    assert "<…@dla.example> is unknown" in line.getMessage()
    assert "somchai" not in caplog.text
    assert (line.job, bool(line.entry)) == (job, True)
