"""The prepare workers: text shaped and pictures decoded into panel-size frames, out of the drawing loop's way."""
