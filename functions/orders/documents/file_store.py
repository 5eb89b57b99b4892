"""The files of documents, in a private bucket: written once and read by links that soon end,
or to be taken along."""

import os
from datetime import timedelta

from common import aws, objects
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


def read(document: Document, form: Format) -> bytes:
    """The file of a document that is filed."""
    where = os.environ["DOCUMENTS_BUCKET"], document.key(form)
    body: bytes = aws.s3().get_object(Bucket=where[0], Key=where[1])["Body"].read()
    return body


def link(document: Document, form: Format) -> str:
    """Where the file can be fetched for LINK_LIFETIME, by whoever has the link."""
    where = os.environ["DOCUMENTS_BUCKET"], document.key(form)
    return objects.link(*where, LINK_LIFETIME, document.file_name(form))
