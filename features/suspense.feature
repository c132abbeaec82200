Feature: Suspense 待查款项
  What treasury and bank report is recorded even where it fits nothing: payments weigh on the month until they are explained, receipts stand beside the budget.

  Rule: 财政惯例:查不明来由的支付,先列待查款项

    Background:
      Given the opening of 2025
      And the request UnmatchedSettlementRecorded:
        | item         | PAY-9      |
        | fund         | UNKNOWN    |
        | amount       | 12.34      |
        | effective_on | 2025-04-08 |

    Scenario: A payment whose fund cannot be told stands apart from both funds
      When TRE records it
      Then it is accepted
      And suspense of fund UNKNOWN is 12.34
      And disbursed of fund UNKNOWN is 12.34
      And supply of fund UNKNOWN is 12.34
      And supply of fund STIDF is 973,260,000.00
      And supply of fund NSF is 173,000,000.00
      And replaying the log gives the same balances

    Scenario: One whose fund is known weighs on that fund, and takes nothing that it has
      When TRE records it with fund STIDF
      Then it is accepted
      And suspense of fund STIDF is 12.34
      And disbursed of fund STIDF is 12.34
      And supply of fund STIDF is 973,260,012.34
      And unallocated of fund STIDF is 905,010,000.50
      And replaying the log gives the same balances

    Scenario: It may say which order it cites, known or not
      When TRE records it with cited ORD-9
      Then it is accepted
      And suspense of fund UNKNOWN is 12.34

    Scenario: The month does not close over it
      Given the periods up to 2025-03 are closed
      And TRE recorded it
      When FIN records PeriodClosed:
        | closes       | 2025-04    |
        | effective_on | 2025-05-05 |
      Then it is refused with SUSPENSE_OPEN, short 12.34 (clause F)
      And the refusal says items PAY-9

    Scenario: The month before it does
      Given the periods up to 2025-02 are closed
      And TRE recorded it
      When FIN records PeriodClosed:
        | closes       | 2025-03    |
        | effective_on | 2025-04-10 |
      Then it is accepted

    Scenario: Nor does the year
      Given TRE recorded it with fund STIDF
      When FIN records YearClosed:
        | year         | 2025       |
        | effective_on | 2026-01-20 |
      Then it is refused with YEAR_NOT_CLEARED (clause V10)

    Scenario: A payment of a closed month is posted to an open one
      Given the periods up to 2025-04 are closed
      When TRE records it with period 2025-05
      Then it is accepted
      And all it posts is effective on 2025-04-08 and belongs to period 2025-05

    Scenario: A closed month takes no payment
      Given the periods up to 2025-04 are closed
      When TRE records it with period 2025-04
      Then it is refused with PERIOD_CLOSED (clause F)

    Scenario: A detail is recorded once
      Given TRE recorded it
      When TRE records it with fund STIDF
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause F)

    Scenario: Also where it was settled before
      Given 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 1,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And 1,000,000 yuan of KRD-1 are ordered as ORD-1 and settled as PAY-9
      When TRE records it
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause F)

    Scenario Outline: The form of a payment nobody can place
      When TRE sends it malformed with <field> <value>
      Then the form of <field> does not fit

      Examples:
        | field  | value       |
        | amount | 0           |
        | amount | 12.345      |
        | item   | 待查一      |
        | item   | PAY-9/ORD-1 |

    Scenario Outline: Only the treasury reports it
      When <role> records it
      Then it is refused with UNAUTHORISED (clause F)

      Examples:
        | role |
        | FIN  |
        | STD  |

    Scenario: An item is cleared, not corrected
      Given TRE recorded it
      When FIN proposes and FIN2 approves on 2025-05-10 a correction of:
        | UnmatchedSettlementRecorded | amount | 12.33 |
      Then it is refused with NOT_CORRECTABLE (clause F)

  Rule: 财政惯例:所引拨款申请或支付可知其资金的,列入该资金的待查款项

    Background:
      Given the opening of 2025
      And STD proposed and FIN approved FundsAllocated:
        | fund         | STIDF      |
        | vintage      | 2024       |
        | special      | RDT-KRD    |
        | amount       | 3,000,000  |
        | effective_on | 2025-02-01 |
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And STD recorded PreFundingCommitted:
        | project      | KRD-1        |
        | fund         | STIDF        |
        | vintage      | 2024         |
        | amount       | 3,000,000    |
        | instalments  | 1: 3,000,000 |
        | effective_on | 2025-02-10   |
      And 1,000,000 yuan of instalment 1 of KRD-1 are ordered as ORD-1 under 拨付〔2025〕1号 on 2025-03-10
      And the request PaymentSettled:
        | order        | ORD-1        |
        | detail       | PAY-1        |
        | amount       | 1,000,000.01 |
        | effective_on | 2025-03-12   |

    Scenario: More than was ordered weighs on the fund and the vintage of the order
      When TRE records it
      Then it is recorded as UnmatchedSettlementRecorded
      And suspense of fund STIDF and vintage 2024 is 1,000,000.01
      And disbursed of fund STIDF and vintage 2024 is 1,000,000.01
      And suspense of fund UNKNOWN is 0.00
      And replaying the log gives the same balances

    Scenario: It is cleared where it stands
      Given TRE recorded it
      When FIN records SuspenseCleared:
        | item         | PAY-1        |
        | order        | ORD-1        |
        | amount       | 1,000,000.00 |
        | effective_on | 2025-03-20   |
      Then it is accepted
      And suspense of fund STIDF and vintage 2024 is 0.01
      And disbursed of fund STIDF and vintage 2024 is 1,000,000.01
      And disbursed of fund STIDF and vintage 2025 is 0.00
      And disbursed of project KRD-1 is 1,000,000.00
      And replaying the log gives the same balances

    Scenario: An order that nobody knows tells no fund
      When TRE records it with order ORD-9
      Then it is recorded as UnmatchedSettlementRecorded
      And suspense of fund UNKNOWN is 1,000,000.01
      And suspense of fund STIDF is 0.00

    Scenario: Money that came back is noted beside the fund of the order it cites
      When TRE records PaymentRejected:
        | order        | ORD-1        |
        | detail       | REJ-1        |
        | amount       | 1,000,000.01 |
        | effective_on | 2025-03-12   |
      Then it is recorded as UnmatchedReceiptRecorded
      And unmatched receipts of fund STIDF is 1,000,000.01

    Scenario: Or of the settlement
      Given TRE recorded it with amount 1,000,000
      When TRE records PaymentRefunded:
        | settlement   | PAY-1        |
        | detail       | REF-1        |
        | amount       | 1,000,000.01 |
        | effective_on | 2025-03-14   |
      Then it is recorded as UnmatchedReceiptRecorded
      And unmatched receipts of fund STIDF is 1,000,000.01

    Scenario: What an order of a consolidated fund does not explain weighs on the fund of today
      Given an empty ledger
      And FIN proposed and STD approved OpeningBalanceImported:
        | fund         | ATRD       |
        | vintage      | 2024       |
        | special      | RDT-KRD    |
        | amount       | 3,000,000  |
        | effective_on | 2025-01-02 |
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And STD recorded PreFundingCommitted:
        | project      | KRD-1        |
        | fund         | ATRD         |
        | vintage      | 2024         |
        | amount       | 3,000,000    |
        | instalments  | 1: 3,000,000 |
        | effective_on | 2025-02-10   |
      And 3,000,000 yuan of KRD-1 are ordered as ORD-1 and settled as PAY-0
      And FIN proposed and STD approved PredecessorFundConsolidated:
        | fund         | ATRD       |
        | effective_on | 2025-04-01 |
      When TRE records it with amount 0.01
      Then it is recorded as UnmatchedSettlementRecorded
      And suspense of fund STIDF and vintage 2024 is 0.01
      And suspense of fund ATRD is 0.00

  Rule: 财政惯例:查不明来由的收款,在预算之外登记待查

    Background:
      Given the opening of 2025
      And the request UnmatchedReceiptRecorded:
        | item         | REC-9      |
        | fund         | UNKNOWN    |
        | amount       | 30,000.05  |
        | effective_on | 2025-04-08 |

    Scenario Outline: Money came in that nothing explains, and adds to no fund
      When TRE records it with fund <fund>
      Then it is accepted
      And unmatched receipts of fund <fund> is 30,000.05
      And suspense of all is 0.00
      And supply of all is 1,146,260,000.00
      And unallocated of fund STIDF is 905,010,000.50
      And replaying the log gives the same balances

      Examples:
        | fund    |
        | UNKNOWN |
        | STIDF   |

    Scenario: It may say what it was reported as, and what becomes of it
      When TRE records it with:
        | cited     | PAY-1             |
        | reported  | RepaymentReceived |
        | recycling | 滚动〔2025〕1号   |
      Then it is accepted
      And unmatched receipts of all is 30,000.05
      And replaying the log gives the same balances

    Scenario: It keeps no month from closing
      Given the periods up to 2025-03 are closed
      And TRE recorded it
      When FIN records PeriodClosed:
        | closes       | 2025-04    |
        | effective_on | 2025-05-05 |
      Then it is accepted
      And unmatched receipts of all is 30,000.05

    Scenario: A receipt is recorded once
      Given TRE recorded it
      When TRE records it
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause F)

    Scenario: A closed month takes no receipt
      Given the periods up to 2025-04 are closed
      When TRE records it with period 2025-04
      Then it is refused with PERIOD_CLOSED (clause F)

    Scenario: Only the treasury reports a receipt
      When FIN records it
      Then it is refused with UNAUTHORISED (clause F)

    Scenario: A receipt is cleared, not corrected
      Given TRE recorded it
      When FIN proposes and FIN2 approves on 2025-05-10 a correction of:
        | UnmatchedReceiptRecorded | taken back | |
      Then it is refused with NOT_CORRECTABLE (clause F)
