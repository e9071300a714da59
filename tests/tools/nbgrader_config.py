"""What nbgrader has to know about the homework: used by `make grade`, to be copied into a course of your own."""

c = get_config()  # noqa: F821  (nbgrader defines it)

c.ClearSolutions.enabled = False  # the notebook is the students' version; nbgrader would empty its answer cells
c.Execute.timeout = 30  # seconds for one cell; the check of a right answer takes about one
c.IgnorePattern.enabled = True  # a cell that writes to stderr scores 0, and a warning is no mistake: drop stderr
c.IgnorePattern.pattern = "."
