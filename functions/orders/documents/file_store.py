"""The files of documents, in a private bucket: written once and read by links that soon end."""

import os
from datetime import timedelta

from common import aws
from orders.documents.document import Document, Format

LINK_LIFETIME = timedelta(minutes=5)
TYPES = {Format.PDF: "application/pdf", Format.CSV: "text/csv; charset=utf-8"}


def put(document: Document, form: Format, body: bytes) -> None:
    """Write a file of *document*; again is no harm, for it is the same."""
    aws.s3().put_object(
        Bucket=os.environ["DOCUMENTS_BUCKET"],
        Key=document.key(form),
        Body=body,
        ContentType=TYPES[form],
    )


def link(document: Document, form: Format) -> str:
    """Where the file can be fetched for LINK_LIFETIME, by whoever has the link."""
    where = {"Bucket": os.environ["DOCUMENTS_BUCKET"], "Key": document.key(form)}
    name = f'attachment; filename="{document.file_name(form)}"'
    return aws.s3_links().generate_presigned_url(
        "get_object",
        Params={**where, "ResponseContentDisposition": name},
        ExpiresIn=int(LINK_LIFETIME.total_seconds()),
    )
