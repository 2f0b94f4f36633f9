"""The loudspeakers, one file a driver, and the mixing they share."""
