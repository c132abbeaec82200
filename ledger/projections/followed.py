"""Every projection that followers keep; those that are written with the movements themselves are not among them."""

from ledger.projections.alerts import Alerts
from ledger.projections.follower import Projection
from ledger.projections.marks import Marks
from ledger.projections.searched import Searched
from ledger.projections.signatures import Signatures
from ledger.projections.snapshots import Snapshots

FOLLOWED: tuple[type[Projection], ...] = (Alerts, Marks, Searched, Signatures, Snapshots)
