"""The HTTP route that shows whether provider and ledger agree."""

from datetime import timedelta
from typing import Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import AwareDatetime

from common import access, clock
from common import api as shell
from common.access import Role
from common.fields import Day
from orders.payments.reconciliation import store

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped


class DifferenceView(shell.View):
    reference: str
    provider_minor: int
    ledger_minor: int


class ReconciliationView(shell.View):
    """The payments begun on a day: how many were compared, and those that differ. `at` is null
    while nobody has looked."""

    compared: int = 0
    at: AwareDatetime | None = None
    differences: tuple[DifferenceView, ...] = ()


@router.get("/v1/staff/payments/reconciliation")
def show(
    day: Annotated[Day | None, Query(description="The payments' day, else yesterday")] = None,
) -> ReconciliationView:
    """Show what the nightly comparison of provider and ledger found."""
    access.staff(router, Role.MANAGER)
    found = store.find(day or clock.today() - timedelta(days=1)) or {}
    members = {name: found[name] for name in ReconciliationView.model_fields if name in found}
    return ReconciliationView.model_validate(members)
