"""The networks, one definition for training and generating, and their weights files.

What they are told and answer is in tensors and arrays; what becomes of an answer is `decode`'s. No Lightning, no
datasets.
"""
