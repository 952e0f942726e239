"""How much of something there may be, for all who ask."""

MOST_NOTES = 30_000  # of a chart; the largest of charters has a tenth of them
MOST_CANDIDATES = 8  # for a passage
