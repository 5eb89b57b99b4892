"""The route of the receipt: whoever has an erasure's id sees how far it got, and the proof."""

from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import AwareDatetime

from auth import tokens
from auth.erasure import store
from auth.erasure.erasure import Erasure, State
from common import api as shell
from common.errors import NotFound

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

RECEIPT_TYPE = "erasure-receipt+jwt"


class KeptView(shell.View):
    what: str
    why: str


class PartView(shell.View):
    capability: str
    erased: list[str]
    kept: list[KeptView]


class ProgressView(shell.View):
    """`receipt` is the same, signed (JWS, ES256, keys at `/.well-known/jwks.json`), once it is
    `done`."""

    id: str
    state: State
    requested_at: AwareDatetime
    finished_at: AwareDatetime | None
    obstacles: list[str]
    parts: list[PartView]
    receipt: str | None


@router.get("/v1/auth/erasures/<erasure_id>")
def show_receipt(erasure_id: shell.Id) -> ProgressView:
    """Show how far an erasure got and, when it is done, what was erased and what is kept why.

    It asks for no token: the account is gone, and its id, which only its owner was told, says
    nothing of them.
    """
    found = store.find(erasure_id)
    if found is None:
        raise NotFound
    shown = _view(found)
    if found.state is not State.DONE:
        return shown
    claims = shown.model_dump(mode="json", exclude={"receipt"}) | {"iss": tokens.issuer()}
    return shown.model_copy(update={"receipt": tokens.signed(claims, RECEIPT_TYPE)})


def _view(found: Erasure) -> ProgressView:
    return ProgressView(
        id=found.id,
        state=found.state,
        requested_at=found.requested_at,
        finished_at=found.finished_at,
        obstacles=list(found.obstacles),
        parts=[
            PartView(
                capability=capability,
                erased=list(part.erased),
                kept=[KeptView(what=what, why=why) for what, why in part.kept.items()],
            )
            for capability, part in sorted(found.parts.items())
        ],
        receipt=None,
    )
