"""``python -m charter`` is ``charter``."""

from charter.cli import main

if __name__ == "__main__":
    main()
