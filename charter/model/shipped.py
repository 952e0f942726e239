"""Which weights files the package brings, by name. No torch: who only asks for their hashes starts fast."""

import hashlib
from pathlib import Path

from charter.errors import WeightsError

SHIPPED = Path(__file__).parents[1] / "weights"
SHIPPED_PLACEMENT = SHIPPED / "placement.safetensors"
SHIPPED_SYMBOLS = SHIPPED / "symbols.safetensors"
SHIPPED_BEATS = SHIPPED / "beats.safetensors"
SHIPPED_SECTIONS = SHIPPED / "sections.safetensors"

_STYLE = "symbols-"


def shipped_styles() -> dict[str, Path]:
    """The symbol nets in the package that write in a style of their own, by its name."""
    return {path.stem.removeprefix(_STYLE): path for path in sorted(SHIPPED.glob(f"{_STYLE}*.safetensors"))}


def style_file(word: Path) -> Path:
    """The weights file that a path, or the name of a shipped style, means. Raises WeightsError where there is none."""
    styles = shipped_styles()
    if not word.exists() and str(word) in styles:
        return styles[str(word)]
    if not word.exists() and not word.suffix:
        raise WeightsError(f"{word}: is no file, and no style of that name is shipped; there are {', '.join(styles)}")
    return word


def fingerprint(path: Path) -> str:
    """16 hex digits of a weights file's content. Raises WeightsError that names it."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    except OSError as error:
        raise WeightsError(f"{path}: cannot be read ({error.strerror or error})") from error
