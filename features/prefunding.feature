Feature: Pre-funding 前资助
  Money of a special is committed to a project before the work: in instalments behind gates, free or to be repaid, later years apart.

  Rule: 四(三) 综合运用前资助与后补助、有偿与无偿、竞争性与稳定性相结合的方式分类支持

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And the request PreFundingCommitted:
        | project      | KRD-1                              |
        | fund         | STIDF                              |
        | vintage      | 2025                               |
        | amount       | 8,000,000.01                       |
        | instalments  | 1: 3,000,000; 2: 5,000,000.01 gated |
        | cost_items   | ["equipment"]                      |
        | support      | COMPETITIVE                        |
        | effective_on | 2025-03-01                         |

    Scenario: Money is committed in instalments
      When STD records it
      Then it is accepted
      And committed of project KRD-1 is 8,000,000.01
      And available of special RDT-KRD is 291,999,999.99
      And supply of fund STIDF is 973,260,000.00
      And replaying the log gives the same balances

    Scenario: A project may be committed to again
      Given STD recorded it
      When STD records it with:
        | amount      | 0.99       |
        | instalments | 3: 0.99    |
        | cost_items  | ["travel"] |
      Then it is accepted
      And committed of project KRD-1 is 8,000,001.00

    Scenario: The same fund does not pay for a cost item twice
      Given STD recorded it
      When STD records it with:
        | amount      | 0.99    |
        | instalments | 3: 0.99 |
      Then it is refused with DOUBLE_FUNDING (clause V7)
      And the refusal says funded_by STIDF

    Scenario: What was released whole leaves its cost item to others
      Given STD recorded it
      And STD recorded CommitmentReleased:
        | project      | KRD-1      |
        | instalment   | 1          |
        | amount       | 3,000,000  |
        | reason       | 退出       |
        | effective_on | 2025-03-02 |
      And STD recorded CommitmentReleased:
        | project      | KRD-1        |
        | instalment   | 2            |
        | amount       | 5,000,000.00 |
        | reason       | 退出         |
        | effective_on | 2025-03-02   |
      And the request OriginalChannelFundingRecorded:
        | project      | KRD-1         |
        | amount       | 8,000,000     |
        | cost_items   | ["equipment"] |
        | effective_on | 2025-03-03    |
      When CHA of agriculture records it
      Then it is refused with DOUBLE_FUNDING (clause 二(三)3)
      And the refusal says funded_by STIDF
      When STD records CommitmentReleased:
        | project      | KRD-1      |
        | instalment   | 2          |
        | amount       | 0.01       |
        | reason       | 退出       |
        | effective_on | 2025-03-02 |
      Then it is accepted
      When CHA of agriculture records it
      Then it is accepted
      And original channel of project KRD-1 is 8,000,000.00
      And replaying the log gives the same balances

    Scenario: What was paid holds its cost item for good
      Given STD recorded it
      And 0.01 yuan of KRD-1 are ordered as ORD-1 and settled as PAY-1
      And STD recorded CommitmentReleased:
        | project      | KRD-1        |
        | instalment   | 1            |
        | amount       | 2,999,999.99 |
        | reason       | 退出         |
        | effective_on | 2025-03-20   |
      And STD recorded CommitmentReleased:
        | project      | KRD-1        |
        | instalment   | 2            |
        | amount       | 5,000,000.01 |
        | reason       | 退出         |
        | effective_on | 2025-03-20   |
      When STD records it with:
        | amount       | 0.99       |
        | instalments  | 3: 0.99    |
        | effective_on | 2025-03-21 |
      Then it is refused with DOUBLE_FUNDING (clause V7)

    Scenario: Under other instalments it is held as well
      Given STD recorded it
      And STD recorded InstalmentsRescheduled:
        | project      | KRD-1                                  |
        | replaces     | ["1", "2"]                             |
        | instalments  | 4: 3,000,000; 5: 5,000,000.01 gated |
        | effective_on | 2025-03-02                             |
      When CHA of agriculture records OriginalChannelFundingRecorded:
        | project      | KRD-1         |
        | amount       | 8,000,000     |
        | cost_items   | ["equipment"] |
        | effective_on | 2025-03-03    |
      Then it is refused with DOUBLE_FUNDING (clause 二(三)3)

    Scenario: A name that is taken is told before the special is found suspended
      Given STD recorded it
      And STD recorded SpecialSuspended:
        | special      | RDT-KRD            |
        | document     | 内科计〔2025〕30号 |
        | effective_on | 2025-03-02         |
      When STD records it with effective_on 2025-03-03
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 四(三))

    Scenario: A team that nobody knows is told before the fund is found out of place
      When STD records it with:
        | fund        | NSF                          |
        | instalments | 1: 8,000,000.01 team unknown |
      Then it is refused with UNKNOWN_REFERENCE (clause 二(一)3)

    Scenario: An instalment without a gate is ordered at once
      Given STD recorded it
      When STD records PaymentOrdered:
        | order        | ORD-1         |
        | project      | KRD-1         |
        | instalment   | 1             |
        | amount       | 3,000,000     |
        | payee        | @university   |
        | document     | 拨付〔2025〕1 |
        | effective_on | 2025-03-06    |
      Then it is accepted
      And ordered of project KRD-1 is 3,000,000.00

    Scenario: A gated one waits
      Given STD recorded it
      When STD records PaymentOrdered:
        | order        | ORD-1         |
        | project      | KRD-1         |
        | instalment   | 2             |
        | amount       | 1             |
        | payee        | @university   |
        | document     | 拨付〔2025〕1 |
        | effective_on | 2025-03-06    |
      Then it is refused with GATE_NOT_PASSED (clause 三(一))

    Scenario: Support that is to be repaid comes back, and what was paid stays paid 有偿
      Given STD recorded it with repayments [{"due_on": "2027-06-30", "amount": "8000000.01"}]
      And 3,000,000 yuan of KRD-1 are ordered as ORD-1 and settled as PAY-1
      When TRE records RepaymentReceived:
        | settlement   | PAY-1      |
        | amount       | 999,999.99 |
        | detail       | REP-1      |
        | effective_on | 2025-11-03 |
      Then it is accepted
      And repayable outstanding of project KRD-1 is 2,000,000.01
      And disbursed of project KRD-1 is 3,000,000.00

    Scenario: Later years are promised apart and bind no money of this one
      When STD records it with later_years [{"fiscal_year": 2026, "amount": "4000000"}, {"fiscal_year": 2027, "amount": "1000000.50"}]
      Then it is accepted
      And later years of project KRD-1 is 5,000,000.50
      And committed of project KRD-1 is 8,000,000.01
      And available of special RDT-KRD is 291,999,999.99
      And replaying the log gives the same balances

    Scenario: A promise is kept in its year
      Given STD recorded it with later_years [{"fiscal_year": 2026, "amount": "4000000"}]
      And FIN recorded AppropriationReceived:
        | fund         | STIDF              |
        | vintage      | 2026               |
        | amount       | 10,000,000         |
        | document     | 内财科〔2026〕1号 |
        | effective_on | 2026-01-10         |
      And STD proposed and FIN approved FundsAllocated:
        | fund         | STIDF      |
        | vintage      | 2026       |
        | special      | RDT-KRD    |
        | amount       | 10,000,000 |
        | effective_on | 2026-02-01 |
      When STD records PreFundingCommitted:
        | project          | KRD-1        |
        | fund             | STIDF        |
        | vintage          | 2026         |
        | amount           | 3,000,000    |
        | instalments      | 3: 3,000,000 |
        | from_later_years | 3000000      |
        | effective_on     | 2026-03-01   |
      Then it is accepted
      And later years of project KRD-1 is 1,000,000.00
      And committed of project KRD-1 is 11,000,000.01
      And replaying the log gives the same balances

    Scenario: Not more is kept than was promised
      When STD records it with from_later_years 0.01
      Then it is refused with OVER_OUTSTANDING, short 0.01 (clause V3)

    Scenario: Nor more than is committed now
      Given STD recorded it
      And FIN recorded AppropriationReceived:
        | fund         | STIDF              |
        | vintage      | 2026               |
        | amount       | 10,000,000         |
        | document     | 内财科〔2026〕1号 |
        | effective_on | 2026-01-10         |
      And STD proposed and FIN approved FundsAllocated:
        | fund         | STIDF      |
        | vintage      | 2026       |
        | special      | RDT-KRD    |
        | amount       | 10,000,000 |
        | effective_on | 2026-02-01 |
      When STD records PreFundingCommitted:
        | project          | KRD-1        |
        | fund             | STIDF        |
        | vintage          | 2026         |
        | amount           | 2,999,999.99 |
        | instalments      | 3: 2,999,999.99 |
        | from_later_years | 3,000,000    |
        | effective_on     | 2026-03-01   |
      Then it is refused with SCHEDULE_MISMATCH, short 0.01 (clause 四(三))

    Scenario Outline: A later year is later than this one
      When STD records it with later_years [{"fiscal_year": <year>, "amount": "1"}]
      Then it is refused with SCHEDULE_MISMATCH (clause 四(三))

      Examples:
        | year |
        | 2024 |
        | 2025 |

    Scenario: Not more than the special has
      When STD records it with:
        | amount      | 300,000,000.01    |
        | instalments | 1: 300,000,000.01 |
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause V3)

    Scenario: The instalments add up to the amount
      When STD records it with instalments 1: 3,000,000; 2: 5,000,000
      Then it is refused with SCHEDULE_MISMATCH, short 0.01 (clause 四(三))

    Scenario: So do the repayments
      When STD records it with repayments [{"due_on": "2027-06-30", "amount": "8000000"}]
      Then it is refused with SCHEDULE_MISMATCH, short 0.01 (clause 四(三))

    Scenario: An instalment's name is given once
      When STD records it with instalments 1: 3,000,000; 1: 5,000,000.01
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 四(三))

    Scenario: Also over all commitments of a project
      Given STD recorded it
      When STD records it
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 四(三))

    Scenario: A team that does not race
      When STD records it with instalments 1: 8,000,000.01 team C
      Then it is refused with UNKNOWN_REFERENCE (clause 二(一)3)

    Scenario: A project that nobody knows
      When STD records it with project KRD-9
      Then it is refused with UNKNOWN_REFERENCE (clause 二)

    Scenario: A call that nobody opened
      When STD records it with call CALL-9
      Then it is refused with UNKNOWN_REFERENCE (clause 四(一))

    Scenario: A closed project
      Given STD recorded ProjectClosed:
        | project      | KRD-1             |
        | evaluation   | 评价〔2025〕1号 |
        | effective_on | 2025-02-20        |
      When STD records it
      Then it is refused with PROJECT_CLOSED (clause 三(一))

    Scenario: Only the S&T department commits
      When FIN records it
      Then it is refused with UNAUTHORISED (clause 四(三))

    Scenario: A closed month takes no commitment
      Given the periods up to 2025-03 are closed
      When STD records it
      Then it is refused with PERIOD_CLOSED (clause F)

    Scenario: A commitment is released, not corrected
      Given STD recorded it
      When FIN proposes and FIN2 approves on 2025-04-18 a correction of:
        | PreFundingCommitted | taken back | |
      Then it is refused with NOT_CORRECTABLE (clause F)

  Rule: 五(二) 对暂停执行的科技计划类别,按照相关规定做好存量项目的后续管理

    Scenario: A suspended former category takes no new commitment
      Given the opening of 2025
      When STD records PreFundingCommitted:
        | project      | OLD-MSTP   |
        | fund         | STIDF      |
        | vintage      | 2025       |
        | amount       | 1          |
        | instalments  | new: 1     |
        | effective_on | 2025-03-01 |
      Then it is refused with SPECIAL_SUSPENDED (clause 五(二))

  Rule: 二(一)3 按照“一事一政策”“一项一方案”原则,成熟一项,启动一项

    Background:
      Given the opening of 2025
      And 200,000,000 yuan of STIDF are allocated to MSP-BRK
      And project BRK-1 of special MSP-BRK, chosen by ONE_CASE
      And the request PreFundingCommitted:
        | project      | BRK-1              |
        | fund         | STIDF              |
        | vintage      | 2025               |
        | amount       | 200,000,000        |
        | instalments  | 1: 200,000,000     |
        | scheme       | 一项一方案〔2025〕1号 |
        | effective_on | 2025-03-01         |

    Scenario: A breakthrough project has a scheme of its own
      When STD records it
      Then it is accepted
      And committed of special MSP-BRK is 200,000,000.00
      And available of special MSP-BRK is 0.00

    Scenario: Without it there is no commitment
      When STD records it without scheme
      Then it is refused with DOCUMENT_MISSING (clause 二(一)3)

  Rule: 二(一)3 申报及立项情况报科技办备案

    Background:
      Given the opening of 2025
      And 200,000,000 yuan of STIDF are allocated to MSP-CRC
      And project CRC-1 of special MSP-CRC, chosen by RECOMMENDED
      And the request PreFundingCommitted:
        | project      | CRC-1         |
        | fund         | STIDF         |
        | vintage      | 2025          |
        | amount       | 10,000,000    |
        | instalments  | 1: 10,000,000 |
        | effective_on | 2025-03-01    |

    Scenario: A national project is filed before the region commits to it
      When STD records it
      Then it is refused with NOT_FILED (clause 二(一)3)

    Scenario: Once it is filed the region may commit
      Given REC of industry recorded NationalProjectFiled:
        | project      | CRC-1         |
        | national_id  | 2025YFA000001 |
        | effective_on | 2025-02-10    |
      When STD records it
      Then it is accepted
      And committed of project CRC-1 is 10,000,000.00

  Rule: 二(四)3 落实科技创新政策措施,以后补助、奖励补助等方式

    Scenario: A policy entitlement is not funded before the work
      Given the opening of 2025
      And project POL-1 of special CAP-POL, chosen by ENTITLED
      When STD records PreFundingCommitted:
        | project      | POL-1      |
        | fund         | STIDF      |
        | vintage      | 2025       |
        | amount       | 1          |
        | instalments  | 1: 1       |
        | effective_on | 2025-03-01 |
      Then it is refused with MODE_NOT_ALLOWED (clause 二(四)3)

  Rule: 四(二) 保留“自然科学基金”,重点支持基础研究计划

    Background:
      Given the opening of 2025
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And the request PreFundingCommitted:
        | project      | KRD-1      |
        | fund         | NSF        |
        | vintage      | 2025       |
        | amount       | 1          |
        | instalments  | 1: 1       |
        | effective_on | 2025-03-01 |

    Scenario: The fund's money is not committed outside basic research
      When STD records it
      Then it is refused with FUND_SCOPE (clause 四(二))

    Scenario: An exception document lets it, and then the money must be there
      When STD records it with exception 内科函〔2025〕3号
      Then it is refused with INSUFFICIENT_FUNDS, short 1.00 (clause V3)

  Rule: 二(三)3 经费按原渠道支持

    Background:
      Given the opening of 2025
      And 20,000,000 yuan of STIDF are allocated to PLT-NAT
      And project PLT-1 of special PLT-NAT, chosen by APPROVED
      And CHA of agriculture recorded OriginalChannelFundingRecorded:
        | project      | PLT-1         |
        | amount       | 8,000,000     |
        | cost_items   | ["equipment"] |
        | effective_on | 2025-02-15    |
      And the request PreFundingCommitted:
        | project      | PLT-1        |
        | fund         | STIDF        |
        | vintage      | 2025         |
        | amount       | 1,000,000    |
        | instalments  | 1: 1,000,000 |
        | cost_items   | ["equipment"] |
        | effective_on | 2025-03-01   |

    Scenario: One cost item is not funded twice
      When STD records it
      Then it is refused with DOUBLE_FUNDING (clause 二(三)3)

    Scenario: Another one may be
      When STD records it with cost_items ["training"]
      Then it is accepted
      And committed of project PLT-1 is 1,000,000.00
      And original channel of project PLT-1 is 8,000,000.00
      And available of special PLT-NAT is 19,000,000.00
