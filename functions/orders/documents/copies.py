"""Copies of a customer's documents, to take along."""

from collections.abc import Iterator
from functools import partial

from common.export import File
from orders.documents import csv_file, file_store, store
from orders.documents.document import Format


def files(customer_id: str) -> Iterator[File]:
    """The files of the documents that are ready, newest first, each by its series and number."""
    for document in store.every(customer_id):
        if document.filed:
            yield File(document.key(Format.PDF), partial(file_store.read, document, Format.PDF))
            yield File(document.key(Format.CSV), partial(csv_file.written, document))
