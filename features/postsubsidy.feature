Feature: Post-subsidy 后补助
  Money is committed after verified results: what rate and cap allow of a claim, to the fen, and one claim once.

  Rule: 四(三) 综合运用前资助与后补助、有偿与无偿、竞争性与稳定性相结合的方式分类支持

    Background:
      Given the opening of 2025
      And project POL-1 of special CAP-POL, chosen by ENTITLED
      And the request PostSubsidyVerified:
        | claim        | CLAIM-1             |
        | project      | POL-1               |
        | claimed      | 9,000,000           |
        | eligible     | 8,765,432.11        |
        | verifier     | 某事务所(虚构)    |
        | report       | 核实〔2025〕1号     |
        | cost_items   | ["trial-production"] |
        | effective_on | 2025-02-10          |

    Scenario: A claim is verified, which moves no money
      When STD records it
      Then it is accepted
      And it posts nothing
      And committed of project POL-1 is 0.00
      And replaying the log gives the same balances

    Scenario: All of a claim may be eligible
      When STD records it with eligible 9,000,000
      Then it is accepted
      And it posts nothing

    Scenario: Not more of it than was claimed
      When STD records it with eligible 9,000,000.01
      Then it is refused with OVER_CAP, short 0.01 (clause 四(三))

    Scenario: A closed project claims nothing more
      Given STD recorded ProjectClosed:
        | project      | POL-1           |
        | evaluation   | 综评〔2025〕1号 |
        | effective_on | 2025-02-05      |
      When STD records it
      Then it is refused with PROJECT_CLOSED (clause 三(一))

    Scenario: A claim is verified once
      Given STD recorded it
      When STD records it with eligible 1
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 四(三))

    Scenario: A claim for a project that nobody knows
      When STD records it with project POL-9
      Then it is refused with UNKNOWN_REFERENCE (clause 二)

    Scenario: One cost item is not claimed twice
      Given STD recorded it
      When STD records it with:
        | claim  | CLAIM-2         |
        | report | 核实〔2025〕2号 |
      Then it is refused with DOUBLE_FUNDING (clause 二(三)3)

    Scenario: Nor is what another department pays for in its own channel
      Given CHA of industry recorded OriginalChannelFundingRecorded:
        | project      | POL-1                |
        | amount       | 1                    |
        | cost_items   | ["trial-production"] |
        | effective_on | 2025-02-05           |
      When STD records it
      Then it is refused with DOUBLE_FUNDING (clause 二(三)3)

    Scenario Outline: The form of a claim
      When STD sends it malformed with <field> <value>
      Then the form of <field> does not fit

      Examples:
        | field    | value        |
        | claim    | 申报-1       |
        | eligible | 0            |
        | eligible | 8765432.111  |
        | claimed  | -9000000     |

    Scenario Outline: What a claim may not lack
      When STD sends it malformed without <field>
      Then the form of <field> does not fit

      Examples:
        | field    |
        | verifier |
        | report   |

    Scenario Outline: Only the S&T department verifies
      When <role> records it
      Then it is refused with UNAUTHORISED (clause 四(三))

      Examples:
        | role |
        | FIN  |
        | UND  |

    Scenario: A closed month takes no claim
      Given the periods up to 2025-02 are closed
      When STD records it
      Then it is refused with PERIOD_CLOSED (clause F)

    Scenario: A verification is followed by another claim, not corrected
      Given STD recorded it
      When FIN proposes and FIN2 approves on 2025-03-10 a correction of:
        | PostSubsidyVerified | eligible | 1 |
      Then it is refused with NOT_CORRECTABLE (clause F)

  Rule: 二(四)3 落实科技创新政策措施,以后补助、奖励补助等方式 政策参数:后补助比例、后补助上限

    Background:
      Given the opening of 2025
      And 50,000,000 yuan of STIDF are allocated to CAP-POL
      And project POL-1 of special CAP-POL, chosen by ENTITLED
      And FIN proposed and STD approved PolicyParameterSet:
        | name         | post_subsidy_rate |
        | scope        | CAP-POL           |
        | rate_bp      | 2500              |
        | document     | 内科规〔2025〕1号 |
        | effective_on | 2025-01-15        |
      And FIN proposed and STD approved PolicyParameterSet:
        | name         | post_subsidy_cap  |
        | scope        | CAP-POL           |
        | amount       | 3,000,000         |
        | document     | 内科规〔2025〕1号 |
        | effective_on | 2025-01-15        |
      And STD recorded PostSubsidyVerified:
        | claim        | CLAIM-1          |
        | project      | POL-1            |
        | claimed      | 9,000,000        |
        | eligible     | 8,765,432.11     |
        | verifier     | 某事务所(虚构) |
        | report       | 核实〔2025〕1号  |
        | effective_on | 2025-02-10       |
      And the request PostSubsidyCommitted:
        | project      | POL-1        |
        | claim        | CLAIM-1      |
        | fund         | STIDF        |
        | vintage      | 2025         |
        | amount       | 2,191,358.02 |
        | effective_on | 2025-03-01   |

    # A quarter of 8,765,432.11 is 2,191,358.0275.
    Scenario: The rate is applied, and what is less than a fen is dropped
      When STD proposes and FIN approves it
      Then it is accepted
      And committed of project POL-1 is 2,191,358.02
      And available of special CAP-POL is 47,808,641.98
      And supply of fund STIDF is 973,260,000.00
      And replaying the log gives the same balances

    Scenario: Finance may propose it as well
      When FIN proposes and STD approves it
      Then it is accepted
      And committed of project POL-1 is 2,191,358.02

    Scenario: It may be less
      When STD proposes and FIN approves it with amount 2,000,000
      Then it is accepted
      And available of special CAP-POL is 48,000,000.00

    Scenario: Not a fen more
      When STD proposes and FIN approves it with amount 2,191,358.03
      Then it is refused with OVER_CAP, short 0.01 (clause 四(三))

    # A quarter of 12,000,000.04 is 3,000,000.01.
    Scenario Outline: The cap holds where the rate would give more
      Given STD recorded PostSubsidyVerified:
        | claim        | CLAIM-2          |
        | project      | POL-1            |
        | claimed      | 12,000,000.04    |
        | eligible     | 12,000,000.04    |
        | verifier     | 某事务所(虚构) |
        | report       | 核实〔2025〕2号  |
        | effective_on | 2025-02-10       |
      When STD proposes and FIN approves it with:
        | claim  | CLAIM-2  |
        | amount | <amount> |
      Then it is <outcome>
      And committed of project POL-1 is <committed>

      Examples:
        | amount       | outcome                                             | committed    |
        | 3,000,000    | accepted                                            | 3,000,000.00 |
        | 3,000,000.01 | refused with OVER_CAP, short 0.01 (clause 四(三)) | 0.00         |

    Scenario: The parameters of the day of verification count
      Given FIN proposed and STD approved PolicyParameterSet:
        | name         | post_subsidy_rate |
        | scope        | CAP-POL           |
        | rate_bp      | 1000              |
        | document     | 内科规〔2025〕4号 |
        | effective_on | 2025-02-11        |
      When STD proposes and FIN approves it
      Then it is accepted
      And committed of project POL-1 is 2,191,358.02

    # A tenth of 8,765,432.11 is 876,543.211.
    Scenario: Those of that very day too
      Given FIN proposed and STD approved PolicyParameterSet:
        | name         | post_subsidy_rate |
        | scope        | CAP-POL           |
        | rate_bp      | 1000              |
        | document     | 内科规〔2025〕4号 |
        | effective_on | 2025-02-10        |
      When STD proposes and FIN approves it
      Then it is refused with OVER_CAP, short 1,314,814.81 (clause 四(三))

    Scenario: The claim is its instalment, and is ordered without a gate
      Given STD proposed and FIN approved it
      When STD records PaymentOrdered:
        | order        | ORD-1           |
        | project      | POL-1           |
        | instalment   | CLAIM-1         |
        | amount       | 2,191,358.02    |
        | payee        | @university     |
        | document     | 拨付〔2025〕1号 |
        | effective_on | 2025-03-10      |
      Then it is accepted
      And ordered of project POL-1 is 2,191,358.02
      And committed of project POL-1 is 0.00

    Scenario: A reward is committed the same way
      When STD proposes and FIN approves it with form REWARD
      Then it is accepted
      And committed of special CAP-POL is 2,191,358.02

    Scenario: Rewards are for policy guidance only
      Given 50,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      When STD proposes and FIN approves it with:
        | project | KRD-1  |
        | form    | REWARD |
      Then it is refused with MODE_NOT_ALLOWED (clause 四(三))

    Scenario: Nothing is committed before it was verified
      When STD proposes and FIN approves it with claim CLAIM-9
      Then it is refused with NOT_VERIFIED (clause 四(三))

    Scenario: The claim of one project gives nothing to another
      Given project POL-2 of special CAP-POL, chosen by ENTITLED
      When STD proposes and FIN approves it with project POL-2
      Then it is refused with NOT_VERIFIED (clause 四(三))

    Scenario: One claim once
      Given STD proposed and FIN approved it with amount 1
      When STD proposes and FIN approves it with amount 1
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 四(三))

    Scenario: A claim that has the name of an instalment
      Given FIN proposed and STD approved OpeningBalanceImported:
        | fund         | STIDF                                      |
        | vintage      | 2023                                       |
        | project      | POL-1                                      |
        | amount       | 1                                          |
        | instalments  | [{"instalment": "CLAIM-1", "unpaid": "1"}] |
        | effective_on | 2025-02-10                                 |
      When STD proposes and FIN approves it
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 四(三))

    Scenario: A project that nobody knows
      When STD proposes and FIN approves it with project POL-9
      Then it is refused with UNKNOWN_REFERENCE (clause 二)

    Scenario: A closed project
      Given STD recorded ProjectClosed:
        | project      | POL-1             |
        | evaluation   | 综评〔2025〕1号 |
        | effective_on | 2025-02-20        |
      When STD proposes and FIN approves it
      Then it is refused with PROJECT_CLOSED (clause 三(一))

    Scenario: Not more than the special has
      Given STD proposed and FIN approved AllocationWithdrawn:
        | fund         | STIDF         |
        | vintage      | 2025          |
        | special      | CAP-POL       |
        | amount       | 47,808,641.99 |
        | effective_on | 2025-02-20    |
      When STD proposes and FIN approves it
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause V3)

    Scenario: Not before the special had it
      When STD proposes and FIN approves it with effective_on 2025-01-31
      Then it is refused with INSUFFICIENT_FUNDS, short 2,191,358.02 (clause V3)

    Scenario: Not of another year's quota
      When STD proposes and FIN approves it with vintage 2024
      Then it is refused with INSUFFICIENT_FUNDS, short 2,191,358.02 (clause V3)

    Scenario: Not what a call holds where reservations block
      Given FIN proposed and STD approved PolicyParameterSet:
        | name         | reservation_blocks |
        | choice       | yes                |
        | document     | 内科计〔2025〕8号 |
        | effective_on | 2025-02-11         |
      And STD recorded FundsReserved:
        | call         | CALL-1        |
        | fund         | STIDF         |
        | special      | CAP-POL       |
        | amount       | 47,808,641.99 |
        | expires_on   | 2025-12-31    |
        | effective_on | 2025-02-15    |
      When STD proposes and FIN approves it
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause P)

    Scenario Outline: The form of a commitment
      When STD sends it malformed with <field> <value>
      Then the form of <field> does not fit

      Examples:
        | field   | value        |
        | amount  | 0            |
        | amount  | 2191358.0275 |
        | fund    | CENTRAL      |
        | form    | GRANT        |
        | vintage | 1999         |

    Scenario Outline: One department alone does not commit
      When <role> records it
      Then it is refused with UNAUTHORISED (clause 四(三))

      Examples:
        | role |
        | STD  |
        | FIN  |

    Scenario: Two people of the same department do not either
      When STD proposes and STD2 approves it
      Then it is refused with UNAUTHORISED (clause 四(三))

    Scenario: A closed month takes no post-subsidy
      Given the periods up to 2025-03 are closed
      When STD proposes and FIN approves it
      Then it is refused with PERIOD_CLOSED (clause F)

    Scenario: What is not needed is released
      Given STD proposed and FIN approved it
      When STD records CommitmentReleased:
        | project      | POL-1        |
        | instalment   | CLAIM-1      |
        | amount       | 2,191,358.02 |
        | reason       | 单位放弃     |
        | effective_on | 2025-04-01   |
      Then it is accepted
      And committed of project POL-1 is 0.00
      And available of special CAP-POL is 50,000,000.00

    Scenario: A post-subsidy is released, not corrected
      Given STD proposed and FIN approved it
      When FIN proposes and FIN2 approves on 2025-04-10 a correction of:
        | PostSubsidyCommitted | taken back | |
      Then it is refused with NOT_CORRECTABLE (clause F)

  Rule: 政策参数 No figure is in the code: without rate, cap or leave there is no post-subsidy

    Background:
      Given the opening of 2025
      And 50,000,000 yuan of STIDF are allocated to CAP-POL
      And project POL-1 of special CAP-POL, chosen by ENTITLED
      And STD recorded PostSubsidyVerified:
        | claim        | CLAIM-1          |
        | project      | POL-1            |
        | claimed      | 8,765,432.11     |
        | eligible     | 8,765,432.11     |
        | verifier     | 某事务所(虚构) |
        | report       | 核实〔2025〕1号  |
        | effective_on | 2025-02-10       |
      And the request PostSubsidyCommitted:
        | project      | POL-1      |
        | claim        | CLAIM-1    |
        | fund         | STIDF      |
        | vintage      | 2025       |
        | amount       | 1          |
        | effective_on | 2025-03-01 |

    Scenario Outline: Rate and cap are both needed, and from the day of verification
      Given FIN proposed and STD approved PolicyParameterSet:
        | name         | <set>             |
        | <unit>       | <value>           |
        | document     | 内科规〔2025〕1号 |
        | effective_on | 2025-02-10        |
      And FIN proposed and STD approved PolicyParameterSet:
        | name         | <late>            |
        | <its unit>   | <its value>       |
        | document     | 内科规〔2025〕1号 |
        | effective_on | 2025-02-11        |
      When STD proposes and FIN approves it
      Then it is refused with PARAMETER_MISSING (clause 四(三))
      And the refusal says parameter <late>

      Examples:
        | set               | unit    | value | late              | its unit | its value |
        | post_subsidy_rate | rate_bp | 2500  | post_subsidy_cap  | amount   | 3,000,000 |
        | post_subsidy_cap  | amount  | 3,000,000 | post_subsidy_rate | rate_bp  | 2500  |

    Scenario: A parameter of another special does not serve
      Given FIN proposed and STD approved PolicyParameterSet:
        | name         | post_subsidy_cap  |
        | scope        | BAS-CND           |
        | amount       | 3,000,000         |
        | document     | 内科规〔2025〕1号 |
        | effective_on | 2025-01-15        |
      When STD proposes and FIN approves it
      Then it is refused with PARAMETER_MISSING (clause 四(三))

    Scenario Outline: A parameter may allow what is not verified, up to the cap
      Given FIN proposed and STD approved PolicyParameterSet:
        | name         | post_subsidy_unverified |
        | scope        | CAP-POL                 |
        | choice       | <choice>                |
        | document     | 内科规〔2025〕6号       |
        | effective_on | 2025-01-15              |
      And FIN proposed and STD approved PolicyParameterSet:
        | name         | post_subsidy_cap  |
        | scope        | CAP-POL           |
        | amount       | 3,000,000         |
        | document     | 内科规〔2025〕1号 |
        | effective_on | 2025-01-15        |
      When STD proposes and FIN approves it with:
        | claim  | CLAIM-9  |
        | amount | <amount> |
      Then it is <outcome>
      And committed of project POL-1 is <committed>

      Examples:
        | choice | amount       | outcome                                             | committed    |
        | yes    | 3,000,000    | accepted                                            | 3,000,000.00 |
        | yes    | 3,000,000.01 | refused with OVER_CAP, short 0.01 (clause 四(三)) | 0.00         |
        | no     | 1            | refused with NOT_VERIFIED (clause 四(三))         | 0.00         |

  Rule: 二(五)3 按照前资助和后补助等方式,对科研基础条件建设给予支持

    Background:
      Given the opening of 2025
      And FIN proposed and STD approved PolicyParameterSet:
        | name         | post_subsidy_rate |
        | rate_bp      | 10000             |
        | document     | 内科规〔2025〕1号 |
        | effective_on | 2025-01-15        |
      And FIN proposed and STD approved PolicyParameterSet:
        | name         | post_subsidy_cap  |
        | amount       | 1,000,000         |
        | document     | 内科规〔2025〕1号 |
        | effective_on | 2025-01-15        |
      And 2,000,000 yuan of NSF are allocated to BAS-CND
      And project CND-1 of special BAS-CND, chosen by CALL
      And STD recorded PostSubsidyVerified:
        | claim        | CLAIM-1          |
        | project      | CND-1            |
        | claimed      | 654,321.09       |
        | eligible     | 654,321.09       |
        | verifier     | 某事务所(虚构) |
        | report       | 核实〔2025〕1号  |
        | cost_items   | ["microscope"]   |
        | effective_on | 2025-02-10       |
      And the request PreFundingCommitted:
        | project      | CND-1          |
        | fund         | NSF            |
        | vintage      | 2025           |
        | amount       | 500,000        |
        | instalments  | 1: 500,000     |
        | cost_items   | ["spectrometer"] |
        | effective_on | 2025-03-01     |

    Scenario: Before the work and after it, of the Natural Science Fund
      Given STD recorded it
      When STD proposes and FIN approves PostSubsidyCommitted:
        | project      | CND-1      |
        | claim        | CLAIM-1    |
        | fund         | NSF        |
        | vintage      | 2025       |
        | amount       | 654,321.09 |
        | effective_on | 2025-03-02 |
      Then it is accepted
      And committed of project CND-1 is 1,154,321.09
      And available of special BAS-CND is 845,678.91
      And replaying the log gives the same balances

    Scenario: What is claimed after the work is not paid before it
      When STD records it with cost_items ["microscope"]
      Then it is refused with DOUBLE_FUNDING (clause 二(三)3)

    Scenario: What was claimed is free again once its subsidy was released
      Given STD proposed and FIN approved PostSubsidyCommitted:
        | project      | CND-1      |
        | claim        | CLAIM-1    |
        | fund         | NSF        |
        | vintage      | 2025       |
        | amount       | 654,321.09 |
        | effective_on | 2025-03-01 |
      When STD records it with cost_items ["microscope"]
      Then it is refused with DOUBLE_FUNDING (clause 二(三)3)
      And the refusal says funded_by NSF
      When STD records CommitmentReleased:
        | project      | CND-1      |
        | instalment   | CLAIM-1    |
        | amount       | 654,321.09 |
        | reason       | 退出       |
        | effective_on | 2025-03-01 |
      Then it is accepted
      When STD records it with cost_items ["microscope"]
      Then it is accepted
      And committed of project CND-1 is 500,000.00
      And replaying the log gives the same balances

    Scenario: A name that is taken is told before the fund is found out of place
      Given STD recorded it with instalments CLAIM-1: 500,000
      And STD recorded SpecialSuspended:
        | special      | BAS-CND            |
        | document     | 内科计〔2025〕30号 |
        | effective_on | 2025-03-02         |
      When STD proposes and FIN approves PostSubsidyCommitted:
        | project      | CND-1      |
        | claim        | CLAIM-1    |
        | fund         | NSF        |
        | vintage      | 2025       |
        | amount       | 654,321.09 |
        | effective_on | 2025-03-02 |
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 四(三))

    Scenario: What is paid before the work is not claimed after it
      Given STD recorded it
      When STD records PostSubsidyVerified:
        | claim        | CLAIM-2          |
        | project      | CND-1            |
        | claimed      | 1                |
        | eligible     | 1                |
        | verifier     | 某事务所(虚构) |
        | report       | 核实〔2025〕2号  |
        | cost_items   | ["spectrometer"] |
        | effective_on | 2025-03-02       |
      Then it is refused with DOUBLE_FUNDING (clause 二(三)3)

  Rule: 四(二) 保留“自然科学基金”,重点支持基础研究计划

    Background:
      Given the opening of 2025
      And FIN proposed and STD approved PolicyParameterSet:
        | name         | post_subsidy_rate |
        | rate_bp      | 10000             |
        | document     | 内科规〔2025〕1号 |
        | effective_on | 2025-01-15        |
      And FIN proposed and STD approved PolicyParameterSet:
        | name         | post_subsidy_cap  |
        | amount       | 1,000,000         |
        | document     | 内科规〔2025〕1号 |
        | effective_on | 2025-01-15        |
      And project POL-1 of special CAP-POL, chosen by ENTITLED
      And STD recorded PostSubsidyVerified:
        | claim        | CLAIM-1          |
        | project      | POL-1            |
        | claimed      | 8,765.43         |
        | eligible     | 8,765.43         |
        | verifier     | 某事务所(虚构) |
        | report       | 核实〔2025〕1号  |
        | effective_on | 2025-02-10       |
      And the request PostSubsidyCommitted:
        | project      | POL-1      |
        | claim        | CLAIM-1    |
        | fund         | NSF        |
        | vintage      | 2025       |
        | amount       | 8,765.43   |
        | effective_on | 2025-03-01 |

    Scenario: The fund's money does not pay a claim outside basic research
      When STD proposes and FIN approves it
      Then it is refused with FUND_SCOPE (clause 四(二))

    Scenario: An exception document lets it, and then the money must be there
      When STD proposes and FIN approves it with exception 内科函〔2025〕3号
      Then it is refused with INSUFFICIENT_FUNDS, short 8,765.43 (clause V3)

  Rule: 二(一)3 申报及立项情况报科技办备案

    Scenario: A national project is filed before the region rewards it
      Given the opening of 2025
      And project CRC-1 of special MSP-CRC, chosen by RECOMMENDED
      And STD recorded PostSubsidyVerified:
        | claim        | CLAIM-1          |
        | project      | CRC-1            |
        | claimed      | 1                |
        | eligible     | 1                |
        | verifier     | 某事务所(虚构) |
        | report       | 核实〔2025〕1号  |
        | effective_on | 2025-02-10       |
      When STD proposes and FIN approves PostSubsidyCommitted:
        | project      | CRC-1      |
        | claim        | CLAIM-1    |
        | fund         | STIDF      |
        | vintage      | 2025       |
        | amount       | 1          |
        | effective_on | 2025-03-01 |
      Then it is refused with NOT_FILED (clause 二(一)3)

  Rule: 五(二) 对暂停执行的科技计划类别,按照相关规定做好存量项目的后续管理

    Scenario: A suspended former category pays no new claim
      Given the opening of 2025
      And STD recorded PostSubsidyVerified:
        | claim        | CLAIM-1          |
        | project      | OLD-STTC         |
        | claimed      | 1                |
        | eligible     | 1                |
        | verifier     | 某事务所(虚构) |
        | report       | 核实〔2025〕1号  |
        | effective_on | 2025-02-10       |
      When STD proposes and FIN approves PostSubsidyCommitted:
        | project      | OLD-STTC   |
        | claim        | CLAIM-1    |
        | fund         | STIDF      |
        | vintage      | 2024       |
        | amount       | 1          |
        | effective_on | 2025-03-01 |
      Then it is refused with SPECIAL_SUSPENDED (clause 五(二))
