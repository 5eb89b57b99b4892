"""Devices and places: where somebody has signed in from, as the account knows it again."""

from auth.session.session import Device
from auth.sign_in.risk import Origin
from common import pepper


def mark(subject_id: str, network: str) -> str:
    """The mark by which the account knows *network* again; means nothing to anybody else."""
    return pepper.mac("device", subject_id, network).hex()[:32]


def origin(subject_id: str, device: Device) -> Origin:
    """The marks of a sign-in on *device*: of what it says it is, of its coarse network, of its
    country. Each begins with its kind, and means nothing to anybody else."""
    said = f"{device.platform}\x1f{device.name}"
    country = _mark("country", subject_id, device.country) if device.country else None
    return Origin(
        network=_mark("network", subject_id, device.place),
        device=_mark("device", subject_id, said),
        country=country,
    )


def _mark(kind: str, subject_id: str, value: str) -> str:
    return f"{kind}:{pepper.mac(kind, subject_id, value).hex()[:16]}"
