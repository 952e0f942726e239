"""Who may sign in, and with what."""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from charter.errors import RequestError
from charter.review.errors import Forbidden

MOST_NAME = 60
LEAST_TOKEN = 8
_HASHED = re.compile(r"sha256:[0-9a-f]{64}")


@dataclass(frozen=True)
class Accounts:
    """How people sign in: by any name; by any name and the one token; or by a name and its own token.

    token: SHA-256 of the one token, in hex; people: of each name's own. Neither: a name is enough.
    """

    token: str | None = None
    people: Mapping[str, str] | None = None

    @property
    def need_token(self) -> bool:
        """Whether a name alone is not enough."""
        return self.token is not None or self.people is not None

    def signed(self, name: str, token: str) -> str:
        """The name under which someone comes in. Raises Forbidden, RequestError (of what is no name)."""
        name = clean_name(name)
        if self.people is not None:
            known = {other.casefold(): other for other in self.people}
            name = known.get(name.casefold(), name)
        wanted = self.credential(name)
        # Compared for an unknown name too: how long it takes tells nothing.
        fits = hmac.compare_digest(hashed(token), wanted or hashed(""))
        if wanted is None or (wanted and not fits):
            raise Forbidden("this name and this token do not fit" if self.people is not None else "the token is wrong")
        return name

    def credential(self, name: str) -> str | None:
        """What a login under a name hangs on: where it changes, the login ends. None for a name that has none."""
        return self.people.get(name) if self.people is not None else self.token or ""


def hashed(token: str) -> str:
    """SHA-256, in hex; tokens are long and random, so that nothing slower is needed."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def clean_name(name: str) -> str:
    """A person's name as others see it. Raises RequestError for what is none."""
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if not 0 < len(name) <= MOST_NAME:
        raise RequestError(f"a name has 1 to {MOST_NAME} characters")
    if any(unicodedata.category(character)[0] == "C" for character in name):
        raise RequestError("a name has no characters that cannot be seen")
    return name


def one_token(token: str) -> Accounts:
    """Any name, with this token. Raises RequestError for one that can be guessed."""
    if len(token) < LEAST_TOKEN:
        raise RequestError(f"a token needs {LEAST_TOKEN} characters or more; leave it out to have one made")
    return Accounts(token=hashed(token))


def users_file(path: Path) -> Accounts:
    """The people of a file: on each line ``name: token``, or ``name: sha256:`` and the token's SHA-256 in hex.

    Empty lines, and those that begin with #, count for nothing. Raises RequestError that names the file and the line.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()  # editors on Windows may mark UTF-8
    except (OSError, UnicodeDecodeError) as error:
        raise RequestError(f"{path}: the users cannot be read ({error})") from error
    people: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, colon, token = (part.strip() for part in line.partition(":"))
        if not colon or len(token) < LEAST_TOKEN:
            raise RequestError(f"{path}: line {number} is not name: token, with {LEAST_TOKEN} characters or more")
        try:
            name = clean_name(name)
        except RequestError as error:
            raise RequestError(f"{path}: line {number}: {error}") from None
        if name.casefold() in map(str.casefold, people):
            raise RequestError(f"{path}: line {number} names {name} again")
        people[name] = token.removeprefix("sha256:") if _HASHED.fullmatch(token) else hashed(token)
    if not people:
        raise RequestError(f"{path}: names nobody; a line is name: token")
    return Accounts(people=people)
