"""What every provider of a channel may answer, whoever it is."""


class Unreachable(Exception):
    """Nothing can ever reach this address by this channel."""


class OptedOut(Unreachable):
    """The owner of the number asked for no more messages by this channel."""


class Gone(Unreachable):
    """The device takes no messages of the shop any longer."""


class Unavailable(Exception):
    """The provider has not taken the message; it may take it later."""
