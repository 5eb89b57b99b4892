"""The files of imports, in the private IMPORTS_BUCKET, which forgets everything after a month.

uploads/<import id>              what staff sent
parts/<import id>/<part>.jsonl   its rows, read
reports/<import id>.csv          the rows that made no product
"""

import os
from collections.abc import Iterable
from datetime import timedelta

from botocore.exceptions import ClientError

from common import aws, objects
from orders.catalogue.imports import row
from orders.catalogue.imports.job import LARGEST_BYTES, UPLOAD_VALID, Job, NothingUploaded
from orders.catalogue.imports.row import Row

LINK_VALID = timedelta(minutes=10)


def form(job: Job) -> objects.Form:
    """What lets the file of *job* in, up to LARGEST_BYTES, while UPLOAD_VALID."""
    return objects.form(_bucket(), _upload(job.id), UPLOAD_VALID, LARGEST_BYTES)


def require_upload(job: Job) -> None:
    """NothingUploaded where no file has come."""
    try:
        aws.s3().get_object(Bucket=_bucket(), Key=_upload(job.id), Range="bytes=0-0")
    except ClientError as failure:
        if objects.is_absent(failure):
            raise NothingUploaded from failure
        raise


def uploaded(job: Job) -> bytes:
    return aws.s3().get_object(Bucket=_bucket(), Key=_upload(job.id))["Body"].read()


def put_part(job: Job, part: int, rows: Iterable[Row]) -> None:
    """Write a part of the file's rows; again is no harm, for the file is the same."""
    body = "\n".join(map(row.written, rows)).encode()
    aws.s3().put_object(Bucket=_bucket(), Key=_part(job.id, part), Body=body)


def part(job: Job, part: int) -> list[Row]:
    found = aws.s3().get_object(Bucket=_bucket(), Key=_part(job.id, part))
    return list(map(row.parsed, found["Body"].read().decode().split("\n")))


def put_report(job: Job, report: bytes) -> None:
    aws.s3().put_object(
        Bucket=_bucket(), Key=_report(job.id), Body=report, ContentType="text/csv; charset=utf-8"
    )


def report_link(job: Job) -> str:
    """Where the report can be fetched while LINK_VALID, by whoever has the link."""
    return objects.link(_bucket(), _report(job.id), LINK_VALID, f"import-{job.id}.csv")


def _bucket() -> str:
    return os.environ["IMPORTS_BUCKET"]


def _upload(job_id: str) -> str:
    return f"uploads/{job_id}"


def _part(job_id: str, part: int) -> str:
    return f"parts/{job_id}/{part}.jsonl"


def _report(job_id: str) -> str:
    return f"reports/{job_id}.csv"
