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

  Rule: 财政惯例:拨款申请清单逐笔列安排额、此前已拨、本次与拨后余额

    Background:
      Given the opening of 2025
      And 30,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 10,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And 4,000,000 yuan of instalment 1 of KRD-1 are ordered as O-1 under 拨付1号 on 2025-03-10

    Scenario: What the bank sent back holds nothing of its instalment
      When TRE records PaymentRejected:
        | order        | O-1        |
        | detail       | X-1        |
        | amount       | 4,000,000  |
        | effective_on | 2025-03-12 |
      Then it is accepted
      And the sheet payments on 2025-03-31 says of order O-1:
        | document  | 拨付1号       |
        | committed | 10,000,000.00 |
        | before    | 0.00          |
        | this      | 4,000,000.00  |
        | open      | 0.00          |
        | left      | 10,000,000.00 |
      And the sheet payments on 2025-03-31 foots

  Rule: 财政惯例:结转结余表按资金、指标年度、专项、项目列示,两年以上的标明

    Background:
      Given the opening of 2025
      And 30,000,000 yuan of STIDF are allocated to RDT-KRD
      And FIN proposed and STD approved PolicyParameterSet:
        | name         | surplus_years    |
        | years        | 2                |
        | scope        | STIDF            |
        | document     | 内财规〔2025〕1号 |
        | effective_on | 2025-06-01       |

    Scenario: Before the year ends it says what is to be carried, and what is two years old
      When FIN records FundsWithdrawnToTreasury:
        | account      | B210              |
        | special      | RDT-KRD           |
        | fund         | STIDF             |
        | vintage      | 2025              |
        | amount       | 500,000.01        |
        | document     | 内财收〔2025〕1号 |
        | effective_on | 2025-12-20        |
      Then it is accepted
      And the sheet carry-over on 2025-12-31 says of special RDT-KRD:
        | quota      | 30,000,000.00                   |
        | withdrawn  | 500,000.01                      |
        | closing    | 29,499,999.99                   |
        | carry      | 29,499,999.99                   |
        | age        | 1                               |
        | old        | —                               |
        | proposal   | 拟结转 to be carried over       |
        | withdrawal | 内财收〔2025〕1号               |
      And the sheet carry-over on 2025-12-31 says of special LEG-NSF:
        | closing  | 12,600,000.00                                   |
        | age      | 2                                               |
        | old      | 是 yes                                          |
        | proposal | 待定:须设定参数 undecided: a parameter is missing |
      And the sheet carry-over on 2025-12-31 foots

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
        | general   | —                 |
        | final     | 3,699,999.99      |
      And the sheet final-accounts of 2025 on 2026-03-31 foots

  Rule: 财政惯例:指标账逐笔登记,按资金结出余额

    Scenario: Added quota stands in the account with the balance after it
      Given the opening of 2025
      When FIN records AppropriationReceived:
        | fund         | NSF         |
        | vintage      | 2025        |
        | amount       | 9,000,000   |
        | batch_no     | 2           |
        | document     | 内财科追加1 |
        | effective_on | 2025-03-01  |
      Then it is accepted
      And the sheet quota on 2025-03-31 says of document 内财科追加1:
        | origin      | 追加 Added     |
        | batch       | 2              |
        | increase    | 9,000,000.00   |
        | quota       | 182,000,000.00 |
        | allocated   | 12,600,000.00  |
        | unallocated | 169,400,000.00 |
      And the sheet quota on 2025-03-31 foots

  Rule: 二(一)3 谁推荐、谁承诺、谁筹措匹配资金

    Scenario: A pledge that is due and did not come is late by days
      Given the opening of 2025
      And project CRC-1 of special MSP-CRC, chosen by RECOMMENDED
      When REC of industry records MatchingCommitted:
        | pledge       | PL-1                                         |
        | project      | CRC-1                                        |
        | pledger      | @industry                                    |
        | amount       | 800,000.01                                   |
        | tranches     | [{"due_on": "2025-03-31", "amount": "800000.01"}] |
        | basis        | 匹配承诺函                                   |
        | effective_on | 2025-03-01                                   |
      Then it is accepted
      And the sheet matching on 2025-04-10 says of pledge PL-1:
        | type      | 推荐部门 Recommender |
        | pledged   | 800,000.01           |
        | due       | 800,000.01           |
        | gap       | 800,000.01           |
        | days_late | 10                   |
      And the sheet matching on 2025-04-10 foots

  Rule: 四(三) 综合运用前资助与后补助

    Background:
      Given the opening of 2025
      And 1,000,000 yuan of STIDF are allocated to CAP-POL
      And project POL-1 of special CAP-POL, chosen by ENTITLED
      And FIN proposed and STD approved PolicyParameterSet:
        | name         | post_subsidy_rate |
        | rate_bp      | 2000              |
        | document     | 规1号             |
        | effective_on | 2025-02-01        |
      And FIN proposed and STD approved PolicyParameterSet:
        | name         | post_subsidy_cap |
        | amount       | 100,000          |
        | document     | 规2号            |
        | effective_on | 2025-02-01       |

    Scenario: A verified claim waits with what rate and cap give it, also on the page of what is available
      When STD records PostSubsidyVerified:
        | claim        | C-1        |
        | project      | POL-1      |
        | claimed      | 900,000    |
        | eligible     | 600,000    |
        | verifier     | 核查组     |
        | report       | 核查1号    |
        | effective_on | 2025-03-01 |
      Then it is accepted
      And the sheet post-subsidy on 2025-03-31 says of claim C-1:
        | rate    | 20.00       |
        | formula | 120,000.00  |
        | awarded | 100,000.00  |
        | cut     | 20,000.00   |
        | queue   | 100,000.00  |
        | status  | 排队 queued |
      And the sheet availability on 2025-03-31 says of special CAP-POL:
        | available | 1,000,000.00 |
        | queue     | 100,000.00   |
      And the sheet availability on 2025-03-31 foots
