Feature: Approval 审批
  What two people sign is proposed by the one and approved by the other. A proposal holds nothing back and is judged again.

  Rule: 五(二) 科技厅会同财政厅做好自治区本级科技专项资金衔接工作

    Background:
      Given the opening of 2025
      And the request FundsAllocated:
        | fund         | STIDF          |
        | vintage      | 2025           |
        | special      | RDT-KRD        |
        | amount       | 300,000,000.05 |
        | effective_on | 2025-03-03     |

    Scenario: A proposal waits and posts nothing
      When STD proposes it as P-1
      Then it is accepted
      And it posts nothing
      And proposal P-1 is open
      And available of special RDT-KRD is 0.00
      And unallocated of fund STIDF is 905,010,000.50
      And replaying the log gives the same balances

    Scenario: The other department approves it, and both have signed
      Given STD proposed it as P-1
      When FIN approves P-1 on 2025-03-05
      Then it is accepted
      And the approval and FundsAllocated are recorded, in this order
      And it is signed by STD and FIN under P-1
      And all it posts is effective on 2025-03-03 and belongs to period 2025-03
      And proposal P-1 is approved
      And available of special RDT-KRD is 300,000,000.05
      And unallocated of fund STIDF is 605,010,000.45
      And replaying the log gives the same balances

    Scenario: Where both may begin, finance proposes as well
      Given FIN proposed it as P-1
      When STD approves P-1 on 2025-03-05
      Then it is accepted
      And it is signed by FIN and STD under P-1
      And available of special RDT-KRD is 300,000,000.05

    Scenario Outline: What needs both departments nobody records alone
      When <role> records it
      Then it is refused with UNAUTHORISED (clause 四(二))
      And available of special RDT-KRD is 0.00

      Examples:
        | role |
        | STD  |
        | FIN  |
        | COM  |
        | PM   |

    Scenario Outline: Who neither signs it nor prepares it does not propose it
      When <role> proposes it as P-1
      Then it is refused with UNAUTHORISED (clause <clause>)
      And nobody knows a proposal P-1

      Examples: not this kind
        | role            | clause |
        | COM             | 四(二) |
        | REC of industry | 四(二) |
        | UND of company  | 四(二) |

      Examples: nothing at all
        | role | clause |
        | TRE  | 五(二) |
        | AUD  | 五(二) |
        | ADM  | 五(二) |

    Scenario Outline: The second signature is the other department's
      Given STD proposed it as P-1
      When <role> approves P-1 on 2025-03-05
      Then it is refused with UNAUTHORISED
      And proposal P-1 is open
      And available of special RDT-KRD is 0.00

      Examples:
        | role            |
        | STD2            |
        | COM             |
        | PM              |
        | TRE             |
        | AUD             |
        | REC of industry |

    Scenario: Nobody approves what they proposed
      Given STD proposed it as P-1
      When STD approves P-1 on 2025-03-05
      Then it is refused with SELF_APPROVAL (clause 四(二))
      And proposal P-1 is open

    Scenario: One human behind two roles is one human
      Given li as STD proposed it as P-1
      When li as FIN approves P-1 on 2025-03-05
      Then it is refused with SELF_APPROVAL (clause 四(二))
      And proposal P-1 is open
      And available of special RDT-KRD is 0.00

    Scenario: Two humans are two
      Given li as STD proposed it as P-1
      When wang as FIN approves P-1 on 2025-03-05
      Then it is accepted
      And available of special RDT-KRD is 300,000,000.05

    Scenario: The order of signatures counts where the rule names one
      Given the request FundsReallocatedBetweenFunds:
        | from_fund    | NSF                 |
        | to_fund      | STIDF               |
        | vintage      | 2025                |
        | amount       | 5,000,000           |
        | document     | 内财科〔2025〕15号 |
        | effective_on | 2025-03-03          |
      When FIN proposes it as P-1
      Then it is refused with UNAUTHORISED (clause 四(二))

  Rule: 五(一) 统筹管理自治区本级科技计划项目

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And the request PreFundingCommitted:
        | project      | KRD-1           |
        | fund         | STIDF           |
        | vintage      | 2025            |
        | amount       | 3,000,000.01    |
        | instalments  | 1: 3,000,000.01 |
        | effective_on | 2025-03-03      |

    Scenario: A programme manager proposes what the S&T department decides
      Given PM proposed it as P-1
      When STD approves P-1 on 2025-03-05
      Then it is accepted
      And it is signed by PM and STD under P-1
      And committed of project KRD-1 is 3,000,000.01
      And replaying the log gives the same balances

    Scenario: Alone a programme manager commits nothing
      When PM records it
      Then it is refused with UNAUTHORISED (clause 四(三))

    Scenario Outline: Nor does another department decide it
      Given PM proposed it as P-1
      When <role> approves P-1 on 2025-03-05
      Then it is refused with UNAUTHORISED (clause 四(三))
      And committed of project KRD-1 is 0.00

      Examples:
        | role |
        | FIN  |
        | COM  |

    Scenario: What finance decides a programme manager does not propose
      Given the request AppropriationReduced:
        | fund         | STIDF               |
        | vintage      | 2025                |
        | amount       | 1                   |
        | document     | 内财科〔2025〕21号 |
        | effective_on | 2025-03-03          |
      When PM proposes it as P-1
      Then it is refused with UNAUTHORISED (clause 四(一))

    Scenario Outline: A programme manager proposes within the specials assigned
      Given the request FundsReallocatedWithinFund:
        | fund         | STIDF                |
        | vintage      | 2025                 |
        | from_special | RDT-KRD              |
        | to_special   | RDT-CHN              |
        | amount       | 1                    |
        | reason       | 科技突围项目优先保障 |
        | effective_on | 2025-03-03           |
      When PM proposes it as P-1 with to_special <special>
      Then it is <outcome>

      Examples:
        | special | outcome                                     |
        | RDT-CHN | accepted                                    |
        | MSP-BRK | refused with UNAUTHORISED (clause 四(一)) |

    Scenario: Nor does a project of another special become theirs by being named
      Given project BRK-9 of special MSP-BRK, chosen by DIRECTED
      And the request ProjectAmended:
        | project      | BRK-9             |
        | title        | Another title     |
        | document     | 变更〔2025〕1号 |
        | effective_on | 2025-03-03        |
      When PM proposes it as P-1
      Then it is refused with UNAUTHORISED (clause 三(一))
      And the refusal says special MSP-BRK

    Scenario: For what both departments sign a programme manager's name does not stand
      Given the request FundsAllocated:
        | fund         | STIDF      |
        | vintage      | 2025       |
        | special      | RDT-CHN    |
        | amount       | 1          |
        | effective_on | 2025-03-03 |
      When PM proposes it as P-1
      Then it is refused with UNAUTHORISED (clause 四(二))
      And available of special RDT-CHN is 0.00

    Scenario Outline: What one department may record alone may be looked at by a second person
      Given STD proposed it as P-1
      When <role> approves P-1 on 2025-03-05
      Then it is accepted
      And it is signed by STD and <role> under P-1
      And committed of project KRD-1 is 3,000,000.01

      Examples:
        | role |
        | STD2 |
        | FIN  |
        | COM  |

    Scenario: Not by the same one
      Given STD proposed it as P-1
      When STD approves P-1 on 2025-03-05
      Then it is refused with SELF_APPROVAL (clause 四(三))

    Scenario: What the treasury reports is proposed by nobody but finance
      Given the request PaymentSettled:
        | order        | ORD-1      |
        | detail       | PAY-1      |
        | amount       | 1          |
        | effective_on | 2025-03-03 |
      When STD proposes it as P-1
      Then it is refused with UNAUTHORISED (clause 四(三))

  Rule: 财政惯例:提案成批办理,全部通过或全部不通过

    Background:
      Given the opening of 2025
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And the request FundsAllocated:
        | fund         | STIDF        |
        | vintage      | 2025         |
        | special      | RDT-KRD      |
        | amount       | 3,000,000.01 |
        | effective_on | 2025-03-03   |
      And beside it the request PreFundingCommitted:
        | project      | KRD-1           |
        | fund         | STIDF           |
        | vintage      | 2025            |
        | amount       | 3,000,000.01    |
        | instalments  | 1: 3,000,000.01 |
        | effective_on | 2025-03-03      |

    Scenario: Each is judged after those before it
      Given STD proposed it as P-1
      When FIN approves P-1 on 2025-03-05
      Then it is accepted
      And the approval and FundsAllocated, PreFundingCommitted are recorded, in this order
      And it is signed by STD and FIN under P-1
      And available of special RDT-KRD is 0.00
      And committed of project KRD-1 is 3,000,000.01
      And replaying the log gives the same balances

    Scenario: If one does not fit, none is proposed
      When STD proposes it as P-1 with amount 3,000,000
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause V3)
      And nobody knows a proposal P-1

    Scenario: If one does not fit any more, none is recorded
      Given STD proposed it as P-1
      And 897,000,000 yuan of STIDF are allocated to MSP-BRK
      And 0.01 yuan of STIDF are allocated to RDT-KRD
      When FIN approves P-1 on 2025-03-05
      Then it is refused with INSUFFICIENT_FUNDS, short 0.02 (clause V3)
      And proposal P-1 is open
      And available of special RDT-KRD is 0.01
      And committed of project KRD-1 is 0.00

    Scenario: Everybody who signs has to be entitled to sign each of them
      Given STD proposed it as P-1
      When COM approves P-1 on 2025-03-05
      Then it is refused with UNAUTHORISED (clause 四(二))
      And committed of project KRD-1 is 0.00

    Scenario: Nobody proposes a list of which they may not propose the last
      When FIN proposes it as P-1
      Then it is refused with UNAUTHORISED (clause 四(三))
      And nobody knows a proposal P-1

  Rule: 财政惯例:提案不占用资金,批准时重新判断

    Background:
      Given the opening of 2025
      And the request FundsAllocated:
        | fund         | NSF            |
        | vintage      | 2025           |
        | special      | BAS-NSP        |
        | amount       | 100,000,000.01 |
        | effective_on | 2025-03-03     |

    Scenario: Two proposals may wait for the same money
      Given STD proposed it as P-1
      When STD proposes it as P-2
      Then it is accepted
      And unallocated of fund NSF is 160,400,000.00
      And proposal P-1 is open
      And proposal P-2 is open

    Scenario: Who is approved first has it
      Given STD proposed it as P-1
      And STD proposed it as P-2
      And FIN approved P-2 on 2025-03-04
      When FIN approves P-1 on 2025-03-05
      Then it is refused with INSUFFICIENT_FUNDS, short 40,000,000.02 (clause V3)
      And proposal P-1 is open
      And available of special BAS-NSP is 100,000,000.01
      And replaying the log gives the same balances

    Scenario: It waits on, and is approved when there is money again
      Given STD proposed it as P-1
      And STD proposed it as P-2
      And FIN approved P-2 on 2025-03-04
      And FIN recorded AppropriationReceived:
        | fund         | NSF                |
        | vintage      | 2025               |
        | amount       | 40,000,000.02      |
        | document     | 内财科〔2025〕8号 |
        | effective_on | 2025-03-03         |
      When FIN approves P-1 on 2025-03-06
      Then it is accepted
      And available of special BAS-NSP is 200,000,000.02
      And unallocated of fund NSF is 400,000.00

    Scenario: More than there is is not even proposed
      When STD proposes it as P-1 with amount 160,000,000.01
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause V3)
      And nobody knows a proposal P-1

    Scenario: A special that was suspended meanwhile takes nothing
      Given STD proposed it as P-1
      And STD recorded SpecialSuspended:
        | special      | BAS-NSP            |
        | document     | 内科计〔2025〕30号 |
        | effective_on | 2025-03-02         |
      When FIN approves P-1 on 2025-03-05
      Then it is refused with SPECIAL_SUSPENDED (clause 三(一))
      And available of special BAS-NSP is 0.00

    Scenario: A month that closed meanwhile takes nothing
      Given STD proposed it as P-1
      And the periods up to 2025-03 are closed
      When FIN approves P-1 on 2025-04-08
      Then it is refused with PERIOD_CLOSED (clause F)
      And the refusal says period 2025-03
      And proposal P-1 is open
      And available of special BAS-NSP is 0.00

    Scenario: It is proposed anew for the open month
      Given STD proposed it as P-1
      And the periods up to 2025-03 are closed
      And STD rejected P-1 on 2025-04-08
      And STD proposed it as P-2 with effective_on 2025-04-08
      When FIN approves P-2 on 2025-04-09
      Then it is accepted
      And all it posts is effective on 2025-04-08 and belongs to period 2025-04

    Scenario: Nothing is proposed for a month that is closed
      Given the periods up to 2025-03 are closed
      When STD proposes it as P-1
      Then it is refused with PERIOD_CLOSED (clause F)

    Scenario: A proposal has a name of its own
      Given STD proposed it as P-1
      When STD proposes it as P-1 with amount 1
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 四(二))

    Scenario: That its name was used is said before that its money is gone
      Given STD proposed it as P-1
      And FIN approved P-1 on 2025-03-04
      When STD proposes it as P-1
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 四(二))
      And the refusal says key proposal:P-1

    Scenario: A business key is taken once within a list, too
      Given the request ProjectRegistered:
        | project      | KRD-2       |
        | special      | RDT-KRD     |
        | title        | 项目(虚构) |
        | mode         | DIRECTED    |
        | undertaker   | @university |
        | external_id  | X-KRD-2     |
        | function     | 2060499     |
        | effective_on | 2025-03-03  |
      And beside it the request ProjectRegistered:
        | project      | KRD-2       |
        | special      | RDT-KRD     |
        | title        | 项目(虚构) |
        | mode         | DIRECTED    |
        | undertaker   | @university |
        | external_id  | X-KRD-3     |
        | function     | 2060499     |
        | effective_on | 2025-03-03  |
      When STD proposes it as P-1
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 二)
      And nobody knows a proposal P-1

    Scenario: A proposal is not corrected
      Given STD proposed it as P-1
      When FIN proposes and FIN2 approves on 2025-04-18 a correction of:
        | ProposalSubmitted | taken back | |
      Then it is refused with NOT_CORRECTABLE (clause F)
      And proposal P-1 is open

    Scenario: Nor is its approval, but what it brought is
      Given STD proposed it as P-1
      And FIN approved P-1 on 2025-03-04
      And the correction on 2025-04-18:
        | FundsAllocated BAS-NSP | taken back | |
      When FIN proposes and FIN2 approves it
      Then it is accepted
      And available of special BAS-NSP is 0.00
      And proposal P-1 is approved

    Scenario Outline: What decided a proposal is not corrected
      Given STD proposed it as P-1
      And FIN <what> P-1 on 2025-03-04
      And the correction on 2025-04-18:
        | <kind> P-1 | taken back | |
      When FIN proposes and FIN2 approves it
      Then it is refused with NOT_CORRECTABLE (clause F)
      And proposal P-1 is <what>

      Examples:
        | what     | kind             |
        | approved | ProposalApproved |
        | rejected | ProposalRejected |

  Rule: 政策参数 提案有效天数

    Background:
      Given the opening of 2025
      And FIN proposed and STD approved PolicyParameterSet:
        | name         | proposal_days      |
        | days         | 30                 |
        | document     | 内财科〔2025〕7号 |
        | effective_on | 2025-01-15         |
      And the request FundsAllocated:
        | fund         | STIDF          |
        | vintage      | 2025           |
        | special      | RDT-KRD        |
        | amount       | 300,000,000.05 |
        | effective_on | 2025-03-03     |

    Scenario Outline: A proposal is open to the last minute of its last day in Shanghai
      Given STD proposed it as P-1
      And it is <day> <hour> in Shanghai
      When FIN approves P-1 on 2025-03-05
      Then it is <outcome>
      And available of special RDT-KRD is <available>

      Examples:
        | day        | hour  | outcome                                         | available      |
        | 2025-04-02 | 00:01 | accepted                                        | 300,000,000.05 |
        | 2025-04-02 | 23:59 | accepted                                        | 300,000,000.05 |
        | 2025-04-03 | 00:00 | refused with PROPOSAL_NOT_OPEN (clause 四(二)) | 0.00           |
        | 2026-01-01 | 12:00 | refused with PROPOSAL_NOT_OPEN (clause 四(二)) | 0.00           |

    Scenario: The refusal says since when
      Given STD proposed it as P-1
      And it is 2025-04-03 00:00 in Shanghai
      When FIN approves P-1 on 2025-04-03
      Then it is refused with PROPOSAL_NOT_OPEN (clause 四(二))
      And the refusal says expired_on 2025-04-02

    Scenario: Nor is it turned down any more
      Given STD proposed it as P-1
      And it is 2025-04-03 00:00 in Shanghai
      When FIN rejects P-1 on 2025-04-03
      Then it is refused with PROPOSAL_NOT_OPEN (clause 四(二))

    Scenario Outline: A day that the proposal names goes before the parameter
      Given STD proposed it as P-1, open until <last>
      And it is <day> 18:00 in Shanghai
      When FIN approves P-1 on 2025-03-05
      Then it is <outcome>

      Examples:
        | last       | day        | outcome                                         |
        | 2025-03-10 | 2025-03-10 | accepted                                        |
        | 2025-03-10 | 2025-03-11 | refused with PROPOSAL_NOT_OPEN (clause 四(二)) |
        | 2025-04-30 | 2025-04-30 | accepted                                        |

    Scenario: A shorter term set later does not shorten what waits
      Given STD proposed it as P-1
      And FIN proposed and STD approved PolicyParameterSet:
        | name         | proposal_days       |
        | days         | 5                   |
        | document     | 内财科〔2025〕17号 |
        | effective_on | 2025-03-04          |
      And it is 2025-04-02 12:00 in Shanghai
      When FIN approves P-1 on 2025-04-02
      Then it is accepted

    Scenario: Before the parameter was in force nothing expires
      Given STD proposed it as P-1 with effective_on 2025-01-14
      And it is 2025-12-31 12:00 in Shanghai
      When FIN approves P-1 on 2025-12-31
      Then it is accepted
      And available of special RDT-KRD is 300,000,000.05

  Rule: 财政惯例:提案只办结一次

    Background:
      Given the opening of 2025
      And the request FundsAllocated:
        | fund         | STIDF          |
        | vintage      | 2025           |
        | special      | RDT-KRD        |
        | amount       | 300,000,000.05 |
        | effective_on | 2025-03-03     |
      And STD proposed it as P-1

    Scenario Outline: It is turned down
      When <role> rejects P-1 on 2025-03-05
      Then it is accepted
      And it posts nothing
      And proposal P-1 is rejected
      And available of special RDT-KRD is 0.00
      And replaying the log gives the same balances

      Examples: by who approves
        | role |
        | FIN  |
        | STD2 |
        | COM  |

      Examples: or withdrawn by who proposed it
        | role |
        | STD  |

    Scenario: A programme manager withdraws their own
      Given the request ProjectRegistered:
        | project      | KRD-9             |
        | special      | RDT-KRD           |
        | title        | KRD-9 (synthetic) |
        | mode         | COMPETITIVE       |
        | undertaker   | @university       |
        | external_id  | X-KRD-9           |
        | function     | 2060499           |
        | effective_on | 2025-03-03        |
      And li as PM proposed it as P-2
      When li as PM rejects P-2 on 2025-03-05
      Then it is accepted
      And proposal P-2 is rejected

    Scenario Outline: Nobody else turns it down
      When <role> rejects P-1 on 2025-03-05
      Then it is refused with UNAUTHORISED (clause 五(二))
      And proposal P-1 is open

      Examples:
        | role            |
        | PM              |
        | REC of industry |
        | TRE             |
        | AUD             |
        | ADM             |

    Scenario Outline: What is decided is decided
      Given FIN <what> P-1 on 2025-03-05
      When <role> <does> P-1 on 2025-03-06
      Then it is refused with PROPOSAL_NOT_OPEN (clause 四(二))
      And proposal P-1 is <what>
      And available of special RDT-KRD is <available>

      Examples:
        | what     | role | does     | available      |
        | approved | FIN  | approves | 300,000,000.05 |
        | approved | FIN  | rejects  | 300,000,000.05 |
        | approved | STD  | rejects  | 300,000,000.05 |
        | rejected | FIN  | approves | 0.00           |
        | rejected | FIN  | rejects  | 0.00           |

    Scenario Outline: A proposal that nobody knows
      When FIN <does> P-9 on 2025-03-05
      Then it is refused with UNKNOWN_REFERENCE (clause 四(二))
      And the refusal says proposal P-9

      Examples:
        | does     |
        | approves |
        | rejects  |

    Scenario Outline: A closed month takes no decision
      Given the periods up to 2025-03 are closed
      When FIN <does> P-1 on 2025-03-31
      Then it is refused with PERIOD_CLOSED (clause F)
      And proposal P-1 is open

      Examples:
        | does     |
        | approves |
        | rejects  |
