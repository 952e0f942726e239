"""Many songs at once: a folder of songs becomes a pack, on this machine's cores or on a Ray cluster.

The way of a song: `discover` finds it, `plan` names its folder and tells whether it is done already, a worker
(`local` or `on_ray`) charts it by `work`, and `report` keeps one row for each.
"""
