Feature: Withdrawal 财政收回
  The finance department takes money back to treasury: unallocated, available or committed. It counts as withdrawn and is available to nobody.

  Rule: 财政惯例:结余资金由财政收回,以文件为依据

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 3,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And 1,000,000.01 yuan of KRD-1 are ordered as ORD-1 and settled as PAY-1
      And the request FundsWithdrawnToTreasury:
        | account      | B200              |
        | fund         | STIDF             |
        | vintage      | 2025              |
        | amount       | 600,000,000       |
        | document     | 内财收〔2025〕1号 |
        | effective_on | 2025-11-20        |

    Scenario: Unallocated money is withdrawn, of the vintage that is named
      When FIN records it
      Then it is accepted
      And withdrawn of fund STIDF is 600,000,000.00
      And unallocated of fund STIDF and vintage 2025 is 0.00
      And unallocated of fund STIDF and vintage 2024 is 5,010,000.50
      And available of special RDT-KRD is 297,000,000.00
      And supply of fund STIDF is 973,260,000.00
      And replaying the log gives the same balances

    Scenario: What was withdrawn is not there to be allocated
      Given FIN recorded it
      When STD proposes and FIN approves FundsAllocated:
        | fund         | STIDF      |
        | vintage      | 2025       |
        | special      | RDT-CHN    |
        | amount       | 0.01       |
        | effective_on | 2025-11-21 |
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause V3)

    Scenario: Nor to be withdrawn a second time
      Given FIN recorded it
      When FIN records it with amount 0.01
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause V3)
      And withdrawn of fund STIDF is 600,000,000.00

    Scenario: Available money of a special is withdrawn
      When FIN records it with:
        | account | B210        |
        | special | RDT-KRD     |
        | amount  | 297,000,000 |
      Then it is accepted
      And withdrawn of special RDT-KRD is 297,000,000.00
      And available of special RDT-KRD is 0.00
      And committed of project KRD-1 is 1,999,999.99
      And unallocated of fund STIDF is 605,010,000.50
      And supply of fund STIDF is 973,260,000.00
      And replaying the log gives the same balances

    Scenario: Committed money of a project is withdrawn
      When FIN records it with:
        | account    | B220         |
        | project    | KRD-1        |
        | instalment | 1            |
        | amount     | 1,999,999.99 |
      Then it is accepted
      And withdrawn of project KRD-1 is 1,999,999.99
      And withdrawn of special RDT-KRD is 1,999,999.99
      And committed of project KRD-1 is 0.00
      And disbursed of project KRD-1 is 1,000,000.01
      And available of special RDT-KRD is 297,000,000.00
      And supply of fund STIDF is 973,260,000.00
      And replaying the log gives the same balances

    Scenario: What was withdrawn from a project is not there to be ordered
      Given FIN recorded FundsWithdrawnToTreasury:
        | account      | B220              |
        | fund         | STIDF             |
        | vintage      | 2025              |
        | project      | KRD-1             |
        | instalment   | 1                 |
        | amount       | 1,999,999.98      |
        | document     | 内财收〔2025〕2号 |
        | effective_on | 2025-11-20        |
      When STD records PaymentOrdered:
        | order        | ORD-2           |
        | project      | KRD-1           |
        | instalment   | 1               |
        | amount       | 0.02            |
        | payee        | @university     |
        | document     | 拨付〔2025〕2号 |
        | effective_on | 2025-11-21      |
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause V3)

    Scenario: Money of a former category is withdrawn under the vintage it came with
      When FIN records it with:
        | account    | B220       |
        | vintage    | 2024       |
        | project    | OLD-MSTP   |
        | instalment | rest       |
        | amount     | 42,000,000 |
      Then it is accepted
      And withdrawn of project OLD-MSTP is 42,000,000.00
      And committed of project OLD-MSTP is 0.00
      And withdrawn of fund STIDF and vintage 2024 is 42,000,000.00

    Scenario: A suspended special gives its money back all the same
      Given STD recorded SpecialSuspended:
        | special      | RDT-KRD            |
        | document     | 内科计〔2025〕30号 |
        | effective_on | 2025-10-01         |
      When FIN records it with:
        | account | B210        |
        | special | RDT-KRD     |
        | amount  | 297,000,000 |
      Then it is accepted
      And available of special RDT-KRD is 0.00

    Scenario Outline: Not a fen more than is left of the fund's vintage
      When FIN records it with:
        | fund    | <fund>    |
        | vintage | <vintage> |
        | amount  | <amount>  |
      Then it is refused with INSUFFICIENT_FUNDS, short <short> (clause V3)
      And withdrawn of all is 0.00

      Examples:
        | fund  | vintage | amount         | short        |
        | STIDF | 2025    | 600,000,000.01 | 0.01         |
        | STIDF | 2024    | 5,010,000.51   | 0.01         |
        | STIDF | 2023    | 0.01           | 0.01         |
        | NSF   | 2025    | 160,000,000.01 | 0.01         |
        | ATRD  | 2024    | 3,200,000.00   | 3,200,000.00 |

    Scenario: Not a fen more than a special has available
      When FIN records it with:
        | account | B210           |
        | special | RDT-KRD        |
        | amount  | 297,000,000.01 |
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause V3)

    Scenario: Not a fen more than an instalment holds
      When FIN records it with:
        | account    | B220         |
        | project    | KRD-1        |
        | instalment | 1            |
        | amount     | 2,000,000.00 |
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause V3)

    Scenario: Not before the money was there
      When FIN records it with effective_on 2025-01-09
      Then it is refused with INSUFFICIENT_FUNDS, short 600,000,000.00 (clause V3)

    Scenario: Nor where a later day spent it
      Given STD proposed and FIN approved FundsAllocated:
        | fund         | STIDF      |
        | vintage      | 2025       |
        | special      | RDT-CHN    |
        | amount       | 0.01       |
        | effective_on | 2025-11-25 |
      When FIN records it
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause V3)

    Scenario Outline: A special is named, and known
      When FIN records it with:
        | account | B210      |
        | <field> | <special> |
      Then it is refused with UNKNOWN_REFERENCE (clause <clause>)

      Examples:
        | field   | special | clause |
        | special | RDT-NIL | V8     |
        | project | KRD-1   | F      |

    Scenario Outline: The instalment is there, and of the fund and vintage that are named
      Given FIN recorded FundsWithdrawnToTreasury:
        | account      | B220              |
        | fund         | STIDF             |
        | vintage      | 2025              |
        | project      | KRD-1             |
        | instalment   | 1                 |
        | amount       | 0.01              |
        | document     | 内财收〔2025〕2号 |
        | effective_on | 2025-11-19        |
      When FIN records it with:
        | account    | B220         |
        | fund       | <fund>       |
        | vintage    | <vintage>    |
        | project    | <project>    |
        | instalment | <instalment> |
        | amount     | 0.01         |
      Then it is refused with UNKNOWN_REFERENCE (clause <clause>)
      And withdrawn of all is 0.01

      Examples:
        | fund  | vintage | project | instalment | clause |
        | NSF   | 2025    | KRD-1   | 1          | F      |
        | STIDF | 2024    | KRD-1   | 1          | F      |
        | STIDF | 2025    | KRD-1   | 2          | 四(三) |
        | STIDF | 2025    | KRD-9   | 1          | 四(三) |

    Scenario: There is a document
      When FIN records it without document
      Then it is refused with DOCUMENT_MISSING (clause F)
      And the refusal says field document

    Scenario Outline: Only finance withdraws
      When <role> records it
      Then it is refused with UNAUTHORISED (clause F)

      Examples:
        | role |
        | STD  |
        | TRE  |
        | AUD  |

    Scenario Outline: The form of a withdrawal
      When FIN sends it malformed with <field> <value>
      Then the form of <field> does not fit

      Examples:
        | field   | value  |
        | account | B230   |
        | account | B240   |
        | fund    | LEAGUE |
        | amount  | 0      |
        | amount  | -1     |
        | amount  | 0.001  |

    Scenario: A closed month takes no withdrawal
      Given the periods up to 2025-11 are closed
      When FIN records it
      Then it is refused with PERIOD_CLOSED (clause F)

    Scenario: The settling period takes one of December
      Given the periods up to 2025-12 are closed
      When FIN records it with:
        | effective_on | 2025-12-31 |
        | period       | 2025-13    |
      Then it is accepted
      And in year 2025 withdrawn of fund STIDF is 600,000,000.00

    Scenario: The new year has nothing to withdraw that was not carried into it
      When FIN records it with effective_on 2026-01-05
      Then it is refused with INSUFFICIENT_FUNDS, short 600,000,000.00 (clause V3)

    Scenario: What was carried into it is withdrawn there, vintage kept
      Given FIN recorded BalanceCarriedForward:
        | account      | B200         |
        | fund         | STIDF        |
        | vintage      | 2025         |
        | amount       | 600,000,000  |
        | treatment    | SURPLUS      |
        | reason       | 项目尚在评审 |
        | effective_on | 2025-12-31   |
      When FIN records it with effective_on 2026-01-05
      Then it is accepted
      And in year 2026 withdrawn of fund STIDF and vintage 2025 is 600,000,000.00
      And in year 2025 withdrawn of fund STIDF is 0.00
      And in year 2026 unallocated of fund STIDF is 0.00

  Rule: 财政惯例:收回有误的,双人更正,保留原业务日期

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 3,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And FIN recorded FundsWithdrawnToTreasury:
        | account      | B210              |
        | fund         | STIDF             |
        | vintage      | 2025              |
        | special      | RDT-KRD           |
        | amount       | 1,230,000         |
        | document     | 内财收〔2025〕1号 |
        | effective_on | 2025-10-20        |

    Scenario: The amount was entered wrongly
      Given the periods up to 2025-10 are closed
      When FIN proposes and FIN2 approves on 2025-11-18 a correction of:
        | FundsWithdrawnToTreasury | amount | 1,320,000 |
      Then it is accepted
      And withdrawn of special RDT-KRD is 1,320,000.00
      And available of special RDT-KRD is 295,680,000.00
      And the recorded FundsWithdrawnToTreasury still says 1,230,000
      And supply of fund STIDF is 973,260,000.00
      And replaying the log gives the same balances

    Scenario: It was taken from the wrong place
      When FIN proposes and FIN2 approves on 2025-11-18 a correction of:
        | FundsWithdrawnToTreasury | account    | B220  |
        | FundsWithdrawnToTreasury | project    | KRD-1 |
        | FundsWithdrawnToTreasury | instalment | 1     |
      Then it is accepted
      And withdrawn of project KRD-1 is 1,230,000.00
      And committed of project KRD-1 is 1,770,000.00
      And available of special RDT-KRD is 297,000,000.00
      And replaying the log gives the same balances

    Scenario: It never was
      When FIN proposes and FIN2 approves on 2025-11-18 a correction of:
        | FundsWithdrawnToTreasury | taken back |  |
      Then it is accepted
      And withdrawn of special RDT-KRD is 0.00
      And available of special RDT-KRD is 297,000,000.00
      And replaying the log gives the same balances

    Scenario: A correction withdraws no more than was there
      When FIN proposes and FIN2 approves on 2025-11-18 a correction of:
        | FundsWithdrawnToTreasury | amount | 297,000,000.01 |
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause V3)
      And withdrawn of special RDT-KRD is 1,230,000.00

    Scenario: One person of finance does not correct
      When FIN proposes and FIN approves on 2025-11-18 a correction of:
        | FundsWithdrawnToTreasury | amount | 1,320,000 |
      Then it is refused with SELF_APPROVAL (clause F)

    Scenario: Nothing comes back to a special that has gone on as another
      Given STD recorded SpecialMerged:
        | special      | RDT-KRD            |
        | into         | RDT-CHN            |
        | document     | 内科计〔2025〕40号 |
        | effective_on | 2025-11-01         |
      When FIN proposes and FIN2 approves on 2025-11-18 a correction of:
        | FundsWithdrawnToTreasury | taken back |  |
      Then it is refused with NOT_CORRECTABLE (clause F)
      And withdrawn of special RDT-KRD is 1,230,000.00
