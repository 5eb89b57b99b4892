"""Numbers of documents: for each legal entity and year 1, 2, 3 and so on, none left out. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Series:
    """The numbers that one legal entity gives out in one year."""

    tax_number: str
    year: int


@dataclass(frozen=True, slots=True)
class Number:
    series: Series
    ordinal: int

    def __str__(self) -> str:
        return f"{self.series.year}-{self.ordinal:06}"

    @property
    def path(self) -> str:
        """The same where files are kept: series beside series."""
        return f"{self.series.tax_number}/{self.series.year}/{self.ordinal:06}"


def following(series: Series, last: int) -> Number:
    """The number after the *last* one, which is 0 at the beginning of a year."""
    return Number(series, last + 1)
