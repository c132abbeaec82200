"""The training ledger: another ledger beside the real one, for practising. All that leaves it says what it is.

Its name, and with it the identity that is in every recorded byte string, is the real one's with an ending that no real ledger
may have. So neither can be opened as the other.
"""

from ledger.domain.catalogue import Name

MARK = Name("培训账本", "TRAINING LEDGER")
_ENDING = ".training"


def training_name(name: str) -> str:
    """What the training ledger beside the ledger of this name is called."""
    return name + _ENDING


def is_training(name: str) -> bool:
    """Whether a ledger of this name is one."""
    return name.endswith(_ENDING)
