Feature: Reallocation 调剂
  Money moves between specials of one fund by the S&T department, and between the two funds by both departments.

  Rule: 四(一) 对于科技突围项目,按照“一事一议”原则,统筹现有科技资金优先予以保障

    Background:
      Given the opening of 2025
      And 200,000,000 yuan of STIDF are allocated to MSP-BRK
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 290,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And the request FundsReallocatedWithinFund:
        | fund         | STIDF        |
        | vintage      | 2025         |
        | from_special | RDT-KRD      |
        | to_special   | MSP-BRK      |
        | amount       | 9,999,999.99 |
        | reason       | 科技突围项目优先保障 |
        | effective_on | 2025-03-05   |

    Scenario: Uncommitted money goes where the priority is
      When STD records it
      Then it is accepted
      And available of special RDT-KRD is 0.01
      And available of special MSP-BRK is 209,999,999.99
      And committed of special RDT-KRD is 290,000,000.00
      And supply of fund STIDF is 973,260,000.00
      And replaying the log gives the same balances

    Scenario: Committed money stays
      When STD records it with amount 10,000,000.01
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause V3)
      And available of special MSP-BRK is 200,000,000.00

    Scenario: The priority is stated
      When STD records it without reason
      Then it is refused with DOCUMENT_MISSING (clause 四(一))

    Scenario: A special that nobody knows gives nothing
      When STD records it with from_special RDT-NIL
      Then it is refused with UNKNOWN_REFERENCE (clause V8)

    Scenario: A special that nobody knows gets nothing
      When STD records it with to_special MSP-NIL
      Then it is refused with UNKNOWN_REFERENCE (clause V8)

    Scenario: From a special to itself nothing moves
      When STD records it with to_special RDT-KRD
      Then it is refused with UNKNOWN_REFERENCE (clause 四(一))

    Scenario: A suspended special gets nothing
      When STD records it with to_special LEG-MSTP
      Then it is refused with SPECIAL_SUSPENDED (clause 五(二))

    Scenario: A suspended special gives what it has left
      Given STD recorded SpecialSuspended:
        | special      | RDT-KRD            |
        | document     | 内科计〔2025〕30号 |
        | effective_on | 2025-03-01         |
      When STD records it
      Then it is accepted
      And available of special MSP-BRK is 209,999,999.99

    Scenario: Finance does not choose between specials
      When FIN records it
      Then it is refused with UNAUTHORISED (clause 四(一))

    Scenario: A reallocation within a fund that was entered wrongly
      Given STD recorded it
      And the periods up to 2025-03 are closed
      When FIN proposes and FIN2 approves on 2025-04-18 a correction of:
        | FundsReallocatedWithinFund | to_special | RDT-CHN |
        | FundsReallocatedWithinFund | amount     | 0.99    |
      Then it is accepted
      And all it posts is effective on 2025-03-05 and belongs to period 2025-04
      And available of special MSP-BRK is 200,000,000.00
      And available of special RDT-CHN is 0.99
      And available of special RDT-KRD is 9,999,999.01
      And replaying the log gives the same balances

  Rule: 四(二) 保留“自然科学基金”,重点支持基础研究计划

    Background:
      Given the opening of 2025
      And 100,000,000 yuan of NSF are allocated to BAS-NSP
      And the request FundsReallocatedWithinFund:
        | fund         | NSF        |
        | vintage      | 2025       |
        | from_special | BAS-NSP    |
        | to_special   | BAS-JNT    |
        | amount       | 20,000,000 |
        | reason       | 联合基金当年任务增加 |
        | effective_on | 2025-03-05 |

    Scenario: Within basic research it may move
      When STD records it
      Then it is accepted
      And available of special BAS-JNT is 20,000,000.00
      And available of plan BAS is 100,000,000.00

    Scenario: Out of basic research it may not
      When STD records it with to_special RDT-KRD
      Then it is refused with FUND_SCOPE (clause 四(二))

    Scenario: Unless an exception document says so
      When STD records it with:
        | to_special | RDT-KRD           |
        | exception  | 内科函〔2025〕3号 |
      Then it is accepted
      And available of special RDT-KRD is 20,000,000.00
      And available of plan BAS is 80,000,000.00

  Rule: 四(二) 建立科技计划和财政科技资金动态调整机制 政策参数:基金保留底线

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

    Scenario: The S&T department proposes and finance countersigns
      When STD proposes and FIN approves it
      Then it is accepted
      And unallocated of fund NSF is 155,400,000.00
      And unallocated of fund STIDF is 910,010,000.50
      And reallocated of fund NSF is -5,000,000.00
      And reallocated of fund STIDF is 5,000,000.00
      And reallocated of all is 0.00
      And replaying the log gives the same balances

    Scenario: The floor holds to the fen
      When STD proposes and FIN approves it with amount 5,000,000.01
      Then it is refused with BELOW_FLOOR, short 0.01 (clause 四(二))

    Scenario: What went before counts against the floor
      Given STD proposed and FIN approved it with amount 4,000,000
      When STD proposes and FIN approves it
      Then it is refused with BELOW_FLOOR, short 4,000,000.00 (clause 五(二))

    Scenario: The floor is of the year's own vintage, so what was carried in may go
      When STD proposes and FIN approves it with:
        | vintage | 2024    |
        | amount  | 400,000 |
      Then it is accepted
      And unallocated of fund NSF is 160,000,000.00
      And unallocated of fund STIDF is 905,410,000.50

    Scenario: Before the parameter is in force there is no floor
      When STD proposes and FIN approves it with:
        | amount       | 6,000,000  |
        | effective_on | 2025-01-14 |
      Then it is accepted
      And unallocated of fund NSF is 154,400,000.00

    Scenario: Only what is unallocated moves
      Given 150,000,000 yuan of NSF are allocated to BAS-NSP
      And FIN proposed and STD approved PolicyParameterSet:
        | name         | fund_floor          |
        | scope        | NSF                 |
        | amount       | 100,000,000         |
        | document     | 内财科〔2025〕14号 |
        | effective_on | 2025-03-01          |
      When STD proposes and FIN approves it with amount 10,000,000.50
      Then it is refused with INSUFFICIENT_FUNDS, short 0.50 (clause V3)

    Scenario: The S&T department alone does not move money between funds
      When STD records it
      Then it is refused with UNAUTHORISED (clause 四(二))

    Scenario: Finance countersigns and does not propose
      When FIN proposes and STD approves it
      Then it is refused with UNAUTHORISED (clause 四(二))

    Scenario: It needs a document
      When STD proposes and FIN approves it without document
      Then it is refused with DOCUMENT_MISSING (clause 四(二))

    Scenario: From a fund to itself nothing moves
      When STD proposes and FIN approves it with to_fund NSF
      Then it is refused with UNKNOWN_REFERENCE (clause 四(二))

    Scenario Outline: A predecessor neither gives nor receives
      When STD proposes and FIN approves it with <field> MSTP
      Then it is refused with FUND_CLOSED (clause 四(二))

      Examples:
        | field     |
        | from_fund |
        | to_fund   |

    Scenario: A reallocation between funds that was entered wrongly
      Given STD proposed and FIN approved it
      And the periods up to 2025-04 are closed
      When FIN proposes and FIN2 approves on 2025-05-09 a correction of:
        | FundsReallocatedBetweenFunds | amount | 500,000 |
      Then it is accepted
      And all it posts is effective on 2025-04-01 and belongs to period 2025-05
      And unallocated of fund NSF is 159,900,000.00
      And unallocated of fund STIDF is 905,510,000.50
      And reallocated of all is 0.00
      And replaying the log gives the same balances

    Scenario: A correction does not go below the floor either
      Given STD proposed and FIN approved it
      When FIN proposes and FIN2 approves on 2025-05-09 a correction of:
        | FundsReallocatedBetweenFunds | amount | 5,000,001 |
      Then it is refused with BELOW_FLOOR, short 1.00 (clause 四(二))

  Rule: 四(二) A predecessor not yet consolidated 整合为“科技创新发展专项资金”

    Scenario: It is consolidated, not reallocated
      Given an empty ledger
      And FIN proposed and STD approved OpeningBalanceImported:
        | fund         | ATRD       |
        | vintage      | 2024       |
        | amount       | 3,200,000  |
        | effective_on | 2025-01-02 |
      When STD proposes and FIN approves FundsReallocatedBetweenFunds:
        | from_fund    | ATRD               |
        | to_fund      | STIDF              |
        | vintage      | 2024               |
        | amount       | 1                  |
        | document     | 内财科〔2025〕2号 |
        | effective_on | 2025-01-03         |
      Then it is refused with FUND_CLOSED (clause 四(二))
