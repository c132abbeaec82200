Feature: Sheets 报表
  What finance, auditors and managers open: made of the same book as every answer, footing to the fen.

  Rule: 财政惯例:执行进度以调整后指标为分母,与序时相比

    Background:
      Given the opening of 2025
      And 30,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 10,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And STD recorded PaymentOrdered:
        | order        | O-1         |
        | project      | KRD-1       |
        | instalment   | 1           |
        | amount       | 4,000,000   |
        | payee        | @university |
        | document     | 拨付1号     |
        | effective_on | 2025-03-10  |

    Scenario: What is paid counts against the adjusted quota, and against the days that have passed
      When TRE records PaymentSettled:
        | order        | O-1        |
        | detail       | D-1        |
        | amount       | 4,000,000  |
        | effective_on | 2025-03-12 |
      Then it is accepted
      And the sheet execution on 2025-03-31 says of special RDT-KRD:
        | adjusted       | 30,000,000.00 |
        | committed      | 10,000,000.00 |
        | commit_rate    | 33.33         |
        | paid           | 4,000,000.00  |
        | execution_rate | 13.33         |
        | time_rate      | 24.66         |
        | gap            | -11.33        |
      And the sheet execution on 2025-03-31 foots

    Scenario: A payment that is refused changes no sheet
      When STD records PaymentOrdered:
        | order        | O-2         |
        | project      | KRD-1       |
        | instalment   | 1           |
        | amount       | 6,000,000.01 |
        | payee        | @university |
        | document     | 拨付2号     |
        | effective_on | 2025-03-11  |
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01
      And the sheet execution on 2025-03-31 says of special RDT-KRD:
        | ordered | 4,000,000.00 |
        | paid    | 0.00         |
      And the sheet execution on 2025-03-31 foots

  Rule: 财政惯例:项目卡片汇总全过程,结转不重复计

    Background:
      Given the opening of 2025
      And 30,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 10,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And 4,000,000 yuan of instalment 1 of KRD-1 are ordered as O-1 under 拨付1号 on 2025-03-10
      And 4,000,000 yuan of order O-1 are settled as D-1 on 2025-03-12

    Scenario: What a year leaves is carried, and the project's total counts it once
      Given all that 2025 still holds is carried forward in 2025-12
      When FIN records YearClosed:
        | year         | 2025       |
        | effective_on | 2026-01-20 |
      Then it is accepted
      And the card of KRD-1 on 2026-01-31 says of 2025:
        | committed | 10,000,000.00 |
        | carried   | -6,000,000.00 |
        | paid      | 4,000,000.00  |
        | unpaid    | 0.00          |
      And the card of KRD-1 on 2026-01-31 says of 2026:
        | carried | 6,000,000.00 |
        | unpaid  | 6,000,000.00 |
      And the card of KRD-1 on 2026-01-31 says of 1:
        | due     | 10,000,000.00 |
        | settled | 4,000,000.00  |
      And the card of KRD-1 on 2026-01-31 foots

  Rule: 财政惯例:决算对照按功能科目与资金,调整附凭证,台账之外的留空

    Background:
      Given the opening of 2025
      And 30,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 10,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And 4,000,000 yuan of instalment 1 of KRD-1 are ordered as O-1 under 拨付1号 on 2025-03-10
      And 4,000,000 yuan of order O-1 are settled as D-1 on 2025-03-12
      And all that 2025 still holds is carried forward in 2025-12
      And FIN recorded YearClosed:
        | year         | 2025       |
        | effective_on | 2026-01-20 |

    Scenario: The final accounts say that less was paid, and more is carried
      When FIN records CarryForwardAdjusted:
        | year         | 2025              |
        | against      | B240              |
        | settlement   | D-1               |
        | account      | B220              |
        | project      | KRD-1             |
        | instalment   | 1                 |
        | fund         | STIDF             |
        | vintage      | 2025              |
        | amount       | 300,000.01        |
        | document     | 内财决〔2026〕1号 |
        | effective_on | 2026-03-31        |
      Then it is accepted
      And the sheet final-accounts of 2025 on 2026-03-31 says of function 2060499:
        | paid      | 3,699,999.99      |
        | adjusted  | -300,000.01       |
        | vouchers  | 2026-1            |
        | documents | 内财决〔2026〕1号 |
        | treasury  | —                 |
        | final     | —                 |
      And the sheet final-accounts of 2025 on 2026-03-31 foots
