"""A process that is nothing but the door; prints its ports as one line of JSON when it serves.

python -m tests.gateway.inbound.serve_smtp DATA_DIR [SCANNER [FORBIDDEN-TYPE ...]]
"""

import asyncio
import json
import signal
import sys
from pathlib import Path

from gateway.inbound.smtpd import run_smtp
from gateway.service import Runtime
from gateway.settings import GatewaySettings, ScanSettings, SmtpSettings, SubmissionSettings
from registry.settings import AttachmentSettings, Instance, OfficeSettings


def main(data_dir: Path, scanner: str, forbidden: tuple[str, ...]) -> None:
    """Serve until SIGTERM; print the modules that were loaded at the end."""
    runtime = Runtime(
        office=OfficeSettings(
            instance=Instance(hostname="mx.phrae.example", data_dir=data_dir),
            attachments=AttachmentSettings(forbidden_types=forbidden),
        ),
        gateway=GatewaySettings(
            smtp=SmtpSettings(listen="127.0.0.1:0", max_message_bytes=2_000_000_000),
            submission=SubmissionSettings(listen="127.0.0.1:0"),
            scan=ScanSettings(clamd=scanner, max_bytes=2_000_000_000, timeout=300.0),
        ),
    )
    asyncio.run(_serve(runtime))
    print(json.dumps(sorted(sys.modules)), flush=True)  # noqa: T201 - read by the test


async def _serve(runtime: Runtime) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await run_smtp(runtime, stop, lambda ports: print(json.dumps(ports), flush=True))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), "".join(sys.argv[2:3]), tuple(sys.argv[3:]))
