"""What shows when: the pure core of the sign and the process that shows it."""

import os

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")  # standard output belongs to whoever asked for something
