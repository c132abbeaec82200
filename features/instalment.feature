Feature: Instalments 期次
  An assessment opens the gate before an instalment or bars it again; a team that leaves a race is paid no more.

  Rule: 三(一) 实施以成果质量为导向的过程管理

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And STD recorded PreFundingCommitted:
        | project      | KRD-1                            |
        | fund         | STIDF                            |
        | vintage      | 2025                             |
        | amount       | 8,000,000                        |
        | instalments  | 1: 3,000,000; 2: 5,000,000 gated |
        | effective_on | 2025-03-01                       |
      And the request MilestoneAssessed:
        | project      | KRD-1             |
        | instalment   | 2                 |
        | passed       | true              |
        | document     | 考核〔2025〕1号 |
        | effective_on | 2025-06-30        |

    Scenario: A gate that is passed opens its instalment
      Given STD recorded it
      When STD records PaymentOrdered:
        | order        | ORD-2         |
        | project      | KRD-1         |
        | instalment   | 2             |
        | amount       | 4,999,999.99  |
        | payee        | @university   |
        | document     | 拨付〔2025〕2 |
        | effective_on | 2025-07-01    |
      Then it is accepted
      And ordered of project KRD-1 is 4,999,999.99
      And committed of project KRD-1 is 3,000,000.01

    Scenario: An assessment moves no money
      When STD records it
      Then it is accepted
      And it posts nothing
      And committed of project KRD-1 is 8,000,000.00
      And replaying the log gives the same balances

    Scenario: One that fails keeps it shut
      Given STD recorded it with passed false
      When STD records PaymentOrdered:
        | order        | ORD-2         |
        | project      | KRD-1         |
        | instalment   | 2             |
        | amount       | 1             |
        | payee        | @university   |
        | document     | 拨付〔2025〕2 |
        | effective_on | 2025-07-01    |
      Then it is refused with GATE_NOT_PASSED (clause 三(一))

    Scenario: The last assessment counts
      Given STD recorded it
      And STD recorded it with passed false
      When STD records PaymentOrdered:
        | order        | ORD-2         |
        | project      | KRD-1         |
        | instalment   | 2             |
        | amount       | 1             |
        | payee        | @university   |
        | document     | 拨付〔2025〕2 |
        | effective_on | 2025-07-01    |
      Then it is refused with GATE_NOT_PASSED (clause 三(一))

    Scenario: One that fails bars an instalment without a gate too
      Given STD recorded MilestoneAssessed:
        | project      | KRD-1             |
        | instalment   | 1                 |
        | passed       | false             |
        | document     | 考核〔2025〕9号 |
        | effective_on | 2025-06-29        |
      When STD records PaymentOrdered:
        | order        | ORD-1         |
        | project      | KRD-1         |
        | instalment   | 1             |
        | amount       | 1             |
        | payee        | @university   |
        | document     | 拨付〔2025〕1 |
        | effective_on | 2025-07-01    |
      Then it is refused with GATE_NOT_PASSED (clause 三(一))
      And the refusal says instalment 1

    Scenario: Until it is assessed anew
      Given STD recorded MilestoneAssessed:
        | project      | KRD-1             |
        | instalment   | 1                 |
        | passed       | false             |
        | document     | 考核〔2025〕9号 |
        | effective_on | 2025-06-29        |
      And STD recorded it with instalment 1
      When STD records PaymentOrdered:
        | order        | ORD-1         |
        | project      | KRD-1         |
        | instalment   | 1             |
        | amount       | 3,000,000     |
        | payee        | @university   |
        | document     | 拨付〔2025〕1 |
        | effective_on | 2025-07-01    |
      Then it is accepted
      And ordered of project KRD-1 is 3,000,000.00
      And replaying the log gives the same balances

    Scenario: A closed project is assessed no more
      Given STD recorded CommitmentReleased:
        | project      | KRD-1      |
        | instalment   | 1          |
        | amount       | 3,000,000  |
        | reason       | 退出       |
        | effective_on | 2025-06-01 |
      And STD recorded CommitmentReleased:
        | project      | KRD-1      |
        | instalment   | 2          |
        | amount       | 5,000,000  |
        | reason       | 退出       |
        | effective_on | 2025-06-01 |
      And STD recorded ProjectClosed:
        | project      | KRD-1           |
        | evaluation   | 综评〔2025〕1号 |
        | effective_on | 2025-06-02      |
      When STD records it
      Then it is refused with PROJECT_CLOSED (clause 三(一))

    Scenario Outline: What an assessment cites is there
      When STD records it with <field> <value>
      Then it is refused with UNKNOWN_REFERENCE (clause <clause>)

      Examples:
        | field      | value | clause |
        | project    | KRD-9 | 二     |
        | instalment | 9     | 四(三)  |
        | team       | A     | 二(一)3 |

    Scenario: An assessment has its document
      When STD records it without document
      Then it is refused with DOCUMENT_MISSING (clause 三(一))

    Scenario: Only the S&T department assesses
      When UND records it
      Then it is refused with UNAUTHORISED (clause 三(一))

  Rule: 二(一)3 通过揭榜挂帅、赛马制、定向委托等方式

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project RACE-1 of special RDT-KRD, chosen by RACE
      And STD recorded PreFundingCommitted:
        | project      | RACE-1                                                                                      |
        | fund         | STIDF                                                                                       |
        | vintage      | 2025                                                                                        |
        | amount       | 12,000,000                                                                                  |
        | instalments  | A1: 3,000,000 team A; B1: 3,000,000 team B; A2: 3,000,000 gated team A; B2: 3,000,000 gated team B |
        | effective_on | 2025-03-01                                                                                  |
      And the request TeamEliminated:
        | project      | RACE-1            |
        | team         | B                 |
        | document     | 淘汰〔2025〕1号 |
        | effective_on | 2025-06-30        |

    Scenario: A team that is out is paid no more
      Given STD recorded it
      When STD records PaymentOrdered:
        | order        | ORD-B         |
        | project      | RACE-1        |
        | instalment   | B1            |
        | amount       | 1             |
        | payee        | @company      |
        | document     | 拨付〔2025〕3 |
        | effective_on | 2025-07-01    |
      Then it is refused with TEAM_ELIMINATED (clause 二(一)3)

    Scenario: The other goes on
      Given STD recorded it
      When STD records PaymentOrdered:
        | order        | ORD-A         |
        | project      | RACE-1        |
        | instalment   | A1            |
        | amount       | 3,000,000     |
        | payee        | @institute    |
        | document     | 拨付〔2025〕3 |
        | effective_on | 2025-07-01    |
      Then it is accepted
      And ordered of project RACE-1 is 3,000,000.00

    Scenario: What was left for the team stays committed until it is released
      When STD records it
      Then it is accepted
      And it posts nothing
      And committed of project RACE-1 is 12,000,000.00
      And replaying the log gives the same balances

    Scenario: Then it is released
      Given STD recorded it
      When STD records CommitmentReleased:
        | project      | RACE-1     |
        | instalment   | B2         |
        | amount       | 3,000,000  |
        | reason       | 赛马淘汰   |
        | effective_on | 2025-07-01 |
      Then it is accepted
      And committed of project RACE-1 is 9,000,000.00
      And available of special RDT-KRD is 291,000,000.00

    Scenario: An assessment of one team opens nothing for the other
      Given STD recorded MilestoneAssessed:
        | project      | RACE-1            |
        | instalment   | B2                |
        | team         | A                 |
        | passed       | true              |
        | document     | 考核〔2025〕2号 |
        | effective_on | 2025-06-30        |
      When STD records PaymentOrdered:
        | order        | ORD-B         |
        | project      | RACE-1        |
        | instalment   | B2            |
        | amount       | 1             |
        | payee        | @company      |
        | document     | 拨付〔2025〕3 |
        | effective_on | 2025-07-01    |
      Then it is refused with GATE_NOT_PASSED (clause 三(一))

    Scenario Outline: Of an assessment of the team and one for all the later decides
      Given STD recorded MilestoneAssessed:
        | project      | RACE-1            |
        | instalment   | A2                |
        | passed       | <for all>         |
        | document     | 考核〔2025〕2号 |
        | effective_on | 2025-06-29        |
      And STD recorded MilestoneAssessed:
        | project      | RACE-1            |
        | instalment   | A2                |
        | team         | A                 |
        | passed       | <for A>           |
        | document     | 考核〔2025〕3号 |
        | effective_on | 2025-06-30        |
      When STD records PaymentOrdered:
        | order        | ORD-A         |
        | project      | RACE-1        |
        | instalment   | A2            |
        | amount       | 3,000,000     |
        | payee        | @institute    |
        | document     | 拨付〔2025〕3 |
        | effective_on | 2025-07-01    |
      Then it is <outcome>
      And ordered of project RACE-1 is <ordered>

      Examples:
        | for all | for A | outcome                                      | ordered      |
        | true    | false | refused with GATE_NOT_PASSED (clause 三(一)) | 0.00         |
        | false   | true  | accepted                                     | 3,000,000.00 |

    Scenario: All are assessed anew, and that is later than what was said of the team
      Given STD recorded MilestoneAssessed:
        | project      | RACE-1            |
        | instalment   | A2                |
        | team         | A                 |
        | passed       | true              |
        | document     | 考核〔2025〕2号 |
        | effective_on | 2025-06-29        |
      And STD recorded MilestoneAssessed:
        | project      | RACE-1            |
        | instalment   | A2                |
        | passed       | false             |
        | document     | 考核〔2025〕3号 |
        | effective_on | 2025-06-30        |
      When STD records PaymentOrdered:
        | order        | ORD-A         |
        | project      | RACE-1        |
        | instalment   | A2            |
        | amount       | 1             |
        | payee        | @institute    |
        | document     | 拨付〔2025〕3 |
        | effective_on | 2025-07-01    |
      Then it is refused with GATE_NOT_PASSED (clause 三(一))
      And the refusal says team A

    Scenario: A team leaves once
      Given STD recorded it
      When STD records it
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 二(一)3)

    Scenario Outline: What an elimination cites is there
      When STD records it with <field> <value>
      Then it is refused with UNKNOWN_REFERENCE (clause <clause>)

      Examples:
        | field   | value  | clause |
        | project | RACE-9 | 二     |
        | team    | C      | 二(一)3 |

    Scenario: Elimination has its document
      When STD records it without document
      Then it is refused with DOCUMENT_MISSING (clause 二(一)3)

    Scenario: Only the S&T department eliminates
      When FIN records it
      Then it is refused with UNAUTHORISED (clause 二(一)3)
