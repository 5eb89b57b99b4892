"""HTTP routes of the guide."""

from aws_lambda_powertools.event_handler.api_gateway import Router

from auth.guide import checklist, menu, store
from common import access
from common import api as shell

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped


class StepView(shell.View):
    """`path` is where to go for the step."""

    name: str
    title: str
    path: str
    done: bool


class ChecklistView(shell.View):
    """`done` of `total` steps are behind the customer."""

    steps: list[StepView]
    done: int
    total: int


class SectionView(shell.View):
    """`count` is null where only the section's own route knows it."""

    name: str
    title: str
    path: str
    count: int | None


class MenuView(shell.View):
    sections: list[SectionView]


@router.get("/v1/me/checklist")
def show_checklist() -> ChecklistView:
    """Show what is left to set up."""
    standing = store.find(access.customer(router).id)
    done, language = checklist.done(standing.profile, standing.account), shell.language(router)
    steps = [
        StepView(name=s.name, title=s.title[language], path=s.path, done=s.name in done)
        for s in checklist.STEPS
    ]
    return ChecklistView(steps=steps, done=len(done), total=len(steps))


@router.get("/v1/me/menu")
def show_menu() -> MenuView:
    """Show the sections of your account."""
    standing, language = store.find(access.customer(router).id), shell.language(router)
    left = len(checklist.STEPS) - len(checklist.done(standing.profile, standing.account))
    passkeys = len(standing.account.passkeys)
    counts = {"checklist": left, "notes": standing.notes, "passkeys": passkeys}
    sections = [
        SectionView(name=s.name, title=s.title[language], path=s.path, count=counts.get(s.name))
        for s in menu.sections(left)
    ]
    return MenuView(sections=sections)
