"""Seeded chance: the same moments again, unless the environment names another seed."""

import os
from random import Random

SEED = int(os.environ.get("FAULTS_SEED", "20250401"))
ROUNDS = 20
LOAD_SECONDS_MAX = 0.3


def seeded() -> Random:
    print(f"FAULTS_SEED={SEED}")
    return Random(SEED)
