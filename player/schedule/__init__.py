"""When something may be on air, and whose turn it is: pure rules of time below the time line."""
