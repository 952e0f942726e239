"""Every error a user can cause, as one tree.

CharterError
├── AudioError      a file that cannot be decoded, or holds nothing to chart
├── TimingError     timing that means no song: a BPM of zero, a missing first BPM, an unreadable timing file
├── ChartError      a chart file that cannot be read, or notes that break the notation's rules
├── WeightsError    a weights file that is missing, damaged or made for another network
├── RequestError    options that contradict each other or lie out of range
└── OutputError     a place that cannot be written to

The message names the file (where there is one) and the likely mistake, in one line. The command line prints it and
exits with 1; in a batch it costs that song only.
"""


class CharterError(Exception):
    """The root: whatever is raised on purpose for a user to read."""


class AudioError(CharterError):
    """Audio that cannot be decoded, or holds nothing to chart."""


class TimingError(CharterError):
    """Timing that means no song, or a timing file that cannot be read."""


class ChartError(CharterError):
    """A chart that cannot be read, or that breaks the notation's rules."""


class WeightsError(CharterError):
    """A weights file that is missing, damaged, or made for another network."""


class RequestError(CharterError):
    """Options that contradict each other or lie out of range."""


class OutputError(CharterError):
    """A place that cannot be written to."""
