"""The HTTP route that shows whether provider and ledger agree."""

from typing import Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import AwareDatetime

from common import access
from common import api as shell
from common.access import Role
from common.errors import NotFound
from common.fields import Day
from orders.payments.reconciliation import store

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped


class DifferenceView(shell.View):
    reference: str
    provider_minor: int
    ledger_minor: int


class ReconciliationView(shell.View):
    """The payments begun on a day: how many were compared, and those that differ."""

    compared: int
    at: AwareDatetime
    differences: list[DifferenceView]


@router.get("/v1/staff/payments/reconciliation")
def show(day: Annotated[Day, Query(description="The day of the payments")]) -> ReconciliationView:
    """Show what the nightly comparison of provider and ledger found."""
    access.staff(router, Role.MANAGER)
    found = store.find(day)
    if found is None:
        raise NotFound
    members = {name: found[name] for name in ReconciliationView.model_fields}
    return ReconciliationView.model_validate(members)
