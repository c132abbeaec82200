Feature: Scope 权限范围
  Whoever signs may be confined to some funds, and a programme manager to specials, or to all the specials of a plan.

  Rule: 五(二) 科技厅会同财政厅做好自治区本级科技专项资金衔接工作

    Background:
      Given the opening of 2025
      And the request FundsAllocated:
        | fund         | STIDF      |
        | vintage      | 2025       |
        | special      | RDT-KRD    |
        | amount       | 1,000.00   |
        | effective_on | 2025-03-03 |

    Scenario: Finance of the fund approves
      Given STD proposed it as P-1
      When FIN within STIDF approves P-1 on 2025-03-05
      Then it is accepted
      And it is signed by STD and FIN under P-1
      And available of special RDT-KRD is 1,000.00
      And replaying the log gives the same balances

    Scenario: Finance of the other fund does not
      Given STD proposed it as P-1
      When FIN within NSF approves P-1 on 2025-03-05
      Then it is refused with UNAUTHORISED (clause 四(二))
      And the refusal says source STIDF
      And proposal P-1 is open
      And available of special RDT-KRD is 0.00

    Scenario: Nor does whoever proposes reach into another fund
      When STD within NSF proposes it as P-1
      Then it is refused with UNAUTHORISED (clause 四(二))
      And nobody knows a proposal P-1

    Scenario Outline: What one records alone is of one's own fund
      When FIN within <confined> records AppropriationReceived:
        | fund         | NSF                 |
        | vintage      | 2025                |
        | amount       | 5                   |
        | batch_no     | 9                   |
        | document     | 内财科〔2025〕99号 |
        | effective_on | 2025-03-03          |
      Then it is <outcome>

      Examples:
        | confined | outcome                                     |
        | NSF      | accepted                                    |
        | STIDF    | refused with UNAUTHORISED (clause 四(一)) |

    Scenario: Money between the two funds is not moved by who has one of them
      Given the request FundsReallocatedBetweenFunds:
        | from_fund    | STIDF               |
        | to_fund      | NSF                 |
        | vintage      | 2025                |
        | amount       | 1,000.00            |
        | document     | 内科发〔2025〕31号 |
        | reason       | 基础研究增量        |
        | effective_on | 2025-03-03          |
      And STD proposed it as P-1
      When FIN within STIDF approves P-1 on 2025-03-05
      Then it is refused with UNAUTHORISED (clause 四(二))
      And the refusal says source NSF

    Scenario Outline: A correction is of the funds it posts to
      Given STD proposed and FIN approved it
      When FIN within <confined> proposes and FIN2 approves on 2025-03-18 a correction of:
        | FundsAllocated | taken back | |
      Then it is <outcome>

      Examples:
        | confined | outcome                                  |
        | STIDF    | accepted                                 |
        | NSF      | refused with UNAUTHORISED (clause F)     |

    Scenario: What names no fund is for both
      When STD within NSF records SpecialSuspended:
        | special      | RDT-CHN             |
        | document     | 内科发〔2025〕40号 |
        | effective_on | 2025-03-03          |
      Then it is accepted

  Rule: 五(一) 科技厅负责专项组织实施

    Background:
      Given the opening of 2025
      And STD recorded SpecialAdded:
        | special      | RDT-NEW             |
        | plan         | RDT                 |
        | title_zh     | 新设专项            |
        | title_en     | New special         |
        | modes        | ["DIRECTED"]        |
        | effective_on | 2025-03-01          |
      And the request FundsReallocatedWithinFund:
        | fund         | STIDF                |
        | vintage      | 2025                 |
        | from_special | RDT-KRD              |
        | to_special   | RDT-CHN              |
        | amount       | 1                    |
        | reason       | 科技突围项目优先保障 |
        | effective_on | 2025-03-03           |
      And STD proposed and FIN approved FundsAllocated:
        | fund         | STIDF      |
        | vintage      | 2025       |
        | special      | RDT-KRD    |
        | amount       | 1,000.00   |
        | effective_on | 2025-03-03 |

    Scenario Outline: Who manages a plan proposes within all its specials, later ones too
      When PM within RDT proposes it as P-1 with to_special <special>
      Then it is <outcome>

      Examples:
        | special | outcome                                     |
        | RDT-CHN | accepted                                    |
        | RDT-NEW | accepted                                    |
        | MSP-BRK | refused with UNAUTHORISED (clause 四(一)) |
