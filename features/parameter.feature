Feature: Policy parameters 政策参数
  Where the notice is silent the rule is data: set by a document, signed by both departments, in force from a day on.

  Rule: 政策参数 A value is set by a document and signed by both departments

    Background:
      Given the opening of 2025
      And the request PolicyParameterSet:
        | name         | fund_floor         |
        | scope        | NSF                |
        | amount       | 155,000,000.05     |
        | document     | 内财科〔2025〕5号 |
        | effective_on | 2025-03-01         |

    Scenario Outline: Finance and the S&T department sign, in either order
      When <first> proposes and <second> approves it
      Then it is accepted
      And it posts nothing
      And fund_floor of NSF is unset on 2025-02-28
      And fund_floor of NSF is 155,000,000.05 by 内财科〔2025〕5号 on 2025-03-01
      And fund_floor of STIDF is unset on 2025-03-01
      And replaying the log gives the same balances

      Examples:
        | first | second |
        | FIN   | STD    |
        | STD   | FIN    |

    Scenario Outline: Nobody sets a parameter alone
      When <role> records it
      Then it is refused with UNAUTHORISED (clause P)

      Examples:
        | role |
        | FIN  |
        | STD  |
        | COM  |
        | ADM  |

    Scenario Outline: One department is not both
      When <first> proposes and <second> approves it
      Then it is refused with <code> (clause P)
      And fund_floor of NSF is unset on 2025-03-01

      Examples:
        | first | second | code          |
        | FIN   | FIN2   | UNAUTHORISED  |
        | STD   | STD2   | UNAUTHORISED  |
        | FIN   | COM    | UNAUTHORISED  |
        | FIN   | FIN    | SELF_APPROVAL |

    Scenario: There is no value without a document
      When FIN proposes and STD approves it without document
      Then it is refused with DOCUMENT_MISSING (clause 四(二))

    Scenario: A parameter that nobody knows
      When FIN proposes and STD approves it with name fund_ceiling
      Then it is refused with UNKNOWN_REFERENCE (clause P)
      And the refusal says parameter fund_ceiling

    Scenario: A closed month takes no parameter
      Given the periods up to 2025-03 are closed
      When FIN proposes and STD approves it
      Then it is refused with PERIOD_CLOSED (clause F)

    Scenario: A value that was set is replaced by another and not corrected
      Given FIN proposed and STD approved it
      When FIN proposes and FIN2 approves on 2025-04-18 a correction of:
        | PolicyParameterSet | amount | 150,000,000 |
      Then it is refused with NOT_CORRECTABLE (clause F)
      And fund_floor of NSF is 155,000,000.05 by 内财科〔2025〕5号 on 2025-04-18

    Scenario: A new setting undoes it, and the days before keep what they had
      Given FIN proposed and STD approved it
      When FIN proposes and STD approves it with:
        | amount       | 0                   |
        | document     | 内财科〔2025〕30号 |
        | effective_on | 2025-05-01          |
      Then it is accepted
      And fund_floor of NSF is 155,000,000.05 by 内财科〔2025〕5号 on 2025-04-30
      And fund_floor of NSF is 0.00 by 内财科〔2025〕30号 on 2025-05-01
      And replaying the log gives the same balances

    Scenario Outline: The form of a value
      When FIN sends it malformed with <field> <value>
      Then the form of <field> does not fit

      Examples:
        | field   | value |
        | amount  | 0.005 |
        | amount  | -1    |
        | rate_bp | 10001 |
        | rate_bp | -1    |
        | days    | 3661  |
        | days    | -1    |

  Rule: 政策参数 Each parameter has its unit, its words and its scope

    Background:
      Given the opening of 2025

    Scenario Outline: A parameter is given in its own unit
      When FIN proposes and STD approves PolicyParameterSet:
        | name         | <name>             |
        | <given>      | <value>            |
        | document     | 内财科〔2025〕5号 |
        | effective_on | 2025-03-01         |
      Then it is accepted
      And <name> of all is <stands> by 内财科〔2025〕5号 on 2025-03-01

      Examples:
        | name                    | given   | value       | stands       |
        | fund_floor              | amount  | 155,000,000 | 155000000.00 |
        | post_subsidy_cap        | amount  | 0           | 0.00         |
        | post_subsidy_rate       | rate_bp | 10000       | 10000        |
        | post_subsidy_unverified | choice  | no          | no           |
        | quota_issue_days        | days    | 30          | 30           |
        | reservation_blocks      | choice  | yes         | yes          |
        | lapse_scope             | choice  | uncommitted | uncommitted  |
        | reconciliation_required | choice  | yes         | yes          |
        | proposal_days           | days    | 0           | 0            |

    Scenario Outline: And in no other
      When FIN proposes and STD approves PolicyParameterSet:
        | name         | <name>             |
        | <given>      | <value>            |
        | document     | 内财科〔2025〕5号 |
        | effective_on | 2025-03-01         |
      Then it is refused with PARAMETER_MISSING (clause <clause>)
      And the refusal says field <wanted>

      Examples:
        | name                    | given   | value       | wanted  | clause |
        | fund_floor              | rate_bp | 2000        | amount  | 四(二) |
        | post_subsidy_cap        | days    | 30          | amount  | 四(三) |
        | post_subsidy_rate       | amount  | 2,000       | rate_bp | 四(三) |
        | post_subsidy_unverified | days    | 30          | choice  | 四(三) |
        | quota_issue_days        | amount  | 30          | days    | F      |
        | reservation_blocks      | rate_bp | 1           | choice  | P      |
        | lapse_scope             | amount  | 1           | choice  | P      |
        | reconciliation_required | days    | 1           | choice  | P      |
        | proposal_days           | choice  | yes         | days    | P      |

    Scenario: Two values are none
      When FIN proposes and STD approves PolicyParameterSet:
        | name         | post_subsidy_rate  |
        | rate_bp      | 2000               |
        | amount       | 2,000,000          |
        | document     | 内财科〔2025〕5号 |
        | effective_on | 2025-03-01         |
      Then it is refused with PARAMETER_MISSING (clause 四(三))

    Scenario Outline: A word that is not among its words
      When FIN proposes and STD approves PolicyParameterSet:
        | name         | <name>             |
        | choice       | <choice>           |
        | document     | 内财科〔2025〕5号 |
        | effective_on | 2025-03-01         |
      Then it is refused with UNKNOWN_REFERENCE (clause <clause>)
      And the refusal says allowed <allowed>

      Examples:
        | name                    | choice | clause | allowed          |
        | post_subsidy_unverified | maybe  | 四(三) | yes no           |
        | reservation_blocks      | none   | P      | yes no           |
        | lapse_scope             | yes    | P      | none uncommitted |
        | reconciliation_required | YES    | P      | yes no           |

    Scenario Outline: A scope in which nothing would ever ask for it
      When FIN proposes and STD approves PolicyParameterSet:
        | name         | <name>             |
        | scope        | <scope>            |
        | <given>      | <value>            |
        | document     | 内财科〔2025〕5号 |
        | effective_on | 2025-03-01         |
      Then it is refused with UNKNOWN_REFERENCE (clause <clause>)
      And the refusal says scope <scope>

      Examples:
        | name                    | scope   | given   | value | clause |
        | fund_floor              | RDT-KRD | amount  | 1     | 四(二) |
        | fund_floor              | UNKNOWN | amount  | 1     | 四(二) |
        | lapse_scope             | BAS-NSP | choice  | none  | P      |
        | post_subsidy_rate       | NSF     | rate_bp | 2000  | 四(三) |
        | post_subsidy_cap        | CAP-NIL | amount  | 1     | 四(三) |
        | reservation_blocks      | STIDF   | choice  | yes   | P      |
        | proposal_days           | NSF     | days    | 30    | P      |
        | reconciliation_required | CAP-POL | choice  | yes   | P      |

    Scenario: A special that was added has its own
      Given STD recorded SpecialAdded:
        | special      | CAP-NEW            |
        | plan         | CAP                |
        | title_zh     | 新设专项           |
        | title_en     | A new special      |
        | modes        | ["ENTITLED"]       |
        | document     | 内科计〔2025〕20号 |
        | effective_on | 2025-02-01         |
      When FIN proposes and STD approves PolicyParameterSet:
        | name         | post_subsidy_cap   |
        | scope        | CAP-NEW            |
        | amount       | 1,000,000          |
        | document     | 内财科〔2025〕5号 |
        | effective_on | 2025-03-01         |
      Then it is accepted
      And post_subsidy_cap of CAP-NEW is 1,000,000.00 by 内财科〔2025〕5号 on 2025-03-01

  Rule: 四(二) 建立科技计划和财政科技资金动态调整机制 政策参数:基金保留底线

    Background:
      Given the opening of 2025
      And FIN proposed and STD approved PolicyParameterSet:
        | name         | fund_floor         |
        | amount       | 150,000,000        |
        | document     | 内财科〔2025〕4号 |
        | effective_on | 2025-01-15         |
      And FIN proposed and STD approved PolicyParameterSet:
        | name         | fund_floor         |
        | scope        | NSF                |
        | amount       | 155,000,000        |
        | document     | 内财科〔2025〕5号 |
        | effective_on | 2025-03-01         |
      And the request FundsReallocatedBetweenFunds:
        | from_fund    | NSF                 |
        | to_fund      | STIDF               |
        | vintage      | 2025                |
        | amount       | 5,000,000.01        |
        | document     | 内财科〔2025〕15号 |
        | effective_on | 2025-04-01          |

    Scenario: A fund's own floor goes before the one for all
      When STD proposes and FIN approves it
      Then it is refused with BELOW_FLOOR, short 0.01 (clause 四(二))
      And the refusal says document 内财科〔2025〕5号
      And the refusal says would_leave 154,999,999.99

    Scenario: A later floor for all does not lower it
      Given FIN proposed and STD approved PolicyParameterSet:
        | name         | fund_floor          |
        | amount       | 1                   |
        | document     | 内财科〔2025〕14号 |
        | effective_on | 2025-03-20          |
      When STD proposes and FIN approves it
      Then it is refused with BELOW_FLOOR, short 0.01 (clause 四(二))
      And the refusal says document 内财科〔2025〕5号

    Scenario Outline: A fund without one of its own has the floor for all
      When STD proposes and FIN approves it with:
        | from_fund | STIDF    |
        | to_fund   | NSF      |
        | amount    | <amount> |
      Then it is <outcome>

      Examples:
        | amount         | outcome                                                |
        | 750,000,000    | accepted                                               |
        | 750,000,000.01 | refused with BELOW_FLOOR, short 0.01 (clause 四(二)) |

    Scenario Outline: A movement is judged by what was in force on its day
      Given FIN proposed and STD approved PolicyParameterSet:
        | name         | fund_floor          |
        | scope        | NSF                 |
        | amount       | 140,000,000         |
        | document     | 内财科〔2025〕30号 |
        | effective_on | 2025-05-01          |
      When STD proposes and FIN approves it with:
        | amount       | <amount> |
        | effective_on | <day>    |
      Then it is <outcome>

      Examples:
        | day        | amount        | outcome                                                        |
        | 2025-01-14 | 20,000,000.01 | accepted                                                       |
        | 2025-01-15 | 10,000,000    | accepted                                                       |
        | 2025-01-15 | 10,000,000.01 | refused with BELOW_FLOOR, short 0.01 (clause 四(二))         |
        | 2025-02-28 | 10,000,000    | accepted                                                       |
        | 2025-03-01 | 10,000,000    | refused with BELOW_FLOOR, short 5,000,000.00 (clause 四(二)) |
        | 2025-04-30 | 5,000,000     | accepted                                                       |
        | 2025-04-30 | 5,000,000.01  | refused with BELOW_FLOOR, short 0.01 (clause 四(二))         |
        | 2025-05-01 | 20,000,000    | accepted                                                       |
        | 2025-05-01 | 20,000,000.01 | refused with BELOW_FLOOR, short 0.01 (clause 四(二))         |

    Scenario: A setting that arrives late takes its place among the days
      Given FIN proposed and STD approved PolicyParameterSet:
        | name         | fund_floor          |
        | scope        | NSF                 |
        | amount       | 158,000,000         |
        | document     | 内财科〔2025〕30号 |
        | effective_on | 2025-05-01          |
      When FIN proposes and STD approves PolicyParameterSet:
        | name         | fund_floor          |
        | scope        | NSF                 |
        | amount       | 156,000,000         |
        | document     | 内财科〔2025〕20号 |
        | effective_on | 2025-04-01          |
      Then it is accepted
      And fund_floor of NSF is 155,000,000.00 by 内财科〔2025〕5号 on 2025-03-31
      And fund_floor of NSF is 156,000,000.00 by 内财科〔2025〕20号 on 2025-04-01
      And fund_floor of NSF is 156,000,000.00 by 内财科〔2025〕20号 on 2025-04-30
      And fund_floor of NSF is 158,000,000.00 by 内财科〔2025〕30号 on 2025-05-01
      And replaying the log gives the same balances

    Scenario: Of two settings for one day the one recorded later counts
      When FIN proposes and STD approves PolicyParameterSet:
        | name         | fund_floor         |
        | scope        | NSF                |
        | amount       | 152,000,000        |
        | document     | 内财科〔2025〕6号 |
        | effective_on | 2025-03-01         |
      Then it is accepted
      And fund_floor of NSF is 152,000,000.00 by 内财科〔2025〕6号 on 2025-03-01
      And fund_floor of NSF is 150,000,000.00 by 内财科〔2025〕4号 on 2025-02-28

    Scenario: What was recorded under the earlier setting stays
      Given STD proposed and FIN approved it with amount 5,000,000
      When FIN proposes and STD approves PolicyParameterSet:
        | name         | fund_floor         |
        | scope        | NSF                |
        | amount       | 159,000,000        |
        | document     | 内财科〔2025〕6号 |
        | effective_on | 2025-03-02         |
      Then it is accepted
      And reallocated of fund NSF is -5,000,000.00
      And supply of fund NSF is 168,000,000.00
      And replaying the log gives the same balances

    Scenario: A correction is judged by what was in force on its original's day
      Given STD proposed and FIN approved it with effective_on 2025-01-14
      When FIN proposes and FIN2 approves on 2025-04-18 a correction of:
        | FundsReallocatedBetweenFunds | amount | 10,000,000.01 |
      Then it is accepted
      And reallocated of fund NSF is -10,000,000.01

    Scenario: Moved to another day it is judged by that day's
      Given STD proposed and FIN approved it with effective_on 2025-01-14
      When FIN proposes and FIN2 approves on 2025-04-18 a correction of:
        | FundsReallocatedBetweenFunds | effective_on | 2025-03-01 |
      Then it is refused with BELOW_FLOOR, short 0.01 (clause 四(二))

  Rule: 政策参数 允许未核实先安排后补助

    Background:
      Given the opening of 2025
      And 50,000,000 yuan of STIDF are allocated to CAP-POL
      And project POL-1 of special CAP-POL, chosen by ENTITLED
      And FIN proposed and STD approved PolicyParameterSet:
        | name         | post_subsidy_cap  |
        | amount       | 2,000,000         |
        | document     | 内科规〔2025〕1号 |
        | effective_on | 2025-01-15        |
      And FIN proposed and STD approved PolicyParameterSet:
        | name         | post_subsidy_unverified |
        | scope        | CAP-POL                 |
        | choice       | yes                     |
        | document     | 内科规〔2025〕6号       |
        | effective_on | 2025-03-01              |
      And FIN proposed and STD approved PolicyParameterSet:
        | name         | post_subsidy_unverified |
        | scope        | CAP-POL                 |
        | choice       | no                      |
        | document     | 内科规〔2025〕9号       |
        | effective_on | 2025-07-01              |

    Scenario Outline: The leave begins on a day and ends on a day
      When STD proposes and FIN approves PostSubsidyCommitted:
        | project      | POL-1        |
        | claim        | CLAIM-1      |
        | fund         | STIDF        |
        | vintage      | 2025         |
        | amount       | 1,999,999.99 |
        | effective_on | <day>        |
      Then it is <outcome>

      Examples:
        | day        | outcome                                      |
        | 2025-02-28 | refused with NOT_VERIFIED (clause 四(三)) |
        | 2025-03-01 | accepted                                     |
        | 2025-06-30 | accepted                                     |
        | 2025-07-01 | refused with NOT_VERIFIED (clause 四(三)) |

  Rule: 政策参数 What was recorded stands; what other parameters would have refused is told on demand

    Background:
      Given the opening of 2025
      And 10,000,000 yuan of STIDF are allocated to CAP-POL
      And project POL-1 of special CAP-POL, chosen by ENTITLED
      And FIN proposed and STD approved PolicyParameterSet:
        | name         | post_subsidy_rate |
        | rate_bp      | 10000             |
        | document     | 内财科〔2025〕8号 |
        | effective_on | 2025-02-01        |
      And FIN proposed and STD approved PolicyParameterSet:
        | name         | post_subsidy_cap  |
        | amount       | 800,000           |
        | document     | 内财科〔2025〕8号 |
        | effective_on | 2025-02-01        |
      And STD recorded PostSubsidyVerified:
        | claim        | CLAIM-1         |
        | project      | POL-1           |
        | claimed      | 800,000         |
        | eligible     | 800,000         |
        | verifier     | 某事务所        |
        | report       | 核实〔2025〕1号 |
        | effective_on | 2025-02-10      |
      And STD proposed and FIN approved PostSubsidyCommitted:
        | project      | POL-1      |
        | claim        | CLAIM-1    |
        | fund         | STIDF      |
        | vintage      | 2025       |
        | amount       | 800,000    |
        | effective_on | 2025-02-20 |

    Scenario: Under the cap then in force it is accepted again, although another is in force since
      Given FIN proposed and STD approved PolicyParameterSet:
        | name         | post_subsidy_cap   |
        | amount       | 500,000            |
        | document     | 内财科〔2025〕30号 |
        | effective_on | 2025-06-01         |
      When everything is judged again
      Then nothing would be refused

    Scenario Outline: Another cap would have refused it, or not
      When everything is judged again with post_subsidy_cap <scope> <cap>
      Then <refused> would be refused

      Examples:
        | scope      | cap     | refused                                            |
        | of all     | 500,000 | PostSubsidyCommitted with OVER_CAP, short 300,000  |
        | of CAP-POL | 799,999 | PostSubsidyCommitted with OVER_CAP, short 1        |
        | of all     | 800,000 | nothing                                            |
        | of RDT-KRD | 500,000 | nothing                                            |

    Scenario: What would today's cap have refused
      Given FIN proposed and STD approved PolicyParameterSet:
        | name         | post_subsidy_cap   |
        | amount       | 500,000            |
        | document     | 内财科〔2025〕30号 |
        | effective_on | 2025-06-01         |
      When everything is judged again as on 2025-06-30
      Then PostSubsidyCommitted with OVER_CAP, short 300,000 would be refused
      And committed of project POL-1 is 800,000.00
