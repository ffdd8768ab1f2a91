"""One timer for all sessions."""

import asyncio
from dataclasses import dataclass, field

from gateway.inbound.patience import Patience
from tests.servers.waiting import eventually


@dataclass(eq=False)
class Sitting:
    """A session that is due at one time and then never more."""

    due: float
    looked: list[float] = field(default_factory=list)

    def look_at_clock(self, now):
        self.looked.append(now)
        if now < self.due:
            return self.due
        self.due = float("inf")
        return self.due


async def test_a_session_is_looked_at_when_it_is_due():
    now = asyncio.get_running_loop().time()
    soon, late = Sitting(now + 0.05), Sitting(now + 1000)
    patience = Patience([soon, late])
    for one in (late, soon):
        patience.ends(one.due)
    await eventually(lambda: soon.due == float("inf"), "its time has come")
    assert soon.looked[-1] >= now + 0.05
    assert late.due == now + 1000


async def test_the_next_look_is_when_the_next_is_due():
    now = asyncio.get_running_loop().time()
    sessions = [Sitting(now + 0.03 * n) for n in range(1, 4)]
    Patience(sessions).ends(sessions[0].due)
    await eventually(lambda: all(one.due == float("inf") for one in sessions), "all were due")


async def test_a_session_that_is_always_due_does_not_keep_the_loop_busy():
    class Never(Sitting):
        def look_at_clock(self, now):
            self.looked.append(now)
            return now

    one = Never(0.0)
    Patience([one]).ends(0.0)
    await eventually(lambda: len(one.looked) > 2, "some looks")
    assert min(b - a for a, b in zip(one.looked, one.looked[1:], strict=False)) >= 0.02
