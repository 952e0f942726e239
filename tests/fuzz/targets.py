"""All targets by name."""

from tests.fuzz import media, records, simfiles

TARGETS = {**simfiles.TARGETS, **records.TARGETS, **media.TARGETS}
