"""The year's end 年终结转: what must happen so that a year can close, tried on a Book apart, and proposed as one list."""
