"""HTTP routes of the guide."""

from functools import partial
from typing import Annotated, Self

from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from auth.guide import checklist, menu, store, success
from auth.guide.standing import Standing
from common import access, clock, table
from common import api as shell

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

Names = Annotated[tuple[checklist.Name, ...], Field(max_length=len(checklist.STEPS))]


class ChecklistChoice(shell.Body):
    """Steps to `dismiss` or to `restore`; the whole checklist is `hidden` from the menu, or not.
    What is not named stays."""

    dismiss: Names = ()
    restore: Names = ()
    hidden: bool | None = None

    @model_validator(mode="after")
    def _chooses_something(self) -> Self:
        if not self.model_fields_set:
            raise PydanticCustomError("nothing_to_change", "no field is named")
        return self


class StepView(shell.View):
    """`path` is where to go for the step."""

    name: checklist.Name
    title: str
    path: str
    done: bool
    dismissed: bool


class ChecklistView(shell.View):
    """`done` of `total` steps are behind the customer, who may have dismissed others; `left` are
    neither."""

    steps: list[StepView]
    done: int
    total: int
    left: int
    hidden: bool


class SectionView(shell.View):
    """`count` is null where only the section's own route knows it: of orders those under way count,
    of tickets those not resolved, of messages those not read."""

    name: str
    title: str
    path: str
    count: int | None


class MenuView(shell.View):
    sections: list[SectionView]


@router.get("/v1/me/checklist")
def show_checklist() -> ChecklistView:
    """Show what is left to set up."""
    return _shown(store.find(access.customer(router).id))


@router.patch("/v1/me/checklist")
def choose_steps(request: ChecklistChoice) -> ChecklistView:
    """Dismiss steps that you will not take, or the whole checklist; or bring them back."""
    caller = access.customer(router)
    return _shown(table.retried(partial(_choose, caller.id, request)))


@router.get("/v1/me/menu")
def show_menu() -> MenuView:
    """Show the sections of your account, with what waits for you in them."""
    known, language = store.find(access.customer(router).id), shell.language(router)
    counts = menu.counts(known)
    sections = [
        SectionView(name=s.name, title=s.title[language], path=s.path, count=counts.get(s.name))
        for s in menu.sections(known)
    ]
    return MenuView(sections=sections)


def _choose(customer_id: str, request: ChecklistChoice) -> Standing:
    before = store.find(customer_id)
    guide = before.guide.choosing(request.dismiss, request.restore, request.hidden)
    after = before.guided(guide)
    if after != before:
        store.choose(before, guide, success.of(after, clock.now()))
    return after


def _shown(known: Standing) -> ChecklistView:
    done, language = checklist.done(known), shell.language(router)
    steps = [
        StepView(
            name=s.name,
            title=s.title[language],
            path=s.path,
            done=s.name in done,
            dismissed=s.name in known.guide.dismissed,
        )
        for s in checklist.STEPS
    ]
    return ChecklistView(
        steps=steps,
        done=len(done),
        total=len(steps),
        left=len(checklist.left(known)),
        hidden=known.guide.hidden,
    )
