"""A large edition in pieces: `job` is done with one in a process of its own, `whole` makes them one again."""
