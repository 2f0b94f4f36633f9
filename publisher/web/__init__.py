"""The pages of the staff: views, templates and the look. They decide nothing; the other apps do."""
