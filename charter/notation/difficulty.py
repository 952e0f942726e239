"""The five difficulties of a dance-single chart set, in rising order, and the Edit slot beside them."""

from enum import IntEnum

from charter.errors import RequestError

EDIT = "edit"


class Difficulty(IntEnum):
    """A standard difficulty; the value is its place in the ladder, easiest first."""

    BEGINNER = 0
    EASY = 1
    MEDIUM = 2
    HARD = 3
    CHALLENGE = 4

    @property
    def label(self) -> str:
        """The word StepMania writes, e.g. ``Beginner``."""
        return self.name.capitalize()

    @classmethod
    def parse(cls, word: str) -> "Difficulty":
        """The difficulty that a word names, in any case.

        Raises RequestError for any other word (``Edit`` too: it is a slot without a level).
        """
        try:
            return cls[word.strip().upper()]
        except KeyError:
            known = ", ".join(d.name.lower() for d in cls)
            raise RequestError(f"no difficulty is called {word!r}; there are {known}") from None


def slot_word(difficulty: Difficulty | None) -> str:
    """A chart's slot in the words of options and records, e.g. ``challenge``; None is the Edit slot."""
    return EDIT if difficulty is None else difficulty.name.lower()


def slot_label(difficulty: Difficulty | None) -> str:
    """A chart's slot as StepMania writes it, e.g. ``Challenge``; None is the Edit slot."""
    return slot_word(difficulty).capitalize()


def parse_slot(word: str) -> Difficulty | None:
    """The difficulty that a word names, in any case; None for ``edit``. Raises RequestError for any other word."""
    if word.strip().lower() == EDIT:
        return None
    try:
        return Difficulty.parse(word)
    except RequestError as error:
        raise RequestError(f"{error}, and {EDIT}") from None
