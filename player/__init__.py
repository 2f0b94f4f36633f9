"""What shows when: the pure core of the sign and the process that shows it."""
