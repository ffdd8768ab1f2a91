"""Starting and ending quickly: Python's garbage collector rests while a program loads its modules.

Modules make some hundred thousand objects, and nearly all of them stay. The collector looked
through them over and over while they were loaded, and twice more when the process ended: that was
a third of what an ordinary command cost, and a service is seven processes. So it rests from the
first line until all is loaded, never looks at what was loaded, and finds nothing to do at the end.

Nothing changes where :func:`begin` was not called: a test that runs a command in its own process.
"""

import atexit
import gc
import sys


def begin() -> None:
    """Let the collector rest; to be called before anything large is imported."""
    gc.disable()
    atexit.register(gc.freeze)  # all goes at once, so that nothing needs to be looked for


def loaded() -> None:
    """Let the collector work from now on, on what is made from now on."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def command(module: str, *given: int) -> list[str]:
    """Give the command that runs ``main`` of a module, which calls :func:`loaded`."""
    numbers = ", ".join(map(str, given))
    start = f"from registry import loading; loading.begin(); from {module} import main"
    return [sys.executable, "-P", "-c", f"{start}; main({numbers})"]
