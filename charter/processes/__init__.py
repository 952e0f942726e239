"""Processes beside this one: they answer requests, and may die of one without harm to anything else.

What they do is given by whoever starts them: nothing here knows of songs, batches or reviews.
"""
