"""`python -m training COMMAND`: see `training.commands`."""

import sys


def _main() -> None:
    try:
        from training.commands import main  # noqa: PLC0415  # of the extra
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing in ("", "charter", "datasets", "export", "training"):
            raise
        sys.exit(f"error: training needs more packages ({missing} is missing): pip install -e '.[train]'")
    main()


if __name__ == "__main__":
    _main()
