Feature: Payment 拨付
  The department orders, the treasury settles; what the bank sends back opens its instalment again. Facts are never turned away.

  Rule: 四(三) 提高财政科技资金使用效益

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And STD recorded PreFundingCommitted:
        | project      | KRD-1                               |
        | fund         | STIDF                               |
        | vintage      | 2025                                |
        | amount       | 8,000,000.01                        |
        | instalments  | 1: 3,000,000.01; 2: 5,000,000 gated |
        | effective_on | 2025-03-01                          |
      And the request PaymentOrdered:
        | order         | ORD-1               |
        | project       | KRD-1               |
        | instalment    | 1                   |
        | amount        | 2,000,000.01        |
        | payee         | @university         |
        | payee_account | 0602000000000000001 |
        | document      | 拨付〔2025〕1号     |
        | effective_on  | 2025-03-10          |

    Scenario: Committed money is ordered
      When STD records it
      Then it is accepted
      And ordered of project KRD-1 is 2,000,000.01
      And committed of project KRD-1 is 6,000,000.00
      And disbursed of project KRD-1 is 0.00
      And supply of fund STIDF is 973,260,000.00
      And replaying the log gives the same balances

    Scenario: An instalment may be ordered in parts, each under a document of its own
      Given STD recorded it
      When STD records it with:
        | order    | ORD-2           |
        | amount   | 1,000,000       |
        | document | 拨付〔2025〕2号 |
      Then it is accepted
      And ordered of project KRD-1 is 3,000,000.01
      And committed of project KRD-1 is 5,000,000.00

    Scenario: Not more than is left of the instalment
      Given STD recorded it
      When STD records it with:
        | order    | ORD-2           |
        | amount   | 1,000,000.01    |
        | document | 拨付〔2025〕2号 |
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause V3)

    Scenario: Not before it was committed
      When STD records it with effective_on 2025-02-28
      Then it is refused with INSUFFICIENT_FUNDS, short 2,000,000.01 (clause V3)

    Scenario: An order has a number of its own
      Given STD recorded it
      When STD records it with document 拨付〔2025〕2号
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 四(三))

    Scenario: One document pays an instalment to a payee once
      Given STD recorded it
      When STD records it with:
        | order  | ORD-2 |
        | amount | 0.01  |
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 四(三))
      And the refusal says order ORD-1

    Scenario: A listed partner is paid beside the undertaker under the same document
      Given STD recorded ProjectAmended:
        | project      | KRD-1             |
        | partners     | ["@hospital"]     |
        | document     | 变更〔2025〕1号 |
        | effective_on | 2025-03-05        |
      And STD recorded it
      When STD records it with:
        | order  | ORD-2     |
        | amount | 1,000,000 |
        | payee  | @hospital |
      Then it is accepted
      And ordered of project KRD-1 is 3,000,000.01

    Scenario Outline: What an order cites is there, and belongs together
      When STD records it with <field> <value>
      Then it is refused with UNKNOWN_REFERENCE (clause <clause>)

      Examples:
        | field      | value     | clause   |
        | project    | KRD-9     | 二       |
        | instalment | 9         | 四(三)   |
        | payee      | @stranger | 四(三)   |
        | payee      | @hospital | 四(三)   |
        | team       | A         | 二(一)3 |

    Scenario: An order has its document
      When STD records it without document
      Then it is refused with DOCUMENT_MISSING (clause 四(三))

    Scenario Outline: The form of an order
      When STD sends it malformed with <field> <value>
      Then the form of <field> does not fit

      Examples:
        | field        | value              |
        | amount       | 0                  |
        | amount       | 2000000.001        |
        | payee        | 121500000000000018 |
        | order        | 申请一             |
        | effective_on | 2025-02-29         |

    Scenario Outline: Only the S&T department orders
      When <role> records it
      Then it is refused with UNAUTHORISED (clause 四(三))

      Examples:
        | role |
        | FIN  |
        | TRE  |
        | UND  |

    Scenario: A closed month takes no order
      Given the periods up to 2025-03 are closed
      When STD records it
      Then it is refused with PERIOD_CLOSED (clause F)

    Scenario: An order belongs to the year of its day
      When STD records it with period 2026-01
      Then it is refused with PERIOD_ORDER (clause F)

    Scenario: An order that was entered wrongly
      Given STD recorded it
      When FIN proposes and FIN2 approves on 2025-04-18 a correction of:
        | PaymentOrdered | amount | 1,999,999.99 |
      Then it is accepted
      And ordered of project KRD-1 is 1,999,999.99
      And committed of project KRD-1 is 6,000,000.02
      And replaying the log gives the same balances

    Scenario: One that should never have been leaves its number and its document free
      Given STD recorded it
      And two people of finance took back PaymentOrdered ORD-1 on 2025-04-18
      When STD records it with effective_on 2025-04-18
      Then it is accepted
      And ordered of project KRD-1 is 2,000,000.01
      And replaying the log gives the same balances

    Scenario: A correction does not order more than is left
      Given STD recorded it
      When FIN proposes and FIN2 approves on 2025-04-18 a correction of:
        | PaymentOrdered | amount | 3,000,000.02 |
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause V3)

    Scenario Outline: Nor around a gate or to a stranger
      Given STD recorded it
      When FIN proposes and FIN2 approves on 2025-04-18 a correction of:
        | PaymentOrdered | <field> | <value> |
      Then it is refused with <code>

      Examples:
        | field      | value     | code              |
        | instalment | 2         | GATE_NOT_PASSED   |
        | payee      | @stranger | UNKNOWN_REFERENCE |

    Scenario: What was paid is not un-ordered
      Given STD recorded it
      And 2,000,000.01 yuan of order ORD-1 are settled as PAY-1 on 2025-03-12
      When FIN proposes and FIN2 approves on 2025-04-18 a correction of:
        | PaymentOrdered | taken back | |
      Then it is refused with OVER_ORDERED, short 2,000,000.01 (clause V3)

  Rule: 三(一) 实施以成果质量为导向的过程管理

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And STD recorded PreFundingCommitted:
        | project      | KRD-1              |
        | fund         | STIDF              |
        | vintage      | 2025               |
        | amount       | 5,000,000          |
        | instalments  | 2: 5,000,000 gated |
        | effective_on | 2025-03-01         |
      And the request PaymentOrdered:
        | order        | ORD-1           |
        | project      | KRD-1           |
        | instalment   | 2               |
        | amount       | 5,000,000       |
        | payee        | @university     |
        | document     | 拨付〔2025〕1号 |
        | effective_on | 2025-07-10      |

    Scenario: What has a gate waits for it
      When STD records it
      Then it is refused with GATE_NOT_PASSED (clause 三(一))

    Scenario: Once it is passed the money is ordered
      Given STD recorded MilestoneAssessed:
        | project      | KRD-1             |
        | instalment   | 2                 |
        | passed       | true              |
        | document     | 考核〔2025〕1号 |
        | effective_on | 2025-06-30        |
      When STD records it
      Then it is accepted
      And ordered of project KRD-1 is 5,000,000.00
      And committed of project KRD-1 is 0.00

  Rule: 二(一)3 通过揭榜挂帅、赛马制、定向委托等方式

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project RACE-1 of special RDT-KRD, chosen by RACE
      And STD recorded PreFundingCommitted:
        | project      | RACE-1                                                             |
        | fund         | STIDF                                                              |
        | vintage      | 2025                                                               |
        | amount       | 7,000,000                                                          |
        | instalments  | A1: 3,000,000 team A; B1: 3,000,000 team B; joint: 1,000,000 gated |
        | effective_on | 2025-03-01                                                         |
      And the request PaymentOrdered:
        | order        | ORD-1           |
        | project      | RACE-1          |
        | instalment   | A1              |
        | amount       | 3,000,000       |
        | payee        | @institute      |
        | document     | 拨付〔2025〕1号 |
        | effective_on | 2025-03-10      |

    Scenario Outline: A team is paid its own instalment, or the undertaker for it
      When STD records it with payee <payee>
      Then it is accepted
      And ordered of project RACE-1 is 3,000,000.00

      Examples:
        | payee       |
        | @institute  |
        | @university |

    Scenario: Not another team's
      When STD records it with payee @company
      Then it is refused with UNKNOWN_REFERENCE (clause 四(三))

    Scenario Outline: The team that an order names is the one whose instalment it is
      When STD records it with team <team>
      Then it is refused with UNKNOWN_REFERENCE (clause 二(一)3)

      Examples:
        | team |
        | B    |
        | C    |

    Scenario: What all teams share is ordered for one of them, by its own gate
      Given STD recorded MilestoneAssessed:
        | project      | RACE-1            |
        | instalment   | joint             |
        | passed       | true              |
        | team         | A                 |
        | document     | 考核〔2025〕1号 |
        | effective_on | 2025-03-05        |
      When STD records it with:
        | instalment | joint     |
        | team       | A         |
        | amount     | 1,000,000 |
      Then it is accepted
      And ordered of project RACE-1 is 1,000,000.00

    Scenario Outline: It is not ordered for nobody, nor for a team whose gate is shut
      Given STD recorded MilestoneAssessed:
        | project      | RACE-1            |
        | instalment   | joint             |
        | passed       | true              |
        | team         | A                 |
        | document     | 考核〔2025〕1号 |
        | effective_on | 2025-03-05        |
      And STD recorded ProjectAmended:
        | project      | RACE-1            |
        | partners     | ["@hospital"]     |
        | document     | 变更〔2025〕1号 |
        | effective_on | 2025-03-05        |
      When STD records it with:
        | instalment | joint     |
        | amount     | 1,000,000 |
        | <field>    | <value>   |
        | payee      | @hospital |
      Then it is refused with <code> (clause <clause>)

      Examples:
        | field  | value | code              | clause   |
        | amount | 1     | UNKNOWN_REFERENCE | 二(一)3 |
        | team   | B     | GATE_NOT_PASSED   | 三(一)   |

    Scenario: A team that is out is paid no more
      Given STD recorded TeamEliminated:
        | project      | RACE-1            |
        | team         | A                 |
        | document     | 淘汰〔2025〕1号 |
        | effective_on | 2025-03-05        |
      When STD records it
      Then it is refused with TEAM_ELIMINATED (clause 二(一)3)

    Scenario: Nor under the name of another team
      Given STD recorded ProjectAmended:
        | project      | RACE-1            |
        | partners     | ["@company"]      |
        | document     | 变更〔2025〕1号 |
        | effective_on | 2025-03-04        |
      And STD recorded TeamEliminated:
        | project      | RACE-1            |
        | team         | B                 |
        | document     | 淘汰〔2025〕1号 |
        | effective_on | 2025-03-05        |
      When STD records it with payee @company
      Then it is refused with TEAM_ELIMINATED (clause 二(一)3)
      And the refusal says team B

    Scenario: The team that is left is paid
      Given STD recorded TeamEliminated:
        | project      | RACE-1            |
        | team         | B                 |
        | document     | 淘汰〔2025〕1号 |
        | effective_on | 2025-03-05        |
      When STD records it
      Then it is accepted
      And ordered of project RACE-1 is 3,000,000.00

  Rule: 二(二)3 通过揭榜挂帅、定向委托等方式,支持重点产业链创新联合体开展关键技术攻关

    Background:
      Given the opening of 2025
      And 20,000,000 yuan of STIDF are allocated to RDT-CHN
      And STD recorded ProjectRegistered:
        | project      | CHN-1                       |
        | special      | RDT-CHN                     |
        | title        | 创新联合体(虚构)          |
        | mode         | CHALLENGE                   |
        | undertaker   | @company                    |
        | partners     | ["@university", "@hospital"] |
        | external_id  | X-CHN-1                     |
        | function     | 2060499                     |
        | effective_on | 2025-02-01                  |
      And 8,000,000.01 yuan of STIDF are committed to CHN-1 in one instalment
      And the request PaymentOrdered:
        | order        | ORD-1           |
        | project      | CHN-1           |
        | instalment   | 1               |
        | amount       | 3,000,000.01    |
        | payee        | @company        |
        | document     | 拨付〔2025〕1号 |
        | effective_on | 2025-03-10      |

    Scenario Outline: Whoever belongs to the consortium is paid
      When STD records it with payee <payee>
      Then it is accepted
      And ordered of project CHN-1 is 3,000,000.01
      And committed of project CHN-1 is 5,000,000.00

      Examples:
        | payee       |
        | @company    |
        | @university |
        | @hospital   |

    Scenario: Whoever does not is not
      When STD records it with payee @institute
      Then it is refused with UNKNOWN_REFERENCE (clause 四(三))
      And ordered of project CHN-1 is 0.00

    Scenario: Together they get no more than was committed
      Given STD recorded it
      When STD records it with:
        | order  | ORD-2        |
        | payee  | @hospital    |
        | amount | 5,000,000.01 |
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause V3)

    Scenario: A consortium is not chosen in competition
      When STD records ProjectRegistered:
        | project      | CHN-2              |
        | special      | RDT-CHN            |
        | title        | 创新联合体(虚构) |
        | mode         | COMPETITIVE        |
        | undertaker   | @company           |
        | external_id  | X-CHN-2            |
        | function     | 2060499            |
        | effective_on | 2025-02-01         |
      Then it is refused with MODE_NOT_ALLOWED (clause 二(二)3)

  Rule: 五(二) 对暂停执行的科技计划类别,按照相关规定做好存量项目的后续管理

    Scenario: A suspended special goes on paying what it committed
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 3,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And STD recorded SpecialSuspended:
        | special      | RDT-KRD           |
        | document     | 内科计〔2025〕9号 |
        | effective_on | 2025-03-05        |
      And 3,000,000 yuan of KRD-1 are ordered as ORD-1 and settled as PAY-1
      When TRE records PaymentRefunded:
        | settlement   | PAY-1      |
        | amount       | 0.01       |
        | detail       | REF-1      |
        | effective_on | 2025-03-20 |
      Then it is accepted
      And disbursed of special RDT-KRD is 2,999,999.99
      And committed of special RDT-KRD is 0.01

  Rule: 四(三) An order that is taken back 提高财政科技资金使用效益

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 3,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And 2,000,000.01 yuan of instalment 1 of KRD-1 are ordered as ORD-1 under 拨付〔2025〕1号 on 2025-03-10
      And the request PaymentOrderCancelled:
        | order        | ORD-1          |
        | reason       | 收款账户待更正 |
        | effective_on | 2025-03-11     |

    Scenario: All of it is committed again
      When STD records it
      Then it is accepted
      And ordered of project KRD-1 is 0.00
      And committed of project KRD-1 is 3,000,000.00
      And replaying the log gives the same balances

    Scenario: A project that was closed is paid no more, though its money came back
      Given 2,000,000.01 yuan of order ORD-1 are settled as PAY-1 on 2025-03-11
      And STD recorded CommitmentReleased:
        | project      | KRD-1      |
        | instalment   | 1          |
        | amount       | 999,999.99 |
        | reason       | 项目结题   |
        | effective_on | 2025-03-12 |
      And STD recorded ProjectClosed:
        | project      | KRD-1           |
        | evaluation   | 综评〔2025〕1号 |
        | effective_on | 2025-03-12      |
      And TRE recorded PaymentRefunded:
        | settlement   | PAY-1      |
        | amount       | 500,000    |
        | detail       | REF-1      |
        | effective_on | 2025-03-13 |
      When STD records PaymentOrdered:
        | order        | ORD-2           |
        | project      | KRD-1           |
        | instalment   | 1               |
        | amount       | 500,000         |
        | payee        | @university     |
        | document     | 拨付〔2025〕2号 |
        | effective_on | 2025-03-14      |
      Then it is refused with PROJECT_CLOSED (clause 三(一))

    Scenario: It may be ordered again under the same document
      Given STD recorded it
      When STD records PaymentOrdered:
        | order        | ORD-2           |
        | project      | KRD-1           |
        | instalment   | 1               |
        | amount       | 3,000,000       |
        | payee        | @university     |
        | document     | 拨付〔2025〕1号 |
        | effective_on | 2025-03-12      |
      Then it is accepted
      And ordered of project KRD-1 is 3,000,000.00

    Scenario: What the bank did not send back of it
      Given TRE recorded PaymentRejected:
        | order        | ORD-1      |
        | amount       | 0.01       |
        | detail       | REJ-1      |
        | effective_on | 2025-03-11 |
      When STD records it
      Then it is accepted
      And ordered of project KRD-1 is 0.00
      And committed of project KRD-1 is 3,000,000.00

    Scenario: What was paid of it stays paid
      Given 1,000,000 yuan of order ORD-1 are settled as PAY-1 on 2025-03-11
      When STD records it
      Then it is accepted
      And ordered of project KRD-1 is 0.00
      And committed of project KRD-1 is 2,000,000.00
      And disbursed of project KRD-1 is 1,000,000.00
      And replaying the log gives the same balances

    Scenario: An order that was paid whole has nothing to take back
      Given 2,000,000.01 yuan of order ORD-1 are settled as PAY-1 on 2025-03-11
      When STD records it
      Then it is refused with OVER_ORDERED (clause 四(三))

    Scenario: Its document has paid once, and the rest is ordered under another
      Given 1,000,000 yuan of order ORD-1 are settled as PAY-1 on 2025-03-11
      And STD recorded it
      And the request PaymentOrdered:
        | order        | ORD-2           |
        | project      | KRD-1           |
        | instalment   | 1               |
        | amount       | 1,000,000.01    |
        | payee        | @university     |
        | document     | 拨付〔2025〕1号 |
        | effective_on | 2025-03-12      |
      When STD records it
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 四(三))
      When STD records it with document 拨付〔2025〕2号
      Then it is accepted
      And ordered of project KRD-1 is 1,000,000.01

    Scenario: A settlement that was taken back does not count
      Given 0.01 yuan of order ORD-1 are settled as PAY-1 on 2025-03-11
      And two people of finance took back PaymentSettled PAY-1 on 2025-03-12
      When STD records it with effective_on 2025-03-12
      Then it is accepted
      And committed of project KRD-1 is 3,000,000.00
      And replaying the log gives the same balances

    Scenario: Not twice
      Given STD recorded it
      When STD records it
      Then it is refused with OVER_ORDERED (clause 四(三))

    Scenario: Not before it was ordered
      When STD records it with effective_on 2025-03-09
      Then it is refused with OVER_ORDERED, short 2,000,000.01 (clause V3)

    Scenario: An order that nobody gave
      When STD records it with order ORD-9
      Then it is refused with UNKNOWN_REFERENCE (clause 四(三))

    Scenario: There is a reason
      When STD records it without reason
      Then it is refused with DOCUMENT_MISSING (clause 四(三))

    Scenario: Only the S&T department takes it back
      When FIN records it
      Then it is refused with UNAUTHORISED (clause 四(三))

    Scenario: A cancelled order is ordered anew, not corrected
      Given STD recorded it
      When FIN proposes and FIN2 approves on 2025-04-18 a correction of:
        | PaymentOrderCancelled | taken back | |
      Then it is refused with NOT_CORRECTABLE (clause F)

  Rule: 财政惯例:国库支付据实登记,按支付明细号一笔一记

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 3,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And 2,000,000.01 yuan of instalment 1 of KRD-1 are ordered as ORD-1 under 拨付〔2025〕1号 on 2025-03-10
      And the request PaymentSettled:
        | order        | ORD-1        |
        | detail       | PAY-1        |
        | voucher_no   | ZF-0001      |
        | amount       | 2,000,000.01 |
        | effective_on | 2025-03-12   |

    Scenario: What was ordered is paid
      When TRE records it
      Then it is accepted
      And disbursed of project KRD-1 is 2,000,000.01
      And ordered of project KRD-1 is 0.00
      And committed of project KRD-1 is 999,999.99
      And repayable outstanding of project KRD-1 is 0.00
      And supply of fund STIDF is 973,260,000.00
      And replaying the log gives the same balances

    Scenario: An order may be paid in parts
      Given TRE recorded it with amount 2,000,000
      When TRE records it with:
        | detail | PAY-2 |
        | amount | 0.01  |
      Then it is accepted
      And disbursed of project KRD-1 is 2,000,000.01
      And ordered of project KRD-1 is 0.00

    Scenario: One voucher may pay two projects
      Given project KRD-2 of special RDT-KRD, chosen by COMPETITIVE
      And 1,000,000 yuan of STIDF are committed to KRD-2 in one instalment
      And 1,000,000 yuan of instalment 1 of KRD-2 are ordered as ORD-2 under 拨付〔2025〕1号 on 2025-03-10
      And TRE recorded it
      When TRE records it with:
        | order  | ORD-2     |
        | detail | PAY-2     |
        | amount | 1,000,000 |
      Then it is accepted
      And disbursed of project KRD-1 is 2,000,000.01
      And disbursed of project KRD-2 is 1,000,000.00

    Scenario: Support that is to be repaid is owed from the day it is paid 有偿
      Given STD recorded PreFundingCommitted:
        | project      | KRD-1                                       |
        | fund         | STIDF                                       |
        | vintage      | 2025                                        |
        | amount       | 500,000                                     |
        | instalments  | loan: 500,000                               |
        | repayments   | [{"due_on": "2027-06-30", "amount": "500000"}] |
        | effective_on | 2025-03-01                                  |
      And 400,000.50 yuan of instalment loan of KRD-1 are ordered as ORD-2 under 拨付〔2025〕2号 on 2025-03-10
      When TRE records it with:
        | order  | ORD-2      |
        | amount | 400,000.50 |
      Then it is accepted
      And disbursed of project KRD-1 is 400,000.50
      And repayable outstanding of project KRD-1 is 400,000.50

    Scenario: A detail is recorded once
      Given TRE recorded it with amount 0.01
      When TRE records it with amount 0.01
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 四(三))

    Scenario: Treasury may pay before the day on which the order is dated
      When TRE records it with effective_on 2025-03-07
      Then it is accepted
      And disbursed of project KRD-1 is 2,000,000.01

    Scenario: More than was ordered is kept in suspense, whole
      When TRE records it with amount 2,000,000.02
      Then it is recorded as UnmatchedSettlementRecorded
      And suspense of fund STIDF is 2,000,000.02
      And disbursed of fund STIDF is 2,000,000.02
      And disbursed of project KRD-1 is 0.00
      And ordered of project KRD-1 is 2,000,000.01
      And supply of fund STIDF is 975,260,000.02
      And replaying the log gives the same balances

    Scenario: So is what cites an order that nobody gave
      When TRE records it with order ORD-9
      Then it is recorded as UnmatchedSettlementRecorded
      And suspense of fund UNKNOWN is 2,000,000.01

    Scenario: And what was paid although the order was taken back
      Given STD recorded PaymentOrderCancelled:
        | order        | ORD-1          |
        | reason       | 收款账户待更正 |
        | effective_on | 2025-03-11     |
      When TRE records it
      Then it is recorded as UnmatchedSettlementRecorded
      And committed of project KRD-1 is 3,000,000.00
      And suspense of fund STIDF is 2,000,000.01

    Scenario: A detail in suspense is not settled by sending it again
      Given TRE recorded it with order ORD-9
      When TRE records it
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 四(三))

    Scenario: A payment of a closed month is posted to an open one
      Given the periods up to 2025-03 are closed
      When TRE records it with period 2025-04
      Then it is accepted
      And all it posts is effective on 2025-03-12 and belongs to period 2025-04

    Scenario: A payment of a month that is closed belongs to the next one
      Given the periods up to 2025-03 are closed
      When TRE records it
      Then it is accepted
      And all it posts is effective on 2025-03-12 and belongs to period 2025-04

    Scenario: A closed month takes no payment
      Given the periods up to 2025-03 are closed
      When TRE records it with period 2025-03
      Then it is refused with PERIOD_CLOSED (clause F)

    Scenario Outline: Only the treasury reports what was paid
      When <role> records it
      Then it is refused with UNAUTHORISED (clause 四(三))

      Examples:
        | role |
        | STD  |
        | FIN  |

    Scenario Outline: The form of a settlement
      When TRE sends it malformed with <field> <value>
      Then the form of <field> does not fit

      Examples:
        | field  | value          |
        | amount | 0              |
        | amount | 2e6            |
        | amount | 2000000.005    |
        | detail | 明细一         |

    Scenario: A payment that was reported wrongly
      Given TRE recorded it
      When FIN proposes and FIN2 approves on 2025-04-18 a correction of:
        | PaymentSettled | amount | 1,999,999.99 |
      Then it is accepted
      And disbursed of project KRD-1 is 1,999,999.99
      And ordered of project KRD-1 is 0.02
      And replaying the log gives the same balances

    Scenario: A correction does not pay more than was ordered
      Given TRE recorded it
      When FIN proposes and FIN2 approves on 2025-04-18 a correction of:
        | PaymentSettled | amount | 2,000,000.02 |
      Then it is refused with OVER_ORDERED, short 0.01 (clause V3)

    Scenario: What came back is not un-paid
      Given TRE recorded it
      And TRE recorded PaymentRefunded:
        | settlement   | PAY-1      |
        | amount       | 0.02       |
        | detail       | REF-1      |
        | effective_on | 2025-03-20 |
      When FIN proposes and FIN2 approves on 2025-04-18 a correction of:
        | PaymentSettled | taken back | |
      Then it is refused with OVER_OUTSTANDING, short 0.02 (clause V3)

  Rule: 财政惯例:国库支付据实登记,迟到的事实日终为负的,提示核对业务日期

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 3,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And 1,000,000.01 yuan of instalment 1 of KRD-1 are ordered as ORD-1 under 拨付〔2025〕1号 on 2025-03-10

    Scenario: A request is not dated before the day on which there is something to take
      When STD records PaymentOrdered:
        | order        | ORD-2           |
        | project      | KRD-1           |
        | instalment   | 1               |
        | amount       | 0.01            |
        | payee        | @university     |
        | document     | 拨付〔2025〕2号 |
        | effective_on | 2025-02-09      |
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause V3)
      And the refusal says at_the_end_of 2025-02-09

    Scenario: A fact is recorded on its day, and says which account that day ended below zero
      When TRE records PaymentSettled:
        | order        | ORD-1      |
        | detail       | PAY-1      |
        | amount       | 400,000.01 |
        | effective_on | 2025-03-07 |
      Then it is accepted
      And it alerts that ordered ended 2025-03-07 at -400,000.01
      And ordered of project KRD-1 is 600,000.00
      And replaying the log gives the same balances

    Scenario: A fact on its day says nothing of the kind
      When TRE records PaymentSettled:
        | order        | ORD-1        |
        | detail       | PAY-1        |
        | amount       | 1,000,000.01 |
        | effective_on | 2025-03-10   |
      Then it is accepted
      And it alerts to nothing

  Rule: 财政惯例:12月申请可于次年1月支付

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 2,000,000.01 yuan of STIDF are committed to KRD-1 in one instalment
      And 2,000,000.01 yuan of instalment 1 of KRD-1 are ordered as ORD-1 under 拨付〔2025〕1号 on 2025-12-30
      And the request PaymentSettled:
        | order        | ORD-1        |
        | detail       | PAY-1        |
        | amount       | 2,000,000.01 |
        | effective_on | 2026-01-06   |

    Scenario: An order that was not carried over is not paid in January
      When TRE records it
      Then it is recorded as UnmatchedSettlementRecorded
      And ordered of project KRD-1 is 2,000,000.01
      And suspense of fund STIDF is 2,000,000.01

    Scenario: What was ordered is carried over, and paid in the new year
      Given FIN recorded BalanceCarriedForward:
        | account      | B230         |
        | fund         | STIDF        |
        | vintage      | 2025         |
        | ref          | ORD-1        |
        | amount       | 2,000,000.01 |
        | treatment    | CARRY_OVER   |
        | reason       | 在途         |
        | effective_on | 2025-12-31   |
      When TRE records it
      Then it is accepted
      And carried out of project KRD-1 is 2,000,000.01
      And carried in of fund STIDF is 2,000,000.01
      And ordered of project KRD-1 is 0.00
      And disbursed of project KRD-1 is 2,000,000.01
      And replaying the log gives the same balances

    Scenario: It bounces in the year in which it was paid, not in the one in which it was ordered
      Given FIN recorded BalanceCarriedForward:
        | account      | B230         |
        | fund         | STIDF        |
        | vintage      | 2025         |
        | ref          | ORD-1        |
        | amount       | 2,000,000.01 |
        | treatment    | CARRY_OVER   |
        | reason       | 在途         |
        | effective_on | 2025-12-31   |
      And TRE recorded it
      When TRE records PaymentRefunded:
        | settlement   | PAY-1        |
        | amount       | 2,000,000.01 |
        | detail       | REF-1        |
        | effective_on | 2026-01-15   |
      Then it is accepted
      And disbursed of project KRD-1 is 0.00
      And committed of project KRD-1 is 2,000,000.01
      And returned earlier years of project KRD-1 is 0.00

  Rule: 财政惯例:退票的,期次重新打开,可凭原文件重拨

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 3,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And 2,000,000.01 yuan of instalment 1 of KRD-1 are ordered as ORD-1 under 拨付〔2025〕1号 on 2025-03-10
      And the request PaymentRejected:
        | order        | ORD-1        |
        | amount       | 2,000,000.01 |
        | detail       | REJ-1        |
        | effective_on | 2025-03-14   |

    Scenario: What the bank sends back is committed again
      When TRE records it
      Then it is accepted
      And ordered of project KRD-1 is 0.00
      And committed of project KRD-1 is 3,000,000.00
      And disbursed of project KRD-1 is 0.00
      And replaying the log gives the same balances

    Scenario: It may be ordered again under the same document 重拨
      Given TRE recorded it
      When STD records PaymentOrdered:
        | order        | ORD-2           |
        | project      | KRD-1           |
        | instalment   | 1               |
        | amount       | 2,000,000.01    |
        | payee        | @university     |
        | document     | 拨付〔2025〕1号 |
        | effective_on | 2025-03-17      |
      Then it is accepted
      And ordered of project KRD-1 is 2,000,000.01
      And committed of project KRD-1 is 999,999.99

    Scenario: A part comes back, the rest is paid
      Given TRE recorded it with amount 500,000.01
      When TRE records PaymentSettled:
        | order        | ORD-1      |
        | detail       | PAY-1      |
        | amount       | 1,500,000  |
        | effective_on | 2025-03-14 |
      Then it is accepted
      And ordered of project KRD-1 is 0.00
      And committed of project KRD-1 is 1,500,000.00
      And disbursed of project KRD-1 is 1,500,000.00

    Scenario: The rest of an order comes back after a part of it was ordered again
      Given TRE recorded it with amount 500,000.01
      And 500,000.01 yuan of instalment 1 of KRD-1 are ordered as ORD-2 under 拨付〔2025〕1号 on 2025-03-17
      And TRE recorded PaymentRejected:
        | order        | ORD-1      |
        | amount       | 1,500,000  |
        | detail       | REJ-2      |
        | effective_on | 2025-03-18 |
      When STD records PaymentOrdered:
        | order        | ORD-3           |
        | project      | KRD-1           |
        | instalment   | 1               |
        | amount       | 1,500,000       |
        | payee        | @university     |
        | document     | 拨付〔2025〕1号 |
        | effective_on | 2025-03-19      |
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 四(三))
      And the refusal says order ORD-2
      And ordered of project KRD-1 is 500,000.01
      And committed of project KRD-1 is 2,499,999.99

    Scenario: More than is on its way is kept apart
      When TRE records it with amount 2,000,000.02
      Then it is recorded as UnmatchedReceiptRecorded
      And unmatched receipts of all is 2,000,000.02
      And ordered of project KRD-1 is 2,000,000.01

    Scenario: What was settled before is not rejected any more
      Given 2,000,000.01 yuan of order ORD-1 are settled as PAY-1 on 2025-03-12
      When TRE records it
      Then it is recorded as UnmatchedReceiptRecorded
      And unmatched receipts of all is 2,000,000.01
      And disbursed of project KRD-1 is 2,000,000.01

    Scenario: An order that nobody gave comes back to nobody
      When TRE records it with order ORD-9
      Then it is recorded as UnmatchedReceiptRecorded
      And unmatched receipts of all is 2,000,000.01
      And replaying the log gives the same balances

    Scenario: A rejection is recorded once
      Given TRE recorded it with amount 0.01
      When TRE records it with amount 0.01
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 四(三))

    Scenario: Only the treasury reports what came back
      When STD records it
      Then it is refused with UNAUTHORISED (clause 四(三))

    Scenario: A rejection of a month that is closed belongs to the next one
      Given the periods up to 2025-03 are closed
      When TRE records it
      Then it is accepted
      And all it posts is effective on 2025-03-14 and belongs to period 2025-04

    Scenario: A closed month takes no rejection
      Given the periods up to 2025-03 are closed
      When TRE records it with period 2025-03
      Then it is refused with PERIOD_CLOSED (clause F)

    Scenario: A rejection that was reported wrongly
      Given TRE recorded it
      When FIN proposes and FIN2 approves on 2025-04-18 a correction of:
        | PaymentRejected | amount | 1,999,999.99 |
      Then it is accepted
      And ordered of project KRD-1 is 0.02
      And committed of project KRD-1 is 2,999,999.98
      And replaying the log gives the same balances

    Scenario: One that never was: the order holds its document again
      Given TRE recorded it
      And two people of finance took back PaymentRejected REJ-1 on 2025-04-18
      When STD records PaymentOrdered:
        | order        | ORD-2           |
        | project      | KRD-1           |
        | instalment   | 1               |
        | amount       | 1               |
        | payee        | @university     |
        | document     | 拨付〔2025〕1号 |
        | effective_on | 2025-04-18      |
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 四(三))
      And ordered of project KRD-1 is 2,000,000.01

    Scenario: An order and its rejection are corrected together
      Given TRE recorded it
      When FIN proposes and FIN2 approves on 2025-04-18 a correction of:
        | PaymentOrdered  | amount | 1,800,000 |
        | PaymentRejected | amount | 1,799,999 |
      Then it is accepted
      And ordered of project KRD-1 is 1.00
      And committed of project KRD-1 is 2,999,999.00
      And replaying the log gives the same balances

    Scenario: Both are taken back, and the order that followed keeps the document
      Given TRE recorded it
      And 2,000,000.01 yuan of instalment 1 of KRD-1 are ordered as ORD-2 under 拨付〔2025〕1号 on 2025-03-17
      And two people of finance took back PaymentOrdered ORD-1 and PaymentRejected REJ-1 on 2025-04-18
      When STD records PaymentOrdered:
        | order        | ORD-3           |
        | project      | KRD-1           |
        | instalment   | 1               |
        | amount       | 1               |
        | payee        | @university     |
        | document     | 拨付〔2025〕1号 |
        | effective_on | 2025-04-18      |
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 四(三))
      And the refusal says order ORD-2

  Rule: 财政惯例:当年退款恢复指标,以前年度退款缴库

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 3,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And 2,000,000.01 yuan of KRD-1 are ordered as ORD-1 and settled as PAY-1
      And the request PaymentRefunded:
        | settlement   | PAY-1      |
        | amount       | 500,000.02 |
        | detail       | REF-1      |
        | effective_on | 2025-05-20 |

    Scenario: In the year of the payment the instalment is open again
      When TRE records it
      Then it is accepted
      And disbursed of project KRD-1 is 1,499,999.99
      And committed of project KRD-1 is 1,500,000.01
      And returned earlier years of project KRD-1 is 0.00
      And supply of fund STIDF is 973,260,000.00
      And replaying the log gives the same balances

    Scenario: What came back may be ordered again under the same document
      Given TRE recorded it
      When STD records PaymentOrdered:
        | order        | ORD-2       |
        | project      | KRD-1       |
        | instalment   | 1           |
        | amount       | 500,000.02  |
        | payee        | @university |
        | document     | 拨付-ORD-1  |
        | effective_on | 2025-05-21  |
      Then it is accepted
      And ordered of project KRD-1 is 500,000.02
      And committed of project KRD-1 is 999,999.99

    Scenario: Of an earlier year it goes to treasury and opens nothing
      When TRE records it with effective_on 2026-02-03
      Then it is accepted
      And returned earlier years of project KRD-1 is 500,000.02
      And disbursed of project KRD-1 is 2,000,000.01
      And committed of project KRD-1 is 999,999.99
      And replaying the log gives the same balances

    Scenario: In the settling period the year is still that of the payment
      When TRE records it with:
        | effective_on | 2026-01-08 |
        | period       | 2025-13    |
      Then it is accepted
      And disbursed of project KRD-1 is 1,499,999.99
      And committed of project KRD-1 is 1,500,000.01
      And returned earlier years of project KRD-1 is 0.00

    Scenario Outline: More than was paid is kept apart, whole
      When TRE records it with:
        | amount       | 2,000,000.02 |
        | effective_on | <day>        |
      Then it is recorded as UnmatchedReceiptRecorded
      And unmatched receipts of all is 2,000,000.02
      And disbursed of project KRD-1 is 2,000,000.01
      And returned earlier years of project KRD-1 is 0.00

      Examples:
        | day        |
        | 2025-05-20 |
        | 2026-02-03 |

    Scenario: What went to treasury does not come back a second time
      Given TRE recorded it with effective_on 2026-02-03
      When TRE records it with:
        | detail       | REF-2        |
        | amount       | 1,500,000.00 |
        | effective_on | 2026-02-04   |
      Then it is recorded as UnmatchedReceiptRecorded
      And unmatched receipts of all is 1,500,000.00
      And returned earlier years of project KRD-1 is 500,000.02

    Scenario: What is demanded back comes back as a recovery
      Given STD proposed and FIN approved RecoveryOrdered:
        | settlement   | PAY-1          |
        | amount       | 1,500,000      |
        | reason       | 未按任务书使用 |
        | effective_on | 2025-05-10     |
      When TRE records it
      Then it is recorded as UnmatchedReceiptRecorded
      And unmatched receipts of all is 500,000.02
      And disbursed of project KRD-1 is 2,000,000.01

    Scenario: What cites no settlement is kept apart
      When TRE records it with settlement PAY-9
      Then it is recorded as UnmatchedReceiptRecorded
      And unmatched receipts of all is 500,000.02

    Scenario: Support that was to be repaid is owed no more once it was refunded 有偿
      Given STD recorded PreFundingCommitted:
        | project      | KRD-1                                       |
        | fund         | STIDF                                       |
        | vintage      | 2025                                        |
        | amount       | 500,000                                     |
        | instalments  | loan: 500,000                               |
        | repayments   | [{"due_on": "2027-06-30", "amount": "500000"}] |
        | effective_on | 2025-03-01                                  |
      And 400,000.50 yuan of instalment loan of KRD-1 are ordered as ORD-2 under 拨付〔2025〕2号 on 2025-03-10
      And 400,000.50 yuan of order ORD-2 are settled as PAY-2 on 2025-03-12
      When TRE records it with:
        | settlement | PAY-2      |
        | amount     | 100,000.25 |
      Then it is accepted
      And repayable outstanding of project KRD-1 is 300,000.25
      And disbursed of project KRD-1 is 2,300,000.26
      And replaying the log gives the same balances

    Scenario: What was repaid is not refunded as well 有偿
      Given STD recorded PreFundingCommitted:
        | project      | KRD-1                                       |
        | fund         | STIDF                                       |
        | vintage      | 2025                                        |
        | amount       | 500,000                                     |
        | instalments  | loan: 500,000                               |
        | repayments   | [{"due_on": "2027-06-30", "amount": "500000"}] |
        | effective_on | 2025-03-01                                  |
      And 400,000.50 yuan of instalment loan of KRD-1 are ordered as ORD-2 under 拨付〔2025〕2号 on 2025-03-10
      And 400,000.50 yuan of order ORD-2 are settled as PAY-2 on 2025-03-12
      And TRE recorded RepaymentReceived:
        | settlement   | PAY-2      |
        | amount       | 300,000.25 |
        | detail       | REP-1      |
        | effective_on | 2025-05-10 |
      When TRE records it with:
        | settlement | PAY-2      |
        | amount     | 100,000.26 |
      Then it is recorded as UnmatchedReceiptRecorded
      And repayable outstanding of project KRD-1 is 100,000.25
      And disbursed of project KRD-1 is 2,400,000.51

    Scenario: A refund is recorded once
      Given TRE recorded it
      When TRE records it
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 四(三))

    Scenario: A refund of a closed month is posted to an open one
      Given the periods up to 2025-05 are closed
      When TRE records it with period 2025-06
      Then it is accepted
      And all it posts is effective on 2025-05-20 and belongs to period 2025-06

    Scenario: A refund of a month that is closed belongs to the next one
      Given the periods up to 2025-05 are closed
      When TRE records it
      Then it is accepted
      And all it posts is effective on 2025-05-20 and belongs to period 2025-06

    Scenario: A closed month takes no refund
      Given the periods up to 2025-05 are closed
      When TRE records it with period 2025-05
      Then it is refused with PERIOD_CLOSED (clause F)

    Scenario: Only the treasury reports a refund
      When UND of university records it
      Then it is refused with UNAUTHORISED (clause 四(三))

    Scenario: A refund that was reported wrongly
      Given TRE recorded it
      When FIN proposes and FIN2 approves on 2025-06-18 a correction of:
        | PaymentRefunded | amount | 500,000.00 |
      Then it is accepted
      And disbursed of project KRD-1 is 1,500,000.01
      And committed of project KRD-1 is 1,499,999.99
      And replaying the log gives the same balances

    Scenario: A refund that never was: the order holds its document again
      Given TRE recorded it
      And two people of finance took back PaymentRefunded REF-1 on 2025-06-18
      When STD records PaymentOrdered:
        | order        | ORD-2       |
        | project      | KRD-1       |
        | instalment   | 1           |
        | amount       | 1           |
        | payee        | @university |
        | document     | 拨付-ORD-1  |
        | effective_on | 2025-06-19  |
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 四(三))
      And disbursed of project KRD-1 is 2,000,000.01

    Scenario: A correction refunds no more than was paid
      Given TRE recorded it
      When FIN proposes and FIN2 approves on 2025-06-18 a correction of:
        | PaymentRefunded | amount | 2,000,000.02 |
      Then it is refused with OVER_OUTSTANDING, short 0.01

    Scenario: Order, settlement and refund are corrected together
      Given TRE recorded it
      When FIN proposes and FIN2 approves on 2025-06-18 a correction of:
        | PaymentOrdered  | amount | 2,500,000  |
        | PaymentSettled  | amount | 2,400,000  |
        | PaymentRefunded | amount | 400,000.01 |
      Then it is accepted
      And ordered of project KRD-1 is 100,000.00
      And disbursed of project KRD-1 is 1,999,999.99
      And committed of project KRD-1 is 900,000.01
      And replaying the log gives the same balances
