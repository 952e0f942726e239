"""Settings for every test."""

from hypothesis import settings

# No deadline: a busy machine of two cores is slow, not wrong.
settings.register_profile("charter", deadline=None)
settings.load_profile("charter")
