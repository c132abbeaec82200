Feature: Worked histories 成套业务
  Eight histories of 2025, to the fen. Amounts and caps are fictional. Each forks from the opening unless it says otherwise.

  Rule: 四(二) H1 将原“应用技术研究与开发资金、科技重大专项资金、科技成果转化专项资金、科技创新引导奖励资金”整合为“科技创新发展专项资金”

    Scenario: What the old funds held, and what the region gave
      Given an empty ledger
      And the opening list, signed by FIN and STD:
        | fund | unallocated  | committed    |
        | ATRD | 3,200,000    | 18,500,000   |
        | MSTP | 0            | 42,000,000   |
        | STTC | 1,250,000.50 | 7,749,999.50 |
        | STIG | 560,000      | 0            |
        | NSF  | 400,000      | 12,600,000   |
      And FIN proposed and STD approved PredecessorFundConsolidated:
        | fund         | ATRD       |
        | effective_on | 2025-01-02 |
      And FIN proposed and STD approved PredecessorFundConsolidated:
        | fund         | MSTP       |
        | effective_on | 2025-01-02 |
      And FIN proposed and STD approved PredecessorFundConsolidated:
        | fund         | STTC       |
        | effective_on | 2025-01-02 |
      And FIN proposed and STD approved PredecessorFundConsolidated:
        | fund         | STIG       |
        | effective_on | 2025-01-02 |
      And FIN recorded AppropriationReceived:
        | fund         | STIDF              |
        | vintage      | 2025               |
        | amount       | 900,000,000        |
        | document     | 内财科〔2025〕1号 |
        | line         | 1                  |
        | effective_on | 2025-01-10         |
      When FIN records AppropriationReceived:
        | fund         | NSF                |
        | vintage      | 2025               |
        | amount       | 160,000,000        |
        | document     | 内财科〔2025〕1号 |
        | line         | 2                  |
        | effective_on | 2025-01-10         |
      Then it is accepted
      And supply of fund ATRD is 0.00
      And supply of fund MSTP is 0.00
      And supply of fund STTC is 0.00
      And supply of fund STIG is 0.00
      And unallocated of fund ATRD is 0.00
      And committed of fund ATRD is 0.00
      And unallocated of fund MSTP is 0.00
      And committed of fund MSTP is 0.00
      And unallocated of fund STTC is 0.00
      And committed of fund STTC is 0.00
      And unallocated of fund STIG is 0.00
      And committed of fund STIG is 0.00
      And carried in of fund ATRD is 21,700,000.00
      And carried in of fund MSTP is 42,000,000.00
      And carried in of fund STTC is 9,000,000.00
      And carried in of fund STIG is 560,000.00
      And consolidated of fund STIDF is 73,260,000.00
      And consolidated of all is 0.00
      And reallocated of all is 0.00
      And supply of fund STIDF is 973,260,000.00
      And unallocated of fund STIDF is 905,010,000.50
      And unallocated of fund STIDF and vintage 2024 is 5,010,000.50
      And committed of fund STIDF is 68,249,999.50
      And committed of fund STIDF and vintage 2024 is 68,249,999.50
      And supply of fund NSF is 173,000,000.00
      And unallocated of fund NSF is 160,400,000.00
      And committed of fund NSF is 12,600,000.00
      And supply of all is 1,146,260,000.00
      And replaying the log gives the same balances

    Scenario: A suspended legacy category takes no new commitment
      Given the opening of 2025
      When STD records PreFundingCommitted:
        | project      | OLD-MSTP   |
        | fund         | STIDF      |
        | vintage      | 2024       |
        | amount       | 1          |
        | instalments  | new: 1     |
        | effective_on | 2025-02-10 |
      Then it is refused with SPECIAL_SUSPENDED (clause 五(二))

    Scenario: An instalment of a legacy project is accepted
      Given the opening of 2025
      When STD records PaymentOrdered:
        | order        | ORD-OLD         |
        | project      | OLD-MSTP        |
        | instalment   | rest            |
        | amount       | 42,000,000      |
        | payee        | @university     |
        | document     | 拨付〔2025〕1号 |
        | effective_on | 2025-02-10      |
      Then it is accepted
      And committed of fund STIDF is 26,249,999.50
      And ordered of fund STIDF is 42,000,000.00

  Rule: 四(一) H2 对于科技突围项目,按照“一事一议”原则,统筹现有科技资金优先予以保障

    Background:
      Given the opening of 2025
      And 200,000,000 yuan of STIDF are allocated to MSP-BRK
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project BRK-1 of special MSP-BRK, chosen by ONE_CASE
      And the request PreFundingCommitted:
        | project      | BRK-1                             |
        | fund         | STIDF                             |
        | vintage      | 2025                              |
        | amount       | 230,000,000                       |
        | instalments  | 1: 92,000,000; 2: 138,000,000 gated |
        | scheme       | 一项一方案〔2025〕1号             |
        | effective_on | 2025-03-05                        |

    Scenario: The special has too little
      When STD records it
      Then it is refused with INSUFFICIENT_FUNDS, short 30,000,000.00 (clause V3)
      And unallocated of fund STIDF is 405,010,000.50

    Scenario: Money is gathered from where it is not yet committed
      Given STD recorded FundsReallocatedWithinFund:
        | fund         | STIDF            |
        | vintage      | 2025             |
        | from_special | RDT-KRD          |
        | to_special   | MSP-BRK          |
        | amount       | 20,000,000       |
        | reason       | 科技突围优先保障 |
        | effective_on | 2025-03-03       |
      When STD proposes and FIN approves FundsAllocated:
        | fund         | STIDF      |
        | vintage      | 2025       |
        | special      | MSP-BRK    |
        | amount       | 10,000,000 |
        | effective_on | 2025-03-04 |
      Then it is accepted
      And available of special RDT-KRD is 280,000,000.00
      And available of special MSP-BRK is 230,000,000.00
      And unallocated of fund STIDF is 395,010,000.50

    Scenario: It is committed, and two fifths are paid
      Given STD recorded FundsReallocatedWithinFund:
        | fund         | STIDF            |
        | vintage      | 2025             |
        | from_special | RDT-KRD          |
        | to_special   | MSP-BRK          |
        | amount       | 20,000,000       |
        | reason       | 科技突围优先保障 |
        | effective_on | 2025-03-03       |
      And 10,000,000 yuan of STIDF are allocated to MSP-BRK
      And STD recorded it
      And STD recorded PaymentOrdered:
        | order        | ORD-1           |
        | project      | BRK-1           |
        | instalment   | 1               |
        | amount       | 92,000,000      |
        | payee        | @university     |
        | document     | 拨付〔2025〕2号 |
        | effective_on | 2025-03-10      |
      When TRE records PaymentSettled:
        | order        | ORD-1      |
        | detail       | PAY-1      |
        | amount       | 92,000,000 |
        | effective_on | 2025-03-12 |
      Then it is accepted
      And committed of project BRK-1 is 138,000,000.00
      And committed of fund STIDF is 206,249,999.50
      And disbursed of fund STIDF is 92,000,000.00
      And available of fund STIDF is 280,000,000.00
      And unallocated of fund STIDF is 395,010,000.50
      And supply of fund STIDF is 973,260,000.00
      And replaying the log gives the same balances

  Rule: 二(三)3 H3 各部门管理的国家级创新平台,经费按原渠道支持,纳入自治区科技计划体系

    Background:
      Given the opening of 2025
      And project PLT-1 of special PLT-NAT, chosen by APPROVED
      And the request OriginalChannelFundingRecorded:
        | project      | PLT-1         |
        | amount       | 8,000,000     |
        | cost_items   | ["equipment"] |
        | effective_on | 2025-02-15    |

    Scenario: The plan shows the channel beside the fund
      When CHA of agriculture records it
      Then it is accepted
      And original channel of plan PLT is 8,000,000.00
      And available of plan PLT is 0.00
      And committed of plan PLT is 0.00
      And disbursed of plan PLT is 0.00
      And unallocated of fund STIDF is 905,010,000.50
      And replaying the log gives the same balances

    Scenario: The fund does not pay for the same cost item
      Given CHA of agriculture recorded it
      When STD records PreFundingCommitted:
        | project      | PLT-1         |
        | fund         | STIDF         |
        | vintage      | 2025          |
        | amount       | 1,000,000     |
        | instalments  | 1: 1,000,000  |
        | cost_items   | ["equipment"] |
        | effective_on | 2025-03-01    |
      Then it is refused with DOUBLE_FUNDING (clause 二(三)3)

  Rule: 四(三) H4 综合运用前资助与后补助、有偿与无偿、竞争性与稳定性相结合的方式分类支持

    Background:
      Given the opening of 2025
      And 50,000,000 yuan of STIDF are allocated to CAP-POL
      And project POL-1 of special CAP-POL, chosen by ENTITLED
      And project POL-2 of special CAP-POL, chosen by ENTITLED
      And FIN proposed and STD approved PolicyParameterSet:
        | name         | post_subsidy_rate  |
        | scope        | CAP-POL            |
        | rate_bp      | 2000               |
        | document     | 内科规〔2025〕1号 |
        | effective_on | 2025-01-15         |
      And FIN proposed and STD approved PolicyParameterSet:
        | name         | post_subsidy_cap   |
        | scope        | CAP-POL            |
        | amount       | 2,000,000          |
        | document     | 内科规〔2025〕1号 |
        | effective_on | 2025-01-15         |
      And STD recorded PostSubsidyVerified:
        | claim        | CLAIM-1           |
        | project      | POL-1             |
        | claimed      | 12,345,678.90     |
        | eligible     | 12,345,678.90     |
        | verifier     | 某事务所(虚构)  |
        | report       | 核实〔2025〕1号 |
        | effective_on | 2025-02-20        |
      And the request PostSubsidyCommitted:
        | project      | POL-1      |
        | claim        | CLAIM-1    |
        | fund         | STIDF      |
        | vintage      | 2025       |
        | amount       | 2,000,000  |
        | effective_on | 2025-03-01 |

    Scenario: A fifth of the expense would be more than the cap
      When STD proposes and FIN approves it with amount 2,469,135.78
      Then it is refused with OVER_CAP, short 469,135.78 (clause 四(三))

    Scenario: The cap is committed, ordered and paid
      Given STD proposed and FIN approved it
      And STD recorded PaymentOrdered:
        | order        | ORD-1           |
        | project      | POL-1           |
        | instalment   | CLAIM-1         |
        | amount       | 2,000,000       |
        | payee        | @university     |
        | document     | 拨付〔2025〕3号 |
        | effective_on | 2025-03-10      |
      When TRE records PaymentSettled:
        | order        | ORD-1      |
        | detail       | PAY-1      |
        | amount       | 2,000,000  |
        | effective_on | 2025-03-12 |
      Then it is accepted
      And available of special CAP-POL is 48,000,000.00
      And disbursed of special CAP-POL is 2,000,000.00
      And replaying the log gives the same balances

    Scenario: Half a fen is not paid out
      Given STD proposed and FIN approved it
      And STD recorded PostSubsidyVerified:
        | claim        | CLAIM-2           |
        | project      | POL-2             |
        | claimed      | 7,777,777.77      |
        | eligible     | 7,777,777.77      |
        | verifier     | 某事务所(虚构)  |
        | report       | 核实〔2025〕2号 |
        | effective_on | 2025-02-21        |
      When STD proposes and FIN approves it with:
        | project | POL-2        |
        | claim   | CLAIM-2      |
        | amount  | 1,555,555.55 |
      Then it is accepted
      And available of special CAP-POL is 46,444,444.45

    Scenario: A fen more is over it
      Given STD recorded PostSubsidyVerified:
        | claim        | CLAIM-2           |
        | project      | POL-2             |
        | claimed      | 7,777,777.77      |
        | eligible     | 7,777,777.77      |
        | verifier     | 某事务所(虚构)  |
        | report       | 核实〔2025〕2号 |
        | effective_on | 2025-02-21        |
      When STD proposes and FIN approves it with:
        | project | POL-2        |
        | claim   | CLAIM-2      |
        | amount  | 1,555,555.56 |
      Then it is refused with OVER_CAP, short 0.01 (clause 四(三))

    Scenario: Nothing is committed before it was verified
      When STD proposes and FIN approves it with claim CLAIM-9
      Then it is refused with NOT_VERIFIED (clause 四(三))

  Rule: 四(二) H5 建立科技计划和财政科技资金动态调整机制 政策参数:基金保留底线

    Background:
      Given the opening of 2025
      And FIN proposed and STD approved PolicyParameterSet:
        | name         | fund_floor         |
        | scope        | NSF                |
        | amount       | 155,000,000        |
        | document     | 内财科〔2025〕5号 |
        | effective_on | 2025-01-15         |
      And the request FundsReallocatedBetweenFunds:
        | from_fund    | NSF                 |
        | to_fund      | STIDF               |
        | vintage      | 2025                |
        | amount       | 5,000,000           |
        | document     | 内财科〔2025〕15号 |
        | effective_on | 2025-04-01          |

    Scenario: Six million would leave 154,000,000
      When STD proposes and FIN approves it with amount 6,000,000
      Then it is refused with BELOW_FLOOR, short 1,000,000.00 (clause 四(二))
      And the refusal says would_leave 154,000,000.00

    Scenario: The S&T department alone may not
      When STD records it
      Then it is refused with UNAUTHORISED (clause 四(二))

    Scenario: With the finance countersign and a document five million go
      When STD proposes and FIN approves it
      Then it is accepted
      And supply of fund NSF is 168,000,000.00
      And unallocated of fund NSF is 155,400,000.00
      And supply of fund STIDF is 978,260,000.00
      And unallocated of fund STIDF is 910,010,000.50
      And supply of all is 1,146,260,000.00
      And replaying the log gives the same balances

    Scenario: Natural Science Fund money does not go to key R&D
      When STD proposes and FIN approves FundsAllocated:
        | fund         | NSF        |
        | vintage      | 2025       |
        | special      | RDT-KRD    |
        | amount       | 1          |
        | effective_on | 2025-04-02 |
      Then it is refused with FUND_SCOPE (clause 四(二))

  Rule: H6 Correction after close 财政惯例:已结账期间不得改动,更正须双人办理

    Background:
      Given the opening of 2025
      And 2,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 2,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And 1,230,000 yuan of KRD-1 are ordered as ORD-1 and settled as PAY-1
      And the periods up to 2025-03 are closed

    Scenario: March is closed for good
      When STD records PaymentOrdered:
        | order        | ORD-2           |
        | project      | KRD-1           |
        | instalment   | 1               |
        | amount       | 90,000          |
        | payee        | @university     |
        | document     | 拨付〔2025〕9号 |
        | effective_on | 2025-03-12      |
        | period       | 2025-03         |
      Then it is refused with PERIOD_CLOSED (clause F)

    Scenario: The settlement alone cannot say more than was ordered
      When FIN proposes and FIN2 approves on 2025-04-18 a correction of:
        | PaymentSettled | amount | 1,320,000 |
      Then it is refused with OVER_ORDERED, short 90,000.00 (clause V3)
      And disbursed of project KRD-1 is 1,230,000.00

    Scenario: One person of finance does not correct
      When FIN proposes and FIN approves on 2025-04-18 a correction of:
        | PaymentOrdered | amount | 1,320,000 |
        | PaymentSettled | amount | 1,320,000 |
      Then it is refused with SELF_APPROVAL (clause F)

    Scenario: Order and settlement are corrected together by two people
      When FIN proposes and FIN2 approves on 2025-04-18 a correction of:
        | PaymentOrdered | amount | 1,320,000 |
        | PaymentSettled | amount | 1,320,000 |
      Then it is accepted
      And disbursed of project KRD-1 posted in 2025-03 is 1,230,000.00
      And disbursed of project KRD-1 effective in 2025-03 is 1,320,000.00
      And disbursed of project KRD-1 posted in 2025-04 is 90,000.00
      And committed of project KRD-1 is 680,000.00
      And disbursed of project KRD-1 is 1,320,000.00
      And ordered of project KRD-1 is 0.00
      And the recorded PaymentOrdered still says 1,230,000
      And the recorded PaymentSettled still says 1,230,000
      And replaying the log gives the same balances

    Scenario: Before it 770,000 were left to order, and after it 680,000
      When STD records PaymentOrdered:
        | order        | ORD-2           |
        | project      | KRD-1           |
        | instalment   | 1               |
        | amount       | 770,000.01      |
        | payee        | @university     |
        | document     | 拨付〔2025〕9号 |
        | effective_on | 2025-04-18      |
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause V3)
      And committed of project KRD-1 is 770,000.00

  Rule: H7 Same request twice 财政惯例:一笔业务只记一次

    # The idempotency key belongs to the door: the same key with the same body and with another one are played over HTTP.
    # Here is what stands behind the door, the business key.
    Scenario Outline: A new request for the same project, instalment, document and payee
      Given the opening of 2025
      And 230,000,000 yuan of STIDF are allocated to MSP-BRK
      And project BRK-1 of special MSP-BRK, chosen by ONE_CASE
      And 230,000,000 yuan of STIDF are committed to BRK-1 in one instalment
      And 92,000,000 yuan of BRK-1 are ordered as ORD-1 and settled as PAY-1
      When STD records PaymentOrdered:
        | order        | ORD-2       |
        | project      | BRK-1       |
        | instalment   | 1           |
        | amount       | <amount>    |
        | payee        | @university |
        | document     | 拨付-ORD-1  |
        | effective_on | 2025-03-13  |
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 四(三))
      And disbursed of fund STIDF is 92,000,000.00
      And ordered of fund STIDF is 0.00

      Examples:
        | amount     |
        | 92,000,000 |
        | 92,000,001 |

    Scenario: Nor is a treasury detail counted twice
      Given the opening of 2025
      And 230,000,000 yuan of STIDF are allocated to MSP-BRK
      And project BRK-1 of special MSP-BRK, chosen by ONE_CASE
      And 230,000,000 yuan of STIDF are committed to BRK-1 in one instalment
      And 92,000,000 yuan of BRK-1 are ordered as ORD-1 and settled as PAY-1
      When TRE records PaymentSettled:
        | order        | ORD-1      |
        | detail       | PAY-1      |
        | amount       | 92,000,000 |
        | effective_on | 2025-03-12 |
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 四(三))
      And disbursed of fund STIDF is 92,000,000.00

  Rule: H8 At the same moment 财政惯例:无指标不安排

    # Two requests that arrive together are decided one after the other, in either order; the race itself is played with threads.
    Scenario Outline: Exactly one of two is recorded
      Given the opening of 2025
      And 10,000,000 yuan of STIDF are allocated to RDT-CHN
      And project CHN-1 of special RDT-CHN, chosen by CHALLENGE
      And project CHN-2 of special RDT-CHN, chosen by CHALLENGE
      And <first> yuan of STIDF are committed to CHN-1 in one instalment
      When STD records PreFundingCommitted:
        | project      | CHN-2       |
        | fund         | STIDF       |
        | vintage      | 2025        |
        | amount       | <second>    |
        | instalments  | 1: <second> |
        | effective_on | 2025-02-10  |
      Then it is refused with INSUFFICIENT_FUNDS, short 3,000,000.00 (clause V3)
      And committed of special RDT-CHN is <first>
      And available of special RDT-CHN is <left>
      And replaying the log gives the same balances

      Examples:
        | first        | second    | left         |
        | 7,000,000.00 | 6,000,000 | 3,000,000.00 |
        | 6,000,000.00 | 7,000,000 | 4,000,000.00 |
