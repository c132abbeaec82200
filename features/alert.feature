Feature: Alerts 预警
  What somebody must look after, from the day on which it is due; where the notice is silent, after the days of a parameter.

  Rule: 二(一)3 按照“谁推荐、谁承诺、谁筹措匹配资金”的原则推荐申报

    Background:
      Given the opening of 2025
      And project CRC-1 of special MSP-CRC, chosen by RECOMMENDED
      And the request MatchingCommitted:
        | pledge       | PL-1                                                                                             |
        | project      | CRC-1                                                                                            |
        | pledger      | @industry                                                                                        |
        | amount       | 8,000,000.01                                                                                     |
        | tranches     | [{"due_on": "2025-06-30", "amount": "5000000.01"}, {"due_on": "2025-12-31", "amount": "3000000"}] |
        | basis        | 匹配承诺函〔2025〕1号                                                                            |
        | effective_on | 2025-02-12                                                                                       |

    Scenario: A tranche is overdue once its day is over
      When REC of industry records it
      Then on 2025-06-30 nothing says MATCHING_OVERDUE of PL-1
      And on 2025-07-01 MATCHING_OVERDUE says 5,000,000.01 of PL-1
      And on 2026-01-01 MATCHING_OVERDUE says 5,000,000.01 3,000,000.00 of PL-1

    Scenario: What was received counts for the earliest tranche
      Given REC of industry recorded it
      When REC of industry proposes and STD approves a MatchingReceived:
        | pledge       | PL-1         |
        | amount       | 5,000,000.00 |
        | origin       | LEAGUE       |
        | effective_on | 2025-07-03   |
      Then on 2025-07-01 MATCHING_OVERDUE says 0.01 of PL-1
      And on 2026-01-01 MATCHING_OVERDUE says 0.01 3,000,000.00 of PL-1

    Scenario: Another date that was approved is the one that counts
      Given REC of industry recorded it
      When COM records MatchingRescheduled:
        | pledge       | PL-1                                               |
        | tranches     | [{"due_on": "2025-09-30", "amount": "8000000.01"}] |
        | document     | 科技办〔2025〕3号                                  |
        | effective_on | 2025-06-20                                         |
      Then on 2025-09-30 nothing says MATCHING_OVERDUE of PL-1
      And on 2025-10-01 MATCHING_OVERDUE says 8,000,000.01 of PL-1

  Rule: 三(一) 里程碑考核: what is due is assessed, then ordered

    Background:
      Given the opening of 2025
      And 10,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And STD recorded PreFundingCommitted:
        | project      | KRD-1                                                                                       |
        | fund         | STIDF                                                                                       |
        | vintage      | 2025                                                                                        |
        | amount       | 5,000,000                                                                                   |
        | instalments  | [{"instalment": "mid", "amount": "5000000", "gated": true, "due_on": "2025-09-30"}]          |
        | effective_on | 2025-02-20                                                                                  |
      And the request MilestoneAssessed:
        | project      | KRD-1             |
        | instalment   | mid               |
        | passed       | true              |
        | document     | 考核〔2025〕1号   |
        | effective_on | 2025-10-10        |

    Scenario: A milestone that is due waits for its assessment, then its instalment for the order
      When STD records it
      Then on 2025-09-30 nothing says INSTALMENT_LATE of KRD-1
      And on 2025-10-01 INSTALMENT_LATE says 5,000,000.00 of KRD-1
      And on 2025-10-01 nothing says GATE_DUE of KRD-1

    Scenario: Nobody assessed it
      When STD records ProjectAmended:
        | project      | KRD-1             |
        | title        | 另一名称          |
        | document     | 变更〔2025〕1号   |
        | effective_on | 2025-03-01        |
      Then on 2025-09-30 nothing says GATE_DUE of KRD-1
      And on 2025-10-01 GATE_DUE says 5,000,000.00 of KRD-1
      And on 2025-10-01 nothing says INSTALMENT_LATE of KRD-1

    Scenario: What was assessed and barred is neither due nor late
      When STD records it with passed false
      Then on 2025-12-31 nothing says GATE_DUE of KRD-1
      And on 2025-12-31 nothing says INSTALMENT_LATE of KRD-1

    Scenario: What is ordered in full is late no more, and what is not stays so
      Given STD recorded it
      When STD records PaymentOrdered:
        | order        | ORD-1           |
        | project      | KRD-1           |
        | instalment   | mid             |
        | amount       | 4,999,999.99    |
        | payee        | @university     |
        | document     | 拨付〔2025〕1号 |
        | effective_on | 2025-10-20      |
      Then on 2025-10-20 INSTALMENT_LATE says 0.01 of KRD-1

  Rule: 政策参数:指标下达期限 quota that was not issued within its days

    Background:
      Given the opening of 2025
      And 10,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 8,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And the request PolicyParameterSet:
        | name         | quota_issue_days    |
        | days         | 30                  |
        | document     | 区域管理办法第十八条 |
        | effective_on | 2025-01-01          |

    Scenario: Without the parameter there is no such alert, and it is named as missing
      When FIN proposes and STD approves it with name proposal_days
      Then on 2025-12-31 nothing says QUOTA_NOT_ISSUED of KRD-1
      And on 2025-12-31 QUOTA_NOT_ISSUED asks for its parameter

    Scenario: Quota of an instalment is late after its days, and so is what no project has
      When FIN proposes and STD approves it
      Then on 2025-02-09 nothing says QUOTA_NOT_ISSUED of STIDF
      And on 2025-02-10 QUOTA_NOT_ISSUED says 892,000,000.00 of STIDF
      And on 2025-12-31 QUOTA_NOT_ISSUED says 8,000,000.00 of KRD-1

    Scenario: What was issued is not late
      Given FIN proposed and STD approved it
      When FIN records QuotaIssued:
        | project      | KRD-1                                                  |
        | instalment   | 1                                                      |
        | amount       | 8,000,000                                              |
        | to           | UNDERTAKER                                             |
        | quota        | {"number": "内财科〔2025〕9号", "dated": "2025-03-01"} |
        | effective_on | 2025-03-20                                             |
      Then on 2025-12-31 nothing says QUOTA_NOT_ISSUED of KRD-1

  Rule: 政策参数:资金闲置天数 money that nobody touched

    Background:
      Given the opening of 2025
      And 10,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And the request PolicyParameterSet:
        | name         | idle_days      |
        | scope        | RDT-KRD        |
        | days         | 90             |
        | document     | 科技厅〔2025〕5号 |
        | effective_on | 2025-01-01     |

    Scenario: What is available rests from the day on which it last moved
      When FIN proposes and STD approves it
      Then on 2025-05-02 nothing says MONEY_IDLE of RDT-KRD
      And on 2025-05-03 MONEY_IDLE says 10,000,000.00 of RDT-KRD

    Scenario: What is committed rests as well
      Given FIN proposed and STD approved it
      When STD records PreFundingCommitted:
        | project      | KRD-1                                        |
        | fund         | STIDF                                        |
        | vintage      | 2025                                         |
        | amount       | 10,000,000                                   |
        | instalments  | [{"instalment": "1", "amount": "10000000"}]  |
        | effective_on | 2025-02-20                                   |
      Then on 2025-05-21 nothing says MONEY_IDLE of KRD-1
      And on 2025-05-22 MONEY_IDLE says 10,000,000.00 of KRD-1

    Scenario: Set for one special, it says nothing of another
      When FIN proposes and STD approves it with scope RDT-CHN
      Then on 2025-12-31 nothing says MONEY_IDLE of RDT-KRD

  Rule: 政策参数:预拨款报支天数 advances whose spending was not reported

    Background:
      Given the opening of 2025
      And 10,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 8,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And 3,000,000 yuan of KRD-1 are ordered as ORD-1 and settled as PAY-1
      And FIN proposed and STD approved a PolicyParameterSet:
        | name         | advance_days      |
        | days         | 180               |
        | document     | 科技厅〔2025〕6号 |
        | effective_on | 2025-01-01        |

    Scenario: What was reported as spent is outstanding no more
      When UND of university proposes and STD approves an UndertakerExpenditureReported:
        | project      | KRD-1           |
        | amount       | 1,000,000       |
        | report       | 决算〔2025〕1号 |
        | effective_on | 2025-06-30      |
      Then on 2025-12-31 ADVANCE_OUTSTANDING says 2,000,000.00 of KRD-1
      And on 2025-04-01 nothing says ADVANCE_OUTSTANDING of KRD-1

  Rule: 政策参数:预留到期提示天数 reservations that run out

    Background:
      Given the opening of 2025
      And 30,000,000 yuan of STIDF are allocated to RDT-KRD
      And the request FundsReserved:
        | call         | CALL-1     |
        | fund         | STIDF      |
        | special      | RDT-KRD    |
        | amount       | 10,000,000 |
        | expires_on   | 2025-06-30 |
        | effective_on | 2025-02-15 |
      And FIN proposed and STD approved a PolicyParameterSet:
        | name         | reservation_notice_days |
        | days         | 10                      |
        | document     | 科技厅〔2025〕7号       |
        | effective_on | 2025-01-01              |

    Scenario: It is named in its last days, and stays so until it is used or released
      When STD records it
      Then on 2025-06-20 nothing says RESERVATION_EXPIRING of CALL-1
      And on 2025-06-21 RESERVATION_EXPIRING says 10,000,000.00 of CALL-1
      And on 2025-12-31 RESERVATION_EXPIRING says 10,000,000.00 of CALL-1

  Rule: 政策参数:接近底线的差额 a fund that comes near its floor

    Background:
      Given the opening of 2025
      And FIN proposed and STD approved a PolicyParameterSet:
        | name         | fund_floor        |
        | scope        | NSF               |
        | amount       | 150,000,000       |
        | document     | 财政厅〔2025〕1号 |
        | effective_on | 2025-01-01        |
      And FIN proposed and STD approved a PolicyParameterSet:
        | name         | floor_margin      |
        | amount       | 1,000,000         |
        | document     | 财政厅〔2025〕2号 |
        | effective_on | 2025-01-01        |
      And the request FundsReallocatedBetweenFunds:
        | from_fund    | NSF                      |
        | to_fund      | STIDF                    |
        | vintage      | 2025                     |
        | amount       | 9,000,000.01             |
        | document     | 会签〔2025〕1号          |
        | effective_on | 2025-06-13               |

    Scenario: Within the margin it is named with what it keeps
      When STD proposes and FIN approves it
      Then on 2025-06-13 FLOOR_NEAR says 150,999,999.99 of NSF

    Scenario: Above the margin it is not
      When STD proposes and FIN approves it with amount 9,000,000
      Then on 2025-06-13 nothing says FLOOR_NEAR of NSF

  Rule: Quota of a year is two years old when the next year is over 财政惯例:两年未用完

    Background:
      Given the opening of 2025
      And the request AppropriationReceived:
        | fund         | NSF               |
        | vintage      | 2025              |
        | amount       | 1                 |
        | document     | 内财科〔2025〕8号 |
        | effective_on | 2025-03-01        |

    Scenario: What a fund and its projects still hold of it is named, by vintage
      When FIN records it
      Then on 2025-12-31 nothing says VINTAGE_OLD of NSF
      And on 2026-01-01 VINTAGE_OLD says 400,000.00 12,600,000.00 of NSF
      And on 2027-01-01 VINTAGE_OLD says 400,000.00 12,600,000.00 160,000,001.00 of NSF

  Rule: A fact that is dated before what it needs leaves a day below zero (V3) 财政惯例:业务日期先后

    Background:
      Given the opening of 2025
      And 10,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 8,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And STD recorded PaymentOrdered:
        | order        | ORD-1           |
        | project      | KRD-1           |
        | instalment   | 1               |
        | amount       | 3,000,000       |
        | payee        | @university     |
        | document     | 拨付〔2025〕1号 |
        | effective_on | 2025-03-20      |
      And the request PaymentSettled:
        | order        | ORD-1      |
        | amount       | 3,000,000  |
        | detail       | MX-1       |
        | effective_on | 2025-03-20 |

    Scenario: Paid on the day of its order
      When TRE records it
      Then on 2025-12-31 nothing says BELOW_ZERO of KRD-1

    Scenario: Reported as paid before it was ordered
      When TRE records it with effective_on 2025-03-18
      Then on 2025-03-17 nothing says BELOW_ZERO of KRD-1
      And on 2025-12-31 BELOW_ZERO says 3,000,000.00 of KRD-1

  Rule: 财政惯例:已签认的对账被改动的,提示重新核对

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 9,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And 2,000,000 yuan of instalment 1 of KRD-1 are ordered as ORD-1 under 拨付1 on 2025-03-03
      And 1,000,000 yuan of order ORD-1 are settled as PAY-1 on 2025-03-10
      And FIN proposed and FIN2 approved ReconciliationSignedOff:
        | reconciles      | 2025-03                                                          |
        | statement       | 0000000000000000000000000000000000000000000000000000000000000003 |
        | told_by         | treasury                                                         |
        | statement_kind  | TREASURY                                                         |
        | ledger_total    | 1,000,000.00                                                     |
        | statement_total | 1,000,000.00                                                     |
        | unexplained     | 0                                                                |
        | effective_on    | 2025-04-02                                                       |
      And the request PaymentSettled:
        | order        | ORD-1      |
        | detail       | PAY-2      |
        | amount       | 250,000.01 |
        | effective_on | 2025-03-28 |

    Scenario: A fact of a signed month that comes late
      When TRE records it
      Then on 2025-04-30 SIGN_OFF_TOUCHED says 250,000.01 of KRD-1
      And replaying the log gives the same balances

    Scenario: One of the month after touches nothing
      When TRE records it with effective_on 2025-04-01
      Then on 2025-04-30 nothing says SIGN_OFF_TOUCHED of KRD-1

    Scenario: A correction of what was signed
      When FIN proposes and FIN2 approves on 2025-04-10 a correction of:
        | PaymentSettled | amount | 900,000.00 |
      Then on 2025-04-30 SIGN_OFF_TOUCHED says 1,000,000.00 of KRD-1
      And replaying the log gives the same balances

    Scenario: Signed anew it is settled, and what comes later counts again
      Given TRE recorded it
      And FIN proposed and FIN2 approved ReconciliationSignedOff:
        | reconciles      | 2025-04                                                          |
        | statement       | 0000000000000000000000000000000000000000000000000000000000000004 |
        | told_by         | treasury                                                         |
        | statement_kind  | TREASURY                                                         |
        | ledger_total    | 0                                                                |
        | statement_total | 0                                                                |
        | unexplained     | 0                                                                |
        | effective_on    | 2025-05-02                                                       |
      When TRE records it with:
        | detail | PAY-3 |
        | amount | 1.00  |
      Then on 2025-05-31 SIGN_OFF_TOUCHED says 1.00 of KRD-1
      And replaying the log gives the same balances
