Feature: Correction 更正
  What was recorded stays as it was; two people of finance reverse it and post it as it should have been, in an open period.

  Rule: 财政惯例:拨款申请与支付一并更正

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 2,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And 1,230,000.05 yuan of KRD-1 are ordered as ORD-1 and settled as PAY-1

    Scenario: Digits were swapped on the order and on its settlement
      Given the periods up to 2025-03 are closed
      And the correction on 2025-04-18:
        | PaymentOrdered ORD-1 | amount | 1,320,000.07 |
        | PaymentSettled PAY-1 | amount | 1,320,000.07 |
      When FIN proposes and FIN2 approves it
      Then it is accepted
      And disbursed of project KRD-1 is 1,320,000.07
      And ordered of project KRD-1 is 0.00
      And committed of project KRD-1 is 679,999.93
      And disbursed of project KRD-1 posted in 2025-03 is 1,230,000.05
      And disbursed of project KRD-1 posted in 2025-04 is 90,000.02
      And disbursed of project KRD-1 effective in 2025-03 is 1,320,000.07
      And disbursed of project KRD-1 effective in 2025-04 is 0.00
      And supply of fund STIDF is 973,260,000.00
      And replaying the log gives the same balances

    Scenario: The order in which they are named does not matter
      Given the correction on 2025-04-18:
        | PaymentSettled PAY-1 | amount | 1,320,000.07 |
        | PaymentOrdered ORD-1 | amount | 1,320,000.07 |
      When FIN proposes and FIN2 approves it
      Then it is accepted
      And disbursed of project KRD-1 is 1,320,000.07
      And ordered of project KRD-1 is 0.00

    Scenario: The settlement alone cannot say more than was ordered
      Given the correction on 2025-04-18:
        | PaymentSettled PAY-1 | amount | 1,320,000.07 |
      When FIN proposes and FIN2 approves it
      Then it is refused with OVER_ORDERED, short 90,000.02 (clause V3)
      And disbursed of project KRD-1 is 1,230,000.05

    Scenario: It may say less, and the rest is ordered still
      Given the correction on 2025-04-18:
        | PaymentSettled PAY-1 | amount | 1,203,000.05 |
      When FIN proposes and FIN2 approves it
      Then it is accepted
      And disbursed of project KRD-1 is 1,203,000.05
      And ordered of project KRD-1 is 27,000.00

    Scenario: A payment that came before its order is corrected as it came
      Given 500,000 yuan of instalment 1 of KRD-1 are ordered as ORD-2 under 拨付〔2025〕2号 on 2025-03-10
      And 500,000 yuan of order ORD-2 are settled as PAY-2 on 2025-03-05
      And the correction on 2025-04-18:
        | PaymentOrdered ORD-2 | amount | 700,000 |
        | PaymentSettled PAY-2 | amount | 700,000 |
      When FIN proposes and FIN2 approves it
      Then it is accepted
      And disbursed of project KRD-1 is 1,930,000.05
      And ordered of project KRD-1 is 0.00
      And replaying the log gives the same balances

    Scenario Outline: What was demanded back stays paid
      Given STD proposed and FIN approved RecoveryOrdered:
        | settlement   | PAY-1          |
        | amount       | 1,000,000      |
        | reason       | 未按任务书使用 |
        | effective_on | 2025-03-20     |
      And the correction on 2025-04-18:
        | PaymentOrdered ORD-1 | amount | <amount> |
        | PaymentSettled PAY-1 | amount | <amount> |
      When FIN proposes and FIN2 approves it
      Then it is <outcome>
      And disbursed of project KRD-1 is <disbursed>

      Examples:
        | amount     | outcome                                           | disbursed    |
        | 1,000,000  | accepted                                          | 1,000,000.00 |
        | 999,999.99 | refused with OVER_OUTSTANDING, short 0.01         | 1,230,000.05 |

    Scenario: What is at treasury of an earlier year is not paid out once more
      Given TRE recorded PaymentRefunded:
        | settlement   | PAY-1        |
        | amount       | 1,230,000.05 |
        | detail       | REF-1        |
        | effective_on | 2026-01-15   |
      And the correction on 2026-01-20:
        | PaymentOrdered ORD-1 | taken back | |
        | PaymentSettled PAY-1 | taken back | |
      When FIN proposes and FIN2 approves it
      Then it is refused with OVER_OUTSTANDING, short 1,230,000.05
      And committed of project KRD-1 is 769,999.95

    Scenario: The order alone cannot say less than was paid
      Given the correction on 2025-04-18:
        | PaymentOrdered ORD-1 | amount | 1,203,000.04 |
      When FIN proposes and FIN2 approves it
      Then it is refused with OVER_ORDERED, short 27,000.01 (clause V3)
      And committed of project KRD-1 is 769,999.95

    Scenario: Nor is it taken back alone
      Given the correction on 2025-04-18:
        | PaymentOrdered ORD-1 | taken back | |
      When FIN proposes and FIN2 approves it
      Then it is refused with OVER_ORDERED, short 1,230,000.05 (clause V3)

    Scenario: Both are taken back, and the instalment is whole again
      Given the correction on 2025-04-18:
        | PaymentOrdered ORD-1 | taken back | |
        | PaymentSettled PAY-1 | taken back | |
      When FIN proposes and FIN2 approves it
      Then it is accepted
      And disbursed of project KRD-1 is 0.00
      And ordered of project KRD-1 is 0.00
      And committed of project KRD-1 is 2,000,000.00
      And disbursed of project KRD-1 posted in 2025-03 is 1,230,000.05
      And disbursed of project KRD-1 effective in 2025-03 is 0.00
      And replaying the log gives the same balances

    Scenario: A settlement that cited the order of another project
      Given project KRD-2 of special RDT-KRD, chosen by COMPETITIVE
      And 1,230,000.05 yuan of STIDF are committed to KRD-2 in one instalment
      And 1,230,000.05 yuan of instalment 1 of KRD-2 are ordered as ORD-2 under 拨付〔2025〕2号 on 2025-03-10
      And the correction on 2025-04-18:
        | PaymentSettled PAY-1 | order | ORD-2 |
      When FIN proposes and FIN2 approves it
      Then it is accepted
      And disbursed of project KRD-1 is 0.00
      And ordered of project KRD-1 is 1,230,000.05
      And disbursed of project KRD-2 is 1,230,000.05
      And ordered of project KRD-2 is 0.00
      And replaying the log gives the same balances

    Scenario: An order that nobody knows is not cited by a correction either
      Given the correction on 2025-04-18:
        | PaymentSettled PAY-1 | order | ORD-9 |
      When FIN proposes and FIN2 approves it
      Then it is refused with UNKNOWN_REFERENCE (clause 四(三))
      And disbursed of project KRD-1 is 1,230,000.05

    Scenario: One line that does not fit keeps back the others
      Given the correction on 2025-04-18:
        | PaymentSettled PAY-1    | amount  | 1,203,000.05 |
        | AppropriationReceived 2 | fund    | MSTP         |
      When FIN proposes and FIN2 approves it
      Then it is refused with FUND_CLOSED (clause 四(二))
      And disbursed of project KRD-1 is 1,230,000.05
      And ordered of project KRD-1 is 0.00
      And unallocated of fund NSF is 160,400,000.00

  Rule: 财政惯例:更正须双人办理,保留原业务日期

    Background:
      Given the opening of 2025
      And 1,230,000.05 yuan of NSF are allocated to BAS-NSP
      And the correction on 2025-04-18:
        | FundsAllocated BAS-NSP | amount | 1,320,000.07 |

    Scenario: Two people of finance correct
      When FIN proposes and FIN2 approves it
      Then it is accepted
      And available of special BAS-NSP is 1,320,000.07
      And unallocated of fund NSF is 159,079,999.93
      And replaying the log gives the same balances

    Scenario: One person of finance is not two
      When FIN proposes and FIN approves it
      Then it is refused with SELF_APPROVAL (clause F)
      And available of special BAS-NSP is 1,230,000.05

    Scenario Outline: Both are of finance
      When <first> proposes and <second> approves it
      Then it is refused with UNAUTHORISED (clause F)
      And available of special BAS-NSP is 1,230,000.05

      Examples:
        | first | second |
        | FIN   | STD    |
        | STD   | FIN    |
        | FIN   | COM    |
        | PM    | FIN    |

    Scenario Outline: Nobody corrects alone
      When <role> records it
      Then it is refused with UNAUTHORISED (clause F)

      Examples:
        | role |
        | FIN  |
        | STD  |
        | TRE  |
        | ADM  |

    Scenario: A reason is given
      When FIN proposes and FIN2 approves it without reason
      Then it is refused with DOCUMENT_MISSING (clause F)
      And the refusal says field reason

    Scenario: It keeps the day of what it corrects and posts to its own month
      Given the periods up to 2025-03 are closed
      When FIN proposes and FIN2 approves it
      Then it is accepted
      And all it posts is effective on 2025-02-01 and belongs to period 2025-04

    Scenario: It may name another open month
      Given the periods up to 2025-03 are closed
      When FIN proposes and FIN2 approves it with period 2025-05
      Then it is accepted
      And all it posts is effective on 2025-02-01 and belongs to period 2025-05

    Scenario: The day itself was wrong
      Given the periods up to 2025-03 are closed
      And the correction on 2025-04-18:
        | FundsAllocated BAS-NSP | effective_on | 2025-03-20 |
      When FIN proposes and FIN2 approves it
      Then it is accepted
      And available of special BAS-NSP is 1,230,000.05
      And what special BAS-NSP has available at the end of 2025-03-19 is 0.00
      And what special BAS-NSP has available at the end of 2025-03-20 is 1,230,000.05
      And replaying the log gives the same balances

    Scenario: What was recorded stays as it was recorded
      Given what is recorded so far is noted down
      When FIN proposes and FIN2 approves it
      Then it is accepted
      And what was noted down is recorded as it was
      And the recorded FundsAllocated still says 1,230,000.05

    Scenario: What is not found in the log is not corrected
      Given the correction on 2025-04-18:
        | number 9999 | taken back | |
      When FIN proposes and FIN2 approves it
      Then it is refused with UNKNOWN_REFERENCE (clause F)
      And the refusal says number 9999

    Scenario: A number is named once in a correction
      Given the correction names its first line twice
      When FIN proposes and FIN2 approves it
      Then it is refused with UNKNOWN_REFERENCE (clause F)
      And available of special BAS-NSP is 1,230,000.05

    Scenario: A proposal of a correction changes nothing until it is approved
      When FIN proposes it as P-1
      Then it is accepted
      And it posts nothing
      And available of special BAS-NSP is 1,230,000.05

  Rule: 财政惯例:更正再更正,只计一次

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 2,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And 1,230,000.05 yuan of KRD-1 are ordered as ORD-1 and settled as PAY-1
      And the periods up to 2025-03 are closed
      And the correction on 2025-04-18:
        | PaymentOrdered ORD-1 | amount | 1,320,000.07 |
        | PaymentSettled PAY-1 | amount | 1,320,000.07 |
      And FIN proposed and FIN2 approved it

    Scenario: The number of the original addresses what stands today
      Given the month 2025-04 is closed as well
      And the correction on 2025-05-09:
        | PaymentSettled PAY-1 | amount | 1,302,000.06 |
      When FIN proposes and FIN2 approves it
      Then it is accepted
      And disbursed of project KRD-1 is 1,302,000.06
      And ordered of project KRD-1 is 18,000.01
      And disbursed of project KRD-1 posted in 2025-03 is 1,230,000.05
      And disbursed of project KRD-1 posted in 2025-04 is 90,000.02
      And disbursed of project KRD-1 posted in 2025-05 is -18,000.01
      And disbursed of project KRD-1 effective in 2025-03 is 1,302,000.06
      And replaying the log gives the same balances

    Scenario: It was right at first
      Given the correction on 2025-05-09:
        | PaymentOrdered ORD-1 | amount | 1,230,000.05 |
        | PaymentSettled PAY-1 | amount | 1,230,000.05 |
      When FIN proposes and FIN2 approves it
      Then it is accepted
      And disbursed of project KRD-1 is 1,230,000.05
      And ordered of project KRD-1 is 0.00
      And committed of project KRD-1 is 769,999.95

    Scenario: What the first correction ordered limits the second
      Given the correction on 2025-05-09:
        | PaymentSettled PAY-1 | amount | 1,320,000.08 |
      When FIN proposes and FIN2 approves it
      Then it is refused with OVER_ORDERED, short 0.01 (clause V3)

    Scenario: What was corrected is taken back whole
      Given the correction on 2025-05-09:
        | PaymentOrdered ORD-1 | taken back | |
        | PaymentSettled PAY-1 | taken back | |
      When FIN proposes and FIN2 approves it
      Then it is accepted
      And disbursed of project KRD-1 is 0.00
      And committed of project KRD-1 is 2,000,000.00
      And replaying the log gives the same balances

    Scenario Outline: What was taken back for good is not corrected again
      Given the correction on 2025-05-09:
        | PaymentSettled PAY-1 | taken back | |
      And FIN proposed and FIN2 approved it
      And the correction on 2025-05-10:
        | PaymentSettled PAY-1 | <field> | <value> |
      When FIN proposes and FIN2 approves it
      Then it is refused with NOT_CORRECTABLE (clause F)
      And disbursed of project KRD-1 is 0.00
      And ordered of project KRD-1 is 1,320,000.07

      Examples:
        | field      | value        |
        | taken back |              |
        | amount     | 1,230,000.05 |

    Scenario: The correction itself is not what is corrected
      Given the correction on 2025-05-09:
        | EntryCorrected 录入有误 | taken back | |
      When FIN proposes and FIN2 approves it
      Then it is refused with NOT_CORRECTABLE (clause F)
      And the refusal says kind EntryCorrected
      And disbursed of project KRD-1 is 1,320,000.07

  Rule: 财政惯例:更正后,原业务编号可再用

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 2,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And 1,230,000.05 yuan of KRD-1 are ordered as ORD-1 and settled as PAY-1

    Scenario: A document line may be recorded again once it was taken back
      Given two people of finance took back AppropriationReceived 2 on 2025-02-10
      When FIN records AppropriationReceived:
        | fund         | NSF                |
        | vintage      | 2025               |
        | amount       | 161,000,000.03     |
        | document     | 内财科〔2025〕1号 |
        | line         | 2                  |
        | effective_on | 2025-02-10         |
      Then it is accepted
      And appropriated of fund NSF is 161,000,000.03
      And replaying the log gives the same balances

    Scenario: A document line that was corrected in its amount is held still
      Given the correction on 2025-02-10:
        | AppropriationReceived 2 | amount | 161,000,000.03 |
      And FIN proposed and FIN2 approved it
      When FIN records AppropriationReceived:
        | fund         | NSF                |
        | vintage      | 2025               |
        | amount       | 1                  |
        | document     | 内财科〔2025〕1号 |
        | line         | 2                  |
        | effective_on | 2025-02-10         |
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 四(一))

    Scenario Outline: A correction that moves to another line frees the one and holds the other
      Given the correction on 2025-02-10:
        | AppropriationReceived 2 | line | 3 |
      And FIN proposed and FIN2 approved it
      When FIN records AppropriationReceived:
        | fund         | NSF                |
        | vintage      | 2025               |
        | amount       | 1                  |
        | document     | 内财科〔2025〕1号 |
        | line         | <line>             |
        | effective_on | 2025-02-10         |
      Then it is <outcome>
      And appropriated of fund NSF is <appropriated>

      Examples:
        | line | outcome                                               | appropriated   |
        | 2    | accepted                                              | 160,000,001.00 |
        | 3    | refused with DUPLICATE_BUSINESS_KEY (clause 四(一)) | 160,000,000.00 |

    Scenario Outline: The next correction frees what the one before it held
      Given the correction on 2025-02-10:
        | AppropriationReceived 2 | line | 3 |
      And FIN proposed and FIN2 approved it
      And the correction on 2025-02-11:
        | AppropriationReceived 2 | line | 4 |
      And FIN proposed and FIN2 approved it
      When FIN records AppropriationReceived:
        | fund         | NSF                |
        | vintage      | 2025               |
        | amount       | 1                  |
        | document     | 内财科〔2025〕1号 |
        | line         | <line>             |
        | effective_on | 2025-02-12         |
      Then it is <outcome>
      And appropriated of fund NSF is <appropriated>

      Examples:
        | line | outcome                                               | appropriated   |
        | 3    | accepted                                              | 160,000,001.00 |
        | 4    | refused with DUPLICATE_BUSINESS_KEY (clause 四(一)) | 160,000,000.00 |

    Scenario: A correction does not take a line that another holds
      Given the correction on 2025-02-10:
        | AppropriationReceived 2 | line | 1 |
      When FIN proposes and FIN2 approves it
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 四(一))

    Scenario: Two lines that were exchanged are corrected in one
      Given the correction on 2025-02-10:
        | AppropriationReceived 1 | line | 2 |
        | AppropriationReceived 2 | line | 1 |
      When FIN proposes and FIN2 approves it
      Then it is accepted
      And appropriated of fund STIDF is 900,000,000.00
      And appropriated of fund NSF is 160,000,000.00
      And replaying the log gives the same balances

    Scenario: A payment that was taken back is ordered again under the same number and document
      Given two people of finance took back PaymentOrdered ORD-1 and PaymentSettled PAY-1 on 2025-04-18
      When STD records PaymentOrdered:
        | order        | ORD-1        |
        | project      | KRD-1        |
        | instalment   | 1            |
        | amount       | 1,320,000.07 |
        | payee        | @university  |
        | document     | 拨付-ORD-1   |
        | effective_on | 2025-04-18   |
      Then it is accepted
      And ordered of project KRD-1 is 1,320,000.07
      And committed of project KRD-1 is 679,999.93

    Scenario: And settled again under the same detail
      Given two people of finance took back PaymentSettled PAY-1 on 2025-04-18
      When TRE records PaymentSettled:
        | order        | ORD-1        |
        | detail       | PAY-1        |
        | amount       | 1,230,000.05 |
        | effective_on | 2025-04-18   |
      Then it is accepted
      And disbursed of project KRD-1 is 1,230,000.05
      And disbursed of project KRD-1 effective in 2025-03 is 0.00
      And replaying the log gives the same balances

    Scenario: A settlement that was taken back is refunded by nobody
      Given two people of finance took back PaymentSettled PAY-1 on 2025-04-18
      When TRE records PaymentRefunded:
        | settlement   | PAY-1      |
        | detail       | REF-1      |
        | amount       | 1          |
        | effective_on | 2025-04-19 |
      Then it is recorded as UnmatchedReceiptRecorded
      And ordered of project KRD-1 is 1,230,000.05

  Rule: 财政惯例:以反向业务处理的,不作更正

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 2,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And 1,230,000.05 yuan of KRD-1 are ordered as ORD-1 and settled as PAY-1
      And UND of university recorded MatchingCommitted:
        | pledge       | PLEDGE-1                                           |
        | project      | KRD-1                                              |
        | pledger      | @university                                        |
        | amount       | 500,000                                            |
        | tranches     | [{"due_on": "2025-09-30", "amount": "500000.00"}] |
        | basis        | 承诺书                                             |
        | effective_on | 2025-03-01                                         |
      And STD recorded FundsReserved:
        | call         | CALL-1     |
        | fund         | STIDF      |
        | special      | RDT-KRD    |
        | amount       | 1,000,000  |
        | expires_on   | 2025-12-31 |
        | effective_on | 2025-03-01 |
      And TRE recorded UnmatchedSettlementRecorded:
        | item         | ITEM-1     |
        | fund         | STIDF      |
        | amount       | 33,333.33  |
        | effective_on | 2025-04-02 |
      And the periods up to 2025-03 are closed

    Scenario Outline: Kinds on which others stand
      When FIN proposes and FIN2 approves on 2025-04-18 a correction of:
        | <kind> | taken back | |
      Then it is refused with NOT_CORRECTABLE (clause F)
      And the refusal says kind <kind>

      Examples: opening and consolidation
        | kind                        |
        | OpeningBalanceImported      |
        | PredecessorFundConsolidated |

      Examples: commitments, pledges and reservations
        | kind                |
        | PreFundingCommitted |
        | MatchingCommitted   |
        | FundsReserved       |

      Examples: registrations
        | kind              |
        | PartyRegistered   |
        | ProjectRegistered |
        | SpecialAdded      |

      Examples: suspense, closing and approvals
        | kind                        |
        | UnmatchedSettlementRecorded |
        | PeriodClosed                |
        | ProposalSubmitted           |
        | ProposalApproved            |

    Scenario: One kind does not become another
      Given the correction on 2025-04-18:
        | PaymentSettled PAY-1 | kind | PaymentRejected |
      When FIN proposes and FIN2 approves it
      Then it is refused with NOT_CORRECTABLE (clause F)
      And the refusal says kind PaymentSettled
      And disbursed of project KRD-1 is 1,230,000.05

    Scenario: Beside a kind that is not corrected nothing else is
      Given the correction on 2025-04-18:
        | PaymentSettled PAY-1      | amount | 1,203,000.05 |
        | PreFundingCommitted KRD-1 | amount | 2,000,001    |
      When FIN proposes and FIN2 approves it
      Then it is refused with NOT_CORRECTABLE (clause F)
      And disbursed of project KRD-1 is 1,230,000.05

    Scenario: No money comes back to a special that was merged since
      Given STD recorded SpecialMerged:
        | special      | RDT-KRD            |
        | into         | RDT-CHN            |
        | document     | 内科计〔2025〕40号 |
        | effective_on | 2025-04-10         |
      And the correction on 2025-04-18:
        | PaymentOrdered ORD-1 | amount | 1,203,000.05 |
        | PaymentSettled PAY-1 | amount | 1,203,000.05 |
      When FIN proposes and FIN2 approves it
      Then it is refused with NOT_CORRECTABLE (clause F)
      And committed of special RDT-KRD is 0.00
      And committed of special RDT-CHN is 769,999.95

  Rule: 财政惯例:已结账期间不得改动,更正须双人办理

    Background:
      Given the opening of 2025
      And 1,230,000.05 yuan of NSF are allocated to BAS-NSP
      And the periods up to 2025-03 are closed
      And the correction on 2025-04-18:
        | FundsAllocated BAS-NSP | amount | 1,320,000.07 |

    Scenario: A correction does not post to a month that is closed
      When FIN proposes and FIN2 approves it with period 2025-02
      Then it is refused with PERIOD_CLOSED (clause F)
      And the refusal says period 2025-02

    Scenario: Nor is it made in one
      When FIN proposes and FIN2 approves it with effective_on 2025-03-31
      Then it is refused with PERIOD_CLOSED (clause F)
      And the refusal says period 2025-03

    Scenario: A month that closes before it is approved
      Given FIN proposed it as P-1
      And the month 2025-04 is closed as well
      When FIN2 approves P-1 on 2025-05-06
      Then it is refused with PERIOD_CLOSED (clause F)
      And available of special BAS-NSP is 1,230,000.05

  Rule: 财政惯例:已结账年度不得更正

    Background:
      Given an empty ledger
      And FIN recorded AppropriationReceived:
        | fund         | STIDF              |
        | vintage      | 2025               |
        | amount       | 10,000,000.05      |
        | document     | 内财科〔2025〕1号 |
        | effective_on | 2025-01-10         |
      And 6,000,000 yuan of STIDF are allocated to RDT-KRD
      And all that 2025 still holds is carried forward in 2025-12
      And FIN recorded YearClosed:
        | year         | 2025       |
        | effective_on | 2026-01-20 |

    Scenario Outline: A year that is closed is not corrected
      Given the correction on 2026-02-10:
        | AppropriationReceived 1 | <field> | <value> |
      When FIN proposes and FIN2 approves it
      Then it is refused with PERIOD_CLOSED (clause F)
      And the refusal says year 2025
      And in year 2025 appropriated of fund STIDF is 10,000,000.05

      Examples:
        | field      | value         |
        | taken back |               |
        | amount     | 10,000,000.06 |
        | batch_no   | 7             |

    Scenario: Nor is one that was settled for good, though it is not closed yet
      Given an empty ledger
      And FIN recorded AppropriationReceived:
        | fund         | STIDF              |
        | vintage      | 2025               |
        | amount       | 10,000,000.05      |
        | document     | 内财科〔2025〕1号 |
        | effective_on | 2025-01-10         |
      And all that 2025 still holds is carried forward in 2025-12
      And the periods up to 2025-13 are closed
      And the correction on 2026-02-10:
        | AppropriationReceived 1 | amount | 10,000,000.06 |
      When FIN proposes and FIN2 approves it
      Then it is refused with PERIOD_CLOSED (clause F)
      And in year 2025 unallocated of fund STIDF is 0.00

  Rule: 财政惯例:无指标不安排

    Background:
      Given the opening of 2025
      And 2,000,000.05 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 2,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And 1,230,000.05 yuan of KRD-1 are ordered as ORD-1 and settled as PAY-1

    Scenario: What was given away already is not corrected away
      Given the correction on 2025-04-18:
        | FundsAllocated RDT-KRD | amount | 1,999,999.99 |
      When FIN proposes and FIN2 approves it
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause V3)
      And available of special RDT-KRD is 0.05

    Scenario: To the last fen that is free it is
      Given the correction on 2025-04-18:
        | FundsAllocated RDT-KRD | amount | 2,000,000 |
      When FIN proposes and FIN2 approves it
      Then it is accepted
      And available of special RDT-KRD is 0.00
      And unallocated of fund STIDF is 903,010,000.50

    Scenario: Nor may it stand after the day on which it was needed
      Given the correction on 2025-04-18:
        | FundsAllocated RDT-KRD | effective_on | 2025-02-11 |
      When FIN proposes and FIN2 approves it
      Then it is refused with INSUFFICIENT_FUNDS, short 2,000,000.00 (clause V3)
      And the refusal says at_the_end_of 2025-02-10

    Scenario: The day itself is early enough
      Given the correction on 2025-04-18:
        | FundsAllocated RDT-KRD | effective_on | 2025-02-10 |
      When FIN proposes and FIN2 approves it
      Then it is accepted
      And available of special RDT-KRD is 0.05

    Scenario: What was refunded stays paid
      Given TRE recorded PaymentRefunded:
        | settlement   | PAY-1      |
        | detail       | REF-1      |
        | amount       | 500,000.02 |
        | effective_on | 2025-04-02 |
      And the correction on 2025-04-18:
        | PaymentSettled PAY-1 | amount | 500,000.01 |
      When FIN proposes and FIN2 approves it
      Then it is refused with OVER_OUTSTANDING, short 0.01 (clause V3)
      And disbursed of project KRD-1 is 730,000.03

    Scenario: Reversed and posted anew in one, money is not missed in between
      Given the correction on 2025-04-18:
        | FundsAllocated RDT-KRD | amount | 2,000,000.06 |
      When FIN proposes and FIN2 approves it
      Then it is accepted
      And available of special RDT-KRD is 0.06
      And replaying the log gives the same balances
