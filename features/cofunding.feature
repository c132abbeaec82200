Feature: Money beside the funds 多元投入
  Other departments, other levels, enterprises and investors pay beside the funds: shown, never added to what a fund has, and no cost item twice.

  Rule: 二(三)3 各部门管理的国家级创新平台,经费按原渠道支持,纳入自治区科技计划体系

    Background:
      Given the opening of 2025
      And 20,000,000 yuan of STIDF are allocated to PLT-NAT
      And project PLT-1 of special PLT-NAT, chosen by APPROVED
      And the request OriginalChannelFundingRecorded:
        | project      | PLT-1         |
        | amount       | 8,000,000.01  |
        | cost_items   | ["equipment"] |
        | effective_on | 2025-02-15    |

    Scenario: The department's own money is shown beside the fund's
      When CHA of agriculture records it
      Then it is accepted
      And original channel of project PLT-1 is 8,000,000.01
      And original channel of plan PLT is 8,000,000.01
      And original channel of source CHANNEL is 8,000,000.01
      And available of special PLT-NAT is 20,000,000.00
      And supply of all is 1,146,260,000.00
      And replaying the log gives the same balances

    Scenario: More of it comes for the same cost item
      Given CHA of agriculture recorded it
      When CHA of agriculture records it with amount 0.99
      Then it is accepted
      And original channel of project PLT-1 is 8,000,001.00

    Scenario: It does not pay for what a fund pays for
      Given STD recorded PreFundingCommitted:
        | project      | PLT-1         |
        | fund         | STIDF         |
        | vintage      | 2025          |
        | amount       | 1,000,000     |
        | instalments  | 1: 1,000,000  |
        | cost_items   | ["equipment"] |
        | effective_on | 2025-02-10    |
      When CHA of agriculture records it
      Then it is refused with DOUBLE_FUNDING (clause 二(三)3)
      And the refusal says funded_by STIDF

    Scenario: Beside it it may pay for something else
      Given STD recorded PreFundingCommitted:
        | project      | PLT-1         |
        | fund         | STIDF         |
        | vintage      | 2025          |
        | amount       | 1,000,000     |
        | instalments  | 1: 1,000,000  |
        | cost_items   | ["equipment"] |
        | effective_on | 2025-02-10    |
      When CHA of agriculture records it with cost_items ["training"]
      Then it is accepted
      And original channel of project PLT-1 is 8,000,000.01
      And committed of project PLT-1 is 1,000,000.00

    Scenario: The same item of another project is another item
      Given project PLT-2 of special PLT-NAT, chosen by APPROVED
      And CHA of agriculture recorded it
      When CHA of agriculture records it with project PLT-2
      Then it is accepted
      And original channel of special PLT-NAT is 16,000,000.02

    Scenario: A project that nobody knows
      When CHA of agriculture records it with project PLT-9
      Then it is refused with UNKNOWN_REFERENCE (clause 二)

    Scenario Outline: Only the department of the channel records it
      When <who> records it
      Then it is refused with UNAUTHORISED (clause 二(三)3)

      Examples:
        | who               |
        | STD               |
        | FIN               |
        | UND of university |

    Scenario Outline: The form of what a channel gives
      When CHA of agriculture sends it malformed with <field> <value>
      Then the form of <field> does not fit

      Examples:
        | field   | value       |
        | amount  | 0           |
        | amount  | 8000000.001 |
        | project | 平台一      |

    Scenario: A closed month takes nothing of it
      Given the periods up to 2025-02 are closed
      When CHA of agriculture records it
      Then it is refused with PERIOD_CLOSED (clause F)

    Scenario: What a channel gave is not corrected
      Given CHA of agriculture recorded it
      When FIN proposes and FIN2 approves on 2025-03-10 a correction of:
        | OriginalChannelFundingRecorded | taken back | |
      Then it is refused with NOT_CORRECTABLE (clause F)

  Rule: 四(三) 建立“财政资金引导+企业自主投入+金融社会资本投入”的多元化投入体系

    Background:
      Given the opening of 2025
      And 20,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And the request CoFundingRecorded:
        | project      | KRD-1        |
        | source       | ENTERPRISE   |
        | amount       | 4,000,000.01 |
        | stage        | COMMITTED    |
        | cost_items   | ["pilot"]    |
        | effective_on | 2025-03-01   |

    Scenario: What an enterprise promises adds to no fund
      When UND of university records it
      Then it is accepted
      And cofunding committed of project KRD-1 is 4,000,000.01
      And cofunding committed of source ENTERPRISE is 4,000,000.01
      And cofunding received of project KRD-1 is 0.00
      And available of special RDT-KRD is 20,000,000.00
      And supply of all is 1,146,260,000.00
      And replaying the log gives the same balances

    Scenario Outline: Every other source is recorded the same way, by the undertaker or the S&T department
      When <who> records it with source <source>
      Then it is accepted
      And cofunding committed of source <source> is 4,000,000.01

      Examples:
        | who               | source   |
        | STD               | CENTRAL  |
        | STD               | LEAGUE   |
        | UND of university | SOCIAL   |
        | UND of university | GUIDANCE |

    Scenario Outline: A unit speaks for the projects it carries out itself
      Given STD recorded ProjectAmended:
        | project      | KRD-1             |
        | partners     | ["@hospital"]     |
        | document     | 变更〔2025〕1号 |
        | effective_on | 2025-02-15        |
      When UND of <unit> records it
      Then it is <outcome>
      And cofunding committed of project KRD-1 is <committed>

      Examples:
        | unit       | outcome                                   | committed    |
        | university | accepted                                  | 4,000,000.01 |
        | hospital   | accepted                                  | 4,000,000.01 |
        | company    | refused with UNAUTHORISED (clause 四(三)) | 0.00         |

    Scenario: So does who a team of a race works for
      Given project RACE-1 of special RDT-KRD, chosen by RACE
      When UND of company records it with project RACE-1
      Then it is accepted

    Scenario: A unit of nowhere speaks for none
      When UND records it
      Then it is refused with UNAUTHORISED (clause 四(三))

    Scenario: What was promised arrives
      Given UND of university recorded it
      When UND of university records it with:
        | stage  | RECEIVED  |
        | amount | 1,500,000 |
      Then it is accepted
      And cofunding committed of project KRD-1 is 4,000,000.01
      And cofunding received of project KRD-1 is 1,500,000.00
      And replaying the log gives the same balances

    Scenario: What arrives without a promise is both
      When UND of university records it with stage RECEIVED_UNCOMMITTED
      Then it is accepted
      And cofunding committed of project KRD-1 is 4,000,000.01
      And cofunding received of project KRD-1 is 4,000,000.01
      And replaying the log gives the same balances

    Scenario: Not more arrives of a promise than was promised
      Given UND of university recorded it
      When UND of university records it with:
        | stage  | RECEIVED     |
        | amount | 4,000,000.02 |
      Then it is refused with OVER_OUTSTANDING, short 0.01 (clause V3)

    Scenario: What arrived without a promise fulfils none
      Given UND of university recorded it with stage RECEIVED_UNCOMMITTED
      When UND of university records it with stage RECEIVED
      Then it is refused with OVER_OUTSTANDING, short 4,000,000.01 (clause V3)

    Scenario: One source does not keep the promise of another
      Given UND of university recorded it
      When UND of university records it with:
        | stage      | RECEIVED  |
        | source     | SOCIAL    |
        | cost_items | ["other"] |
      Then it is refused with OVER_OUTSTANDING, short 4,000,000.01 (clause V3)

    Scenario: Nothing arrives before it was promised
      Given UND of university recorded it
      When UND of university records it with:
        | stage        | RECEIVED   |
        | effective_on | 2025-02-28 |
      Then it is refused with OVER_OUTSTANDING, short 4,000,000.01 (clause V3)

    Scenario: One cost item has one source
      Given UND of university recorded it
      When UND of university records it with source SOCIAL
      Then it is refused with DOUBLE_FUNDING (clause V7)
      And the refusal says funded_by ENTERPRISE

    Scenario: A fund does not pay for it either
      Given UND of university recorded it
      When STD records PreFundingCommitted:
        | project      | KRD-1        |
        | fund         | STIDF        |
        | vintage      | 2025         |
        | amount       | 1,000,000    |
        | instalments  | 1: 1,000,000 |
        | cost_items   | ["pilot"]    |
        | effective_on | 2025-03-02   |
      Then it is refused with DOUBLE_FUNDING (clause 二(三)3)

    Scenario Outline: Original channel and matching money have kinds of their own
      When UND of university records it with source <source>
      Then it is refused with UNKNOWN_REFERENCE (clause 四(三))

      Examples:
        | source   |
        | CHANNEL  |
        | MATCHING |

    Scenario: A project that nobody knows gets nothing
      When UND of university records it with project KRD-9
      Then it is refused with UNKNOWN_REFERENCE (clause 二)

    Scenario Outline: The form of co-funding
      When UND of university sends it malformed with <field> <value>
      Then the form of <field> does not fit

      Examples:
        | field  | value    |
        | source | STIDF    |
        | source | BANK     |
        | stage  | EXPECTED |
        | amount | -1       |

    Scenario Outline: Only undertaker and S&T department record it
      When <who> records it
      Then it is refused with UNAUTHORISED (clause 四(三))

      Examples:
        | who                |
        | FIN                |
        | CHA of agriculture |
        | TRE                |

    Scenario: A closed month takes no co-funding
      Given the periods up to 2025-03 are closed
      When UND of university records it
      Then it is refused with PERIOD_CLOSED (clause F)

    Scenario: Co-funding is not corrected
      Given UND of university recorded it
      When FIN proposes and FIN2 approves on 2025-04-10 a correction of:
        | CoFundingRecorded | amount | 1 |
      Then it is refused with NOT_CORRECTABLE (clause F)

  Rule: 三(一) 实施以成果质量为导向的过程管理和综合绩效评价

    Background:
      Given the opening of 2025
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And the request UndertakerExpenditureReported:
        | project      | KRD-1            |
        | amount       | 1,500,000.05     |
        | report       | 决算表2025-3     |
        | verifier     | 某事务所(虚构) |
        | effective_on | 2025-09-30       |

    Scenario: What an undertaker spent is shown, and moves no fund
      When UND of university records it
      Then it is accepted
      And undertaker spending of project KRD-1 is 1,500,000.05
      And disbursed of project KRD-1 is 0.00
      And supply of all is 1,146,260,000.00
      And replaying the log gives the same balances

    Scenario: Another unit does not report for it
      When UND of company records it
      Then it is refused with UNAUTHORISED (clause 三(一))

    Scenario: Reports add up
      Given UND of university recorded it
      When STD records it with:
        | report | 决算表2025-4 |
        | amount | 0.95         |
      Then it is accepted
      And undertaker spending of project KRD-1 is 1,500,001.00

    Scenario: A report counts once
      Given UND of university recorded it
      When STD records it
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 三(一))

    Scenario: The same report of two projects counts for each
      Given project KRD-2 of special RDT-KRD, chosen by COMPETITIVE
      And UND of university recorded it
      When UND of university records it with project KRD-2
      Then it is accepted
      And undertaker spending of special RDT-KRD is 3,000,000.10

    Scenario: Nobody reports for a project that nobody knows
      When UND of university records it with project KRD-9
      Then it is refused with UNKNOWN_REFERENCE (clause 二)

    Scenario: Without a report there is no figure
      When UND of university sends it malformed without report
      Then the form of report does not fit

    Scenario Outline: Neither treasury nor finance reports for the undertaker
      When <role> records it
      Then it is refused with UNAUTHORISED (clause 三(一))

      Examples:
        | role |
        | TRE  |
        | FIN  |

    Scenario: A closed month takes no report
      Given the periods up to 2025-09 are closed
      When UND of university records it
      Then it is refused with PERIOD_CLOSED (clause F)

    Scenario: A report that was entered wrongly
      Given UND of university recorded it
      When FIN proposes and FIN2 approves on 2025-10-10 a correction of:
        | UndertakerExpenditureReported | amount | 1,500,000.50 |
      Then it is accepted
      And undertaker spending of project KRD-1 is 1,500,000.50
      And replaying the log gives the same balances

    Scenario: One that was taken back may be sent again
      Given UND of university recorded it
      And two people of finance took back UndertakerExpenditureReported KRD-1 on 2025-10-10
      When UND of university records it with effective_on 2025-10-11
      Then it is accepted
      And undertaker spending of project KRD-1 is 1,500,000.05
      And replaying the log gives the same balances
