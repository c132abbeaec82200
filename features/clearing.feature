Feature: Clearing of suspense 待查款项核销
  Finance says what an item was: an order that was paid, a settlement that came back, or a slip that the bank undid.

  Rule: 财政惯例:待查支付在其所属期间核销,使该月待查款项归零

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 3,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And 1,000,000.01 yuan of instalment 1 of KRD-1 are ordered as ORD-1 under 拨付〔2025〕1号 on 2025-04-02
      And 500,000 yuan of instalment 1 of KRD-1 are ordered as ORD-2 under 拨付〔2025〕2号 on 2025-04-02
      And TRE recorded UnmatchedSettlementRecorded:
        | item         | PAY-9        |
        | fund         | UNKNOWN      |
        | amount       | 1,500,000.01 |
        | effective_on | 2025-04-08   |
      And the request SuspenseCleared:
        | item         | PAY-9        |
        | order        | ORD-1        |
        | amount       | 1,000,000.01 |
        | effective_on | 2025-05-06   |
        | period       | 2025-04      |

    Scenario: An order explains a part of an item
      When FIN records it
      Then it is accepted
      And disbursed of project KRD-1 is 1,000,000.01
      And ordered of project KRD-1 is 500,000.00
      And suspense of fund UNKNOWN is 500,000.00
      And disbursed of fund UNKNOWN is 500,000.00
      And supply of fund STIDF is 973,260,000.00
      And replaying the log gives the same balances

    Scenario: Another explains the rest, and the month's own suspense is back to zero
      Given FIN recorded it
      When FIN records it with:
        | order  | ORD-2   |
        | amount | 500,000 |
      Then it is accepted
      And disbursed of project KRD-1 is 1,500,000.01
      And ordered of project KRD-1 is 0.00
      And suspense of all is 0.00
      And suspense posted in 2025-04 is 0.00
      And suspense posted in 2025-05 is 0.00
      And disbursed of fund UNKNOWN is 0.00
      And supply of fund UNKNOWN is 0.00
      And replaying the log gives the same balances

    Scenario: Then the month closes
      Given the periods up to 2025-03 are closed
      And FIN recorded it
      And FIN recorded SuspenseCleared:
        | item         | PAY-9      |
        | order        | ORD-2      |
        | amount       | 500,000    |
        | effective_on | 2025-04-30 |
      When FIN records PeriodClosed:
        | closes       | 2025-04    |
        | effective_on | 2025-05-07 |
      Then it is accepted

    Scenario: A bank reversal explains it by its document, and no order was paid
      When FIN records SuspenseCleared:
        | item         | PAY-9           |
        | amount       | 1,500,000.01    |
        | document     | 冲正〔2025〕1号 |
        | effective_on | 2025-04-20      |
      Then it is accepted
      And suspense of all is 0.00
      And disbursed of all is 0.00
      And ordered of project KRD-1 is 1,500,000.01
      And replaying the log gives the same balances

    Scenario: Without a document it explains nothing
      When FIN records it without order
      Then it is refused with DOCUMENT_MISSING (clause F)

    Scenario: What was explained is a settlement, and may come back
      Given FIN recorded it
      When TRE records PaymentRefunded:
        | settlement   | PAY-9/ORD-1  |
        | amount       | 1,000,000.01 |
        | detail       | REF-1        |
        | effective_on | 2025-06-03   |
      Then it is accepted
      And disbursed of project KRD-1 is 0.00
      And committed of project KRD-1 is 2,500,000.00

    Scenario: No detail can take the name of what was explained
      Given the request PaymentSettled:
        | order        | ORD-2       |
        | detail       | PAY-9/ORD-1 |
        | amount       | 500,000     |
        | effective_on | 2025-04-08  |
      When TRE sends it malformed
      Then the form of detail does not fit

    Scenario: Support that is to be repaid is owed from then on 有偿
      Given STD recorded PreFundingCommitted:
        | project      | KRD-1                                          |
        | fund         | STIDF                                          |
        | vintage      | 2025                                           |
        | amount       | 400,000                                        |
        | instalments  | loan: 400,000                                  |
        | repayments   | [{"due_on": "2027-06-30", "amount": "400000"}] |
        | effective_on | 2025-03-01                                     |
      And 400,000 yuan of instalment loan of KRD-1 are ordered as ORD-3 under 拨付〔2025〕3号 on 2025-04-02
      When FIN records it with:
        | order  | ORD-3      |
        | amount | 399,999.99 |
      Then it is accepted
      And repayable outstanding of project KRD-1 is 399,999.99
      And ordered of project KRD-1 is 1,500,000.02

    Scenario: It is not cleared in another month
      When FIN records it with period 2025-05
      Then it is refused with PERIOD_ORDER (clause F)
      And the refusal says item_period 2025-04

    Scenario: Not more than the item holds
      Given FIN recorded it
      When FIN records SuspenseCleared:
        | item         | PAY-9           |
        | amount       | 500,000.01      |
        | document     | 冲正〔2025〕1号 |
        | effective_on | 2025-04-20      |
      Then it is refused with OVER_OUTSTANDING, short 0.01 (clause V3)

    Scenario: Not before it was there
      When FIN records it with effective_on 2025-04-07
      Then it is refused with OVER_OUTSTANDING, short 1,000,000.01 (clause V3)

    Scenario: Not more than was ordered
      When FIN records it with amount 1,000,000.02
      Then it is refused with OVER_ORDERED, short 0.01 (clause V3)

    Scenario Outline: What it cites is there, and fits a payment
      When FIN records it with <field> <value>
      Then it is refused with UNKNOWN_REFERENCE (clause <clause>)

      Examples:
        | field        | value           | clause |
        | item         | PAY-8           | F      |
        | order        | ORD-9           | 四(三) |
        | settlement   | PAY-1           | F      |
        | explained_as | PaymentRefunded | F      |
        | target       | POOL            | F      |
        | recycling    | 滚动〔2025〕1号 | F      |

    Scenario Outline: Only finance clears
      When <role> records it
      Then it is refused with UNAUTHORISED (clause F)

      Examples:
        | role |
        | TRE  |
        | STD  |

    Scenario: A month that closed took its last clearing
      Given the periods up to 2025-03 are closed
      And FIN recorded SuspenseCleared:
        | item         | PAY-9           |
        | amount       | 1,500,000.01    |
        | document     | 冲正〔2025〕1号 |
        | effective_on | 2025-04-20      |
      And FIN recorded PeriodClosed:
        | closes       | 2025-04    |
        | effective_on | 2025-05-05 |
      When FIN records it
      Then it is refused with PERIOD_CLOSED (clause F)

    Scenario: A clearing is not corrected
      Given FIN recorded it
      When FIN proposes and FIN2 approves on 2025-05-10 a correction of:
        | SuspenseCleared | taken back | |
      Then it is refused with NOT_CORRECTABLE (clause F)

  Rule: 财政惯例:待查收款查明后,按退款或银行冲正核销

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 3,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And 2,000,000.01 yuan of KRD-1 are ordered as ORD-1 and settled as PAY-1
      And TRE recorded UnmatchedReceiptRecorded:
        | item         | REC-9      |
        | fund         | UNKNOWN    |
        | amount       | 500,000.02 |
        | effective_on | 2025-04-08 |
      And the request SuspenseCleared:
        | item         | REC-9      |
        | settlement   | PAY-1      |
        | amount       | 500,000.02 |
        | effective_on | 2025-05-06 |

    Scenario: A receipt turns out to be a refund
      When FIN records it
      Then it is accepted
      And unmatched receipts of all is 0.00
      And disbursed of project KRD-1 is 1,499,999.99
      And committed of project KRD-1 is 1,500,000.01
      And supply of fund STIDF is 973,260,000.00
      And replaying the log gives the same balances

    Scenario: What came back may be ordered again under the same document
      Given FIN recorded it
      When STD records PaymentOrdered:
        | order        | ORD-2       |
        | project      | KRD-1       |
        | instalment   | 1           |
        | amount       | 500,000.02  |
        | payee        | @university |
        | document     | 拨付-ORD-1  |
        | effective_on | 2025-05-07  |
      Then it is accepted
      And ordered of project KRD-1 is 500,000.02

    Scenario: In a later year it goes to treasury
      When FIN records it with effective_on 2026-02-03
      Then it is accepted
      And unmatched receipts of all is 0.00
      And returned earlier years of project KRD-1 is 500,000.02
      And disbursed of project KRD-1 is 2,000,000.01
      And committed of project KRD-1 is 999,999.99

    Scenario: One that stood against a closed month is cleared in an open one
      Given the periods up to 2025-04 are closed
      When FIN records it
      Then it is accepted
      And unmatched receipts of all is 0.00

    Scenario: The bank took it back, by its document
      When FIN records SuspenseCleared:
        | item         | REC-9           |
        | amount       | 500,000.02      |
        | document     | 冲正〔2025〕2号 |
        | effective_on | 2025-04-20      |
      Then it is accepted
      And unmatched receipts of all is 0.00
      And disbursed of project KRD-1 is 2,000,000.01
      And replaying the log gives the same balances

    Scenario: Without settlement or document nothing is explained
      When FIN records it without settlement
      Then it is refused with DOCUMENT_MISSING (clause F)

    Scenario: Not more than came in
      When FIN records it with amount 500,000.03
      Then it is refused with OVER_OUTSTANDING, short 0.01 (clause V3)

    Scenario: Not more than was paid
      Given TRE recorded PaymentRefunded:
        | settlement   | PAY-1        |
        | amount       | 1,500,000.00 |
        | detail       | REF-1        |
        | effective_on | 2025-05-02   |
      When FIN records it
      Then it is refused with OVER_OUTSTANDING, short 0.01 (clause 四(三))

    Scenario Outline: What it cites is there, and fits a receipt
      When FIN records it with <field> <value>
      Then it is refused with UNKNOWN_REFERENCE (clause <clause>)

      Examples:
        | field        | value            | clause |
        | item         | REC-8            | F      |
        | settlement   | PAY-8            | 四(三) |
        | order        | ORD-1            | F      |
        | explained_as | PaymentRejected  | F      |
        | target       | POOL             | F      |
        | recycling    | 滚动〔2025〕1号  | F      |

    Scenario: A kind explains nothing without what it cites
      When FIN records SuspenseCleared:
        | item         | REC-9            |
        | amount       | 500,000.02       |
        | explained_as | RecoveryReceived |
        | document     | 冲正〔2025〕2号  |
        | effective_on | 2025-04-20       |
      Then it is refused with UNKNOWN_REFERENCE (clause F)
      And the refusal says kind RecoveryReceived

  Rule: 三(一) Money that came in before it was expected 退出机制

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 3,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And 2,000,000.01 yuan of KRD-1 are ordered as ORD-1 and settled as PAY-1
      And TRE recorded RecoveryReceived:
        | settlement   | PAY-1      |
        | amount       | 500,000.02 |
        | target       | POOL       |
        | detail       | REC-1      |
        | effective_on | 2025-08-20 |
      And the request SuspenseCleared:
        | item         | REC-1      |
        | settlement   | PAY-1      |
        | amount       | 500,000.02 |
        | effective_on | 2025-09-10 |

    Scenario: What was reported before its demand waits for it
      When FIN records it
      Then it is refused with OVER_OUTSTANDING, short 500,000.02 (clause V3)
      And unmatched receipts of fund STIDF is 500,000.02

    Scenario: Then it meets the demand, and goes where it was meant to go
      Given STD proposed and FIN approved RecoveryOrdered:
        | settlement   | PAY-1          |
        | amount       | 2,000,000.01   |
        | reason       | 未按任务书使用 |
        | effective_on | 2025-09-01     |
      When FIN records it
      Then it is accepted
      And unmatched receipts of all is 0.00
      And recovery outstanding of project KRD-1 is 1,499,999.99
      And disbursed of project KRD-1 is 1,499,999.99
      And committed of project KRD-1 is 1,500,000.01
      And replaying the log gives the same balances
      When STD records PaymentOrdered:
        | order        | ORD-2           |
        | project      | KRD-1           |
        | instalment   | 1               |
        | amount       | 1,000,000.00    |
        | payee        | @university     |
        | document     | 拨付〔2025〕2号 |
        | effective_on | 2025-09-11      |
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause V3)
      When STD records CommitmentReleased:
        | project      | KRD-1      |
        | instalment   | pool~PAY-1 |
        | amount       | 500,000.02 |
        | reason       | 终止       |
        | effective_on | 2025-09-11 |
      Then it is accepted
      And committed of project KRD-1 is 999,999.99

    Scenario Outline: Finance may say where it goes
      Given STD proposed and FIN approved RecoveryOrdered:
        | settlement   | PAY-1          |
        | amount       | 500,000.02     |
        | reason       | 未按任务书使用 |
        | effective_on | 2025-09-01     |
      When FIN records it with:
        | target       | <target> |
        | effective_on | <day>    |
      Then it is accepted
      And recovery outstanding of project KRD-1 is 0.00
      And available of special RDT-KRD is <available>
      And withdrawn of project KRD-1 is <withdrawn>
      And returned earlier years of project KRD-1 is <returned>
      And replaying the log gives the same balances

      Examples:
        | target    | day        | available      | withdrawn  | returned   |
        | AVAILABLE | 2025-09-10 | 297,500,000.02 | 0.00       | 0.00       |
        | WITHDRAWN | 2025-09-10 | 297,000,000.00 | 500,000.02 | 0.00       |
        | AVAILABLE | 2026-01-10 | 297,000,000.00 | 0.00       | 500,000.02 |

    Scenario: It may turn out to be a refund after all
      When FIN records it with explained_as PaymentRefunded
      Then it is accepted
      And disbursed of project KRD-1 is 1,499,999.99
      And committed of project KRD-1 is 1,500,000.01
      And replaying the log gives the same balances

    Scenario: What nobody could name may turn out to be a recovery
      Given TRE recorded UnmatchedReceiptRecorded:
        | item         | REC-9      |
        | fund         | UNKNOWN    |
        | amount       | 0.01       |
        | effective_on | 2025-08-20 |
      And STD proposed and FIN approved RecoveryOrdered:
        | settlement   | PAY-1          |
        | amount       | 500,000.02     |
        | reason       | 未按任务书使用 |
        | effective_on | 2025-09-01     |
      When FIN records it with:
        | item         | REC-9            |
        | amount       | 0.01             |
        | explained_as | RecoveryReceived |
      Then it is accepted
      And recovery outstanding of project KRD-1 is 500,000.01
      And available of special RDT-KRD is 297,000,000.01

  Rule: 四(三) More came back than is to be repaid 有偿

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And STD recorded PreFundingCommitted:
        | project      | KRD-1                                              |
        | fund         | STIDF                                              |
        | vintage      | 2025                                               |
        | amount       | 2,000,000.01                                       |
        | instalments  | 1: 2,000,000.01                                    |
        | repayments   | [{"due_on": "2027-06-30", "amount": "2000000.01"}] |
        | effective_on | 2025-02-10                                         |
      And 2,000,000.01 yuan of KRD-1 are ordered as ORD-1 and settled as PAY-1
      And TRE recorded RepaymentReceived:
        | settlement   | PAY-1           |
        | amount       | 2,000,001.01    |
        | recycling    | 滚动〔2025〕1号 |
        | detail       | REP-1           |
        | effective_on | 2025-11-20      |
      And the request SuspenseCleared:
        | item         | REP-1        |
        | settlement   | PAY-1        |
        | amount       | 2,000,000.01 |
        | effective_on | 2025-11-25   |

    Scenario: What is owed is repaid, and nothing is open to be paid once more
      When FIN records it
      Then it is accepted
      And unmatched receipts of fund STIDF is 1.00
      And repayable outstanding of project KRD-1 is 0.00
      And disbursed of project KRD-1 is 2,000,000.01
      And committed of project KRD-1 is 0.00
      And appropriated of fund STIDF is 902,000,000.01
      And replaying the log gives the same balances

    Scenario: What was not reported for recycling may be recycled then
      Given TRE recorded UnmatchedReceiptRecorded:
        | item         | REC-9      |
        | fund         | UNKNOWN    |
        | amount       | 100        |
        | effective_on | 2025-11-20 |
      When FIN records it with:
        | item         | REC-9             |
        | amount       | 100               |
        | explained_as | RepaymentReceived |
        | recycling    | 滚动〔2025〕2号   |
      Then it is accepted
      And repayable outstanding of project KRD-1 is 1,999,900.01
      And appropriated of fund STIDF is 900,000,100.00

    Scenario: Not more than is owed
      When FIN records it with amount 2,000,000.02
      Then it is refused with OVER_OUTSTANDING, short 0.01 (clause 四(三))

    Scenario: What was demanded back meanwhile is cleared as a recovery
      Given STD proposed and FIN approved RecoveryOrdered:
        | settlement   | PAY-1          |
        | amount       | 2,000,000.01   |
        | reason       | 未按任务书使用 |
        | effective_on | 2025-11-24     |
      When FIN records it
      Then it is refused with OVER_OUTSTANDING, short 2,000,000.01 (clause 四(三))
      When FIN records it with explained_as RecoveryReceived
      Then it is accepted
      And repayable outstanding of project KRD-1 is 0.00
      And recovery outstanding of project KRD-1 is 0.00
      And available of special RDT-KRD is 300,000,000.00
      And replaying the log gives the same balances

  Rule: 四(三) More was sent back than was open of the order 退票

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 3,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And 1,000,000 yuan of instalment 1 of KRD-1 are ordered as ORD-1 under 拨付〔2025〕1号 on 2025-04-02
      And 600,000 yuan of order ORD-1 are settled as PAY-1 on 2025-04-03
      And TRE recorded PaymentRejected:
        | order        | ORD-1      |
        | amount       | 500,000    |
        | detail       | REJ-1      |
        | effective_on | 2025-04-08 |
      And the request SuspenseCleared:
        | item         | REJ-1      |
        | order        | ORD-1      |
        | amount       | 400,000    |
        | effective_on | 2025-04-20 |

    Scenario: What was open is committed again, and may be ordered under the same document
      When FIN records it
      Then it is accepted
      And unmatched receipts of fund STIDF is 100,000.00
      And ordered of project KRD-1 is 0.00
      And committed of project KRD-1 is 2,400,000.00
      And replaying the log gives the same balances
      When STD records PaymentOrdered:
        | order        | ORD-2           |
        | project      | KRD-1           |
        | instalment   | 1               |
        | amount       | 400,000         |
        | payee        | @university     |
        | document     | 拨付〔2025〕1号 |
        | effective_on | 2025-04-21      |
      Then it is accepted

    Scenario: What was settled came back as a refund
      Given FIN recorded it
      When FIN records SuspenseCleared:
        | item         | REJ-1      |
        | settlement   | PAY-1      |
        | amount       | 100,000    |
        | effective_on | 2025-04-21 |
      Then it is accepted
      And unmatched receipts of all is 0.00
      And disbursed of project KRD-1 is 500,000.00
      And committed of project KRD-1 is 2,500,000.00

    Scenario: Not more than was open
      When FIN records it with amount 400,000.01
      Then it is refused with OVER_ORDERED, short 0.01 (clause V3)

    Scenario Outline: A rejection cites an order that is there, and only that
      When FIN records it with <field> <value>
      Then it is refused with UNKNOWN_REFERENCE (clause <clause>)

      Examples:
        | field        | value            | clause |
        | order        | ORD-9            | 四(三) |
        | settlement   | PAY-1            | F      |
        | explained_as | PaymentRefunded  | F      |
