"""The 2A03's five voices as register machines: events of the CPU's time in, steps of their outputs out.

Each voice has `run(events, end)`, which plays from where it stood up to the cycle `end` and answers its `Steps`; events
come in order of time, as `voices.events` describes them. Facts throughout: nesdev.org/wiki/APU and its pages.
"""
