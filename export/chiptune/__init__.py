"""Music for the NES's 2A03: scores of its five voices, the chip itself, and the files that play on hardware and trackers.

A `Score` says who plays what when; `register_log` turns it into the writes that a console's program would make; `render`
plays those writes on the chip; `nsf`, `vgm` and `xm` write them down for other players.
"""
