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
        | field      | value | clause |
        | item       | PAY-8 | F      |
        | order      | ORD-9 | 四(三) |
        | settlement | PAY-1 | F      |

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
      Then it is refused with OVER_OUTSTANDING, short 0.01 (clause F)

    Scenario Outline: What it cites is there, and fits a receipt
      When FIN records it with <field> <value>
      Then it is refused with UNKNOWN_REFERENCE (clause <clause>)

      Examples:
        | field      | value | clause |
        | item       | REC-8 | F      |
        | settlement | PAY-8 | 四(三) |
        | order      | ORD-1 | F      |
