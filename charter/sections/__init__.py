"""The form of a song: which of its passages are alike, where a new one begins, and which one people want to hear.

It listens by the section net, bar by bar of a Timing that is given; nothing here knows charts.
"""
