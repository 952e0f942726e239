"""Music for the NES's 2A03: scores of its five voices, the chip itself, and files for hardware and trackers.

A `Score` says who plays what when; `register_log` turns it into the writes that a console's program would make;
`render` plays those writes on the chip; the writers of `.nsf`, `.vgm` and `.xm` put them down for other players.
"""
