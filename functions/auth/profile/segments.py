"""What segments may know of a customer who has agreed: no name, no contact, no date. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from auth.profile import birthday
from auth.profile.profile import Profile

# The oldest age of each band, and its name.
BANDS = (
    (17, "under_18"),
    (24, "18_24"),
    (34, "25_34"),
    (44, "35_44"),
    (54, "45_54"),
    (64, "55_64"),
    (birthday.LONGEST_LIFE_YEARS + 1, "65_plus"),
)


@dataclass(frozen=True, slots=True)
class SegmentFacts:
    """`consented` is whether anything may be known; the rest is empty without."""

    consented: bool = False
    age_band: str | None = None
    interests: tuple[str, ...] = ()
    needs: tuple[StrEnum, ...] = ()


def facts_of(profile: Profile, today: date) -> SegmentFacts:
    """What may be known of the customer on the day that is *today* for them."""
    if not profile.lets_segment:
        return SegmentFacts()
    born = profile.birthday
    band = band_of(birthday.age(born, today)) if born else None
    return SegmentFacts(True, band, profile.interests, profile.needs)


def band_of(age: int) -> str:
    return next(name for oldest, name in BANDS if age <= oldest)
