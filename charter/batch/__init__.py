"""Many songs at once: a folder of songs becomes a pack, on this machine's cores or on a Ray cluster.

The way of a song: `discover` finds it, `plan` names its folder and tells whether it is done already, a process
(`child`, owned by `local` or by a task of `on_ray`) charts it by `work`, and `run` puts its row in the `report`.

How one song is charted is no matter of this folder (that is `charter.generate`), nor is what is printed of it
(`charter.cli`). Torch is for worker processes alone: nothing but `work`, and what only it imports, may load it.
"""
