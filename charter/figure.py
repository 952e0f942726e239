"""Pictures by matplotlib, which is only there for those who ask for pictures."""

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from charter.errors import RequestError
from charter.files import write_bytes

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def check_drawing() -> None:
    """Raises RequestError where matplotlib is not installed."""
    try:
        import matplotlib.figure  # noqa: F401, PLC0415
    except ImportError:
        raise RequestError("drawing needs matplotlib; pip install matplotlib") from None


def new_figure(inches: tuple[float, float], dpi: int) -> "Figure":
    """An empty figure. Raises RequestError where matplotlib is not installed."""
    check_drawing()
    # Without pyplot: no window system, and nothing left behind in the program that draws.
    from matplotlib.figure import Figure  # noqa: PLC0415

    return Figure(figsize=inches, dpi=dpi, layout="constrained")


def save_png(path: Path, figure: "Figure") -> None:
    """Write a figure. Raises OutputError where the place cannot be written to."""
    buffer = BytesIO()
    figure.savefig(buffer, format="png")
    write_bytes(path, buffer.getvalue())
