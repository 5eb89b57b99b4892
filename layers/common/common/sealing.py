"""Sealed texts: codes and links on their way to notify, readable only with KMS's consent.

The challenge's id is the encryption context, so a sealed text opens only for its own challenge.
KMS encrypts at most 4 KB at once: enough for a code and an address.
"""

import base64
import os

from common import aws


def seal(challenge: str, text: str) -> str:
    answer = aws.kms().encrypt(
        KeyId=os.environ["SEALING_KEY"],
        Plaintext=text.encode(),
        EncryptionContext={"challenge": challenge},
    )
    return base64.b64encode(answer["CiphertextBlob"]).decode()


def unseal(challenge: str, sealed: str) -> str:
    answer = aws.kms().decrypt(
        CiphertextBlob=base64.b64decode(sealed),
        EncryptionContext={"challenge": challenge},
        KeyId=os.environ["SEALING_KEY"],
    )
    return answer["Plaintext"].decode()
