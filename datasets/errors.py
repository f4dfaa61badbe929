"""The one exception that speaks to the user: what is wrong, where, and what to do about it."""


class UserError(Exception):
    """A mistake the user can put right; shown as its message alone, never with a traceback."""
