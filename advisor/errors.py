"""What can go wrong in the project, as its own vocabulary."""


class SeatwiseError(Exception):
    """The root of all errors that the project raises itself; the message says what was wanted and what came."""


class ContentError(SeatwiseError):
    """A content file does not say what it must."""


class InputError(SeatwiseError):
    """A company's field or value is not one that we know."""
