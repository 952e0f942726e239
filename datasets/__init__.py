"""Corpora of simfiles: what a folder holds, which of its charts are fit to learn from, and how songs are split.

Here songs become examples, as arrays; what is learnt from them, and how, is `training`. Nothing is downloaded, and no
song is committed: a corpus is a folder, and of ours there are only lists of ids (`splits/`, `styles/`).
"""
