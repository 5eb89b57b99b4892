"""What the buckets of the fake AWS hold, to be brought back."""

from moto.backends import get_backend

from wiring import ACCOUNT

type Objects = dict[tuple[str, str], bytes]


def stored() -> Objects:
    buckets = get_backend("s3")[ACCOUNT]["aws"].buckets
    return {
        (bucket.name, key): item.value
        for bucket in buckets.values()
        for key, item in bucket.keys.items()
    }


def bring_back(objects: Objects) -> None:
    """Let the buckets hold *objects* and nothing else."""
    backend = get_backend("s3")[ACCOUNT]["aws"]
    for bucket in backend.buckets.values():
        bucket.keys.clear()
    for (bucket, key), value in objects.items():
        backend.put_object(bucket, key, value)
