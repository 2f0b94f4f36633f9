"""The edge to hardware: panels, speakers, the board and the service manager, each behind one contract."""

import os

# pygame greets on standard output when it is first imported, and that belongs to the commands' results.
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
