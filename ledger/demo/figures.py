"""What was publicly reported of Inner Mongolia's science funds in 2025, and what the demo assumes where reports are silent.

Amounts in yuan. The totals are facts; every project, party and payment that adds up to them is synthetic.
"""

from typing import NamedTuple

from ledger.domain.catalogue import Name

NSF_FIRST_BATCH = 215_000_000
NSF_PROJECTS = 1_897
NSF_REGIONAL = 182_000_000
NSF_LEAGUES = 33_000_000
LEAGUES = 12
NSF_MAJOR_PROJECTS = 39
EIGHT_BATCHES = 2_510_000_000
COOPERATION_PROJECTS = 66
NSF_BATCH, BAYANNUR_BATCH, COOPERATION_BATCH = 6, 7, 8


class BatchShare(NamedTuple):
    """What of a batch goes to a special: so many projects of so much each, of STIDF."""

    batch: int
    special: str
    projects: int
    each: int


STIDF_SHARES: tuple[BatchShare, ...] = (
    BatchShare(1, "RDT-KRD", 310, 2_000_000),
    BatchShare(2, "MSP-DEM", 30, 10_000_000),
    BatchShare(2, "MSP-BRK", 8, 50_000_000),
    BatchShare(3, "PLT-NAT", 15, 10_000_000),
    BatchShare(3, "PLT-REG", 60, 2_000_000),
    BatchShare(4, "CAP-TAL", 90, 1_000_000),
    BatchShare(4, "CAP-STR", 20, 500_000),
    BatchShare(4, "BAS-CND", 30, 2_000_000),
    BatchShare(5, "RDT-CHN", 52, 5_000_000),
    BatchShare(5, "MSP-CRC", 21, 5_000_000),
    BatchShare(5, "BAS-JNT", 10, 3_000_000),
    BatchShare(BAYANNUR_BATCH, "RDT-KRD", 42, 2_000_000),
    BatchShare(COOPERATION_BATCH, "CAP-COP", COOPERATION_PROJECTS, 1_000_000),
)
"""How the demo spreads STIDF over the batches: an assumption, but for the sum."""

SUPPLEMENTS = {"STIDF": 120_000_000, "NSF": 20_000_000}
"""Synthetic additions outside the eight batches, for post-subsidies and what else happens in a year."""

ASSUMPTIONS: tuple[Name, ...] = (
    Name(
        "25.1 亿元按报道为“科技创新专项资金”八批合计;演示假定其中包含自然科学基金首批 2.15 亿元,其余为科技创新发展专项资金。",
        "The 2.51 billion yuan are reported as science and technology innovation special funds in eight batches; the demo "
        "assumes that the NSF's first batch of 215 million is part of them and STIDF the rest.",
    ),
    Name(
        "第八批 66 个科技合作交流项目的金额未公布,为演示假定。",
        "What the 66 cooperation projects of the eighth batch received is not public: an assumption.",
    ),
    Name(
        "所有项目、单位、付款均为演示合成数据;批次之外的追加指标也是合成的。",
        "All projects, parties and payments are synthetic, and so is the quota added outside the eight batches.",
    ),
    Name("四项原资金的期初余额为演示数据。", "The opening balances of the four former funds are synthetic."),
)
