"""What every provider of a channel may answer, whoever it is."""


class Unreachable(Exception):
    """Nothing can ever reach this address by this channel."""


class OptedOut(Unreachable):
    """The owner of the number asked for no more messages by this channel."""


class Unavailable(Exception):
    """The provider has not taken the message; it may take it later."""
