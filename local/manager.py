"""A manager at the shop's API: signs in once, and stays so for as long as an import takes."""

import getpass
import os
import time
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any
from uuid import uuid4

import urllib3

from local import http, stack
from local.console import Trouble

PASSWORD = "KABINET_PASSWORD"  # noqa: S105 - the name of a variable
FILE_SECONDS = 600
LOOK_SECONDS = 2


@dataclass
class Manager:
    """*tokens* are what the last sign-in or refresh answered."""

    url: str
    tokens: dict[str, Any]

    def ask(self, verb: str, path: str, body: object = None) -> dict[str, Any]:
        """One request, with a fresh token where the old one ran out; Trouble unless it is done."""
        key = str(uuid4())
        answer = self._send(verb, path, body, key)
        if answer.status == HTTPStatus.UNAUTHORIZED:
            renewal = {"refresh_token": self.tokens["refresh_token"]}
            self.tokens = _sent("POST", f"{self.url}/v1/auth/refresh", renewal).expect(200)
            answer = self._send(verb, path, body, key)
        return answer.expect(HTTPStatus.OK, HTTPStatus.CREATED)

    def upload(self, form: dict[str, Any], file: Path) -> None:
        fields = {**form["fields"], "file": (file.name, file.read_bytes())}
        _moved("POST", form["url"], fields=fields)

    def fetch(self, url: str) -> bytes:
        return _moved("GET", url)

    def wait(self) -> None:
        time.sleep(LOOK_SECONDS)

    def _send(self, verb: str, path: str, body: object, key: str) -> http.Answer:
        headers = {"Authorization": f"Bearer {self.tokens['access_token']}"}
        headers |= {"Accept-Language": "en", "Idempotency-Key": key}
        return _sent(verb, self.url + path, body, headers)


def signed_in(url: str, login: str) -> Manager:
    """Whoever *login* is at *url*; the local stack's manager where nothing is said."""
    if not url:
        running = stack.current()
        person = running["manager"]
        return _signed_in(running["api_url"], person["login"], person["password"], None)
    password = os.environ.get(PASSWORD) or getpass.getpass(f"Password of {login}: ")
    code = input("Code of your authenticator (empty for none): ").strip()
    return _signed_in(url.rstrip("/"), login, password, code or None)


def _moved(verb: str, url: str, **more: Any) -> bytes:
    """A file, on its way to where it lies or from there."""
    try:
        answer = urllib3.request(verb, url, timeout=FILE_SECONDS, **more)
    except urllib3.exceptions.HTTPError as away:
        raise Trouble(f"The file could not be moved: {away}") from away
    if answer.status >= HTTPStatus.BAD_REQUEST:
        raise Trouble(f"The file was refused: {answer.data.decode(errors='replace')[:500]}")
    return answer.data


def _sent(verb: str, url: str, body: object, headers: dict[str, str] | None = None) -> http.Answer:
    try:
        return http.send(verb, url, body, headers)
    except OSError as away:
        raise Trouble(f"{url} does not answer: {away}") from away


def _signed_in(url: str, login: str, password: str, code: str | None) -> Manager:
    body = {"login": login, "password": password} | ({"totp_code": code} if code else {})
    return Manager(url, _sent("POST", f"{url}/v1/auth/sign-in", body).expect(200))
