"""Files of other programs: StepMania simfiles from and to a `Song`, timing from osu! beatmaps too. Knows
`charter.notation`, nothing else of ours.
"""
