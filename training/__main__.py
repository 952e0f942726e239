"""`python -m training fit|validate|test --config …` (LightningCLI), and `python -m training release`."""

import sys
from pathlib import Path

import typer
from pytorch_lightning.cli import LightningCLI

from charter.cli.errors import told_to_user
from training.checkpoint import release


def _release(
    checkpoints: list[Path],
    out: Path = typer.Option(..., help="The weights file to write."),  # noqa: B008
) -> None:
    """Make a weights file of a checkpoint, or of the mean of several of one run."""
    with told_to_user():
        release(checkpoints, out)


def main() -> None:
    """Run what was typed."""
    if sys.argv[1:2] == ["release"]:
        app = typer.Typer(pretty_exceptions_enable=False)
        app.command()(_release)
        app(args=sys.argv[2:], prog_name="python -m training release")
        return
    with told_to_user():
        LightningCLI(
            subclass_mode_model=True,
            subclass_mode_data=True,
            save_config_kwargs={"overwrite": True},
            seed_everything_default=0,
        )


if __name__ == "__main__":
    main()
