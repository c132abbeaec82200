Feature: Allocation 资金分配
  Finance and the S&T department together give a fund's unallocated money to a special, and take back what is not committed.

  Rule: 四(二) 保留“自然科学基金”,重点支持基础研究计划

    Background:
      Given the opening of 2025
      And the request FundsAllocated:
        | fund         | STIDF       |
        | vintage      | 2025        |
        | special      | RDT-KRD     |
        | amount       | 300,000,000 |
        | effective_on | 2025-02-01  |

    Scenario: Unallocated money goes to a special
      When STD proposes and FIN approves it
      Then it is accepted
      And available of special RDT-KRD is 300,000,000.00
      And available of plan RDT is 300,000,000.00
      And unallocated of fund STIDF is 605,010,000.50
      And supply of fund STIDF is 973,260,000.00
      And replaying the log gives the same balances

    Scenario: Finance may propose as well
      When FIN proposes and STD approves it
      Then it is accepted
      And available of special RDT-KRD is 300,000,000.00

    Scenario: Natural Science Fund money goes to basic research
      When STD proposes and FIN approves it with:
        | fund    | NSF            |
        | special | BAS-NSP        |
        | amount  | 150,000,000.01 |
      Then it is accepted
      And available of special BAS-NSP is 150,000,000.01
      And unallocated of fund NSF is 10,399,999.99

    Scenario Outline: Natural Science Fund money does not leave basic research
      When STD proposes and FIN approves it with:
        | fund    | NSF       |
        | special | <special> |
        | amount  | 1         |
      Then it is refused with FUND_SCOPE (clause 四(二))

      Examples:
        | special |
        | MSP-BRK |
        | RDT-KRD |
        | PLT-NAT |
        | CAP-TAL |

    Scenario: An exception document lets it, for the notice says 重点支持, not 仅支持
      When STD proposes and FIN approves it with:
        | fund      | NSF               |
        | amount    | 1,000,000         |
        | exception | 内科函〔2025〕3号 |
      Then it is accepted
      And available of special RDT-KRD is 1,000,000.00
      And unallocated of fund NSF is 159,400,000.00

    Scenario: Basic research may draw on the innovation fund too
      When STD proposes and FIN approves it with special BAS-CND
      Then it is accepted
      And available of plan BAS is 300,000,000.00

    Scenario: Not more than there is, and money of one year is not taken for another
      When STD proposes and FIN approves it with amount 900,000,000.01
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause V3)
      And unallocated of fund STIDF is 905,010,000.50

    Scenario: Money that comes later cannot be spent before
      Given FIN recorded AppropriationReceived:
        | fund         | STIDF              |
        | vintage      | 2025               |
        | amount       | 10,000,000         |
        | document     | 内财科〔2025〕8号 |
        | effective_on | 2025-03-03         |
      When STD proposes and FIN approves it with amount 900,000,000.01
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause V3)
      And the refusal says at_the_end_of 2025-02-01

    Scenario: Nor what was spent on a later day be spent again before it
      Given FIN recorded AppropriationReceived:
        | fund         | STIDF              |
        | vintage      | 2025               |
        | amount       | 10,000,000         |
        | document     | 内财科〔2025〕8号 |
        | effective_on | 2025-03-31         |
      And STD proposed and FIN approved FundsAllocated:
        | fund         | STIDF       |
        | vintage      | 2025        |
        | special      | RDT-CHN     |
        | amount       | 600,000,000 |
        | effective_on | 2025-03-03  |
      When STD proposes and FIN approves it with amount 300,000,000.50
      Then it is refused with INSUFFICIENT_FUNDS, short 0.50 (clause V3)
      And the refusal says at_the_end_of 2025-03-03

    Scenario: On the day itself the order does not matter
      Given FIN recorded AppropriationReceived:
        | fund         | STIDF              |
        | vintage      | 2025               |
        | amount       | 10,000,000         |
        | document     | 内财科〔2025〕8号 |
        | effective_on | 2025-02-01         |
      When STD proposes and FIN approves it with amount 910,000,000
      Then it is accepted
      And unallocated of fund STIDF is 5,010,000.50

    Scenario: One department alone does not allocate
      When STD records it
      Then it is refused with UNAUTHORISED (clause 四(二))

    Scenario: Two people of the same department do not allocate
      When STD proposes and STD2 approves it
      Then it is refused with UNAUTHORISED (clause 四(二))

    Scenario: A special that nobody knows gets nothing
      When STD proposes and FIN approves it with special RDT-NIL
      Then it is refused with UNKNOWN_REFERENCE (clause V8)

    Scenario: A consolidated fund gives nothing
      When STD proposes and FIN approves it with fund ATRD
      Then it is refused with FUND_CLOSED (clause 四(二))

    Scenario: A suspended former category gets nothing
      When STD proposes and FIN approves it with special LEG-MSTP
      Then it is refused with SPECIAL_SUSPENDED (clause 五(二))

    Scenario: A closed month takes no allocation
      Given the periods up to 2025-02 are closed
      When STD proposes and FIN approves it
      Then it is refused with PERIOD_CLOSED (clause F)

    Scenario: An allocation that was entered wrongly
      Given STD proposed and FIN approved it
      And the periods up to 2025-03 are closed
      When FIN proposes and FIN2 approves on 2025-04-18 a correction of:
        | FundsAllocated | special | RDT-CHN        |
        | FundsAllocated | amount  | 299,999,999.99 |
      Then it is accepted
      And all it posts is effective on 2025-02-01 and belongs to period 2025-04
      And available of special RDT-KRD is 0.00
      And available of special RDT-CHN is 299,999,999.99
      And unallocated of fund STIDF is 605,010,000.51
      And replaying the log gives the same balances

    Scenario: A correction does not lead where an allocation may not go
      Given STD proposed and FIN approved it
      When FIN proposes and FIN2 approves on 2025-04-18 a correction of:
        | FundsAllocated | fund | NSF |
      Then it is refused with FUND_SCOPE (clause 四(二))

  Rule: 四(二) 根据科技创新发展需求适时调整

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 180,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And the request AllocationWithdrawn:
        | fund         | STIDF          |
        | vintage      | 2025           |
        | special      | RDT-KRD        |
        | amount       | 119,999,999.99 |
        | effective_on | 2025-05-06     |

    Scenario: What a special has not committed goes back to its fund
      When STD proposes and FIN approves it
      Then it is accepted
      And available of special RDT-KRD is 0.01
      And committed of special RDT-KRD is 180,000,000.00
      And unallocated of fund STIDF is 725,010,000.49
      And replaying the log gives the same balances

    Scenario: What is committed does not
      When STD proposes and FIN approves it with amount 120,000,000.01
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause V3)

    Scenario: A suspended special gives back what it has left
      Given STD recorded SpecialSuspended:
        | special      | RDT-KRD            |
        | document     | 内科计〔2025〕30号 |
        | effective_on | 2025-05-01         |
      When STD proposes and FIN approves it
      Then it is accepted
      And available of special RDT-KRD is 0.01

    Scenario: One department alone does not withdraw an allocation
      When FIN records it
      Then it is refused with UNAUTHORISED (clause 四(二))

    Scenario: A special that nobody knows gives nothing back
      When STD proposes and FIN approves it with special RDT-NIL
      Then it is refused with UNKNOWN_REFERENCE (clause V8)

    Scenario: A withdrawal that was entered wrongly
      Given STD proposed and FIN approved it
      And the periods up to 2025-05 are closed
      When FIN proposes and FIN2 approves on 2025-06-10 a correction of:
        | AllocationWithdrawn | amount | 19,999,999.99 |
      Then it is accepted
      And all it posts is effective on 2025-05-06 and belongs to period 2025-06
      And available of special RDT-KRD is 100,000,000.01
      And unallocated of fund STIDF is 625,010,000.49
      And replaying the log gives the same balances
