Feature: Projects 项目
  A project belongs to exactly one special, was chosen in a way that the notice lists for it, and keeps its number in the management system.

  Rule: 二 项目是科技计划组织实施的基本单元

    Background:
      Given the opening of 2025
      And the request ProjectRegistered:
        | project      | KRD-1        |
        | special      | RDT-KRD      |
        | title        | 项目(虚构) |
        | mode         | COMPETITIVE  |
        | undertaker   | @university  |
        | external_id  | X-KRD-1      |
        | function     | 2060499      |
        | effective_on | 2025-02-01   |

    Scenario: A project is registered under its special
      When STD records it
      Then it is accepted
      And it posts nothing
      And the special of project KRD-1 is RDT-KRD
      And project KRD-1 is open
      And replaying the log gives the same balances

    Scenario Outline: Every special with the ways the notice lists
      When STD records it with:
        | special | <special> |
        | mode    | <mode>    |
      Then it is accepted

      Examples: 二(一)3 科技重大专项计划
        | special | mode      |
        | MSP-BRK | CHALLENGE |
        | MSP-BRK | DIRECTED  |
        | MSP-BRK | ONE_CASE  |
        | MSP-DEM | CHALLENGE |
        | MSP-DEM | DIRECTED  |

      Examples: 二(二)3 重点研发和成果转化计划
        | special | mode        |
        | RDT-KRD | COMPETITIVE |
        | RDT-KRD | CHALLENGE   |
        | RDT-KRD | DIRECTED    |
        | RDT-CHN | CHALLENGE   |
        | RDT-CHN | DIRECTED    |

      Examples: 二(三)3 创新平台建设计划
        | special | mode     |
        | PLT-NAT | APPROVED |
        | PLT-REG | ASSESSED |

      Examples: 二(四)3 创新能力提升计划
        | special | mode        |
        | CAP-STR | DIRECTED    |
        | CAP-TAL | SELECTED    |
        | CAP-COP | COMPETITIVE |
        | CAP-COP | ONE_CASE    |
        | CAP-POL | ENTITLED    |

      Examples: 二(五)3 基础研究计划
        | special | mode      |
        | BAS-NSP | OPEN      |
        | BAS-JNT | ORGANISED |
        | BAS-CND | CALL      |

    Scenario Outline: A race has its teams
      When STD records it with:
        | special | <special>                                                                      |
        | mode    | RACE                                                                           |
        | teams   | [{"team": "A", "party": "@institute"}, {"team": "B", "party": "@company"}] |
      Then it is accepted

      Examples: 赛马制
        | special |
        | MSP-BRK |
        | MSP-DEM |
        | RDT-KRD |

    Scenario: A race with one team is none
      When STD records it with:
        | mode  | RACE                                     |
        | teams | [{"team": "A", "party": "@institute"}] |
      Then it is refused with UNKNOWN_REFERENCE (clause 二(一)3)

    Scenario: Two teams bear two names
      When STD records it with:
        | mode  | RACE                                                                           |
        | teams | [{"team": "A", "party": "@institute"}, {"team": "A", "party": "@company"}] |
      Then it is refused with UNKNOWN_REFERENCE (clause 二(一)3)

    Scenario Outline: A way that the notice does not list for the special
      When STD records it with:
        | special | <special> |
        | mode    | <mode>    |
      Then it is refused with MODE_NOT_ALLOWED (clause <clause>)

      Examples:
        | special | mode        | clause |
        | MSP-BRK | COMPETITIVE | 二(一)3 |
        | MSP-CRC | DIRECTED    | 二(一)3 |
        | MSP-DEM | ONE_CASE    | 二(一)3 |
        | RDT-KRD | OPEN        | 二(二)3 |
        | RDT-CHN | COMPETITIVE | 二(二)3 |
        | RDT-CHN | RACE        | 二(二)3 |
        | PLT-NAT | ASSESSED    | 二(三)3 |
        | PLT-REG | APPROVED    | 二(三)3 |
        | CAP-STR | COMPETITIVE | 二(四)3 |
        | CAP-TAL | OPEN        | 二(四)3 |
        | CAP-COP | DIRECTED    | 二(四)3 |
        | CAP-POL | COMPETITIVE | 二(四)3 |
        | BAS-NSP | DIRECTED    | 二(五)3 |
        | BAS-JNT | OPEN        | 二(五)3 |
        | BAS-CND | OPEN        | 二(五)3 |

    Scenario: Without a way at all
      When STD records it without mode
      Then it is refused with MODE_NOT_ALLOWED (clause V12)

    Scenario: An exception document allows another way
      When STD records it with:
        | mode      | OPEN              |
        | exception | 内科函〔2025〕4号 |
      Then it is accepted
      And the mode of project KRD-1 is OPEN

    Scenario: Who recommended a central-regional project is named 谁推荐、谁承诺
      When STD records it with:
        | special | MSP-CRC     |
        | mode    | RECOMMENDED |
      Then it is refused with UNKNOWN_REFERENCE (clause 二(一)3)

    Scenario: And then it is registered
      When STD records it with:
        | special     | MSP-CRC     |
        | mode        | RECOMMENDED |
        | recommender | @industry   |
      Then it is accepted
      And the recommender of project KRD-1 is @industry

    Scenario: A project of a former category keeps whatever way it was chosen in
      When STD records it with:
        | special | LEG-MSTP |
        | mode    | OPEN     |
      Then it is accepted

    Scenario: A suspended special takes no new project
      Given STD recorded SpecialSuspended:
        | special      | RDT-KRD            |
        | document     | 内科计〔2025〕30号 |
        | effective_on | 2025-02-01         |
      When STD records it
      Then it is refused with SPECIAL_SUSPENDED (clause 三(一))

    Scenario Outline: What a registration cites is there
      When STD records it with <field> <value>
      Then it is refused with UNKNOWN_REFERENCE (clause <clause>)

      Examples:
        | field       | value                                      | clause |
        | special     | RDT-NIL                                    | V8     |
        | undertaker  | @stranger                                  | 二末   |
        | recommender | @stranger                                  | 二末   |
        | partners    | ["@stranger"]                              | 二末   |
        | teams       | [{"team": "A", "party": "@stranger"}]    | 二末   |

    Scenario Outline: A project and its number in the management system are there once
      Given STD recorded it
      When STD records it with <field> <value>
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 二)

      Examples:
        | field       | value   |
        | project     | KRD-2   |
        | external_id | X-KRD-2 |

    Scenario Outline: What a project cannot be without
      When STD sends it malformed without <field>
      Then the form of <field> does not fit

      Examples:
        | field       |
        | external_id |
        | function    |
        | undertaker  |
        | special     |

    Scenario: A function code has seven digits
      When STD sends it malformed with function 20604
      Then the form of function does not fit

    Scenario: Only the S&T department registers projects
      When FIN records it
      Then it is refused with UNAUTHORISED (clause 二)

  Rule: 三(一) 实施以成果质量为导向的过程管理

    Background:
      Given the opening of 2025
      And 10,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 2,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And the request ProjectAmended:
        | project      | KRD-1             |
        | undertaker   | @institute        |
        | ends_on      | 2027-12-31        |
        | document     | 变更〔2025〕1号 |
        | effective_on | 2025-05-01        |

    Scenario: A contract changes by a document
      When STD records it
      Then it is accepted
      And it posts nothing
      And the undertaker of project KRD-1 is @institute
      And the ends_on of project KRD-1 is 2027-12-31
      And the special of project KRD-1 is RDT-KRD
      And replaying the log gives the same balances

    Scenario: A listed partner may be paid
      Given STD recorded it with partners ["@company"]
      When STD records PaymentOrdered:
        | order        | ORD-1         |
        | project      | KRD-1         |
        | instalment   | 1             |
        | amount       | 500,000.01    |
        | payee        | @company      |
        | document     | 拨付〔2025〕1 |
        | effective_on | 2025-05-06    |
      Then it is accepted
      And committed of project KRD-1 is 1,499,999.99

    Scenario: Who was the undertaker before is paid no more
      Given STD recorded it
      When STD records PaymentOrdered:
        | order        | ORD-1         |
        | project      | KRD-1         |
        | instalment   | 1             |
        | amount       | 500,000       |
        | payee        | @university   |
        | document     | 拨付〔2025〕1 |
        | effective_on | 2025-05-06    |
      Then it is refused with UNKNOWN_REFERENCE (clause 四(三))

    Scenario Outline: What an amendment cites is there
      When STD records it with <field> <value>
      Then it is refused with UNKNOWN_REFERENCE

      Examples:
        | field      | value         |
        | project    | KRD-9         |
        | undertaker | @stranger     |
        | partners   | ["@stranger"] |

    Scenario: An amendment needs its document
      When STD records it without document
      Then it is refused with DOCUMENT_MISSING (clause 三(一))

    Scenario: Only the S&T department amends
      When UND records it
      Then it is refused with UNAUTHORISED (clause 三(一))

    Scenario: A closed project changes no more
      Given STD recorded CommitmentReleased:
        | project      | KRD-1      |
        | instalment   | 1          |
        | amount       | 2,000,000  |
        | reason       | 终止       |
        | effective_on | 2025-04-01 |
      And STD recorded ProjectClosed:
        | project      | KRD-1             |
        | evaluation   | 评价〔2025〕1号 |
        | effective_on | 2025-04-02        |
      When STD records it
      Then it is refused with PROJECT_CLOSED (clause 三(一))

  Rule: 三(一) 综合绩效评价

    Background:
      Given the opening of 2025
      And 10,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 2,000,000 yuan of STIDF are committed to KRD-1 in one instalment
      And the request ProjectClosed:
        | project      | KRD-1             |
        | evaluation   | 评价〔2025〕1号 |
        | effective_on | 2025-11-30        |

    Scenario: A project closes when nothing is owed
      Given 2,000,000 yuan of KRD-1 are ordered as ORD-1 and settled as PAY-1
      When STD records it
      Then it is accepted
      And it posts nothing
      And project KRD-1 is closed
      And disbursed of project KRD-1 is 2,000,000.00
      And replaying the log gives the same balances

    Scenario: Committed money is still owed
      Given 1,999,999.99 yuan of KRD-1 are ordered as ORD-1 and settled as PAY-1
      When STD records it
      Then it is refused with NOT_CLEARED, short 0.01 (clause 三(一))
      And project KRD-1 is open

    Scenario: So is money on its way
      Given STD recorded PaymentOrdered:
        | order        | ORD-1         |
        | project      | KRD-1         |
        | instalment   | 1             |
        | amount       | 2,000,000     |
        | payee        | @university   |
        | document     | 拨付〔2025〕1 |
        | effective_on | 2025-05-06    |
      When STD records it
      Then it is refused with NOT_CLEARED, short 2,000,000.00 (clause 三(一))

    Scenario: So is money to be recovered
      Given 2,000,000 yuan of KRD-1 are ordered as ORD-1 and settled as PAY-1
      And STD proposed and FIN approved RecoveryOrdered:
        | settlement   | PAY-1      |
        | amount       | 300,000    |
        | reason       | 结余退回   |
        | effective_on | 2025-10-01 |
      When STD records it
      Then it is refused with NOT_CLEARED, short 300,000.00 (clause 三(一))

    Scenario: So is money to be repaid
      Given project KRD-2 of special RDT-KRD, chosen by COMPETITIVE
      And STD recorded PreFundingCommitted:
        | project      | KRD-2                                          |
        | fund         | STIDF                                          |
        | vintage      | 2025                                           |
        | amount       | 1,000,000                                      |
        | instalments  | 1: 1,000,000                                   |
        | repayments   | [{"due_on": "2028-06-30", "amount": "1000000"}] |
        | effective_on | 2025-02-10                                     |
      And 1,000,000 yuan of KRD-2 are ordered as ORD-2 and settled as PAY-2
      When STD records it with project KRD-2
      Then it is refused with NOT_CLEARED, short 1,000,000.00 (clause 三(一))

    Scenario: A closed project takes no commitment
      Given 2,000,000 yuan of KRD-1 are ordered as ORD-1 and settled as PAY-1
      And STD recorded it
      When STD records PreFundingCommitted:
        | project      | KRD-1      |
        | fund         | STIDF      |
        | vintage      | 2025       |
        | amount       | 1          |
        | instalments  | 2: 1       |
        | effective_on | 2025-12-01 |
      Then it is refused with PROJECT_CLOSED (clause 三(一))

    Scenario: A project closes once
      Given 2,000,000 yuan of KRD-1 are ordered as ORD-1 and settled as PAY-1
      And STD recorded it
      When STD records it
      Then it is refused with PROJECT_CLOSED (clause 三(一))

    Scenario: A project that nobody knows
      When STD records it with project KRD-9
      Then it is refused with UNKNOWN_REFERENCE (clause 二)

    Scenario: Only the S&T department closes a project
      When FIN records it
      Then it is refused with UNAUTHORISED (clause 三(一))
