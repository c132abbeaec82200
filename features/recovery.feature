Feature: Recovery and repayment 追回与有偿资金归还
  Money is demanded back where support ends, and comes back where it was repayable. Neither opens an instalment again.

  Rule: 三(一) 完善长期稳定、滚动支持和退出机制

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 3,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And 2,000,000.01 yuan of KRD-1 are ordered as ORD-1 and settled as PAY-1
      And the request RecoveryOrdered:
        | settlement   | PAY-1           |
        | amount       | 1,200,000.01    |
        | reason       | 未按任务书使用  |
        | document     | 追回〔2025〕1号 |
        | effective_on | 2025-09-01      |

    Scenario: Money that was paid is demanded back
      When STD proposes and FIN approves it
      Then it is accepted
      And recovery outstanding of project KRD-1 is 1,200,000.01
      And disbursed of project KRD-1 is 2,000,000.01
      And available of special RDT-KRD is 297,000,000.00
      And supply of fund STIDF is 973,260,000.00
      And replaying the log gives the same balances

    Scenario: Finance may propose it as well
      When FIN proposes and STD approves it
      Then it is accepted
      And recovery outstanding of project KRD-1 is 1,200,000.01

    Scenario Outline: Not more than is still out
      Given STD proposed and FIN approved it
      When STD proposes and FIN approves it with amount <amount>
      Then it is <outcome>
      And recovery outstanding of project KRD-1 is <outstanding>

      Examples:
        | amount     | outcome                                                     | outstanding  |
        | 800,000    | accepted                                                    | 2,000,000.01 |
        | 800,000.01 | refused with OVER_OUTSTANDING, short 0.01 (clause 三(一)) | 1,200,000.01 |

    Scenario Outline: What was refunded is not out any more, whichever year it came back in
      Given TRE recorded PaymentRefunded:
        | settlement   | PAY-1      |
        | amount       | 800,000.01 |
        | detail       | REF-1      |
        | effective_on | <day>      |
      When STD proposes and FIN approves it with effective_on 2026-03-02
      Then it is refused with OVER_OUTSTANDING, short 0.01 (clause 三(一))

      Examples:
        | day        |
        | 2025-06-02 |
        | 2026-02-02 |

    Scenario: A settlement that nobody knows
      When STD proposes and FIN approves it with settlement PAY-9
      Then it is refused with UNKNOWN_REFERENCE (clause 四(三))

    Scenario: There is a reason
      When STD proposes and FIN approves it without reason
      Then it is refused with DOCUMENT_MISSING (clause 三(一))

    Scenario Outline: One department alone does not demand
      When <role> records it
      Then it is refused with UNAUTHORISED (clause 三(一))

      Examples:
        | role |
        | STD  |
        | FIN  |

    Scenario: A closed month takes no demand
      Given the periods up to 2025-09 are closed
      When STD proposes and FIN approves it
      Then it is refused with PERIOD_CLOSED (clause F)

    Scenario: A demand that was entered wrongly
      Given STD proposed and FIN approved it
      When FIN proposes and FIN2 approves on 2025-10-10 a correction of:
        | RecoveryOrdered | amount | 2,000,000.01 |
      Then it is accepted
      And recovery outstanding of project KRD-1 is 2,000,000.01
      And replaying the log gives the same balances

    Scenario: A correction does not demand more than is out
      Given STD proposed and FIN approved it
      When FIN proposes and FIN2 approves on 2025-10-10 a correction of:
        | RecoveryOrdered | amount | 2,000,000.02 |
      Then it is refused with OVER_OUTSTANDING, short 0.01 (clause 三(一))

    Scenario: Nor less than came in
      Given STD proposed and FIN approved it
      And TRE recorded RecoveryReceived:
        | settlement   | PAY-1      |
        | amount       | 1,000,000  |
        | detail       | REC-1      |
        | effective_on | 2025-09-20 |
      When FIN proposes and FIN2 approves on 2025-10-10 a correction of:
        | RecoveryOrdered | amount | 999,999.99 |
      Then it is refused with OVER_OUTSTANDING, short 0.01 (clause V3)

  Rule: 三(一) What is recovered 滚动支持和退出机制

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 3,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And 2,000,000.01 yuan of KRD-1 are ordered as ORD-1 and settled as PAY-1
      And STD proposed and FIN approved RecoveryOrdered:
        | settlement   | PAY-1           |
        | amount       | 1,200,000.01    |
        | reason       | 未按任务书使用  |
        | effective_on | 2025-09-01      |
      And the request RecoveryReceived:
        | settlement   | PAY-1           |
        | amount       | 1,000,000       |
        | detail       | REC-1           |
        | document     | 追回〔2025〕1号 |
        | effective_on | 2025-09-20      |

    Scenario: In the year of the payment it is available again
      When TRE records it
      Then it is accepted
      And recovery outstanding of project KRD-1 is 200,000.01
      And disbursed of project KRD-1 is 1,000,000.01
      And committed of project KRD-1 is 999,999.99
      And available of special RDT-KRD is 298,000,000.00
      And supply of fund STIDF is 973,260,000.00
      And replaying the log gives the same balances

    Scenario: Or it goes to treasury at once
      When TRE records it with target WITHDRAWN
      Then it is accepted
      And recovery outstanding of project KRD-1 is 200,000.01
      And disbursed of project KRD-1 is 1,000,000.01
      And withdrawn of project KRD-1 is 1,000,000.00
      And available of special RDT-KRD is 297,000,000.00
      And supply of fund STIDF is 973,260,000.00
      And replaying the log gives the same balances

    Scenario Outline: Of an earlier year it goes to treasury, whatever was meant
      When TRE records it with:
        | target       | <target>   |
        | effective_on | 2026-02-03 |
      Then it is accepted
      And recovery outstanding of project KRD-1 is 200,000.01
      And returned earlier years of project KRD-1 is 1,000,000.00
      And disbursed of project KRD-1 is 2,000,000.01
      And withdrawn of project KRD-1 is 0.00
      And available of special RDT-KRD is 297,000,000.00
      And replaying the log gives the same balances

      Examples:
        | target    |
        | POOL      |
        | AVAILABLE |
        | WITHDRAWN |

    Scenario: The instalment is not open again
      Given TRE recorded it
      When STD records PaymentOrdered:
        | order        | ORD-2           |
        | project      | KRD-1           |
        | instalment   | 1               |
        | amount       | 1,000,000       |
        | payee        | @university     |
        | document     | 拨付〔2025〕2号 |
        | effective_on | 2025-09-21      |
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause V3)

    Scenario: Nor is its document free
      Given TRE recorded it
      When STD records PaymentOrdered:
        | order        | ORD-2       |
        | project      | KRD-1       |
        | instalment   | 1           |
        | amount       | 1           |
        | payee        | @university |
        | document     | 拨付-ORD-1  |
        | effective_on | 2025-09-21  |
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 四(三))

    Scenario: More than was demanded is kept apart, whole
      When TRE records it with amount 1,200,000.02
      Then it is recorded as UnmatchedReceiptRecorded
      And unmatched receipts of fund STIDF is 1,200,000.02
      And recovery outstanding of project KRD-1 is 1,200,000.01
      And disbursed of project KRD-1 is 2,000,000.01

    Scenario: So is what nobody demanded
      Given 500,000 yuan of instalment 1 of KRD-1 are ordered as ORD-2 under 拨付〔2025〕2号 on 2025-03-10
      And 500,000 yuan of order ORD-2 are settled as PAY-2 on 2025-03-12
      When TRE records it with:
        | settlement | PAY-2 |
        | amount     | 0.01  |
      Then it is recorded as UnmatchedReceiptRecorded
      And unmatched receipts of all is 0.01
      And disbursed of project KRD-1 is 2,500,000.01

    Scenario: And what cites no settlement
      When TRE records it with settlement PAY-9
      Then it is recorded as UnmatchedReceiptRecorded
      And unmatched receipts of fund UNKNOWN is 1,000,000.00

    Scenario: A recovery is recorded once
      Given TRE recorded it with amount 1
      When TRE records it with amount 1
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 三(一))

    Scenario: A recovery of a closed month is posted to an open one
      Given the periods up to 2025-09 are closed
      When TRE records it with period 2025-10
      Then it is accepted
      And all it posts is effective on 2025-09-20 and belongs to period 2025-10

    Scenario: A closed month takes no recovery
      Given the periods up to 2025-09 are closed
      When TRE records it with period 2025-09
      Then it is refused with PERIOD_CLOSED (clause F)

    Scenario: Only the treasury reports what was recovered
      When FIN records it
      Then it is refused with UNAUTHORISED (clause 三(一))

    Scenario Outline: The form of a recovery
      When TRE sends it malformed with <field> <value>
      Then the form of <field> does not fit

      Examples:
        | field  | value     |
        | target | TREASURY  |
        | amount | 0         |
        | amount | 1,000.001 |

    Scenario: What was recovered is undone by its opposite, not corrected
      Given TRE recorded it
      When FIN proposes and FIN2 approves on 2025-10-10 a correction of:
        | RecoveryReceived | amount | 1 |
      Then it is refused with NOT_CORRECTABLE (clause F)

  Rule: 二(一)3 通过揭榜挂帅、赛马制、定向委托等方式

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project RACE-1 of special RDT-KRD, chosen by RACE
      And STD recorded PreFundingCommitted:
        | project      | RACE-1                                         |
        | fund         | STIDF                                          |
        | vintage      | 2025                                           |
        | amount       | 6,000,000                                      |
        | instalments  | A1: 3,000,000 team A; B1: 3,000,000 team B     |
        | effective_on | 2025-03-01                                     |
      And STD recorded PaymentOrdered:
        | order        | ORD-1           |
        | project      | RACE-1          |
        | instalment   | A1              |
        | amount       | 3,000,000       |
        | payee        | @institute      |
        | document     | 拨付〔2025〕1号 |
        | effective_on | 2025-03-10      |
      And 3,000,000 yuan of order ORD-1 are settled as PAY-1 on 2025-03-12
      And STD proposed and FIN approved RecoveryOrdered:
        | settlement   | PAY-1        |
        | amount       | 1,000,000.01 |
        | reason       | 赛马淘汰     |
        | effective_on | 2025-09-01   |
      And the request RecoveryReceived:
        | settlement   | PAY-1           |
        | amount       | 1,000,000.01    |
        | target       | POOL            |
        | detail       | REC-1           |
        | document     | 追回〔2025〕2号 |
        | effective_on | 2025-09-20      |

    Scenario: What a team gives back fills the pool of the race
      When TRE records it
      Then it is accepted
      And committed of project RACE-1 is 4,000,000.01
      And disbursed of project RACE-1 is 1,999,999.99
      And recovery outstanding of project RACE-1 is 0.00
      And available of special RDT-KRD is 294,000,000.00
      And replaying the log gives the same balances

    Scenario: From the pool it is released
      Given TRE recorded it
      When STD records CommitmentReleased:
        | project      | RACE-1       |
        | instalment   | pool~PAY-1   |
        | amount       | 1,000,000.01 |
        | reason       | 赛马淘汰     |
        | effective_on | 2025-09-21   |
      Then it is accepted
      And committed of project RACE-1 is 3,000,000.00
      And available of special RDT-KRD is 295,000,000.01

    Scenario: Or withdrawn
      Given TRE recorded it
      When FIN records FundsWithdrawnToTreasury:
        | account      | B220            |
        | fund         | STIDF           |
        | vintage      | 2025            |
        | project      | RACE-1          |
        | instalment   | pool~PAY-1      |
        | amount       | 1,000,000.01    |
        | document     | 收回〔2025〕1号 |
        | effective_on | 2025-09-21      |
      Then it is accepted
      And committed of project RACE-1 is 3,000,000.00
      And withdrawn of project RACE-1 is 1,000,000.01

    Scenario: Also where the settlement was found by clearing, and has a long name
      Given TRE recorded UnmatchedSettlementRecorded:
        | item         | TFB-20250312-0000000000000000000000000000000001 |
        | fund         | STIDF                                           |
        | amount       | 2,000,000                                       |
        | effective_on | 2025-03-12                                      |
      And STD recorded PaymentOrdered:
        | order        | SQ-2025-000000000000000000000000000002 |
        | project      | RACE-1                                 |
        | instalment   | B1                                     |
        | team         | B                                      |
        | amount       | 2,000,000                              |
        | payee        | @company                               |
        | document     | 拨付〔2025〕2号                        |
        | effective_on | 2025-03-12                             |
      And FIN recorded SuspenseCleared:
        | item         | TFB-20250312-0000000000000000000000000000000001 |
        | order        | SQ-2025-000000000000000000000000000002          |
        | amount       | 2,000,000                                       |
        | effective_on | 2025-03-12                                      |
      And STD proposed and FIN approved RecoveryOrdered:
        | settlement   | TFB-20250312-0000000000000000000000000000000001/SQ-2025-000000000000000000000000000002 |
        | amount       | 500,000                                                                                |
        | reason       | 赛马淘汰                                                                               |
        | effective_on | 2025-09-01                                                                             |
      And TRE recorded RecoveryReceived:
        | settlement   | TFB-20250312-0000000000000000000000000000000001/SQ-2025-000000000000000000000000000002 |
        | amount       | 500,000                                                                                |
        | target       | POOL                                                                                   |
        | detail       | REC-9                                                                                  |
        | effective_on | 2025-09-20                                                                             |
      When FIN records BalanceCarriedForward:
        | account      | B220                                                                                        |
        | fund         | STIDF                                                                                       |
        | vintage      | 2025                                                                                        |
        | amount       | 300,000                                                                                     |
        | treatment    | CARRY_OVER                                                                                  |
        | project      | RACE-1                                                                                      |
        | ref          | pool~TFB-20250312-0000000000000000000000000000000001/SQ-2025-000000000000000000000000000002 |
        | reason       | 赛马资金池                                                                                  |
        | effective_on | 2025-12-31                                                                                  |
      Then it is accepted
      And in year 2026 committed of project RACE-1 is 300,000.00
      When STD records CommitmentReleased:
        | project      | RACE-1                                                                                      |
        | instalment   | pool~TFB-20250312-0000000000000000000000000000000001/SQ-2025-000000000000000000000000000002 |
        | amount       | 200,000                                                                                     |
        | reason       | 赛马淘汰                                                                                    |
        | effective_on | 2025-09-21                                                                                  |
      Then it is accepted
      And in year 2025 committed of project RACE-1 is 1,000,000.00
      And replaying the log gives the same balances

    Scenario: An instalment that is called like a pool is none
      Given STD recorded PreFundingCommitted:
        | project      | RACE-1               |
        | fund         | STIDF                |
        | vintage      | 2025                 |
        | amount       | 5                    |
        | instalments  | pool/PAY-1: 5 team B |
        | effective_on | 2025-03-01           |
      And TRE recorded it
      When STD records PaymentOrdered:
        | order        | ORD-2           |
        | project      | RACE-1          |
        | instalment   | pool/PAY-1      |
        | amount       | 5               |
        | payee        | @company        |
        | document     | 拨付〔2025〕2号 |
        | effective_on | 2025-09-21      |
      Then it is accepted
      And committed of project RACE-1 is 4,000,000.01

    Scenario: It is paid to nobody
      Given TRE recorded it
      When STD records PaymentOrdered:
        | order        | ORD-2           |
        | project      | RACE-1          |
        | instalment   | pool~PAY-1      |
        | team         | B               |
        | amount       | 1               |
        | payee        | @company        |
        | document     | 拨付〔2025〕2号 |
        | effective_on | 2025-09-21      |
      Then it is refused with UNKNOWN_REFERENCE (clause 三(一))

  Rule: 四(二) 整合为“科技创新发展专项资金”

    Background:
      Given an empty ledger
      And FIN proposed and STD approved OpeningBalanceImported:
        | fund         | ATRD       |
        | vintage      | 2024       |
        | special      | RDT-KRD    |
        | amount       | 3,000,000  |
        | effective_on | 2025-01-02 |
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And STD recorded PreFundingCommitted:
        | project      | KRD-1                                           |
        | fund         | ATRD                                            |
        | vintage      | 2024                                            |
        | amount       | 3,000,000                                       |
        | instalments  | 1: 3,000,000                                    |
        | repayments   | [{"due_on": "2027-06-30", "amount": "3000000"}] |
        | effective_on | 2025-02-10                                      |
      And 2,000,000.01 yuan of KRD-1 are ordered as ORD-1 and settled as PAY-1
      And FIN proposed and STD approved PredecessorFundConsolidated:
        | fund         | ATRD       |
        | effective_on | 2025-04-01 |

    Scenario: What the old fund paid is recovered for the new one
      Given STD proposed and FIN approved RecoveryOrdered:
        | settlement   | PAY-1          |
        | amount       | 500,000.01     |
        | reason       | 未按任务书使用 |
        | effective_on | 2025-09-01     |
      When TRE records RecoveryReceived:
        | settlement   | PAY-1      |
        | amount       | 500,000.01 |
        | detail       | REC-1      |
        | effective_on | 2025-09-20 |
      Then it is accepted
      And disbursed of fund ATRD is 1,500,000.00
      And available of fund ATRD is 0.00
      And available of fund STIDF is 500,000.01
      And committed of fund STIDF is 999,999.99
      And consolidated of fund STIDF is 1,500,000.00
      And consolidated of all is 0.00
      And replaying the log gives the same balances

    Scenario: What the old fund lent is recycled into the new one
      When TRE records RepaymentReceived:
        | settlement   | PAY-1           |
        | amount       | 750,000.50      |
        | detail       | REP-1           |
        | recycling    | 滚动〔2025〕1号 |
        | effective_on | 2025-11-20      |
      Then it is accepted
      And repayable outstanding of project KRD-1 is 1,249,999.51
      And appropriated of fund ATRD is 0.00
      And appropriated of fund STIDF is 750,000.50
      And unallocated of fund STIDF is 750,000.50
      And replaying the log gives the same balances

  Rule: 四(三) Support that is repaid 有偿与无偿

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And STD recorded PreFundingCommitted:
        | project      | KRD-1                                              |
        | fund         | STIDF                                              |
        | vintage      | 2025                                               |
        | amount       | 3,000,000.01                                       |
        | instalments  | 1: 3,000,000.01                                    |
        | repayments   | [{"due_on": "2027-06-30", "amount": "3000000.01"}] |
        | effective_on | 2025-02-10                                         |
      And 2,000,000.01 yuan of KRD-1 are ordered as ORD-1 and settled as PAY-1
      And the request RepaymentReceived:
        | settlement   | PAY-1      |
        | amount       | 750,000.50 |
        | detail       | REP-1      |
        | effective_on | 2025-11-20 |

    Scenario: Less is owed, and what was paid stays paid
      When TRE records it
      Then it is accepted
      And repayable outstanding of project KRD-1 is 1,249,999.51
      And disbursed of project KRD-1 is 2,000,000.01
      And committed of project KRD-1 is 1,000,000.00
      And unallocated of fund STIDF is 605,010,000.50
      And supply of fund STIDF is 973,260,000.00
      And replaying the log gives the same balances

    Scenario: A document recycles it: the fund has it again, to give to anybody
      When TRE records it with recycling 滚动〔2025〕1号
      Then it is accepted
      And repayable outstanding of project KRD-1 is 1,249,999.51
      And appropriated of fund STIDF is 900,750,000.50
      And unallocated of fund STIDF is 605,760,001.00
      And supply of fund STIDF is 974,010,000.50
      And replaying the log gives the same balances

    Scenario: In a later year it is quota of that year
      When TRE records it with:
        | recycling    | 滚动〔2026〕1号 |
        | effective_on | 2026-06-30      |
      Then it is accepted
      And repayable outstanding of project KRD-1 is 1,249,999.51
      And unallocated of fund STIDF and vintage 2026 is 750,000.50
      And unallocated of fund STIDF and vintage 2025 is 600,000,000.00

    Scenario Outline: Repaid or refunded, it comes back once
      Given TRE recorded it
      When TRE records PaymentRefunded:
        | settlement   | PAY-1      |
        | amount       | <amount>   |
        | detail       | REF-1      |
        | effective_on | 2025-12-01 |
      Then it is <outcome>
      And repayable outstanding of project KRD-1 is <outstanding>

      Examples:
        | amount       | outcome                               | outstanding  |
        | 1,249,999.51 | accepted                              | 0.00         |
        | 1,249,999.52 | recorded as UnmatchedReceiptRecorded  | 1,249,999.51 |

    Scenario Outline: What was repaid is not demanded back as well
      Given TRE recorded it
      When STD proposes and FIN approves RecoveryOrdered:
        | settlement   | PAY-1          |
        | amount       | <amount>       |
        | reason       | 未按任务书使用 |
        | effective_on | 2025-12-01     |
      Then it is <outcome>
      And recovery outstanding of project KRD-1 is <outstanding>

      Examples:
        | amount       | outcome                                                     | outstanding  |
        | 1,249,999.51 | accepted                                                    | 1,249,999.51 |
        | 1,249,999.52 | refused with OVER_OUTSTANDING, short 0.01 (clause 三(一)) | 0.00         |

    Scenario: Nor is one demand made beside another
      Given TRE recorded it
      And STD proposed and FIN approved RecoveryOrdered:
        | settlement   | PAY-1          |
        | amount       | 1,000,000      |
        | reason       | 未按任务书使用 |
        | effective_on | 2025-12-01     |
      When STD proposes and FIN approves RecoveryOrdered:
        | settlement   | PAY-1          |
        | amount       | 249,999.52     |
        | reason       | 未按任务书使用 |
        | effective_on | 2025-12-02     |
      Then it is refused with OVER_OUTSTANDING, short 0.01 (clause 三(一))

    Scenario Outline: What is recovered is owed no more, whichever year it comes in
      Given TRE recorded it
      And STD proposed and FIN approved RecoveryOrdered:
        | settlement   | PAY-1          |
        | amount       | 1,249,999.51   |
        | reason       | 未按任务书使用 |
        | effective_on | 2025-12-01     |
      When TRE records RecoveryReceived:
        | settlement   | PAY-1        |
        | amount       | 1,249,999.50 |
        | detail       | REC-1        |
        | effective_on | <day>        |
      Then it is accepted
      And recovery outstanding of project KRD-1 is 0.01
      And repayable outstanding of project KRD-1 is 0.01
      And replaying the log gives the same balances

      Examples:
        | day        |
        | 2025-12-20 |
        | 2026-02-20 |

    Scenario: What is demanded back comes as a recovery, not as a repayment
      Given STD proposed and FIN approved RecoveryOrdered:
        | settlement   | PAY-1          |
        | amount       | 1,249,999.51   |
        | reason       | 未按任务书使用 |
        | effective_on | 2025-09-01     |
      When TRE records it
      Then it is accepted
      And repayable outstanding of project KRD-1 is 1,249,999.51
      When TRE records it with:
        | detail    | REP-2           |
        | amount    | 0.01            |
        | recycling | 滚动〔2025〕1号 |
      Then it is recorded as UnmatchedReceiptRecorded
      And recovery outstanding of project KRD-1 is 1,249,999.51
      And unallocated of fund STIDF is 605,010,000.50

    Scenario: Recovered in full, nothing is owed, and nothing is repaid once more
      Given STD proposed and FIN approved RecoveryOrdered:
        | settlement   | PAY-1          |
        | amount       | 2,000,000.01   |
        | reason       | 未按任务书使用 |
        | effective_on | 2025-09-01     |
      And TRE recorded RecoveryReceived:
        | settlement   | PAY-1        |
        | amount       | 2,000,000.01 |
        | detail       | REC-1        |
        | effective_on | 2025-09-20   |
      And STD recorded CommitmentReleased:
        | project      | KRD-1        |
        | instalment   | 1            |
        | amount       | 1,000,000.00 |
        | reason       | 终止         |
        | effective_on | 2025-09-21   |
      When STD records ProjectClosed:
        | project      | KRD-1           |
        | evaluation   | 综评〔2025〕1号 |
        | effective_on | 2025-09-30      |
      Then it is accepted
      When TRE records it with recycling 滚动〔2025〕1号
      Then it is recorded as UnmatchedReceiptRecorded
      And repayable outstanding of project KRD-1 is 0.00
      And supply of fund STIDF is 973,260,000.00

    Scenario: All of it may come back
      When TRE records it with amount 2,000,000.01
      Then it is accepted
      And repayable outstanding of project KRD-1 is 0.00

    Scenario: More than is owed is kept apart, whole
      Given TRE recorded it
      When TRE records it with:
        | detail | REP-2        |
        | amount | 1,249,999.52 |
      Then it is recorded as UnmatchedReceiptRecorded
      And unmatched receipts of all is 1,249,999.52
      And repayable outstanding of project KRD-1 is 1,249,999.51

    Scenario: Support that was given free is not repaid
      Given STD recorded PreFundingCommitted:
        | project      | KRD-1      |
        | fund         | STIDF      |
        | vintage      | 2025       |
        | amount       | 100        |
        | instalments  | free: 100  |
        | effective_on | 2025-02-10 |
      And 100 yuan of instalment free of KRD-1 are ordered as ORD-2 under 拨付〔2025〕2号 on 2025-03-10
      And 100 yuan of order ORD-2 are settled as PAY-2 on 2025-03-12
      When TRE records it with:
        | settlement | PAY-2 |
        | amount     | 100   |
      Then it is recorded as UnmatchedReceiptRecorded
      And unmatched receipts of all is 100.00

    Scenario: What cites no settlement is kept apart
      When TRE records it with settlement PAY-9
      Then it is recorded as UnmatchedReceiptRecorded
      And unmatched receipts of all is 750,000.50

    Scenario: A repayment is recorded once
      Given TRE recorded it
      When TRE records it
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 四(三))

    Scenario: A repayment of a closed month is posted to an open one
      Given the periods up to 2025-11 are closed
      When TRE records it with period 2025-12
      Then it is accepted
      And all it posts is effective on 2025-11-20 and belongs to period 2025-12

    Scenario: A closed month takes no repayment
      Given the periods up to 2025-11 are closed
      When TRE records it with period 2025-11
      Then it is refused with PERIOD_CLOSED (clause F)

    Scenario Outline: Only the treasury reports a repayment
      When <who> records it
      Then it is refused with UNAUTHORISED (clause 四(三))

      Examples:
        | who               |
        | UND of university |
        | FIN               |

    Scenario: A repayment that was reported wrongly
      Given TRE recorded it
      When FIN proposes and FIN2 approves on 2025-12-10 a correction of:
        | RepaymentReceived | amount | 750,000.00 |
      Then it is accepted
      And repayable outstanding of project KRD-1 is 1,250,000.01
      And replaying the log gives the same balances

    Scenario: A correction repays no more than is owed
      Given TRE recorded it
      When FIN proposes and FIN2 approves on 2025-12-10 a correction of:
        | RepaymentReceived | amount | 2,000,000.02 |
      Then it is refused with OVER_OUTSTANDING, short 0.01 (clause 四(三))

    Scenario: What was recycled and given away is not taken back
      Given TRE recorded it with recycling 滚动〔2025〕1号
      And STD proposed and FIN approved FundsAllocated:
        | fund         | STIDF          |
        | vintage      | 2025           |
        | special      | RDT-CHN        |
        | amount       | 600,750,000.50 |
        | effective_on | 2025-11-21     |
      When FIN proposes and FIN2 approves on 2025-12-10 a correction of:
        | RepaymentReceived | taken back | |
      Then it is refused with INSUFFICIENT_FUNDS, short 750,000.50 (clause V3)
