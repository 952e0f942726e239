"""The networks, one definition for training and generating, and their weights files. No Lightning, no datasets."""
