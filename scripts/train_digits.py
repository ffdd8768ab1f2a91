"""Train the reader of figures, and write its weights into the package (``make digits``).

First families of fonts are left out, in four turns, and asked for: what is printed says how well
the reader knows fonts that it has never seen. Then all families are learnt from, save those
of ``digit_lines.LEFT_OUT``, which the tests ask for. Plain numpy: two hidden layers, Adam, a fixed
seed. How sure the reader says it is (``heat``) is set on the fonts left out, so that 0.99 means it.
"""

import sys
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
from digit_lines import FONTS, LEFT_OUT, glyphs
from numpy.typing import NDArray

from registry.pdf.digits_shape import CLASSES, describe

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
SEED = 2569
LINES = int(sys.argv[1]) if len(sys.argv) > 1 else 450  # of each family
HIDDEN = (192, 96)
EPOCHS = 14
OUT = Path(__file__).parent.parent / "registry" / "pdf" / "digits.npz"


def main() -> None:
    """Measure by fonts left out, then learn from all and write the weights."""
    begun = time.monotonic()
    data = {family: _data(family) for family in FONTS}
    count = sum(len(names) for _, names in data.values())
    print(f"{count} glyphs of {len(data)} families in {time.monotonic() - begun:.0f} s", flush=True)
    learnt = [family for family in FONTS if family not in LEFT_OUT]
    scores: list[Floats] = []
    truths: list[Ints] = []
    for turn in range(4):
        out = learnt[turn::4]
        net = _learn([data[family] for family in learnt if family not in out])
        for family in out:
            scores.append(net.scores(data[family][0]))
            truths.append(data[family][1])
            _report(family, scores[-1], truths[-1], 1.0)
    heat = _heat(np.concatenate(scores), np.concatenate(truths))
    _report("all, each left out", np.concatenate(scores), np.concatenate(truths), heat)
    net = _learn([data[family] for family in learnt])
    for family in LEFT_OUT:
        _report(f"{family}, never learnt", net.scores(data[family][0]), data[family][1], heat)
    net.write(heat)
    print(f"heat {heat:.2f}; {OUT.stat().st_size} bytes; {time.monotonic() - begun:.0f} s")


def _data(family: str) -> tuple[Floats, Ints]:
    found = [(describe(blots, row), names) for blots, names, row in glyphs(SEED, family, LINES)]
    return (
        np.concatenate([values for values, _ in found]),
        np.concatenate([np.array(names, dtype=np.int64) for _, names in found]),
    )


class _Net:
    """The net while it learns."""

    def __init__(self, values: Floats) -> None:
        chance = np.random.default_rng(SEED)
        self.mean, self.spread = values.mean(axis=0), values.std(axis=0) + 1e-2
        sides = (values.shape[1], *HIDDEN, len(CLASSES))
        self.layers = [
            chance.normal(0, np.sqrt(2 / one), (one, two)).astype(np.float32)
            for one, two in pairwise(sides)
        ] + [np.zeros(side, dtype=np.float32) for side in sides[1:]]
        self.pace = [(np.zeros_like(held), np.zeros_like(held)) for held in self.layers]
        self.steps = 0

    def scores(self, values: Floats) -> Floats:
        """Give the scores of classes before they become shares."""
        return self._forward((values - self.mean) / self.spread)[-1]

    def _forward(self, values: Floats) -> list[Floats]:
        states = [values]
        for at in range(3):
            values = values @ self.layers[at] + self.layers[3 + at]
            states.append(np.maximum(values, 0) if at < 2 else values)
            values = states[-1]
        return states

    def step(self, values: Floats, names: Ints, rate: float, chance: np.random.Generator) -> None:
        """Learn from some glyphs (their values already measured by mean and spread)."""
        values = values * (chance.random(values.shape, dtype=np.float32) > 0.1)  # some are hidden
        states = self._forward(values)
        wrong = _shares(states[-1])
        target = np.full_like(wrong, 0.02 / len(CLASSES))
        target[np.arange(len(names)), names] += 0.98
        wrong = (wrong - target) / len(names)
        slopes: list[Floats] = [np.empty(0)] * 6
        for at in (2, 1, 0):
            slopes[at] = states[at].T @ wrong + 3e-5 * self.layers[at]
            slopes[3 + at] = wrong.sum(axis=0)
            if at:
                wrong = (wrong @ self.layers[at].T) * (states[at] > 0)
        self._move(slopes, rate)

    def _move(self, slopes: list[Floats], rate: float) -> None:
        self.steps += 1
        for at, (slope, (first, second)) in enumerate(zip(slopes, self.pace, strict=True)):
            np.add(first, 0.1 * (slope - first), out=first)
            np.add(second, 0.002 * (slope * slope - second), out=second)
            size = np.sqrt(second / (1 - 0.998**self.steps)) + 1e-7
            self.layers[at] -= rate * (first / (1 - 0.9**self.steps)) / size

    def write(self, heat: float) -> None:
        """Write the weights as half floats."""
        held = {f"w{at}": self.layers[at] for at in range(3)}
        held |= {f"b{at}": self.layers[3 + at] for at in range(3)}
        held |= {"mean": self.mean, "spread": self.spread}
        halves = {name: value.astype(np.float16) for name, value in held.items()}
        np.savez_compressed(OUT, heat=np.float32(heat), **halves)


def _learn(parts: list[tuple[Floats, Ints]]) -> _Net:
    values = np.concatenate([values for values, _ in parts])
    names = np.concatenate([names for _, names in parts])
    net = _Net(values)
    values = ((values - net.mean) / net.spread).astype(np.float32)
    chance = np.random.default_rng(SEED)
    batch, total = 256, EPOCHS * (len(values) // 256 + 1)
    done = 0
    for _ in range(EPOCHS):
        order = chance.permutation(len(values))
        for begin in range(0, len(order), batch):
            some = order[begin : begin + batch]
            rate = 1.5e-3 * 0.5 * (1 + np.cos(np.pi * done / total))
            net.step(values[some], names[some], rate, chance)
            done += 1
    return net


def _shares(scores: Floats) -> Floats:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def _heat(scores: Floats, names: Ints) -> float:
    """Find by what scores are divided so that the truth is least surprising."""
    rows = np.arange(len(names))
    tried = np.arange(0.4, 3.0, 0.05)
    surprise = [-np.log(_shares(scores / heat)[rows, names] + 1e-9).mean() for heat in tried]
    return float(tried[int(np.argmin(surprise))])


def _report(title: str, scores: Floats, names: Ints, heat: float) -> None:
    other = len(CLASSES) - 1
    shares = _shares(scores / heat)
    said, sure = shares.argmax(axis=1), shares.max(axis=1)
    figures = names < 20
    right = said == names
    taken = (said[~figures] < 20).mean()
    high = (sure >= 0.9) & (said != other)
    print(
        f"{title}: figures {right[figures].mean():.2%}, marks"
        f" {right[(names >= 20) & (names < other)].mean():.2%}, others taken for"
        f" figures {taken:.2%}; sure of {high.mean():.1%}, wrong then {(~right[high]).mean():.2%}",
        flush=True,
    )


if __name__ == "__main__":
    main()
