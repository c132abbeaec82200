Feature: Commitments 安排
  A national project is filed before the region commits to it; and what was committed is released when a project stops.

  Rule: 二(一)3 申报及立项情况报科技办备案

    Background:
      Given the opening of 2025
      And project CRC-1 of special MSP-CRC, chosen by RECOMMENDED
      And the request NationalProjectFiled:
        | project      | CRC-1         |
        | national_id  | 2025YFA000001 |
        | effective_on | 2025-02-10    |

    Scenario: Who recommended the project files it
      When REC of industry records it
      Then it is accepted
      And it posts nothing
      And replaying the log gives the same balances

    Scenario: Then the region may commit
      Given 20,000,000 yuan of STIDF are allocated to MSP-CRC
      And REC of industry recorded it
      When STD records PreFundingCommitted:
        | project      | CRC-1           |
        | fund         | STIDF           |
        | vintage      | 2025            |
        | amount       | 9,999,999.99    |
        | instalments  | 1: 9,999,999.99 |
        | effective_on | 2025-03-01      |
      Then it is accepted
      And committed of special MSP-CRC is 9,999,999.99
      And available of special MSP-CRC is 10,000,000.01

    Scenario: Another department does not file it
      When REC of agriculture records it
      Then it is refused with NOT_RECOMMENDER (clause 二(一)3)

    Scenario: A project that nobody recommended is filed by nobody
      Given project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      When REC records it with project KRD-1
      Then it is refused with NOT_RECOMMENDER (clause 二(一)3)

    Scenario: A project that nobody knows
      When REC of industry records it with project CRC-9
      Then it is refused with UNKNOWN_REFERENCE (clause 二)

    Scenario: A project of the state is in the register once
      Given REC of industry recorded it
      And project CRC-2 of special MSP-CRC, chosen by RECOMMENDED
      When REC of industry records it with project CRC-2
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 二(一)3)

    Scenario Outline: Others do not file
      When <who> records it
      Then it is refused with UNAUTHORISED (clause 二(一)3)

      Examples:
        | who |
        | STD |
        | COM |
        | FIN |

  Rule: 三(一) 完善长期稳定、滚动支持和退出机制

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 8,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And 3,000,000 yuan of KRD-1 are ordered as ORD-1 and settled as PAY-1
      And the request CommitmentReleased:
        | project      | KRD-1        |
        | instalment   | 1            |
        | amount       | 4,999,999.99 |
        | reason       | 项目终止     |
        | effective_on | 2025-05-06   |

    Scenario: What was not ordered goes back to the special
      When STD records it
      Then it is accepted
      And committed of project KRD-1 is 0.01
      And disbursed of project KRD-1 is 3,000,000.00
      And available of special RDT-KRD is 296,999,999.99
      And replaying the log gives the same balances

    Scenario: What was paid does not
      When STD records it with amount 5,000,000.01
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause V3)

    Scenario: The reason is stated
      When STD records it without reason
      Then it is refused with DOCUMENT_MISSING (clause 三(一))

    Scenario Outline: An instalment that nobody knows
      When STD records it with <field> <value>
      Then it is refused with UNKNOWN_REFERENCE (clause 四(三))

      Examples:
        | field      | value |
        | project    | KRD-9 |
        | instalment | 9     |

    Scenario: Only the S&T department releases
      When FIN records it
      Then it is refused with UNAUTHORISED (clause 三(一))

    Scenario: A project of a suspended category is released into its category 存量项目
      When STD records it with:
        | project    | OLD-ATRD   |
        | instalment | rest       |
        | amount     | 500,000.50 |
      Then it is accepted
      And committed of project OLD-ATRD is 17,999,999.50
      And available of special LEG-ATRD is 500,000.50

    Scenario: A release that was entered wrongly
      Given STD recorded it
      And the periods up to 2025-05 are closed
      When FIN proposes and FIN2 approves on 2025-06-10 a correction of:
        | CommitmentReleased | amount | 4,000,000 |
      Then it is accepted
      And all it posts is effective on 2025-05-06 and belongs to period 2025-06
      And committed of project KRD-1 posted in 2025-05 is -4,999,999.99
      And committed of project KRD-1 effective in 2025-05 is -4,000,000.00
      And committed of project KRD-1 is 1,000,000.00
      And available of special RDT-KRD is 296,000,000.00
      And replaying the log gives the same balances

    Scenario: A release is not corrected to more than was left
      Given STD recorded it
      When FIN proposes and FIN2 approves on 2025-06-10 a correction of:
        | CommitmentReleased | amount | 5,000,000.50 |
      Then it is refused with INSUFFICIENT_FUNDS, short 0.50 (clause V3)
