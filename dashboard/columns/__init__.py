"""The page that matches columns with fields: what it shows of each column, and what is chosen there."""
