"""The files of an export, in the private EXPORT_BUCKET, which forgets everything after a week.

parts/<capability>/<export id>.json   what a capability handed over: see common.export
archives/<export id>.zip              all of it, as the customer gets it
"""

import io
import json
import os
import zipfile
from datetime import datetime, timedelta

from auth.export import readme
from auth.export.export import CAPABILITIES, Export
from common import aws, clock, export, objects
from common.language import Language

# What customers call what the capabilities have of them.
FOLDERS = {
    "auth": "account",
    "loyalty": "points",
    "notify": "messages",
    "orders": "shopping",
    "support": "support",
}
FETCHED_WITHIN = timedelta(minutes=1)


def pack(made: Export, language: Language) -> None:
    """Make the archive of all parts."""
    whole = io.BytesIO()
    now = clock.now()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_entry("README.txt", now), readme.text(made, language))
        for capability in CAPABILITIES:
            for name, rows in _part(made.id, capability).items():
                path = f"{FOLDERS[capability]}/{name.replace(' ', '-')}.json"
                text = json.dumps(rows, ensure_ascii=False, indent=2)
                archive.writestr(_entry(path, now), text)
    aws.s3().put_object(
        Bucket=_bucket(),
        Key=_archive(made.id),
        Body=whole.getvalue(),
        ContentType="application/zip",
    )


def url(made: Export) -> str:
    """Where the archive can be fetched, for a minute."""
    name = f"my-data-{made.requested_at:%Y-%m-%d}.zip"
    return objects.link(_bucket(), _archive(made.id), FETCHED_WITHIN, name)


def drop(export_id: str) -> None:
    """Delete all files of the export; what is gone already is no harm."""
    _delete(_archive(export_id))
    drop_parts(export_id)


def drop_parts(export_id: str) -> None:
    for capability in CAPABILITIES:
        _delete(export.key(export_id, capability))


def _part(export_id: str, capability: str) -> export.Part:
    found = aws.s3().get_object(Bucket=_bucket(), Key=export.key(export_id, capability))
    part: export.Part = json.loads(found["Body"].read())
    return part


def _entry(path: str, at: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, at.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _delete(key: str) -> None:
    aws.s3().delete_object(Bucket=_bucket(), Key=key)


def _archive(export_id: str) -> str:
    return f"archives/{export_id}.zip"


def _bucket() -> str:
    return os.environ["EXPORT_BUCKET"]
