Feature: Closing of periods 月度结账与对账
  A month closes in order and for good. What comes to light later is posted to an open period and keeps its own day.

  Rule: 财政惯例:月度按顺序结账,结账后不再打开

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 3,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And 1,000,000.01 yuan of instalment 1 of KRD-1 are ordered as ORD-1 under 拨付〔2025〕1号 on 2025-03-10
      And the request PeriodClosed:
        | closes       | 2025-03    |
        | effective_on | 2025-04-05 |

    Scenario: A month closes after the one before it
      Given the periods up to 2025-02 are closed
      When FIN records it
      Then it is accepted
      And it posts nothing
      And ordered of project KRD-1 is 1,000,000.01
      And supply of fund STIDF is 973,260,000.00
      And replaying the log gives the same balances

    Scenario: The first month of the ledger closes first
      When FIN records it with closes 2025-01
      Then it is accepted
      And replaying the log gives the same balances

    Scenario Outline: No month closes before the one before it
      Given the periods up to 2025-01 are closed
      When FIN records it with closes <period>
      Then it is refused with PERIOD_ORDER (clause F)
      And the refusal says close_first <before>

      Examples:
        | period  | before  |
        | 2025-03 | 2025-02 |
        | 2025-12 | 2025-11 |
        | 2025-13 | 2025-12 |
        | 2026-01 | 2025-12 |

    Scenario: Where nothing was posted yet no month is the first
      Given an empty ledger
      When FIN records it
      Then it is refused with PERIOD_ORDER (clause F)

    Scenario: Nothing is posted to a year before the first
      Given the request AppropriationReceived:
        | fund         | STIDF             |
        | vintage      | 2024              |
        | amount       | 1                 |
        | document     | 内财科〔2024〕9号 |
        | effective_on | 2024-12-30        |
      When FIN records it
      Then it is refused with PERIOD_ORDER (clause F)
      And the refusal says first_fiscal_year 2025

    Scenario: A month closes once
      Given the periods up to 2025-03 are closed
      When FIN records it with effective_on 2025-04-06
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause F)

    Scenario: The closing itself belongs to an open month
      Given the periods up to 2025-03 are closed
      When FIN records it with:
        | closes       | 2025-04    |
        | effective_on | 2025-03-31 |
      Then it is refused with PERIOD_CLOSED (clause F)
      And the refusal says period 2025-03

    Scenario Outline: Only finance closes
      Given the periods up to 2025-02 are closed
      When <role> records it
      Then it is refused with UNAUTHORISED (clause F)

      Examples:
        | role |
        | STD  |
        | TRE  |
        | AUD  |

    Scenario Outline: There are thirteen periods in a year
      When FIN sends it malformed with closes <period>
      Then the form of closes does not fit

      Examples:
        | period  |
        | 2025-00 |
        | 2025-14 |
        | 2025-3  |

    Scenario Outline: A closed month is not opened again, by no correction
      Given the periods up to 2025-02 are closed
      And FIN recorded it
      When FIN proposes and FIN2 approves on 2025-04-18 a correction of:
        | PeriodClosed | <field> | <value> |
      Then it is refused with NOT_CORRECTABLE (clause F)

      Examples:
        | field      | value   |
        | taken back |         |
        | closes     | 2025-02 |

  Rule: 财政惯例:已结账期间不再记账,迟到的事实记入未结账期间

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 3,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And 1,000,000.01 yuan of instalment 1 of KRD-1 are ordered as ORD-1 under 拨付〔2025〕1号 on 2025-03-10
      And the periods up to 2025-03 are closed
      And the request PaymentSettled:
        | order        | ORD-1        |
        | detail       | PAY-1        |
        | amount       | 1,000,000.01 |
        | effective_on | 2025-03-28   |

    Scenario: A payment that became known late is posted to the open month
      When TRE records it with period 2025-04
      Then it is accepted
      And it is marked late
      And all it posts is effective on 2025-03-28 and belongs to period 2025-04
      And disbursed of project KRD-1 posted in 2025-03 is 0.00
      And disbursed of project KRD-1 posted in 2025-04 is 1,000,000.01
      And disbursed of project KRD-1 effective in 2025-03 is 1,000,000.01
      And disbursed of project KRD-1 effective in 2025-04 is 0.00
      And replaying the log gives the same balances

    Scenario: Where no period is named, it is posted to the first open month
      When TRE records it
      Then it is accepted
      And all it posts is effective on 2025-03-28 and belongs to period 2025-04
      And disbursed of project KRD-1 effective in 2025-03 is 1,000,000.01
      And replaying the log gives the same balances

    Scenario: So is one that does not fit
      When TRE records it with amount 1,000,000.02
      Then it is recorded as UnmatchedSettlementRecorded
      And suspense posted in 2025-03 is 0.00
      And suspense posted in 2025-04 is 1,000,000.02
      And replaying the log gives the same balances

    Scenario Outline: The closed month itself does not take it
      When TRE records it with period <period>
      Then it is refused with PERIOD_CLOSED (clause F)
      And the refusal says period <period>
      And disbursed of project KRD-1 is 0.00

      Examples:
        | period  |
        | 2025-01 |
        | 2025-03 |

    Scenario Outline: A request of people is not late: it has a day in an open month
      When STD records CommitmentReleased:
        | project      | KRD-1      |
        | instalment   | 1          |
        | amount       | 0.01       |
        | reason       | 项目调整   |
        | effective_on | 2025-03-31 |
        | period       | <period>   |
      Then it is refused with PERIOD_CLOSED (clause F)
      And the refusal says period 2025-03

      Examples:
        | period  |
        | 2025-03 |
        | 2025-04 |

    Scenario: In the open month it is taken
      When STD records CommitmentReleased:
        | project      | KRD-1      |
        | instalment   | 1          |
        | amount       | 0.01       |
        | reason       | 项目调整   |
        | effective_on | 2025-04-01 |
      Then it is accepted
      And it is not marked late
      And committed of project KRD-1 is 1,999,999.98

  Rule: 财政惯例:结账前待查款项须清零

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 3,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And 1,000,000.01 yuan of instalment 1 of KRD-1 are ordered as ORD-1 under 拨付〔2025〕1号 on 2025-04-02
      And the periods up to 2025-03 are closed
      And TRE recorded UnmatchedSettlementRecorded:
        | item         | PAY-8      |
        | fund         | STIDF      |
        | amount       | 1,000.02   |
        | effective_on | 2025-04-08 |
      And TRE recorded UnmatchedSettlementRecorded:
        | item         | PAY-9        |
        | fund         | UNKNOWN      |
        | amount       | 1,000,000.01 |
        | effective_on | 2025-04-29   |
      And the request PeriodClosed:
        | closes       | 2025-04    |
        | effective_on | 2025-05-05 |

    Scenario: Open items are named and summed, whichever fund they weigh on
      When FIN records it
      Then it is refused with SUSPENSE_OPEN, short 1,001,000.03 (clause F)
      And the refusal says items PAY-8 PAY-9

    Scenario: A fen that is not explained keeps the month open
      Given FIN recorded SuspenseCleared:
        | item         | PAY-8           |
        | amount       | 1,000.02        |
        | document     | 冲正〔2025〕1号 |
        | effective_on | 2025-04-30      |
      And FIN recorded SuspenseCleared:
        | item         | PAY-9        |
        | order        | ORD-1        |
        | amount       | 1,000,000.00 |
        | effective_on | 2025-04-30   |
      When FIN records it
      Then it is refused with SUSPENSE_OPEN, short 0.01 (clause F)
      And the refusal says items PAY-9

    Scenario: Explained in May, in the month of the items: April's own suspense is zero, and April closes
      Given FIN recorded SuspenseCleared:
        | item         | PAY-8           |
        | amount       | 1,000.02        |
        | document     | 冲正〔2025〕1号 |
        | effective_on | 2025-05-04      |
        | period       | 2025-04         |
      And FIN recorded SuspenseCleared:
        | item         | PAY-9        |
        | order        | ORD-1        |
        | amount       | 1,000,000.01 |
        | effective_on | 2025-05-04   |
        | period       | 2025-04      |
      When FIN records it
      Then it is accepted
      And suspense posted in 2025-04 is 0.00
      And suspense posted in 2025-05 is 0.00
      And suspense of all is 0.00
      And disbursed of project KRD-1 posted in 2025-04 is 1,000,000.01
      And replaying the log gives the same balances

    Scenario: An item of the next month does not hold this one up
      Given FIN recorded SuspenseCleared:
        | item         | PAY-8           |
        | amount       | 1,000.02        |
        | document     | 冲正〔2025〕1号 |
        | effective_on | 2025-04-30      |
      And FIN recorded SuspenseCleared:
        | item         | PAY-9           |
        | amount       | 1,000,000.01    |
        | document     | 冲正〔2025〕2号 |
        | effective_on | 2025-04-30      |
      And TRE recorded UnmatchedSettlementRecorded:
        | item         | PAY-10     |
        | fund         | UNKNOWN    |
        | amount       | 0.01       |
        | effective_on | 2025-04-30 |
        | period       | 2025-05    |
      When FIN records it
      Then it is accepted
      And suspense posted in 2025-05 is 0.01

  Rule: 财政惯例:整理期(第13期)清理当年业务

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
      And 1,000,000.02 yuan of instalment 1 of KRD-1 are ordered as ORD-1 under 拨付〔2025〕1号 on 2025-12-20
      And the periods up to 2025-12 are closed
      And the request PeriodClosed:
        | closes       | 2025-13    |
        | effective_on | 2026-01-20 |

    Scenario: What was paid in December is settled in the year's own settling period
      When TRE records PaymentSettled:
        | order        | ORD-1        |
        | detail       | PAY-1        |
        | amount       | 1,000,000.02 |
        | effective_on | 2025-12-30   |
        | period       | 2025-13      |
      Then it is accepted
      And it is not marked late
      And all it posts is effective on 2025-12-30 and belongs to period 2025-13
      And in year 2025 disbursed of project KRD-1 is 1,000,000.02
      And in year 2025 ordered of project KRD-1 is 0.00
      And replaying the log gives the same balances

    Scenario: It goes there where no period is named, for December is closed
      When TRE records PaymentSettled:
        | order        | ORD-1        |
        | detail       | PAY-1        |
        | amount       | 1,000,000.02 |
        | effective_on | 2025-12-30   |
      Then it is accepted
      And all it posts is effective on 2025-12-30 and belongs to period 2025-13

    Scenario Outline: Once the settling period is closed, it goes to the first open month of the next year
      Given all that 2025 still holds is carried forward in 2025-13
      And FIN recorded it
      And the periods up to <closed> are closed
      When TRE records PaymentSettled:
        | order        | ORD-1        |
        | detail       | PAY-1        |
        | amount       | 1,000,000.02 |
        | effective_on | 2025-12-30   |
      Then it is accepted
      And all it posts is effective on 2025-12-30 and belongs to period <period>
      And in year 2026 disbursed of project KRD-1 is 1,000,000.02
      And replaying the log gives the same balances

      Examples:
        | closed  | period  |
        | 2026-01 | 2026-02 |
        | 2026-02 | 2026-03 |

    Scenario Outline: A request settles what belongs to December
      When STD records CommitmentReleased:
        | project      | KRD-1    |
        | instalment   | 1        |
        | amount       | 0.03     |
        | reason       | 项目调整 |
        | effective_on | <day>    |
        | period       | 2025-13  |
      Then it is <outcome>
      And in year 2025 committed of project KRD-1 is <committed>

      Examples:
        | day        | outcome                               | committed    |
        | 2025-12-31 | accepted                              | 1,999,999.98 |
        | 2025-11-30 | refused with PERIOD_CLOSED (clause F) | 2,000,000.01 |
        | 2026-01-05 | refused with PERIOD_ORDER (clause F)  | 2,000,000.01 |

    Scenario: January closes while last year is still being settled
      When FIN records it with:
        | closes       | 2026-01    |
        | effective_on | 2026-02-05 |
      Then it is accepted

    Scenario: But not over what the settling period has not explained
      Given TRE recorded UnmatchedSettlementRecorded:
        | item         | PAY-9      |
        | fund         | UNKNOWN    |
        | amount       | 12.34      |
        | effective_on | 2025-12-31 |
        | period       | 2025-13    |
      When FIN records it with:
        | closes       | 2026-01    |
        | effective_on | 2026-02-05 |
      Then it is refused with SUSPENSE_OPEN, short 12.34 (clause F)
      And the refusal says items PAY-9

    Scenario: It does not close over what the year still holds, for nothing could carry that any more
      When FIN records it
      Then it is refused with YEAR_NOT_CLEARED, short 10,000,000.05 (clause V10)
      And the refusal says accounts B200 B210 B220 B230

    Scenario: It closes once all is carried forward
      Given all that 2025 still holds is carried forward in 2025-13
      When FIN records it
      Then it is accepted
      And it posts nothing
      And replaying the log gives the same balances

    Scenario: Then it takes nothing any more
      Given all that 2025 still holds is carried forward in 2025-13
      And FIN recorded it
      When TRE records UnmatchedSettlementRecorded:
        | item         | PAY-9      |
        | fund         | UNKNOWN    |
        | amount       | 12.34      |
        | effective_on | 2025-12-31 |
        | period       | 2025-13    |
      Then it is refused with PERIOD_CLOSED (clause F)
      And the refusal says period 2025-13

  Rule: 财政惯例:对账须双人签认

    Background:
      Given the opening of 2025
      And the request ReconciliationSignedOff:
        | reconciles      | 2025-04                                                          |
        | statement       | 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef |
        | ledger_total    | 1,146,260,000.00                                                 |
        | statement_total | 1,146,260,012.34                                                 |
        | unexplained     | 12.34                                                            |
        | effective_on    | 2025-05-04                                                       |

    Scenario: Two people of finance sign what agrees and what is unexplained
      When FIN proposes and FIN2 approves it
      Then it is accepted
      And it posts nothing
      And supply of all is 1,146,260,000.00
      And replaying the log gives the same balances

    Scenario: One statement is signed once
      Given FIN proposed and FIN2 approved it
      When FIN proposes and FIN2 approves it with reconciles 2025-03
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause F)

    Scenario: A month may have several statements
      Given FIN proposed and FIN2 approved it
      When FIN proposes and FIN2 approves it with statement fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210
      Then it is accepted

    Scenario: A month that closed is not reconciled any more
      Given the periods up to 2025-04 are closed
      When FIN proposes and FIN2 approves it
      Then it is refused with PERIOD_CLOSED (clause F)
      And the refusal says period 2025-04

    Scenario: Nobody signs for two
      When FIN proposes and FIN approves it
      Then it is refused with SELF_APPROVAL (clause F)

    Scenario: One person alone does not sign
      When FIN records it
      Then it is refused with UNAUTHORISED (clause F)

    Scenario Outline: Both are of finance
      When <first> proposes and <second> approves it
      Then it is refused with UNAUTHORISED (clause F)

      Examples:
        | first | second |
        | FIN   | STD    |
        | STD   | FIN    |

    Scenario Outline: The form of a signature
      When FIN sends it malformed with <field> <value>
      Then the form of <field> does not fit

      Examples:
        | field           | value   |
        | reconciles      | 2025-14 |
        | statement       | 0123    |
        | ledger_total    | -1      |
        | statement_total | 1.001   |
        | unexplained     | -0.01   |

    Scenario: What was signed stays signed
      Given FIN proposed and FIN2 approved it
      When FIN proposes and FIN2 approves on 2025-05-10 a correction of:
        | ReconciliationSignedOff | unexplained | 0 |
      Then it is refused with NOT_CORRECTABLE (clause F)

  Rule: 政策参数 结账前须对账签认

    Background:
      Given the opening of 2025
      And FIN proposed and STD approved PolicyParameterSet:
        | name         | reconciliation_required |
        | choice       | yes                     |
        | document     | 内财库〔2025〕7号       |
        | effective_on | 2025-05-01              |
      And the periods up to 2025-03 are closed
      And the request PeriodClosed:
        | closes       | 2025-04    |
        | effective_on | 2025-05-05 |

    Scenario: Without a signature the month stays open
      When FIN records it
      Then it is refused with NOT_CLEARED (clause F)
      And the refusal says missing ReconciliationSignedOff

    Scenario Outline: It is this month's reconciliation that counts
      Given FIN proposed and FIN2 approved ReconciliationSignedOff:
        | reconciles      | <month>                                                          |
        | statement       | 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef |
        | ledger_total    | 1,146,260,000.00                                                 |
        | statement_total | 1,146,260,000.00                                                 |
        | unexplained     | 0                                                                |
        | effective_on    | 2025-05-04                                                       |
      When FIN records it
      Then it is <outcome>

      Examples:
        | month   | outcome                             |
        | 2025-04 | accepted                            |
        | 2025-05 | refused with NOT_CLEARED (clause F) |

    Scenario: Before the rule began no signature was needed
      When FIN records it with effective_on 2025-04-30
      Then it is accepted

    Scenario: Where the rule was lifted none is needed any more
      Given FIN proposed and STD approved PolicyParameterSet:
        | name         | reconciliation_required |
        | choice       | no                      |
        | document     | 内财库〔2025〕9号       |
        | effective_on | 2025-05-03              |
      When FIN records it
      Then it is accepted

    Scenario: A year closes no month along that nobody signed for
      Given all that 2025 still holds is carried forward in 2025-12
      When FIN records YearClosed:
        | year         | 2025       |
        | effective_on | 2026-01-20 |
      Then it is refused with NOT_CLEARED (clause F)
      And the refusal says period 2025-04
      And the refusal says missing ReconciliationSignedOff

    Scenario Outline: Those that are closed already need no more, and the settling period is one of them
      Given all that 2025 still holds is carried forward in 2025-12
      And the reconciliations of 2025-04 to <last> are signed off
      When FIN records YearClosed:
        | year         | 2025       |
        | effective_on | 2026-01-20 |
      Then it is <outcome>

      Examples:
        | last    | outcome                             |
        | 2025-13 | accepted                            |
        | 2025-12 | refused with NOT_CLEARED (clause F) |

    Scenario: Where the rule was lifted the year closes without
      Given all that 2025 still holds is carried forward in 2025-12
      And FIN proposed and STD approved PolicyParameterSet:
        | name         | reconciliation_required |
        | choice       | no                      |
        | document     | 内财库〔2026〕1号       |
        | effective_on | 2026-01-10              |
      When FIN records YearClosed:
        | year         | 2025       |
        | effective_on | 2026-01-20 |
      Then it is accepted
