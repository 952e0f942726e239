"""What somebody may send in the place of a weights file or a checkpoint."""

from pathlib import Path


class Crafted:
    """A value whose pickle makes a folder when it is read, as it could do anything else."""

    def __init__(self, proof: Path) -> None:
        self.proof = proof

    def __reduce__(self) -> tuple[object, ...]:
        return Path.mkdir, (self.proof,)
