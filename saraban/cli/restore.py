"""``saraban restore FILE [DIR]`` - bring a backup back into an empty place, and prove it.

The place is DIR, or the data folder of a configuration that stands outside of it; a database
server is named there or in ``SARABAN__DATABASE__URL``. The settings in the backup come back as they
were: what they say of places is told where it differs from the place restored to.
"""

import os
import sys
from dataclasses import replace
from pathlib import Path

import click

from gateway.service import Runtime
from registry.errors import OutOfOrder
from registry.restore import restore as bring_back
from registry.settings import BlobSettings
from saraban.cli.common import as_json, emit, say
from saraban.cli.proof import print_proof, prove_all
from saraban.config.load import build, find, load
from saraban.config.sections import Settings


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--config", metavar="PATH", help="saraban.toml that names the empty place.")
@as_json
def restore(file: Path, folder: Path | None, config: str | None, *, as_json: bool) -> None:
    """Restore FILE into an empty place and prove it (exit 1 if the proof does not hold)."""
    if folder and config:
        raise click.UsageError("โปรดระบุที่ว่างอย่างใดอย่างหนึ่ง: DIR หรือ --config")
    settings = _of_folder(folder) if folder else load(find(config))
    if settings.office.blobs.url:
        raise OutOfOrder(
            "restore brings contents into the data folder: leave [blobs] url empty",
            thai="การกู้คืนวางไฟล์ไว้ในโฟลเดอร์ข้อมูล โปรดเว้น [blobs] url ให้ว่างก่อน",
        )
    data_dir = settings.office.instance.data_dir
    made = bring_back(file, data_dir, settings.office.database.url)
    say(f"กู้คืนข้อมูลสำรองของ {made.made_at} ลงที่ {data_dir} แล้ว กำลังตรวจสอบ")
    runtime = Runtime(settings.office, settings.gateway)
    found = prove_all(runtime)
    runtime.close()
    if as_json:
        emit(found.as_json())
    else:
        print_proof(found)
    _tell_differences(settings)
    if not found.holds:
        sys.exit(1)


def _of_folder(folder: Path) -> Settings:
    """Give the settings of an empty folder: all defaults, and what the environment says."""
    settings = build({}, (folder / "saraban.toml").resolve(), os.environ)
    instance = replace(settings.office.instance, data_dir=folder.resolve())
    return replace(settings, office=replace(settings.office, instance=instance))


def _tell_differences(settings: Settings) -> None:
    """Say which places the restored settings name that are not those restored to."""
    office = settings.office
    path = office.instance.data_dir / "saraban.toml"
    if not path.exists():
        say(
            f"ในข้อมูลสำรองไม่มี saraban.toml โปรดใช้ไฟล์ตั้งค่าที่ระบุ data_dir เป็น {office.instance.data_dir}"
        )
        return
    restored = load(path, {}).office
    checks = (
        ("[instance] data_dir", restored.instance.data_dir, office.instance.data_dir),
        ("[database] url", restored.database.url, office.database.url),
        ("[blobs] url", restored.blobs, BlobSettings()),
    )
    for key, written, used in checks:
        if written != used:
            say(f"โปรดแก้ {key} ใน {path} ให้ตรงกับที่กู้คืน")
