"""Films, animated pictures and sound files: decoded ahead in a process of their own, shown from shared memory."""
