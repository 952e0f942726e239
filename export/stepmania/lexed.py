"""A simfile's text in the tokens that simfile parses, but for texts on which its parser would spend minutes.

Of each tag that comes again, simfile renames the earlier one, and goes through all tags of the song or the chart to do
so; and of a line, its lexer copies what is left for every token. No song's file comes near the limits here.
"""

from io import StringIO

from msdparser.lexer import MSDToken, lex_msd

from charter.errors import ChartError

_LONGEST_LINE = 200_000
_MOST_RENAMED = 1_000_000
_SHOWN_CHARACTERS = 20


def lexed(text: str) -> tuple[list[tuple[MSDToken, str]], bool]:
    """The tokens, and whether they are laid out as `.ssc`: then the version comes first. Raises ChartError."""
    longest = max(map(len, text.replace("\r", "\n").split("\n")))
    if longest > _LONGEST_LINE:
        raise ChartError(f"holds a line of {longest} characters; is it a simfile?")
    tokens = list(lex_msd(file=StringIO(text)))
    names = _names(tokens)
    is_ssc = names[:1] == ["VERSION"]
    _check_repeated(names, is_ssc=is_ssc)
    return tokens, is_ssc


def _names(tokens: list[tuple[MSDToken, str]]) -> list[str]:
    """What the tags are called, in capitals, in file order."""
    names: list[str] = []
    in_name = False
    for token, part in tokens:
        if token is MSDToken.START_PARAMETER:
            names.append("")
            in_name = True
        elif token in (MSDToken.NEXT_COMPONENT, MSDToken.END_PARAMETER):
            in_name = False
        elif in_name and token is not MSDToken.COMMENT:
            names[-1] += part.removeprefix("\\").upper() if token is MSDToken.ESCAPE else part.upper()
    return names


def _check_repeated(names: list[str], *, is_ssc: bool) -> None:
    seen: set[str] = set()
    tags = renamed = 0
    for name in names:
        if not is_ssc and name == "NOTES":  # each is a chart
            continue
        if is_ssc and name == "NOTEDATA":  # each begins a chart
            seen, tags = set(), 0
        renamed += tags if name in seen else 0
        if renamed > _MOST_RENAMED:
            raise ChartError(f"has #{name[:_SHOWN_CHARACTERS]} over and over; is the file damaged?")
        seen.add(name)
        tags += 1
