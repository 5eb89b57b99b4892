"""The files of an export, in the private EXPORT_BUCKET, which forgets everything after a week.

parts/<capability>/<export id>.zip    what a capability handed over: see common.export
archives/<export id>.zip              all of it, as the customer gets it
"""

import io
import os
import zipfile
from datetime import timedelta

from auth.export import readme
from auth.export.export import CAPABILITIES, Export
from common import aws, export, objects
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
    with zipfile.ZipFile(whole, "w") as archive:
        export.add(archive, "README.txt", readme.text(made, language).encode())
        for capability in CAPABILITIES:
            with export.opened(made.id, capability) as part:
                for name in part.namelist():
                    export.add(archive, f"{FOLDERS[capability]}/{name}", part.read(name))
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


def _delete(key: str) -> None:
    aws.s3().delete_object(Bucket=_bucket(), Key=key)


def _archive(export_id: str) -> str:
    return f"archives/{export_id}.zip"


def _bucket() -> str:
    return os.environ["EXPORT_BUCKET"]
