"""SMS are paid by the segment: how many a text takes (3GPP TS 23.038, TS 23.040)."""

GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_7_DOUBLE = frozenset("^{}\\[~]|€\f")
MOST = 3


def count(text: str) -> int:
    """The segments of *text*: of 160 characters in GSM-7 or 70 UTF-16 units, less when joined."""
    if set(text) <= GSM_7 | GSM_7_DOUBLE:
        length, alone, joined = len(text) + sum(c in GSM_7_DOUBLE for c in text), 160, 153
    else:
        length, alone, joined = len(text.encode("utf-16-le")) // 2, 70, 67
    return 1 if length <= alone else -(-length // joined)
