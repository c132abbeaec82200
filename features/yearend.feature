Feature: The year's end 年终结转与年度结账
  What a year leaves goes to the next one with its vintage, or back to treasury; then the year closes for good, and only the final accounts adjust it.

  Rule: 财政惯例:年末余额按原指标年度结转下年

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 3,000,000.03 yuan of STIDF are committed to KRD-1 in one instalment
      And 1,000,000.02 yuan of instalment 1 of KRD-1 are ordered as ORD-1 under 拨付〔2025〕1号 on 2025-12-20
      And the request BalanceCarriedForward:
        | account      | B200         |
        | fund         | STIDF        |
        | vintage      | 2025         |
        | amount       | 600,000,000  |
        | treatment    | CARRY_OVER   |
        | reason       | 项目尚在评审 |
        | effective_on | 2025-12-31   |

    Scenario: Unallocated money goes to the next year
      When FIN records it
      Then it is accepted
      And in year 2025 unallocated of fund STIDF and vintage 2025 is 0.00
      And in year 2025 unallocated of fund STIDF and vintage 2024 is 5,010,000.50
      And in year 2025 carried out of fund STIDF and vintage 2025 is 600,000,000.00
      And in year 2026 carried in of fund STIDF and vintage 2025 is 600,000,000.00
      And in year 2026 unallocated of fund STIDF and vintage 2025 is 600,000,000.00
      And what 2025 carried out is carried into the next year, vintage by vintage
      And replaying the log gives the same balances

    Scenario: An older vintage stays what it is
      When FIN records it with:
        | vintage | 2024         |
        | amount  | 5,010,000.50 |
      Then it is accepted
      And in year 2025 unallocated of fund STIDF and vintage 2025 is 600,000,000.00
      And in year 2025 carried out of fund STIDF and vintage 2024 is 5,010,000.50
      And in year 2026 carried in of fund STIDF and vintage 2024 is 5,010,000.50
      And in year 2026 carried in of fund STIDF and vintage 2025 is 0.00
      And in year 2026 unallocated of fund STIDF and vintage 2024 is 5,010,000.50
      And what 2025 carried out is carried into the next year, vintage by vintage

    Scenario: Available money stays with its special
      When FIN records it with:
        | account | B210           |
        | special | RDT-KRD        |
        | amount  | 296,999,999.97 |
      Then it is accepted
      And in year 2025 available of special RDT-KRD is 0.00
      And in year 2025 carried out of special RDT-KRD is 296,999,999.97
      And in year 2026 available of special RDT-KRD is 296,999,999.97
      And in year 2026 carried in of fund STIDF and vintage 2025 is 296,999,999.97
      And replaying the log gives the same balances

    Scenario: Committed money stays with its project and instalment
      When FIN records it with:
        | account | B220         |
        | project | KRD-1        |
        | ref     | 1            |
        | amount  | 2,000,000.01 |
      Then it is accepted
      And in year 2025 committed of project KRD-1 is 0.00
      And in year 2025 carried out of project KRD-1 is 2,000,000.01
      And in year 2026 committed of project KRD-1 is 2,000,000.01
      And in year 2026 carried in of fund STIDF and vintage 2025 is 2,000,000.01
      And replaying the log gives the same balances

    Scenario: So does that of a former project, under its older vintage
      When FIN records it with:
        | account | B220       |
        | vintage | 2024       |
        | project | OLD-MSTP   |
        | ref     | rest       |
        | amount  | 42,000,000 |
      Then it is accepted
      And in year 2026 committed of project OLD-MSTP is 42,000,000.00
      And in year 2026 carried in of fund STIDF and vintage 2024 is 42,000,000.00
      And what 2025 carried out is carried into the next year, vintage by vintage

    Scenario: Ordered money stays with its order
      When FIN records it with:
        | account | B230         |
        | ref     | ORD-1        |
        | amount  | 1,000,000.02 |
      Then it is accepted
      And in year 2025 ordered of project KRD-1 is 0.00
      And in year 2025 carried out of project KRD-1 is 1,000,000.02
      And in year 2026 ordered of project KRD-1 is 1,000,000.02
      And in year 2026 carried in of fund STIDF and vintage 2025 is 1,000,000.02
      And replaying the log gives the same balances

    Scenario Outline: It is called carry-over or surplus, and the money is the same
      When FIN records it with treatment <treatment>
      Then it is accepted
      And in year 2025 carried out of fund STIDF and vintage 2025 is 600,000,000.00
      And in year 2026 unallocated of fund STIDF and vintage 2025 is 600,000,000.00

      Examples:
        | treatment  |
        | CARRY_OVER |
        | SURPLUS    |

    Scenario: Each half has the year, the day and the period that are its own
      When FIN records it
      Then it is accepted
      And what it posts in year 2025 is effective on 2025-12-31 and belongs to period 2025-12
      And what it posts in year 2026 is effective on 2026-01-01 and belongs to period 2026-01

    Scenario: Also where it is recorded in February, and January is closed
      Given the periods up to 2025-12 are closed
      And the periods up to 2026-01 are closed
      When FIN records it with:
        | effective_on | 2026-02-10 |
        | period       | 2025-13    |
        | next_period  | 2026-02    |
      Then it is accepted
      And what it posts in year 2025 is effective on 2025-12-31 and belongs to period 2025-13
      And what it posts in year 2026 is effective on 2026-01-01 and belongs to period 2026-02
      And replaying the log gives the same balances

    Scenario: What is carried can be used from the first day of the new year
      Given FIN recorded it
      When STD proposes and FIN approves FundsAllocated:
        | fund         | STIDF       |
        | vintage      | 2025        |
        | special      | RDT-CHN     |
        | amount       | 600,000,000 |
        | effective_on | 2026-01-01  |
      Then it is accepted
      And in year 2026 available of special RDT-CHN is 600,000,000.00
      And in year 2026 unallocated of fund STIDF is 0.00

    Scenario: It is not there for the old year any more
      Given FIN recorded it
      When STD proposes and FIN approves FundsAllocated:
        | fund         | STIDF      |
        | vintage      | 2025       |
        | special      | RDT-CHN    |
        | amount       | 0.01       |
        | effective_on | 2025-12-31 |
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause V3)

    Scenario: A part goes, and the rest waits
      When FIN records it with amount 599,999,999.99
      Then it is accepted
      And in year 2025 unallocated of fund STIDF and vintage 2025 is 0.01
      And in year 2026 unallocated of fund STIDF and vintage 2025 is 599,999,999.99

    Scenario: Unallocated money belongs to no special, whatever is named
      When FIN records it with special RDT-KRD
      Then it is accepted
      And in year 2025 carried out of fund STIDF is 600,000,000.00
      And in year 2025 carried out of special RDT-KRD is 0.00

    Scenario Outline: Not a fen more than is left of the fund's vintage
      When FIN records it with:
        | fund    | <fund>    |
        | vintage | <vintage> |
        | amount  | <amount>  |
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause V3)

      Examples:
        | fund  | vintage | amount         |
        | STIDF | 2025    | 600,000,000.01 |
        | STIDF | 2024    | 5,010,000.51   |
        | STIDF | 2026    | 0.01           |
        | NSF   | 2025    | 160,000,000.01 |

    Scenario: Nor more than a special has available
      When FIN records it with:
        | account | B210           |
        | special | RDT-KRD        |
        | amount  | 296,999,999.98 |
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause V3)

    Scenario: Nor more than an instalment holds
      When FIN records it with:
        | account | B220         |
        | project | KRD-1        |
        | ref     | 1            |
        | amount  | 2,000,000.02 |
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause V3)

    Scenario: Nor more than is on its way
      When FIN records it with:
        | account | B230         |
        | ref     | ORD-1        |
        | amount  | 1,000,000.03 |
      Then it is refused with OVER_ORDERED, short 0.01 (clause V3)

    Scenario Outline: The special is named, and known
      When FIN records it with:
        | account | B210    |
        | <field> | <value> |
      Then it is refused with UNKNOWN_REFERENCE (clause <clause>)

      Examples:
        | field   | value   | clause |
        | special | RDT-NIL | V8     |
        | project | KRD-1   | F      |

    Scenario Outline: The instalment or order is there, and of the fund and vintage that are named
      When FIN records it with:
        | account | <account> |
        | fund    | <fund>    |
        | vintage | <vintage> |
        | project | <project> |
        | ref     | <ref>     |
        | amount  | 0.01      |
      Then it is refused with UNKNOWN_REFERENCE (clause <clause>)

      Examples:
        | account | fund  | vintage | project | ref   | clause |
        | B220    | NSF   | 2025    | KRD-1   | 1     | F      |
        | B220    | STIDF | 2024    | KRD-1   | 1     | F      |
        | B220    | STIDF | 2025    | KRD-1   | 2     | 四(三) |
        | B220    | STIDF | 2025    | KRD-9   | 1     | 四(三) |
        | B230    | NSF   | 2025    | KRD-1   | ORD-1 | F      |
        | B230    | STIDF | 2024    | KRD-1   | ORD-1 | F      |
        | B230    | STIDF | 2025    | KRD-1   | ORD-9 | 四(三) |

    Scenario: There is a reason
      When FIN records it without reason
      Then it is refused with DOCUMENT_MISSING (clause F)
      And the refusal says field reason

    Scenario Outline: The second half belongs to the year that follows
      When FIN records it with next_period <period>
      Then it is refused with PERIOD_ORDER (clause F)
      And the refusal says next_period <period>

      Examples:
        | period  |
        | 2025-13 |
        | 2027-01 |

    Scenario: A closed month takes no second half
      Given the periods up to 2025-12 are closed
      And the periods up to 2026-01 are closed
      When FIN records it with period 2025-13
      Then it is refused with PERIOD_CLOSED (clause F)
      And the refusal says period 2026-01

    Scenario: Nor does a closed December take the first
      Given the periods up to 2025-12 are closed
      When FIN records it
      Then it is refused with PERIOD_CLOSED (clause F)
      And the refusal says period 2025-12

    Scenario Outline: Only finance carries forward
      When <role> records it
      Then it is refused with UNAUTHORISED (clause F)

      Examples:
        | role |
        | STD  |
        | TRE  |
        | AUD  |

    Scenario Outline: The form of a carry-forward
      When FIN sends it malformed with <field> <value>
      Then the form of <field> does not fit

      Examples:
        | field       | value   |
        | account     | B240    |
        | treatment   | LAPSE   |
        | amount      | 0       |
        | amount      | -1      |
        | next_period | 2026-14 |

    Scenario: It says whether it is carry-over or surplus
      When FIN sends it malformed without treatment
      Then the form of treatment does not fit

    Scenario: What does not belong to the period is said before what is not known
      Given the periods up to 2025-12 are closed
      And the periods up to 2026-01 are closed
      When FIN records it with:
        | account | B230    |
        | ref     | ORD-9   |
        | period  | 2025-13 |
      Then it is refused with PERIOD_CLOSED (clause F)
      And the refusal says period 2026-01

    Scenario Outline: What was carried is corrected in both years at once
      Given FIN recorded it
      When FIN proposes and FIN2 approves on 2026-01-05 a correction of:
        | BalanceCarriedForward | <field> | <value> |
      Then it is accepted
      And in year 2025 unallocated of fund STIDF and vintage 2025 is <left>
      And in year 2025 carried out of fund STIDF and vintage 2025 is <carried>
      And in year 2026 carried in of fund STIDF and vintage 2025 is <carried>
      And in year 2026 unallocated of fund STIDF and vintage 2025 is <carried>
      And replaying the log gives the same balances

      Examples:
        | field      | value          | left           | carried        |
        | amount     | 599,999,999.99 | 0.01           | 599,999,999.99 |
        | taken back |                | 600,000,000.00 | 0.00           |

    Scenario: When January is closed, the correction names an open month for the second half
      Given FIN recorded it
      And the periods up to 2025-12 are closed
      And the periods up to 2026-01 are closed
      When FIN proposes and FIN2 approves on 2026-02-05 a correction of:
        | BalanceCarriedForward | amount      | 599,999,999.99 |
        | BalanceCarriedForward | next_period | 2026-02        |
      Then it is accepted
      And in year 2025 unallocated of fund STIDF and vintage 2025 is 0.01
      And in year 2026 carried in of fund STIDF is 599,999,999.99
      And what 2025 carried out is carried into the next year, vintage by vintage

    Scenario: Not once the settling period has closed
      Given FIN recorded it
      And all that 2025 still holds is carried forward in 2025-12
      And the periods up to 2025-13 are closed
      When FIN proposes and FIN2 approves on 2026-02-05 a correction of:
        | BalanceCarriedForward | taken back | |
      Then it is refused with PERIOD_CLOSED (clause F)

    Scenario: Not once the next year used of it
      Given FIN recorded it
      And STD proposed and FIN approved FundsAllocated:
        | fund         | STIDF      |
        | vintage      | 2025       |
        | special      | RDT-CHN    |
        | amount       | 0.01       |
        | effective_on | 2026-01-01 |
      When FIN proposes and FIN2 approves on 2026-01-05 a correction of:
        | BalanceCarriedForward | taken back | |
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause V3)
      And in year 2026 carried in of fund STIDF is 600,000,000.00

    Scenario: Nor does a correction carry more than is left
      Given FIN recorded it
      When FIN proposes and FIN2 approves on 2026-01-05 a correction of:
        | BalanceCarriedForward | amount | 600,000,000.01 |
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause V3)

  Rule: 政策参数 不得结转的范围

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 3,000,000.03 yuan of STIDF are committed to KRD-1 in one instalment
      And 1,000,000.02 yuan of instalment 1 of KRD-1 are ordered as ORD-1 under 拨付〔2025〕1号 on 2025-12-20
      And FIN proposed and STD approved PolicyParameterSet:
        | name         | lapse_scope       |
        | scope        | STIDF             |
        | choice       | uncommitted       |
        | document     | 内财规〔2025〕9号 |
        | effective_on | 2025-06-01        |
      And the request BalanceCarriedForward:
        | account      | B200         |
        | fund         | STIDF        |
        | vintage      | 2025         |
        | amount       | 0.01         |
        | treatment    | CARRY_OVER   |
        | reason       | 项目尚在评审 |
        | effective_on | 2025-12-31   |

    Scenario Outline: What is not committed lapses, carry-over or surplus
      When FIN records it with:
        | account   | <account>   |
        | special   | RDT-KRD     |
        | treatment | <treatment> |
      Then it is refused with LAPSED (clause P)
      And the refusal says account <account>
      And the refusal says document 内财规〔2025〕9号

      Examples:
        | account | treatment  |
        | B200    | CARRY_OVER |
        | B200    | SURPLUS    |
        | B210    | CARRY_OVER |
        | B210    | SURPLUS    |

    Scenario Outline: What is committed or ordered is carried
      When FIN records it with:
        | account | <account> |
        | project | KRD-1     |
        | ref     | <ref>     |
        | amount  | <amount>  |
      Then it is accepted
      And in year 2026 carried in of fund STIDF is <amount>

      Examples:
        | account | ref   | amount       |
        | B220    | 1     | 2,000,000.01 |
        | B230    | ORD-1 | 1,000,000.02 |

    Scenario: The other fund carries, for the rule is not its own
      When FIN records it with:
        | fund   | NSF         |
        | amount | 160,000,000 |
      Then it is accepted
      And in year 2026 unallocated of fund NSF is 160,000,000.00

    Scenario: A rule for all binds the other fund as well
      Given FIN proposed and STD approved PolicyParameterSet:
        | name         | lapse_scope       |
        | choice       | uncommitted       |
        | document     | 内财规〔2025〕8号 |
        | effective_on | 2025-01-02        |
      When FIN records it with fund NSF
      Then it is refused with LAPSED (clause P)
      And the refusal says document 内财规〔2025〕8号

    Scenario: A rule that was lifted before the year ended binds nobody
      Given FIN proposed and STD approved PolicyParameterSet:
        | name         | lapse_scope        |
        | scope        | STIDF              |
        | choice       | none               |
        | document     | 内财规〔2025〕12号 |
        | effective_on | 2025-12-01         |
      When FIN records it
      Then it is accepted
      And in year 2026 unallocated of fund STIDF is 0.01

    Scenario: One that is lifted in the new year still binds the old one, whenever that is carried
      Given FIN proposed and STD approved PolicyParameterSet:
        | name         | lapse_scope       |
        | scope        | STIDF             |
        | choice       | none              |
        | document     | 内财规〔2026〕1号 |
        | effective_on | 2026-01-01        |
      When FIN records it with:
        | effective_on | 2026-01-15 |
        | period       | 2025-13    |
      Then it is refused with LAPSED (clause P)
      And the refusal says document 内财规〔2025〕9号

    Scenario: One that begins in the new year does not bind the old one
      Given FIN proposed and STD approved PolicyParameterSet:
        | name         | lapse_scope       |
        | scope        | NSF               |
        | choice       | uncommitted       |
        | document     | 内财规〔2026〕1号 |
        | effective_on | 2026-01-01        |
      When FIN records it with:
        | fund         | NSF        |
        | effective_on | 2026-01-15 |
        | period       | 2025-13    |
      Then it is accepted
      And in year 2026 unallocated of fund NSF is 0.01

    Scenario: What may not be carried goes back to treasury
      When FIN records FundsWithdrawnToTreasury:
        | account      | B210              |
        | fund         | STIDF             |
        | vintage      | 2025              |
        | special      | RDT-KRD           |
        | amount       | 296,999,999.97    |
        | document     | 内财收〔2025〕1号 |
        | effective_on | 2025-12-31        |
      Then it is accepted
      And in year 2025 available of special RDT-KRD is 0.00
      And in year 2025 withdrawn of special RDT-KRD is 296,999,999.97

  Rule: 财政惯例:12月申请结转后,于次年1月支付

    Background:
      Given an empty ledger
      And FIN recorded AppropriationReceived:
        | fund         | STIDF             |
        | vintage      | 2025              |
        | amount       | 10,000,000.05     |
        | document     | 内财科〔2025〕1号 |
        | effective_on | 2025-01-10        |
      And 6,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 3,000,000.03 yuan of STIDF are committed to KRD-1 in one instalment
      And 1,000,000.02 yuan of instalment 1 of KRD-1 are ordered as ORD-1 under 拨付〔2025〕1号 on 2025-12-30
      And all that 2025 still holds is carried forward in 2025-12
      And the request PaymentSettled:
        | order        | ORD-1        |
        | detail       | PAY-1        |
        | amount       | 1,000,000.02 |
        | effective_on | 2026-01-06   |

    Scenario: It is spending of the year in which it is paid
      When TRE records it
      Then it is accepted
      And in year 2025 disbursed of project KRD-1 is 0.00
      And in year 2025 ordered of project KRD-1 is 0.00
      And in year 2026 ordered of project KRD-1 is 0.00
      And in year 2026 disbursed of project KRD-1 is 1,000,000.02
      And in year 2025 carried out of project KRD-1 is 3,000,000.03
      And what 2025 carried out is carried into the next year, vintage by vintage
      And replaying the log gives the same balances

    Scenario: More than was carried is kept apart
      When TRE records it with amount 1,000,000.03
      Then it is recorded as UnmatchedSettlementRecorded
      And in year 2026 ordered of project KRD-1 is 1,000,000.02
      And in year 2026 suspense of fund STIDF is 1,000,000.03

    Scenario: The old year holds it no more
      When TRE records it with:
        | effective_on | 2025-12-31 |
        | period       | 2025-13    |
      Then it is recorded as UnmatchedSettlementRecorded
      And in year 2025 suspense of fund STIDF is 1,000,000.02
      And in year 2026 ordered of project KRD-1 is 1,000,000.02

    Scenario: While it is carried, the order does not explain what the old year paid
      Given TRE recorded it with period 2025-13
      When FIN records SuspenseCleared:
        | item         | PAY-1        |
        | order        | ORD-1        |
        | amount       | 1,000,000.02 |
        | effective_on | 2026-01-10   |
        | period       | 2025-13      |
      Then it is refused with OVER_ORDERED, short 1,000,000.02 (clause V3)

    Scenario: The carry is taken back, and the order explains what was paid in December
      Given TRE recorded it with period 2025-13
      And two people of finance took back BalanceCarriedForward ORD-1 on 2026-01-10
      When FIN records SuspenseCleared:
        | item         | PAY-1        |
        | order        | ORD-1        |
        | amount       | 1,000,000.02 |
        | effective_on | 2026-01-10   |
        | period       | 2025-13      |
      Then it is accepted
      And in year 2025 disbursed of project KRD-1 is 1,000,000.02
      And in year 2025 suspense of fund STIDF is 0.00
      And in year 2025 ordered of project KRD-1 is 0.00
      And in year 2026 ordered of project KRD-1 is 0.00
      And in year 2026 carried in of fund STIDF and vintage 2025 is 9,000,000.03
      And what 2025 carried out is carried into the next year, vintage by vintage
      And replaying the log gives the same balances

    Scenario: Then the year closes
      Given TRE recorded it with period 2025-13
      And two people of finance took back BalanceCarriedForward ORD-1 on 2026-01-10
      And FIN recorded SuspenseCleared:
        | item         | PAY-1        |
        | order        | ORD-1        |
        | amount       | 1,000,000.02 |
        | effective_on | 2026-01-10   |
        | period       | 2025-13      |
      When FIN records YearClosed:
        | year         | 2025       |
        | effective_on | 2026-01-20 |
      Then it is accepted
      And in year 2025 carried out of project KRD-1 is 2,000,000.01

    Scenario: A carry that the new year paid from is not taken back
      Given TRE recorded it with amount 0.01
      When FIN proposes and FIN2 approves on 2026-01-10 a correction of:
        | BalanceCarriedForward | taken back | |
      Then it is refused with OVER_ORDERED, short 0.01 (clause V3)
      And in year 2026 ordered of project KRD-1 is 1,000,000.01

    Scenario: The bank rejects it, and the instalment is open in the new year
      When TRE records PaymentRejected:
        | order        | ORD-1        |
        | amount       | 1,000,000.02 |
        | detail       | REJ-1        |
        | effective_on | 2026-01-08   |
      Then it is accepted
      And in year 2026 ordered of project KRD-1 is 0.00
      And in year 2026 committed of project KRD-1 is 3,000,000.03
      And in year 2025 committed of project KRD-1 is 0.00

    Scenario: It is cancelled in the new year
      When STD records PaymentOrderCancelled:
        | order        | ORD-1      |
        | reason       | 账户有误   |
        | effective_on | 2026-01-05 |
      Then it is accepted
      And in year 2026 ordered of project KRD-1 is 0.00
      And in year 2026 committed of project KRD-1 is 3,000,000.03

    Scenario: Paid in January and refunded in the same year, it opens the instalment again
      Given TRE recorded it
      When TRE records PaymentRefunded:
        | settlement   | PAY-1      |
        | amount       | 400,000.01 |
        | detail       | REF-1      |
        | effective_on | 2026-06-02 |
      Then it is accepted
      And in year 2026 disbursed of project KRD-1 is 600,000.01
      And in year 2026 committed of project KRD-1 is 2,400,000.02
      And returned earlier years of project KRD-1 is 0.00
      And what 2025 carried out is carried into the next year, vintage by vintage
      And replaying the log gives the same balances

    Scenario: And may be ordered again under the same document
      Given TRE recorded it
      And TRE recorded PaymentRefunded:
        | settlement   | PAY-1      |
        | amount       | 400,000.01 |
        | detail       | REF-1      |
        | effective_on | 2026-06-02 |
      When STD records PaymentOrdered:
        | order        | ORD-2           |
        | project      | KRD-1           |
        | instalment   | 1               |
        | amount       | 2,400,000.02    |
        | payee        | @university     |
        | document     | 拨付〔2025〕1号 |
        | effective_on | 2026-06-03      |
      Then it is accepted
      And in year 2026 ordered of project KRD-1 is 2,400,000.02
      And in year 2026 committed of project KRD-1 is 0.00

  Rule: 财政惯例:年度结账前,余额须全部结转或收回

    Background:
      Given an empty ledger
      And FIN recorded AppropriationReceived:
        | fund         | STIDF             |
        | vintage      | 2025              |
        | amount       | 10,000,000.05     |
        | document     | 内财科〔2025〕1号 |
        | effective_on | 2025-01-10        |
      And 6,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 3,000,000.03 yuan of STIDF are committed to KRD-1 in one instalment
      And 1,000,000.02 yuan of KRD-1 are ordered as ORD-1 and settled as PAY-1
      And 500,000 yuan of instalment 1 of KRD-1 are ordered as ORD-2 under 拨付〔2025〕2号 on 2025-12-20
      And the request YearClosed:
        | year         | 2025       |
        | effective_on | 2026-01-20 |

    Scenario: A year that still holds money does not close
      When FIN records it
      Then it is refused with YEAR_NOT_CLEARED, short 9,000,000.03 (clause V10)
      And the refusal says accounts B200 B210 B220 B230

    Scenario Outline: Nor over one balance that was forgotten
      Given all that 2025 still holds in <others> is carried forward in 2025-12
      When FIN records it
      Then it is refused with YEAR_NOT_CLEARED, short <left> (clause V10)
      And the refusal says accounts <account>

      Examples:
        | others         | account | left         |
        | B210 B220 B230 | B200    | 4,000,000.05 |
        | B200 B220 B230 | B210    | 2,999,999.97 |
        | B200 B210 B230 | B220    | 1,500,000.01 |
        | B200 B210 B220 | B230    | 500,000.00   |

    Scenario: Nor over a payment that nobody explained
      Given all that 2025 still holds is carried forward in 2025-12
      And TRE recorded UnmatchedSettlementRecorded:
        | item         | PAY-9      |
        | fund         | UNKNOWN    |
        | amount       | 0.01       |
        | effective_on | 2025-12-31 |
      When FIN records it
      Then it is refused with YEAR_NOT_CLEARED, short 0.01 (clause V10)
      And the refusal says accounts X900

    Scenario: All is carried forward, and the year closes
      Given all that 2025 still holds is carried forward in 2025-12
      When FIN records it
      Then it is accepted
      And it posts nothing
      And in year 2025 carried out of fund STIDF and vintage 2025 is 9,000,000.03
      And in year 2025 disbursed of fund STIDF is 1,000,000.02
      And in year 2026 carried in of fund STIDF and vintage 2025 is 9,000,000.03
      And in year 2026 unallocated of fund STIDF is 4,000,000.05
      And in year 2026 available of special RDT-KRD is 2,999,999.97
      And in year 2026 committed of project KRD-1 is 1,500,000.01
      And in year 2026 ordered of project KRD-1 is 500,000.00
      And in year 2026 disbursed of fund STIDF is 0.00
      And what 2025 carried out is carried into the next year, vintage by vintage
      And replaying the log gives the same balances

    Scenario: What is withdrawn need not be carried
      Given all that 2025 still holds in B210 B220 B230 is carried forward in 2025-12
      And FIN recorded FundsWithdrawnToTreasury:
        | account      | B200              |
        | fund         | STIDF             |
        | vintage      | 2025              |
        | amount       | 4,000,000.05      |
        | document     | 内财收〔2025〕1号 |
        | effective_on | 2025-12-31        |
      When FIN records it
      Then it is accepted
      And in year 2025 withdrawn of fund STIDF is 4,000,000.05
      And in year 2025 carried out of fund STIDF is 4,999,999.98
      And in year 2026 carried in of fund STIDF is 4,999,999.98
      And in year 2026 unallocated of fund STIDF is 0.00

    Scenario: A year closes once
      Given all that 2025 still holds is carried forward in 2025-12
      And FIN recorded it
      When FIN records it with effective_on 2026-01-21
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause F)

    Scenario Outline: Years close in order, from the first one on
      Given all that 2025 still holds is carried forward in 2025-12
      When FIN records it with year <year>
      Then it is refused with PERIOD_ORDER (clause F)
      And the refusal says first_fiscal_year 2025

      Examples:
        | year |
        | 2024 |
        | 2026 |

    Scenario: A ledger in which nothing happened has no year to close
      Given an empty ledger
      When FIN records it
      Then it is refused with PERIOD_ORDER (clause F)

    Scenario: The next year closes after it, and the vintage is still that of the quota
      Given all that 2025 still holds is carried forward in 2025-12
      And FIN recorded it
      And all that 2026 still holds is carried forward in 2026-12
      When FIN records it with:
        | year         | 2026       |
        | effective_on | 2027-01-20 |
      Then it is accepted
      And in year 2026 carried out of fund STIDF and vintage 2025 is 9,000,000.03
      And in year 2027 carried in of fund STIDF and vintage 2025 is 9,000,000.03
      And in year 2027 ordered of project KRD-1 is 500,000.00
      And what 2026 carried out is carried into the next year, vintage by vintage
      And replaying the log gives the same balances

    Scenario Outline: All its periods are closed with it
      Given all that 2025 still holds is carried forward in 2025-12
      And FIN recorded it
      When TRE records UnmatchedSettlementRecorded:
        | item         | PAY-9      |
        | fund         | UNKNOWN    |
        | amount       | 12.34      |
        | effective_on | 2025-12-31 |
        | period       | <period>   |
      Then it is refused with PERIOD_CLOSED (clause F)
      And the refusal says period <period>

      Examples:
        | period  |
        | 2025-01 |
        | 2025-12 |
        | 2025-13 |

    Scenario: A late payment of the closed year is posted to the new one
      Given all that 2025 still holds is carried forward in 2025-12
      And FIN recorded it
      When TRE records PaymentSettled:
        | order        | ORD-2      |
        | detail       | PAY-2      |
        | amount       | 500,000    |
        | effective_on | 2025-12-31 |
        | period       | 2026-01    |
      Then it is accepted
      And all it posts is effective on 2025-12-31 and belongs to period 2026-01
      And in year 2025 disbursed of project KRD-1 is 1,000,000.02
      And in year 2026 disbursed of project KRD-1 is 500,000.00

    Scenario: So is one that names no period
      Given all that 2025 still holds is carried forward in 2025-12
      And FIN recorded it
      When TRE records PaymentSettled:
        | order        | ORD-2      |
        | detail       | PAY-2      |
        | amount       | 500,000    |
        | effective_on | 2025-12-31 |
      Then it is accepted
      And all it posts is effective on 2025-12-31 and belongs to period 2026-01
      And in year 2026 disbursed of project KRD-1 is 500,000.00
      And replaying the log gives the same balances

    Scenario: None of them closes once more
      Given all that 2025 still holds is carried forward in 2025-12
      And FIN recorded it
      When FIN records PeriodClosed:
        | closes       | 2025-07    |
        | effective_on | 2026-01-21 |
      Then it is refused with PERIOD_CLOSED (clause F)
      And the refusal says period 2025-07

    Scenario: January closes after the year
      Given all that 2025 still holds is carried forward in 2025-12
      And FIN recorded it
      When FIN records PeriodClosed:
        | closes       | 2026-01    |
        | effective_on | 2026-02-05 |
      Then it is accepted

    Scenario Outline: Only finance closes a year
      Given all that 2025 still holds is carried forward in 2025-12
      When <role> records it
      Then it is refused with UNAUTHORISED (clause F)

      Examples:
        | role |
        | STD  |
        | TRE  |
        | AUD  |

    Scenario: A closed year is not opened again, by no correction
      Given all that 2025 still holds is carried forward in 2025-12
      And FIN recorded it
      When FIN proposes and FIN2 approves on 2026-02-10 a correction of:
        | YearClosed | taken back |  |
      Then it is refused with NOT_CORRECTABLE (clause F)

  Rule: 财政惯例:下年指标可在本年结账前到达

    Background:
      Given an empty ledger
      And FIN recorded AppropriationReceived:
        | fund         | STIDF             |
        | vintage      | 2025              |
        | amount       | 10,000,000.05     |
        | document     | 内财科〔2025〕1号 |
        | effective_on | 2025-01-10        |
      And the request AppropriationReceived:
        | fund         | STIDF             |
        | vintage      | 2026              |
        | amount       | 20,000,000.07     |
        | document     | 内财科〔2026〕1号 |
        | effective_on | 2026-01-05        |

    Scenario: It is quota of the new year, beside what the old one still holds
      When FIN records it
      Then it is accepted
      And in year 2026 unallocated of fund STIDF and vintage 2026 is 20,000,000.07
      And in year 2025 unallocated of fund STIDF is 10,000,000.05
      And replaying the log gives the same balances

    Scenario: It does not weigh on the closing of the old year
      Given FIN recorded it
      When FIN records YearClosed:
        | year         | 2025       |
        | effective_on | 2026-01-20 |
      Then it is refused with YEAR_NOT_CLEARED, short 10,000,000.05 (clause V10)

    Scenario: What is carried in stands beside it, each under its vintage
      Given FIN recorded it
      And all that 2025 still holds is carried forward in 2025-13
      When FIN records YearClosed:
        | year         | 2025       |
        | effective_on | 2026-01-20 |
      Then it is accepted
      And in year 2026 appropriated of fund STIDF is 20,000,000.07
      And in year 2026 carried in of fund STIDF is 10,000,000.05
      And in year 2026 unallocated of fund STIDF and vintage 2026 is 20,000,000.07
      And in year 2026 unallocated of fund STIDF and vintage 2025 is 10,000,000.05
      And what 2025 carried out is carried into the next year, vintage by vintage
      And replaying the log gives the same balances

  Rule: 财政惯例:已结账年度不得更正

    Background:
      Given an empty ledger
      And FIN recorded AppropriationReceived:
        | fund         | STIDF             |
        | vintage      | 2025              |
        | amount       | 10,000,000.05     |
        | document     | 内财科〔2025〕1号 |
        | effective_on | 2025-01-10        |
      And 6,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 3,000,000.03 yuan of STIDF are committed to KRD-1 in one instalment
      And 1,000,000.02 yuan of KRD-1 are ordered as ORD-1 and settled as PAY-1
      And all that 2025 still holds is carried forward in 2025-12
      And FIN recorded YearClosed:
        | year         | 2025       |
        | effective_on | 2026-01-20 |

    Scenario Outline: What was posted in it stays
      When FIN proposes and FIN2 approves on 2026-02-10 a correction of:
        | <kind> | <field> | <value> |
      Then it is refused with PERIOD_CLOSED (clause F)
      And the refusal says year 2025
      And in year 2025 disbursed of project KRD-1 is 1,000,000.02
      And in year 2026 available of special RDT-KRD is 2,999,999.97

      Examples:
        | kind                  | field      | value     |
        | FundsAllocated        | amount     | 6,000,001 |
        | PaymentSettled        | taken back |           |
        | PaymentSettled        | amount     | 1,000,000 |
        | BalanceCarriedForward | amount     | 1         |
        | BalanceCarriedForward | taken back |           |

    Scenario: Nothing is corrected into it
      Given FIN recorded AppropriationReceived:
        | fund         | STIDF             |
        | vintage      | 2025              |
        | amount       | 20,000,000.07     |
        | document     | 内财科〔2026〕1号 |
        | effective_on | 2026-01-25        |
      When FIN proposes and FIN2 approves on 2026-02-10 a correction of:
        | AppropriationReceived | effective_on | 2025-12-31 |
      Then it is refused with PERIOD_CLOSED (clause F)
      And the refusal says year 2025
      And in year 2025 appropriated of fund STIDF is 10,000,000.05

    Scenario: Nor does a correction belong to it
      Given FIN recorded AppropriationReceived:
        | fund         | STIDF             |
        | vintage      | 2026              |
        | amount       | 20,000,000.07     |
        | document     | 内财科〔2026〕1号 |
        | effective_on | 2026-01-25        |
      When FIN proposes and FIN2 approves on 2025-12-31 a correction of:
        | AppropriationReceived | amount | 20,000,000 |
      Then it is refused with PERIOD_CLOSED (clause F)
      And the refusal says period 2025-12

    Scenario: The new year is corrected as ever
      Given FIN recorded AppropriationReceived:
        | fund         | STIDF             |
        | vintage      | 2026              |
        | amount       | 20,000,000.07     |
        | document     | 内财科〔2026〕1号 |
        | effective_on | 2026-01-25        |
      When FIN proposes and FIN2 approves on 2026-02-10 a correction of:
        | AppropriationReceived | amount | 20,000,000 |
      Then it is accepted
      And in year 2026 appropriated of fund STIDF is 20,000,000.00
      And replaying the log gives the same balances

  Rule: 财政惯例:以决算文件为准调整结转

    Background:
      Given an empty ledger
      And FIN recorded AppropriationReceived:
        | fund         | STIDF             |
        | vintage      | 2025              |
        | amount       | 10,000,000.05     |
        | document     | 内财科〔2025〕1号 |
        | effective_on | 2025-01-10        |
      And 6,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 3,000,000.03 yuan of STIDF are committed to KRD-1 in one instalment
      And 1,000,000.02 yuan of KRD-1 are ordered as ORD-1 and settled as PAY-1
      And 500,000 yuan of instalment 1 of KRD-1 are ordered as ORD-2 under 拨付〔2025〕2号 on 2025-12-20
      And FIN recorded FundsWithdrawnToTreasury:
        | account      | B200              |
        | fund         | STIDF             |
        | vintage      | 2025              |
        | amount       | 1,000,000         |
        | document     | 内财收〔2025〕1号 |
        | effective_on | 2025-12-20        |
      And FIN recorded FundsWithdrawnToTreasury:
        | account      | B210              |
        | fund         | STIDF             |
        | vintage      | 2025              |
        | special      | RDT-KRD           |
        | amount       | 200,000           |
        | document     | 内财收〔2025〕1号 |
        | effective_on | 2025-12-20        |
      And FIN recorded FundsWithdrawnToTreasury:
        | account      | B220              |
        | fund         | STIDF             |
        | vintage      | 2025              |
        | project      | KRD-1             |
        | instalment   | 1                 |
        | amount       | 100,000           |
        | document     | 内财收〔2025〕1号 |
        | effective_on | 2025-12-20        |
      And all that 2025 still holds is carried forward in 2025-12
      And FIN recorded YearClosed:
        | year         | 2025       |
        | effective_on | 2026-01-20 |
      And TRE recorded PaymentRefunded:
        | settlement   | PAY-1      |
        | amount       | 300,000.01 |
        | detail       | REF-1      |
        | effective_on | 2026-02-03 |
      And the request CarryForwardAdjusted:
        | year         | 2025              |
        | against      | B240              |
        | settlement   | PAY-1             |
        | account      | B220              |
        | project      | KRD-1             |
        | instalment   | 1                 |
        | fund         | STIDF             |
        | vintage      | 2025              |
        | amount       | 300,000.01        |
        | document     | 内财决〔2026〕1号 |
        | effective_on | 2026-03-31        |

    Scenario: More: what was refunded to treasury is quota again
      When FIN records it
      Then it is accepted
      And in year 2025 disbursed of project KRD-1 is 700,000.01
      And in year 2025 carried out of project KRD-1 is 2,200,000.02
      And in year 2025 carried out of fund STIDF is 8,000,000.04
      And in year 2026 carried in of fund STIDF and vintage 2025 is 8,000,000.04
      And in year 2026 committed of project KRD-1 is 1,700,000.02
      And returned earlier years of project KRD-1 is 300,000.01
      And what 2025 carried out is carried into the next year, vintage by vintage
      And replaying the log gives the same balances

    Scenario: It is the only kind that posts into a closed year, and does so in an open period
      When FIN records it
      Then it is accepted
      And what it posts in year 2025 is effective on 2025-12-31 and belongs to period 2026-03
      And what it posts in year 2026 is effective on 2026-01-01 and belongs to period 2026-03

    Scenario: Before it the instalment has no more than was carried
      When STD records PaymentOrdered:
        | order        | ORD-3        |
        | project      | KRD-1        |
        | instalment   | 1            |
        | amount       | 1,400,000.02 |
        | payee        | @university  |
        | document     | 拨付-ORD-1   |
        | effective_on | 2026-04-01   |
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause V3)

    Scenario: After it the refunded payment is ordered again
      Given FIN recorded it
      When STD records PaymentOrdered:
        | order        | ORD-3        |
        | project      | KRD-1        |
        | instalment   | 1            |
        | amount       | 1,700,000.02 |
        | payee        | @university  |
        | document     | 拨付-ORD-1   |
        | effective_on | 2026-04-01   |
      Then it is accepted
      And in year 2026 committed of project KRD-1 is 0.00
      And in year 2026 ordered of project KRD-1 is 2,200,000.02

    Scenario: Less: more was paid in the old year than was carried out of it
      When FIN records it with amount -300,000.01
      Then it is accepted
      And in year 2025 disbursed of project KRD-1 is 1,300,000.03
      And in year 2025 carried out of project KRD-1 is 1,600,000.00
      And in year 2026 carried in of fund STIDF and vintage 2025 is 7,400,000.02
      And in year 2026 committed of project KRD-1 is 1,100,000.00
      And what 2025 carried out is carried into the next year, vintage by vintage
      And replaying the log gives the same balances

    Scenario: Restored to the special instead of the project
      When FIN records it with:
        | account | B210    |
        | special | RDT-KRD |
      Then it is accepted
      And in year 2025 disbursed of project KRD-1 is 700,000.01
      And in year 2026 available of special RDT-KRD is 3,099,999.98
      And in year 2026 committed of project KRD-1 is 1,400,000.01
      And what 2025 carried out is carried into the next year, vintage by vintage

    Scenario: Restored to the fund, it belongs to no special
      When FIN records it with:
        | account | B200    |
        | special | RDT-KRD |
      Then it is accepted
      And in year 2025 disbursed of project KRD-1 is 700,000.01
      And in year 2026 unallocated of fund STIDF is 3,300,000.06
      And in year 2025 carried out of fund STIDF is 8,000,000.04
      And in year 2025 carried out of special RDT-KRD is 4,699,999.98

    Scenario: What was withdrawn from the fund is carried after all
      When FIN records CarryForwardAdjusted:
        | year         | 2025              |
        | against      | B250              |
        | account      | B200              |
        | fund         | STIDF             |
        | vintage      | 2025              |
        | amount       | 1,000,000         |
        | document     | 内财决〔2026〕1号 |
        | effective_on | 2026-03-31        |
      Then it is accepted
      And in year 2025 withdrawn of fund STIDF is 300,000.00
      And in year 2026 unallocated of fund STIDF is 4,000,000.05
      And what 2025 carried out is carried into the next year, vintage by vintage
      And replaying the log gives the same balances

    Scenario: What was withdrawn from a special is carried after all
      When FIN records CarryForwardAdjusted:
        | year         | 2025              |
        | against      | B250              |
        | account      | B210              |
        | special      | RDT-KRD           |
        | fund         | STIDF             |
        | vintage      | 2025              |
        | amount       | 200,000           |
        | document     | 内财决〔2026〕1号 |
        | effective_on | 2026-03-31        |
      Then it is accepted
      And in year 2025 withdrawn of special RDT-KRD is 100,000.00
      And in year 2026 available of special RDT-KRD is 2,999,999.97

    Scenario: What was withdrawn from a project is carried after all
      When FIN records it with:
        | against | B250    |
        | amount  | 100,000 |
      Then it is accepted
      And in year 2025 withdrawn of project KRD-1 is 0.00
      And in year 2025 withdrawn of fund STIDF is 1,200,000.00
      And in year 2026 committed of project KRD-1 is 1,500,000.01

    Scenario: What was carried out is withdrawn from the old year after all
      When FIN records it with:
        | against | B250          |
        | amount  | -1,400,000.01 |
      Then it is accepted
      And in year 2025 withdrawn of project KRD-1 is 1,500,000.01
      And in year 2025 carried out of project KRD-1 is 500,000.00
      And in year 2026 committed of project KRD-1 is 0.00
      And what 2025 carried out is carried into the next year, vintage by vintage

    Scenario Outline: Not a fen more than the old year paid or withdrew
      When FIN records it with:
        | against | <against> |
        | account | <account> |
        | special | RDT-KRD   |
        | amount  | <amount>  |
      Then it is refused with OVER_OUTSTANDING, short 0.01 (clause V3)

      Examples:
        | against | account | amount       |
        | B240    | B220    | 1,000,000.03 |
        | B240    | B210    | 1,000,000.03 |
        | B250    | B220    | 100,000.01   |
        | B250    | B210    | 200,000.01   |

    Scenario: Not a fen less than the new year still holds
      When FIN records it with amount -1,400,000.02
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause V3)

    Scenario: Nor less than was carried out
      When FIN records it with amount -1,900,000.02
      Then it is refused with OVER_OUTSTANDING, short 0.01 (clause V3)

    Scenario: What the new year spent meanwhile is not taken from it
      Given 1,400,000.01 yuan of instalment 1 of KRD-1 are ordered as ORD-3 under 拨付〔2026〕1号 on 2026-02-20
      When FIN records it with amount -0.01
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause V3)

    Scenario: An adjustment that was wrong is undone by its mirror
      Given FIN recorded it
      When FIN records it with amount -300,000.01
      Then it is accepted
      And in year 2025 disbursed of project KRD-1 is 1,000,000.02
      And in year 2025 carried out of fund STIDF is 7,700,000.03
      And in year 2026 carried in of fund STIDF is 7,700,000.03
      And in year 2026 committed of project KRD-1 is 1,400,000.01
      And replaying the log gives the same balances

    Scenario Outline: What came back and is quota again counts once: the rest of the payment can be demanded back
      Given FIN recorded it with amount <restored>
      When STD proposes and FIN approves RecoveryOrdered:
        | settlement   | PAY-1      |
        | amount       | <demanded> |
        | reason       | 项目终止   |
        | effective_on | 2026-04-01 |
      Then it is <outcome>
      And returned earlier years of project KRD-1 is 300,000.01
      And replaying the log gives the same balances

      Examples:
        | restored   | demanded   | outcome                                               |
        | 300,000.01 | 700,000.01 | accepted                                              |
        | 300,000.01 | 700,000.02 | refused with OVER_OUTSTANDING, short 0.01 (clause 三(一)) |
        | 100,000    | 700,000.01 | accepted                                              |
        | 100,000    | 700,000.02 | refused with OVER_OUTSTANDING, short 0.01 (clause 三(一)) |
        | 300,000.02 | 700,000.00 | accepted                                              |
        | 300,000.02 | 700,000.01 | refused with OVER_OUTSTANDING, short 0.01 (clause 三(一)) |

    Scenario Outline: Or can be refunded
      Given FIN recorded it
      When TRE records PaymentRefunded:
        | settlement   | PAY-1      |
        | amount       | <amount>   |
        | detail       | REF-2      |
        | effective_on | 2026-04-01 |
      Then it is <outcome>
      And returned earlier years of project KRD-1 is <returned>

      Examples:
        | amount     | outcome                              | returned     |
        | 700,000.01 | accepted                             | 1,000,000.02 |
        | 700,000.02 | recorded as UnmatchedReceiptRecorded | 300,000.01   |

    Scenario: Undone by its mirror, what came back counts as returned again
      Given FIN recorded it
      And FIN recorded it with amount -300,000.01
      When STD proposes and FIN approves RecoveryOrdered:
        | settlement   | PAY-1      |
        | amount       | 700,000.02 |
        | reason       | 项目终止   |
        | effective_on | 2026-04-01 |
      Then it is refused with OVER_OUTSTANDING, short 0.01 (clause 三(一))
      And in year 2025 disbursed of project KRD-1 is 1,000,000.02
      And returned earlier years of project KRD-1 is 300,000.01

    Scenario: A refund that is quota again is not taken back
      Given FIN recorded it
      When FIN proposes and FIN2 approves on 2026-04-10 a correction of:
        | PaymentRefunded | taken back | |
      Then it is refused with OVER_OUTSTANDING, short 300,000.01

    Scenario Outline: It is not corrected
      Given FIN recorded it
      When FIN proposes and FIN2 approves on 2026-04-10 a correction of:
        | CarryForwardAdjusted | <field> | <value> |
      Then it is refused with PERIOD_CLOSED (clause F)
      And the refusal says year 2025

      Examples:
        | field      | value |
        | amount     | 0.01  |
        | taken back |       |

    Scenario: A year that is still open is not adjusted
      When FIN records CarryForwardAdjusted:
        | year         | 2026              |
        | against      | B250              |
        | account      | B200              |
        | fund         | STIDF             |
        | vintage      | 2025              |
        | amount       | -0.01             |
        | document     | 内财决〔2026〕1号 |
        | effective_on | 2026-03-31        |
      Then it is refused with PERIOD_ORDER (clause F)
      And the refusal says year 2026

    Scenario: That is said before what is not known
      When FIN records it with:
        | year       | 2026  |
        | settlement | PAY-9 |
      Then it is refused with PERIOD_ORDER (clause F)
      And the refusal says year 2026

    Scenario: Nor is one whose next year is closed as well
      Given all that 2026 still holds is carried forward in 2026-12
      And FIN recorded YearClosed:
        | year         | 2026       |
        | effective_on | 2027-01-20 |
      When FIN records it with effective_on 2027-03-31
      Then it is refused with PERIOD_CLOSED (clause F)
      And the refusal says year 2026

    Scenario Outline: What it names is there, and of the fund and vintage that are named
      When FIN records it with <field> <value>
      Then it is refused with UNKNOWN_REFERENCE (clause <clause>)

      Examples:
        | field      | value | clause |
        | fund       | NSF   | F      |
        | vintage    | 2024  | F      |
        | settlement | PAY-9 | 四(三) |
        | project    | KRD-9 | 四(三) |
        | instalment | 2     | 四(三) |

    Scenario: A payment of the new year is none of the old one
      Given 500,000 yuan of order ORD-2 are settled as PAY-2 on 2026-02-10
      When FIN records it with settlement PAY-2
      Then it is refused with UNKNOWN_REFERENCE (clause F)

    Scenario: A payment of one project restores nothing to another
      Given STD recorded ProjectRegistered:
        | project      | KRD-9               |
        | special      | RDT-KRD             |
        | title        | Another (synthetic) |
        | mode         | COMPETITIVE         |
        | undertaker   | @university         |
        | external_id  | X-KRD-9             |
        | function     | 2060499             |
        | effective_on | 2026-03-01          |
      And STD recorded PreFundingCommitted:
        | project      | KRD-9        |
        | fund         | STIDF        |
        | vintage      | 2025         |
        | amount       | 1,000,000    |
        | instalments  | 1: 1,000,000 |
        | effective_on | 2026-03-02   |
      When FIN records it with project KRD-9
      Then it is refused with UNKNOWN_REFERENCE (clause F)
      And the refusal says project KRD-9

    Scenario: An instalment of another vintage gets nothing of this one
      Given FIN recorded AppropriationReceived:
        | fund         | STIDF             |
        | vintage      | 2026              |
        | amount       | 2,000,000         |
        | document     | 内财科〔2026〕1号 |
        | effective_on | 2026-01-25        |
      And STD proposed and FIN approved FundsAllocated:
        | fund         | STIDF      |
        | vintage      | 2026       |
        | special      | RDT-KRD    |
        | amount       | 2,000,000  |
        | effective_on | 2026-02-01 |
      And STD recorded PreFundingCommitted:
        | project      | KRD-1        |
        | fund         | STIDF        |
        | vintage      | 2026         |
        | amount       | 2,000,000    |
        | instalments  | 2: 2,000,000 |
        | effective_on | 2026-02-10   |
      When FIN records it with instalment 2
      Then it is refused with UNKNOWN_REFERENCE (clause F)
      And in year 2026 committed of project KRD-1 is 3,400,000.01

    Scenario Outline: What is restored to a special names one that is known
      When FIN records it with:
        | account | B210    |
        | <field> | <value> |
      Then it is refused with UNKNOWN_REFERENCE (clause <clause>)
      And in year 2025 disbursed of project KRD-1 is 1,000,000.02

      Examples:
        | field   | value   | clause |
        | special | RDT-NIL | V8     |
        | project | KRD-1   | F      |

    Scenario: There is a document
      When FIN records it without document
      Then it is refused with DOCUMENT_MISSING (clause F)

    Scenario: A closed month takes no adjustment
      Given the periods up to 2026-03 are closed
      When FIN records it
      Then it is refused with PERIOD_CLOSED (clause F)
      And the refusal says period 2026-03

    Scenario Outline: Only finance adjusts
      When <role> records it
      Then it is refused with UNAUTHORISED (clause F)

      Examples:
        | role |
        | STD  |
        | TRE  |
        | AUD  |

    Scenario Outline: The form of an adjustment
      When FIN sends it malformed with <field> <value>
      Then the form of <field> does not fit

      Examples:
        | field   | value |
        | against | B245  |
        | account | B230  |
        | amount  | 0     |
        | amount  | 0.001 |

  Rule: 政策参数 满几年未用完列为结余

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 3,000,000.03 yuan of STIDF are committed to KRD-1 in one instalment
      And 1,000,000.02 yuan of instalment 1 of KRD-1 are ordered as ORD-1 under 拨付〔2025〕1号 on 2025-12-20

    Scenario Outline: A vintage is as old as the years in which it was not used up, and surplus from the age on that the rule says
      Given FIN proposed and STD approved PolicyParameterSet:
        | name         | surplus_years      |
        | years        | <years>            |
        | document     | 内财规〔2025〕11号 |
        | effective_on | 2025-06-01         |
      When the year's end of 2025 is tried on 2026-01-20
      Then nothing stands against it
      And 73,260,000.00 of fund STIDF and vintage 2024 would be <older>
      And 900,000,000.00 of fund STIDF and vintage 2025 would be carried over

      Examples:
        | years | older        |
        | 2     | surplus      |
        | 3     | carried over |

    Scenario: What is set for a fund holds for that fund alone
      Given FIN proposed and STD approved PolicyParameterSet:
        | name         | surplus_years      |
        | years        | 3                  |
        | document     | 内财规〔2025〕11号 |
        | effective_on | 2025-06-01         |
      And FIN proposed and STD approved PolicyParameterSet:
        | name         | surplus_years      |
        | scope        | NSF                |
        | years        | 2                  |
        | document     | 内财规〔2025〕12号 |
        | effective_on | 2025-06-01         |
      When the year's end of 2025 is tried on 2026-01-20
      Then nothing stands against it
      And 13,000,000.00 of fund NSF and vintage 2024 would be surplus
      And 73,260,000.00 of fund STIDF and vintage 2024 would be carried over

    Scenario: Where no rule is in force on the year's last day, what becomes of an older vintage is undecided
      Given FIN proposed and STD approved PolicyParameterSet:
        | name         | surplus_years     |
        | years        | 2                 |
        | document     | 内财规〔2026〕1号 |
        | effective_on | 2026-01-01        |
      When the year's end of 2025 is tried on 2026-01-20
      Then 6 balances stand against it with PARAMETER_MISSING
      And 73,260,000.00 of fund STIDF and vintage 2024 would be undecided
      And 160,000,000.00 of fund NSF and vintage 2025 would be carried over

  Rule: 财政惯例:年终结转逐笔试算,经审批一次记入

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 3,000,000.03 yuan of STIDF are committed to KRD-1 in one instalment
      And 1,000,000.02 yuan of instalment 1 of KRD-1 are ordered as ORD-1 under 拨付〔2025〕1号 on 2025-12-20
      And FIN proposed and STD approved PolicyParameterSet:
        | name         | surplus_years      |
        | years        | 2                  |
        | document     | 内财规〔2025〕11号 |
        | effective_on | 2025-06-01         |

    Scenario: All that the year holds is carried, vintage by vintage, and the year closes
      When FIN proposes and STD approves the year's end of 2025 on 2026-01-20
      Then it is accepted
      And what 2025 carried out is carried into the next year, vintage by vintage
      And in year 2026 carried in of fund STIDF and vintage 2025 is 900,000,000.00
      And in year 2026 carried in of fund STIDF and vintage 2024 is 73,260,000.00
      And in year 2026 committed of project KRD-1 is 2,000,000.01
      And in year 2026 ordered of project KRD-1 is 1,000,000.02
      And in year 2025 carried out of fund NSF is 173,000,000.00
      And replaying the log gives the same balances

    Scenario: What lapses by the rule of its fund goes back to treasury, and the rest is carried
      Given FIN proposed and STD approved PolicyParameterSet:
        | name         | lapse_scope       |
        | scope        | STIDF             |
        | choice       | uncommitted       |
        | document     | 内财规〔2025〕9号 |
        | effective_on | 2025-06-01        |
      When FIN proposes and STD approves the year's end of 2025 on 2026-01-20
      Then it is accepted
      And in year 2025 withdrawn of fund STIDF and vintage 2024 is 5,010,000.50
      And in year 2025 withdrawn of fund STIDF and vintage 2025 is 896,999,999.97
      And in year 2026 carried in of fund STIDF is 71,249,999.53
      And in year 2026 carried in of fund NSF is 173,000,000.00
      And what 2025 carried out is carried into the next year, vintage by vintage
      And replaying the log gives the same balances

    Scenario: What stands against it is named with whose it is, and nothing is recorded
      Given TRE recorded UnmatchedSettlementRecorded:
        | item         | PAY-9      |
        | fund         | UNKNOWN    |
        | amount       | 12.34      |
        | effective_on | 2025-11-20 |
      When the year's end of 2025 is tried on 2026-01-20
      Then 1 balances stand against it with SUSPENSE_OPEN
      And 900,000,000.00 of fund STIDF and vintage 2025 would be carried over

    Scenario: Where the books moved before it was approved, nothing of it is recorded
      Given FIN proposed the year's end of 2025 on 2026-01-20
      And TRE recorded PaymentSettled:
        | order        | ORD-1        |
        | detail       | PAY-1        |
        | amount       | 1,000,000.02 |
        | effective_on | 2025-12-30   |
      When STD approves year-end-2025 on 2026-01-21
      Then it is refused with OVER_ORDERED, short 1,000,000.02 (clause V3)
      And in year 2025 unallocated of fund STIDF and vintage 2025 is 600,000,000.00

    Scenario: Once it is recorded the year takes nothing more, and the final accounts adjust what was carried
      Given FIN proposed and STD approved the year's end of 2025 on 2026-01-20
      When FIN records CarryForwardAdjusted:
        | year         | 2025              |
        | against      | B250              |
        | account      | B200              |
        | fund         | STIDF             |
        | vintage      | 2025              |
        | amount       | -600,000,000      |
        | document     | 内财决〔2026〕1号 |
        | effective_on | 2026-03-31        |
      Then it is accepted
      And in year 2025 withdrawn of fund STIDF is 600,000,000.00
      And in year 2025 carried out of fund STIDF and vintage 2025 is 300,000,000.00
      And in year 2026 carried in of fund STIDF and vintage 2025 is 300,000,000.00
      And what 2025 carried out is carried into the next year, vintage by vintage
