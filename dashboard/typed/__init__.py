"""People typed by hand: one profile in a form, several in a grid; both become a table of the same kind."""
