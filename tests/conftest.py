"""What every test may ask for."""

from tests.cast import (  # noqa: F401
    acme,
    ada,
    carla,
    cleo,
    departments,
    fay,
    lee,
    lin,
    mallory,
    max,
    own,
    quinn,
    rival,
    root,
    sam,
    signed_in,
)
