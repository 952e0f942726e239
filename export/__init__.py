"""Files of other programs: StepMania simfiles from and to a `Song`, the timing of osu! beatmaps, and songs for
osu!mania, Quaver and sequencers. Knows `charter.notation`, nothing else of ours.
"""
