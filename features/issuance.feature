Feature: Issuance 指标下达
  Quota of an instalment reaches the undertaker, or the league bureau that will pay it, in the days that the measure sets.

  Rule: 五(二) 科技厅会同财政厅做好自治区本级科技专项资金衔接工作 财政惯例:指标下达

    Background:
      Given the opening of 2025
      And 10,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 8,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And the request QuotaIssued:
        | project      | KRD-1                                                 |
        | instalment   | 1                                                     |
        | amount       | 2,999,999.99                                          |
        | to           | LEAGUE                                                |
        | league       | 包头市科技局                                          |
        | quota        | {"number": "内财科〔2025〕9号", "dated": "2025-03-01"} |
        | effective_on | 2025-03-20                                            |

    Scenario: To a league the commitment moves
      When FIN records it
      Then it is accepted
      And issued to leagues of project KRD-1 is 2,999,999.99
      And committed of project KRD-1 is 5,000,000.01
      And supply of fund STIDF is 973,260,000.00
      And replaying the log gives the same balances

    Scenario: To the undertaker nothing is posted
      When FIN records it with to UNDERTAKER
      Then it is accepted
      And it posts nothing
      And committed of project KRD-1 is 8,000,000.00

    Scenario: Not more than is committed
      When FIN records it with amount 8,000,000.01
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause V3)

    Scenario: To the undertaker neither, whatever of it was paid before
      Given 3,000,000 yuan of KRD-1 are ordered as ORD-1 and settled as PAY-1
      And STD recorded PaymentOrdered:
        | order        | ORD-2         |
        | project      | KRD-1         |
        | instalment   | 1             |
        | amount       | 2,000,000     |
        | payee        | @university   |
        | document     | 拨付〔2025〕2 |
        | effective_on | 2025-03-15    |
      When FIN records it with:
        | to     | UNDERTAKER   |
        | amount | 8,000,000.01 |
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause F)
      And the refusal says instalment 1
      When FIN records it with:
        | to     | UNDERTAKER |
        | amount | 8,000,000  |
      Then it is accepted
      And it posts nothing

    Scenario: What a league was given is not issued to the undertaker as well
      Given FIN recorded it
      When FIN records it with:
        | to     | UNDERTAKER                                             |
        | quota  | {"number": "内财科〔2025〕10号", "dated": "2025-03-01"} |
        | amount | 5,000,000.02                                           |
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause F)

    Scenario: A gate that is shut is shut for a league too
      Given STD recorded PreFundingCommitted:
        | project      | KRD-1              |
        | fund         | STIDF              |
        | vintage      | 2025               |
        | amount       | 1,000,000          |
        | instalments  | 2: 1,000,000 gated |
        | effective_on | 2025-03-01         |
      When FIN records it with:
        | instalment | 2         |
        | amount     | 1,000,000 |
      Then it is refused with GATE_NOT_PASSED (clause 三(一))
      And the refusal says instalment 2

    Scenario: Once it is passed the quota goes out
      Given STD recorded PreFundingCommitted:
        | project      | KRD-1              |
        | fund         | STIDF              |
        | vintage      | 2025               |
        | amount       | 1,000,000          |
        | instalments  | 2: 1,000,000 gated |
        | effective_on | 2025-03-01         |
      And STD recorded MilestoneAssessed:
        | project      | KRD-1             |
        | instalment   | 2                 |
        | passed       | true              |
        | document     | 考核〔2025〕1号 |
        | effective_on | 2025-03-15        |
      When FIN records it with:
        | instalment | 2         |
        | amount     | 1,000,000 |
      Then it is accepted
      And issued to leagues of project KRD-1 is 1,000,000.00
      And replaying the log gives the same balances

    Scenario: A closed project is issued no quota
      Given STD recorded CommitmentReleased:
        | project      | KRD-1      |
        | instalment   | 1          |
        | amount       | 8,000,000  |
        | reason       | 退出       |
        | effective_on | 2025-03-01 |
      And STD recorded ProjectClosed:
        | project      | KRD-1           |
        | evaluation   | 综评〔2025〕1号 |
        | effective_on | 2025-03-02      |
      When FIN records it with to UNDERTAKER
      Then it is refused with PROJECT_CLOSED (clause 三(一))

    Scenario: The league is named
      When FIN records it without league
      Then it is refused with UNKNOWN_REFERENCE (clause F)

    Scenario Outline: An instalment that nobody knows
      When FIN records it with <field> <value>
      Then it is refused with UNKNOWN_REFERENCE (clause 四(三))

      Examples:
        | field      | value |
        | project    | KRD-9 |
        | instalment | 9     |

    Scenario: A quota document issues an instalment once
      Given FIN recorded it
      When FIN records it
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause F)

    Scenario: Only the finance department issues
      When STD records it
      Then it is refused with UNAUTHORISED (clause F)

    Scenario: It was issued to the wrong amount
      Given FIN recorded it
      And the periods up to 2025-03 are closed
      When FIN proposes and FIN2 approves on 2025-04-18 a correction of:
        | QuotaIssued | amount | 2,000,000 |
      Then it is accepted
      And all it posts is effective on 2025-03-20 and belongs to period 2025-04
      And issued to leagues of project KRD-1 is 2,000,000.00
      And committed of project KRD-1 is 6,000,000.00
      And replaying the log gives the same balances

    Scenario: It was issued to a league instead of the undertaker
      Given FIN recorded it
      When FIN proposes and FIN2 approves on 2025-04-18 a correction of:
        | QuotaIssued | to | UNDERTAKER |
      Then it is accepted
      And issued to leagues of project KRD-1 is 0.00
      And committed of project KRD-1 is 8,000,000.00

  Rule: 五(二) Quota in a race 科技厅会同财政厅做好自治区本级科技专项资金衔接工作 财政惯例:指标下达

    Background:
      Given the opening of 2025
      And 20,000,000 yuan of STIDF are allocated to RDT-KRD
      And project RACE-1 of special RDT-KRD, chosen by RACE
      And STD recorded PreFundingCommitted:
        | project      | RACE-1                                                        |
        | fund         | STIDF                                                         |
        | vintage      | 2025                                                          |
        | amount       | 9,000,000                                                     |
        | instalments  | A1: 3,000,000 team A; B1: 3,000,000 team B; both: 3,000,000 |
        | effective_on | 2025-03-01                                                    |
      And STD recorded PaymentOrdered:
        | order        | ORD-B         |
        | project      | RACE-1        |
        | instalment   | B1            |
        | amount       | 1,000,000     |
        | payee        | @company      |
        | document     | 拨付〔2025〕1 |
        | effective_on | 2025-03-02    |
      And TRE recorded PaymentSettled:
        | order        | ORD-B      |
        | detail       | PAY-B      |
        | amount       | 1,000,000  |
        | effective_on | 2025-03-03 |
      And the request QuotaIssued:
        | project      | RACE-1            |
        | instalment   | B1                |
        | amount       | 2,000,000         |
        | to           | LEAGUE            |
        | league       | 包头市科技局      |
        | quota        | 内财科〔2025〕9号 |
        | effective_on | 2025-04-20        |

    Scenario: A team's money reaches it through its league
      When FIN records it
      Then it is accepted
      And issued to leagues of project RACE-1 is 2,000,000.00

    Scenario: Not that of a team that is out
      Given STD recorded TeamEliminated:
        | project      | RACE-1            |
        | team         | B                 |
        | document     | 淘汰〔2025〕1号 |
        | effective_on | 2025-04-01        |
      When FIN records it
      Then it is refused with TEAM_ELIMINATED (clause 二(一)3)
      And the refusal says team B

    Scenario: What the teams share goes out while no team of the race is barred
      Given STD recorded MilestoneAssessed:
        | project      | RACE-1            |
        | instalment   | both              |
        | team         | B                 |
        | passed       | false             |
        | document     | 考核〔2025〕1号 |
        | effective_on | 2025-04-01        |
      When FIN records it with instalment both
      Then it is refused with GATE_NOT_PASSED (clause 三(一))
      And the refusal says team B

    Scenario: And again once that team has left it
      Given STD recorded MilestoneAssessed:
        | project      | RACE-1            |
        | instalment   | both              |
        | team         | B                 |
        | passed       | false             |
        | document     | 考核〔2025〕1号 |
        | effective_on | 2025-04-01        |
      And STD recorded TeamEliminated:
        | project      | RACE-1            |
        | team         | B                 |
        | document     | 淘汰〔2025〕1号 |
        | effective_on | 2025-04-01        |
      When FIN records it with instalment both
      Then it is accepted
      And issued to leagues of project RACE-1 is 2,000,000.00
      And committed of project RACE-1 is 6,000,000.00

    Scenario Outline: What fills the pool of a race is released or withdrawn, not issued
      Given STD proposed and FIN approved RecoveryOrdered:
        | settlement   | PAY-B      |
        | amount       | 1,000,000  |
        | reason       | 赛马淘汰   |
        | effective_on | 2025-04-01 |
      And TRE recorded RecoveryReceived:
        | settlement   | PAY-B      |
        | amount       | 1,000,000  |
        | target       | POOL       |
        | detail       | REC-1      |
        | document     | 追回〔2025〕1号 |
        | effective_on | 2025-04-10 |
      When FIN records it with:
        | instalment | pool~PAY-B |
        | amount     | 1          |
        | to         | <to>       |
      Then it is refused with UNKNOWN_REFERENCE (clause 三(一))

      Examples:
        | to         |
        | LEAGUE     |
        | UNDERTAKER |

  Rule: 政策参数 指标下达期限:收到指标文件后 30 日内

    Background:
      Given the opening of 2025
      And 10,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 8,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And FIN proposed and STD approved PolicyParameterSet:
        | name         | quota_issue_days   |
        | days         | 30                 |
        | document     | 内政办〔2025〕7号 |
        | effective_on | 2025-02-27         |
      And the request QuotaIssued:
        | project      | KRD-1                                                 |
        | instalment   | 1                                                     |
        | amount       | 8,000,000                                             |
        | to           | UNDERTAKER                                            |
        | quota        | {"number": "内财科〔2025〕9号", "dated": "2025-03-01"} |
        | effective_on | 2025-03-31                                            |

    Scenario: The thirtieth day is in time
      When FIN records it
      Then it is accepted

    Scenario: The day after needs a reason
      When FIN records it with effective_on 2025-04-01
      Then it is refused with DOCUMENT_MISSING (clause F)

    Scenario: With a reason it is accepted and the delay stays visible
      When FIN records it with:
        | effective_on | 2025-04-01     |
        | reason       | 系统升级,延后 |
      Then it is accepted

    Scenario: Days are counted from a date, so the quota document has one
      When FIN records it with quota 内财科〔2025〕9号
      Then it is refused with DOCUMENT_MISSING (clause F)
