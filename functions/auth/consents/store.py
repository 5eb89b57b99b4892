"""Records of consents in DynamoDB; what holds now stands in the profile.

pk             sk                                   what
CUSTOMER#<id>  CONSENT#<purpose>#<profile version>  one decision: never changed
"""

from auth.consents.consent import Consent, Purpose
from auth.profile.profile import Profile
from common import table


def record(
    decider: Profile, purpose: Purpose, decision: Consent, source: str, network: str
) -> table.Write:
    """The write that keeps the *decision* by which *decider* came to be as they are.

    *network* is the mark of where it came from: it tells two networks apart, and nothing else.
    """
    return table.put(
        {
            "pk": f"CUSTOMER#{decider.id}",
            "sk": f"CONSENT#{purpose}#{decider.version:08}",
            "given": decision.given,
            "text_version": decision.text_version,
            "at": decision.at.isoformat(),
            "source": source,
            "network": network,
        }
    )
