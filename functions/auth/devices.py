"""Devices: where somebody has signed in from, as the account knows it again."""

from common import pepper


def mark(subject_id: str, network: str) -> str:
    """The mark by which the account knows *network* again; means nothing to anybody else."""
    return pepper.mac("device", subject_id, network).hex()[:32]
