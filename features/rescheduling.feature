Feature: Rescheduling 分期调整
  Instalments of which nothing was ordered or paid are replaced by others of the same sum.

  Rule: 三(一) 完善长期稳定、滚动支持和退出机制

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And STD recorded PreFundingCommitted:
        | project      | KRD-1                                               |
        | fund         | STIDF                                               |
        | vintage      | 2025                                                |
        | amount       | 9,000,000.01                                        |
        | instalments  | 1: 3,000,000; 2: 5,000,000.01 gated; 3: 1,000,000 gated |
        | effective_on | 2025-03-01                                          |
      And the request InstalmentsRescheduled:
        | project      | KRD-1                                     |
        | replaces     | ["2"]                                     |
        | instalments  | 2a: 2,500,000 gated; 2b: 2,500,000.01 gated |
        | effective_on | 2025-05-06                                |

    Scenario: One instalment becomes two, and the commitment stays what it was
      When STD records it
      Then it is accepted
      And committed of project KRD-1 is 9,000,000.01
      And available of special RDT-KRD is 290,999,999.99
      And supply of fund STIDF is 973,260,000.00
      And replaying the log gives the same balances

    Scenario: The new one is released to the fen
      Given STD recorded it
      When STD records CommitmentReleased:
        | project      | KRD-1        |
        | instalment   | 2b           |
        | amount       | 2,500,000.01 |
        | reason       | 核减         |
        | effective_on | 2025-05-07   |
      Then it is accepted
      And committed of project KRD-1 is 6,500,000.00

    Scenario: The old one is gone
      Given STD recorded it
      When STD records CommitmentReleased:
        | project      | KRD-1      |
        | instalment   | 2          |
        | amount       | 1          |
        | reason       | 核减       |
        | effective_on | 2025-05-07 |
      Then it is refused with UNKNOWN_REFERENCE (clause 四(三))

    Scenario: A gate that was passed for a smaller instalment is not passed for a larger one of its name
      Given STD recorded MilestoneAssessed:
        | project      | KRD-1             |
        | instalment   | 3                 |
        | passed       | true              |
        | document     | 考核〔2025〕1号 |
        | effective_on | 2025-05-05        |
      And STD recorded InstalmentsRescheduled:
        | project      | KRD-1                |
        | replaces     | ["2", "3"]           |
        | instalments  | 3: 6,000,000.01 gated |
        | effective_on | 2025-05-06           |
      When STD records PaymentOrdered:
        | order        | ORD-1         |
        | project      | KRD-1         |
        | instalment   | 3             |
        | amount       | 6,000,000.01  |
        | payee        | @university   |
        | document     | 拨付〔2025〕1 |
        | effective_on | 2025-05-07    |
      Then it is refused with GATE_NOT_PASSED (clause 三(一))

    Scenario: Money behind a gate does not come free of it
      When STD records it with instalments 2a: 2,500,000 gated; 2b: 2,500,000.01
      Then it is refused with DOCUMENT_MISSING, short 2,500,000.01 (clause 三(一))
      And the refusal says field document

    Scenario: Unless a document says so
      When STD records it with:
        | instalments | 2a: 2,500,000 gated; 2b: 2,500,000.01 |
        | document    | 内科计〔2025〕50号                      |
      Then it is accepted
      And committed of project KRD-1 is 9,000,000.01
      And replaying the log gives the same balances

    Scenario: What was free before stays free
      When STD records it with:
        | replaces    | ["1", "2"]                        |
        | instalments | 1a: 3,000,000; 2: 5,000,000.01 gated |
      Then it is accepted
      When STD records it with:
        | replaces    | ["1a", "2"]                          |
        | instalments | 1: 3,000,000.01; 2: 5,000,000 gated |
      Then it is refused with DOCUMENT_MISSING, short 0.01 (clause 三(一))

    Scenario: A gate that was passed keeps nothing back
      Given STD recorded MilestoneAssessed:
        | project      | KRD-1             |
        | instalment   | 2                 |
        | passed       | true              |
        | document     | 考核〔2025〕1号 |
        | effective_on | 2025-05-05        |
      When STD records it with instalments 2a: 5,000,000.01
      Then it is accepted

    Scenario: Another name does not lift the bar of an assessment that failed
      Given STD recorded MilestoneAssessed:
        | project      | KRD-1             |
        | instalment   | 1                 |
        | passed       | false             |
        | document     | 考核〔2025〕1号 |
        | effective_on | 2025-05-05        |
      When STD records it with:
        | replaces    | ["1"]         |
        | instalments | 1a: 3,000,000 |
      Then it is refused with DOCUMENT_MISSING, short 3,000,000.00 (clause 三(一))

    Scenario: A closed project is rescheduled no more
      Given STD recorded CommitmentReleased:
        | project      | KRD-1        |
        | instalment   | 1            |
        | amount       | 3,000,000    |
        | reason       | 退出         |
        | effective_on | 2025-05-01   |
      And STD recorded CommitmentReleased:
        | project      | KRD-1        |
        | instalment   | 2            |
        | amount       | 5,000,000.01 |
        | reason       | 退出         |
        | effective_on | 2025-05-01   |
      And STD recorded CommitmentReleased:
        | project      | KRD-1        |
        | instalment   | 3            |
        | amount       | 1,000,000    |
        | reason       | 退出         |
        | effective_on | 2025-05-01   |
      And STD recorded ProjectClosed:
        | project      | KRD-1           |
        | evaluation   | 综评〔2025〕1号 |
        | effective_on | 2025-05-02      |
      When STD records it
      Then it is refused with PROJECT_CLOSED (clause 三(一))

    Scenario: The sum stays
      When STD records it with instalments 2a: 2,500,000 gated; 2b: 2,500,000 gated
      Then it is refused with SCHEDULE_MISMATCH, short 0.01 (clause 三(一))

    Scenario: An instalment is replaced once
      When STD records it with replaces ["2", "2"]
      Then it is refused with SCHEDULE_MISMATCH (clause 三(一))

    Scenario: An instalment that was paid keeps its name
      Given 0.01 yuan of KRD-1 are ordered as ORD-1 and settled as PAY-1
      When STD records it with:
        | replaces    | ["1"]           |
        | instalments | 1a: 2,999,999.99 |
      Then it is refused with NOT_CLEARED (clause 三(一))

    Scenario Outline: What it replaces is there
      When STD records it with <field> <value>
      Then it is refused with UNKNOWN_REFERENCE

      Examples:
        | field    | value |
        | project  | KRD-9 |
        | replaces | ["9"] |

    Scenario: Free and repayable support are not mixed 有偿与无偿
      Given STD recorded PreFundingCommitted:
        | project      | KRD-1                                     |
        | fund         | STIDF                                     |
        | vintage      | 2025                                      |
        | amount       | 1                                         |
        | instalments  | 4: 1                                      |
        | repayments   | [{"due_on": "2028-06-30", "amount": "1"}] |
        | effective_on | 2025-03-01                                |
      When STD records it with:
        | replaces    | ["2", "4"]      |
        | instalments | 24: 5,000,001.01 |
      Then it is refused with UNKNOWN_REFERENCE (clause 三(一))

    Scenario: A name that is taken
      When STD records it with instalments 1: 5,000,000.01
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 四(三))

    Scenario: A team that does not race
      When STD records it with instalments 2: 5,000,000.01 team A
      Then it is refused with UNKNOWN_REFERENCE (clause 二(一)3)

    Scenario: Only the S&T department reschedules
      When FIN records it
      Then it is refused with UNAUTHORISED (clause 三(一))

    Scenario: A rescheduling is undone by another one, not corrected
      Given STD recorded it
      When FIN proposes and FIN2 approves on 2025-06-10 a correction of:
        | InstalmentsRescheduled | taken back | |
      Then it is refused with NOT_CORRECTABLE (clause F)
