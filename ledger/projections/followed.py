"""Every projection that followers keep; those that are written with the movements themselves are not among them."""

from ledger.projections.follower import Projection

FOLLOWED: tuple[type[Projection], ...] = ()
