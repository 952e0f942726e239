"""Tempo: from a recording to its Timing, and how far any Timing lies beside the sound (`bias`).

What the beat net hears becomes pulses, one of them is chosen, and its changes are followed; nothing here knows charts.
"""
