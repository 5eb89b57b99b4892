"""Sealed texts: codes, links and tokens of devices for notify, readable only with KMS's consent.

The challenge's id is the encryption context, so a sealed text opens only for its own challenge;
what is of another *kind* opens only for whoever may open that kind.
KMS encrypts at most 4 KB at once: enough for a code and an address.
"""

import base64
import os

from common import aws


def seal(challenge: str, text: str, kind: str = "challenge") -> str:
    answer = aws.kms().encrypt(
        KeyId=os.environ["SEALING_KEY"],
        Plaintext=text.encode(),
        EncryptionContext={kind: challenge},
    )
    return base64.b64encode(answer["CiphertextBlob"]).decode()


def unseal(challenge: str, sealed: str, kind: str = "challenge") -> str:
    answer = aws.kms().decrypt(
        CiphertextBlob=base64.b64decode(sealed),
        EncryptionContext={kind: challenge},
        KeyId=os.environ["SEALING_KEY"],
    )
    return answer["Plaintext"].decode()
