"""One module for each kind of thing that a page asks for."""
