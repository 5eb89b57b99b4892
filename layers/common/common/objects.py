"""Links to objects in private buckets: whoever has one fetches the object, until it ends."""

from datetime import timedelta

from common import aws


def link(bucket: str, key: str, lives: timedelta, name: str | None = None) -> str:
    """Where the object can be fetched while the link *lives*; as a file of that *name*, if one is
    said."""
    saved = {"ResponseContentDisposition": f'attachment; filename="{name}"'} if name else {}
    return aws.s3_links().generate_presigned_url(
        "get_object",
        Params={"Bucket": bucket, "Key": key, **saved},
        ExpiresIn=int(lives.total_seconds()),
    )
