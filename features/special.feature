Feature: Specials 专项
  The S&T department adds, suspends and resumes specials from a day on. A suspended one takes nothing new; what runs goes on.

  Rule: 三(一) 结合自治区重点任务部署,对科技专项实行动态调整

    Background:
      Given the opening of 2025
      And the request SpecialAdded:
        | special      | MSP-NEW                 |
        | plan         | MSP                     |
        | title_zh     | 前沿技术专项            |
        | title_en     | Frontier technology     |
        | modes        | ["DIRECTED"]            |
        | effective_on | 2025-03-01              |

    Scenario: A special is added and takes money
      Given STD recorded it
      When STD proposes and FIN approves FundsAllocated:
        | fund         | STIDF      |
        | vintage      | 2025       |
        | special      | MSP-NEW    |
        | amount       | 7,000,000  |
        | effective_on | 2025-03-01 |
      Then it is accepted
      And special MSP-NEW is active on 2025-03-01
      And available of plan MSP is 7,000,000.00
      And replaying the log gives the same balances

    Scenario: Adding a special moves no money
      When STD records it
      Then it is accepted
      And it posts nothing

    Scenario: It does not exist before its day
      Given STD recorded it
      When STD proposes and FIN approves FundsAllocated:
        | fund         | STIDF      |
        | vintage      | 2025       |
        | special      | MSP-NEW    |
        | amount       | 7,000,000  |
        | effective_on | 2025-02-28 |
      Then it is refused with UNKNOWN_REFERENCE (clause V8)
      And special MSP-NEW is unknown on 2025-02-28

    Scenario: A special of the notice is there already
      When STD records it with special MSP-BRK
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 三(一))

    Scenario: A special is added once
      Given STD recorded it
      When STD records it
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 三(一))

    Scenario: Only the S&T department adds one
      When FIN records it
      Then it is refused with UNAUTHORISED (clause 三(一))

    Scenario: A former category is suspended from the start
      When STD records it with:
        | special | LEG-OLD |
        | plan    | LEGACY  |
      Then it is accepted
      And special LEG-OLD is suspended on 2025-03-01

  Rule: 五(二) 对暂停执行的科技计划类别,按照相关规定做好存量项目的后续管理

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 8,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And 3,000,000 yuan of KRD-1 are ordered as ORD-1 and settled as PAY-1
      And the request SpecialSuspended:
        | special      | RDT-KRD            |
        | document     | 内科计〔2025〕30号 |
        | effective_on | 2025-05-01         |

    Scenario: Suspending moves no money
      When STD records it
      Then it is accepted
      And it posts nothing
      And special RDT-KRD is active on 2025-04-30
      And special RDT-KRD is suspended on 2025-05-01
      And replaying the log gives the same balances

    Scenario: A suspended special takes no new commitment
      Given STD recorded it
      When STD records PreFundingCommitted:
        | project      | KRD-1        |
        | fund         | STIDF        |
        | vintage      | 2025         |
        | amount       | 1            |
        | instalments  | 2: 1         |
        | effective_on | 2025-05-01   |
      Then it is refused with SPECIAL_SUSPENDED (clause 五(二))

    Scenario: Nor a new project
      Given STD recorded it
      When STD records ProjectRegistered:
        | project      | KRD-2       |
        | special      | RDT-KRD     |
        | title        | 存量之外    |
        | mode         | COMPETITIVE |
        | undertaker   | @university |
        | external_id  | X-KRD-2     |
        | function     | 2060499     |
        | effective_on | 2025-05-01  |
      Then it is refused with SPECIAL_SUSPENDED (clause 三(一))

    Scenario: What is dated before the suspension is still judged by its own day
      Given STD recorded it
      When STD records PreFundingCommitted:
        | project      | KRD-1      |
        | fund         | STIDF      |
        | vintage      | 2025       |
        | amount       | 1          |
        | instalments  | 2: 1       |
        | effective_on | 2025-04-30 |
      Then it is accepted
      And committed of special RDT-KRD is 5,000,001.00

    Scenario: Payment goes on
      Given STD recorded it
      When STD records PaymentOrdered:
        | order        | ORD-2         |
        | project      | KRD-1         |
        | instalment   | 1             |
        | amount       | 5,000,000     |
        | payee        | @university   |
        | document     | 拨付〔2025〕2 |
        | effective_on | 2025-05-06    |
      Then it is accepted
      And ordered of special RDT-KRD is 5,000,000.00
      And committed of special RDT-KRD is 0.00

    Scenario: Release goes on
      Given STD recorded it
      When STD records CommitmentReleased:
        | project      | KRD-1      |
        | instalment   | 1          |
        | amount       | 5,000,000  |
        | reason       | 退出       |
        | effective_on | 2025-05-06 |
      Then it is accepted
      And available of special RDT-KRD is 297,000,000.00

    Scenario: Recovery goes on
      Given STD recorded it
      When STD proposes and FIN approves RecoveryOrdered:
        | settlement   | PAY-1      |
        | amount       | 3,000,000  |
        | reason       | 终止       |
        | effective_on | 2025-05-06 |
      Then it is accepted
      And recovery outstanding of project KRD-1 is 3,000,000.00

    Scenario: It cannot be suspended twice
      Given STD recorded it
      When STD records it
      Then it is refused with SPECIAL_SUSPENDED (clause 五(二))

    Scenario: A special that nobody knows is not suspended
      When STD records it with special RDT-NIL
      Then it is refused with UNKNOWN_REFERENCE (clause V8)

    Scenario: A special changes in the order of days
      Given STD recorded it
      And STD recorded SpecialResumed:
        | special      | RDT-KRD            |
        | document     | 内科计〔2025〕60号 |
        | effective_on | 2025-09-01         |
      When STD records it with effective_on 2025-04-01
      Then it is refused with PERIOD_ORDER (clause 三(一))
      And the refusal says changed_on 2025-09-01
      When STD records it with effective_on 2025-09-01
      Then it is accepted

    Scenario: Suspending needs a document
      When STD records it without document
      Then it is refused with DOCUMENT_MISSING (clause 三(一))

    Scenario: Only the S&T department suspends
      When FIN records it
      Then it is refused with UNAUTHORISED (clause 三(一))

  Rule: 三(一) Resuming 对科技专项实行动态调整

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And STD recorded SpecialSuspended:
        | special      | RDT-KRD            |
        | document     | 内科计〔2025〕30号 |
        | effective_on | 2025-05-01         |
      And the request SpecialResumed:
        | special      | RDT-KRD            |
        | document     | 内科计〔2025〕60号 |
        | effective_on | 2025-09-01         |

    Scenario: It takes commitments again
      Given STD recorded it
      When STD records PreFundingCommitted:
        | project      | KRD-1      |
        | fund         | STIDF      |
        | vintage      | 2025       |
        | amount       | 8,000,000  |
        | instalments  | 1: 8000000 |
        | effective_on | 2025-09-01 |
      Then it is accepted
      And special RDT-KRD is suspended on 2025-08-31
      And committed of special RDT-KRD is 8,000,000.00
      And available of special RDT-KRD is 292,000,000.00
      And replaying the log gives the same balances

    Scenario: Resuming moves no money
      When STD records it
      Then it is accepted
      And it posts nothing
      And special RDT-KRD is active on 2025-09-01

    Scenario: What is not suspended is not resumed
      When STD records it with special RDT-CHN
      Then it is refused with SPECIAL_SUSPENDED (clause 三(一))

    Scenario: Nor resumed before a day on which it changed again
      Given STD recorded it
      And STD recorded SpecialSuspended:
        | special      | RDT-KRD            |
        | document     | 内科计〔2025〕70号 |
        | effective_on | 2025-11-01         |
      When STD records it with effective_on 2025-06-01
      Then it is refused with PERIOD_ORDER (clause 三(一))
      And the refusal says special RDT-KRD

    Scenario: A former category never comes back
      When STD records it with special LEG-ATRD
      Then it is refused with SPECIAL_SUSPENDED (clause 三(一))

    Scenario: A special that nobody knows is not resumed
      When STD records it with special RDT-NIL
      Then it is refused with UNKNOWN_REFERENCE (clause V8)

    Scenario: Resuming needs a document
      When STD records it without document
      Then it is refused with DOCUMENT_MISSING (clause 三(一))

    Scenario: Only the S&T department resumes
      When COM records it
      Then it is refused with UNAUTHORISED (clause 三(一))
