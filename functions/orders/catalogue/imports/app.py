"""HTTP routes by which staff import products by the file."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import AwareDatetime, Field

from common import access, clock, idempotency, ids, limits, table, tagged
from common import api as shell
from common.access import Role
from common.errors import NotFound
from common.events import Event
from common.events.imports import ImportStarted
from common.fields import Flag
from common.language import Language
from orders.catalogue.imports import file_store, store
from orders.catalogue.imports.job import (
    FAILURES,
    LARGEST_BYTES,
    UPLOAD_VALID,
    Format,
    Job,
    Outcome,
    State,
)

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

BEGUN = limits.Limit("imports", 30, 60 * 60)
ROUTE = "/v1/staff/imports"
AGAIN_SECONDS = 2


class ImportBody(shell.Body):
    """`csv` is the shop's own table, `jsonl` has a product's body on each line, `shopify` is its
    export of products, `yml` a feed of Yandex Market. A `dry_run` says what would become of the
    rows, and changes no product."""

    format: Format
    dry_run: Flag = False


class FormView(shell.View):
    """A form to be posted with `fields` and, last of all, the file as `file`; then start it."""

    id: str
    url: str
    fields: dict[str, str]
    expires_in: Annotated[int, Field(description="Seconds in which the form is taken")]
    max_bytes: int


class FailureView(shell.View):
    code: str
    message: str


class ImportJobView(shell.View):
    """Of `rows`, so many are `done`: each `created` a product, `changed` one, left it `unchanged`,
    or was `rejected`. `has_report` when the rejected ones can be fetched."""

    id: str
    format: Format
    dry_run: bool
    begun_at: AwareDatetime
    state: State
    rows: int
    done: int
    created: int
    changed: int
    unchanged: int
    rejected: int
    failure: FailureView | None
    has_report: bool


class ReportView(shell.View):
    """`url` fetches a table in CSV: row, sku, and why it was rejected, in two languages."""

    url: str
    expires_in: Annotated[int, Field(description="Seconds in which the link works")]


@router.post(ROUTE, responses=shell.shown(FormView, HTTPStatus.CREATED))
def begin_import(request: ImportBody) -> Response[Any]:
    """Begin an import of products: get a form by which its file may be uploaded, up to 100 MB."""
    caller, now = access.staff(router, Role.MANAGER), clock.now()
    limits.take(BEGUN, caller.id)
    job = Job(ids.new(now), caller.id, request.format, request.dry_run, now)
    store.begin(job)
    form = file_store.form(job)
    view = FormView(
        id=job.id,
        url=form.url,
        fields=dict(form.fields),
        expires_in=int(UPLOAD_VALID.total_seconds()),
        max_bytes=LARGEST_BYTES,
    )
    return shell.answer(view, HTTPStatus.CREATED)


@router.post(f"{ROUTE}/<import_id>/start", responses=shell.shown(ImportJobView))
def start_import(import_id: shell.Id, key: idempotency.Key) -> Response[Any]:
    """Start it, once the file has come; one that was started stays as it is."""
    caller = access.staff(router, Role.MANAGER)
    return _moved(caller.id, f"imports/{import_id}/start", key, partial(_start, import_id))


@router.post(f"{ROUTE}/<import_id>/cancel", responses=shell.shown(ImportJobView))
def cancel_import(import_id: shell.Id, key: idempotency.Key) -> Response[Any]:
    """Stop it; what was written stays so, and what is over stays as it is."""
    caller = access.staff(router, Role.MANAGER)
    return _moved(caller.id, f"imports/{import_id}/cancel", key, partial(_cancel, import_id))


@router.get(f"{ROUTE}/<import_id>", responses=shell.shown(ImportJobView))
def show_import(import_id: shell.Id, known: shell.IfNoneMatch = None) -> Response[Any]:
    """Show how far an import got; Retry-After says when to look again."""
    access.staff(router, Role.MANAGER)
    return _shown(_find(import_id), known)


@router.get(f"{ROUTE}/<import_id>/report")
def link_report(import_id: shell.Id) -> ReportView:
    """Get a link to the table of the rows that were rejected."""
    access.staff(router, Role.MANAGER)
    job = _find(import_id)
    if not _has_report(job):
        raise NotFound
    seconds = int(file_store.LINK_VALID.total_seconds())
    return ReportView(url=file_store.report_link(job), expires_in=seconds)


def _find(import_id: str) -> Job:
    job = store.find(import_id)
    if job is None:
        raise NotFound
    return job


def _moved(
    staff_id: str, route: str, key: str, move: Callable[[idempotency.Attempt], Job]
) -> Response[Any]:
    call = idempotency.attempt(f"STAFF#{staff_id}", route, key, shell.Body())

    def effect() -> tuple[HTTPStatus, ImportJobView]:
        return HTTPStatus.OK, _view(table.retried(partial(move, call)), shell.language(router))

    return idempotency.once(call, shell.language(router), effect)


def _start(import_id: str, call: idempotency.Attempt) -> Job:
    before = _find(import_id)
    after = before.started()
    if after is not before:
        file_store.require_upload(before)
    told = ids.derived(import_id, ImportStarted.name)
    event = ImportStarted(id=told, occurred_at=clock.now(), import_id=import_id)
    return _kept(call, before, after, event)


def _cancel(import_id: str, call: idempotency.Attempt) -> Job:
    before = _find(import_id)
    return _kept(call, before, before.cancelled())


def _kept(call: idempotency.Attempt, before: Job, after: Job, *events: Event) -> Job:
    """*after*, written with the record of its answer; of what stays so nothing is written."""
    if after is before:
        call.require_new()
        return after
    view = _view(after, shell.language(router))
    idempotency.commit(call, HTTPStatus.OK, view, *store.changed(after, *events))
    return after


def _shown(job: Job, known: str | None) -> Response[Any]:
    spoken = shell.language(router)
    again = {} if job.is_over else {"Retry-After": str(AGAIN_SECONDS)}
    return tagged.answer(_view(job, spoken), tagged.spoken(job.version, spoken), known, again)


def _view(job: Job, spoken: Language) -> ImportJobView:
    why = job.failure and FailureView(code=job.failure, message=FAILURES[job.failure][spoken])
    return ImportJobView(
        id=job.id,
        format=job.format,
        dry_run=job.dry_run,
        begun_at=job.begun_at,
        state=job.state,
        rows=job.rows,
        done=sum(job.counts.values()),
        created=job.counts.get(Outcome.CREATED, 0),
        changed=job.counts.get(Outcome.CHANGED, 0),
        unchanged=job.counts.get(Outcome.UNCHANGED, 0),
        rejected=job.counts.get(Outcome.REJECTED, 0),
        failure=why or None,
        has_report=_has_report(job),
    )


def _has_report(job: Job) -> bool:
    return job.state is State.DONE and job.counts.get(Outcome.REJECTED, 0) > 0
