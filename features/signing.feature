Feature: Signing 签批
  Which kinds, from which amount on, need more signatures than the notice asks is data: by a document, signed by both
  departments, from a day on. Nobody signs twice, neither for themselves nor in another's place, and what is signed is what was read.

  Rule: 财政惯例:签批规则以文件为依据,由财政与科技部门共同设定

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And the request SigningRuleSet:
        | rule         | large-commitments       |
        | kinds        | ["PreFundingCommitted"] |
        | from_amount  | 1,000,000               |
        | steps        | ["STD", "COM"]          |
        | document     | 内财科〔2025〕9号      |
        | effective_on | 2025-02-01              |

    Scenario Outline: Finance and the S&T department sign, in either order
      When <first> proposes and <second> approves it
      Then it is accepted
      And it posts nothing
      And replaying the log gives the same balances

      Examples:
        | first | second |
        | FIN   | STD    |
        | STD   | FIN    |

    Scenario Outline: Nobody sets a rule alone
      When <role> records it
      Then it is refused with UNAUTHORISED (clause P)

      Examples:
        | role |
        | FIN  |
        | STD  |
        | COM  |
        | ADM  |

    Scenario: There is no rule without a document
      When FIN proposes and STD approves it without document
      Then it is refused with DOCUMENT_MISSING (clause P)

    Scenario: A kind that nobody knows
      When FIN proposes and STD approves it with kinds ["MoneyMoved"]
      Then it is refused with UNKNOWN_REFERENCE (clause P)
      And the refusal says kind MoneyMoved

    Scenario Outline: Facts of the treasury are recorded as they come, and proposals are how signatures are given
      When FIN proposes and STD approves it with kinds ["PreFundingCommitted", "<kind>"]
      Then it is refused with SIGNING_NOT_APPLICABLE (clause P)
      And the refusal says kind <kind>

      Examples:
        | kind                        |
        | PaymentSettled              |
        | UnmatchedReceiptRecorded    |
        | ProposalSubmitted           |
        | ProposalApproved            |
        | ProposalRejected            |

    Scenario Outline: A step is given to a role that may sign what others proposed
      When FIN proposes and STD approves it with steps ["COM", "<role>"]
      Then it is refused with SIGNING_NOT_APPLICABLE (clause P)
      And the refusal says role <role>

      Examples:
        | role |
        | PM   |
        | TRE  |
        | AUD  |
        | UND  |

    Scenario Outline: More than four steps, or steps of nobody, are no form of a rule
      When FIN sends it malformed with steps <steps>
      Then the form of <where> does not fit

      Examples:
        | steps                               | where |
        | ["STD", "STD", "STD", "FIN", "COM"] | steps |
        | ["KING"]                            | 0     |

    Scenario: A rule that was set is replaced by another and not corrected
      Given FIN proposed and STD approved it
      When FIN proposes and FIN2 approves on 2025-04-18 a correction of:
        | SigningRuleSet | from_amount | 5,000,000 |
      Then it is refused with NOT_CORRECTABLE (clause F)

    Scenario Outline: It is in force from its day on, and no longer once it is repealed
      Given FIN proposed and STD approved it
      And FIN proposed and STD approved SigningRuleSet:
        | rule         | large-commitments       |
        | kinds        | ["PreFundingCommitted"] |
        | steps        | []                      |
        | document     | 内财科〔2025〕19号     |
        | effective_on | 2025-04-01              |
      And the request PreFundingCommitted:
        | project      | KRD-1        |
        | fund         | STIDF        |
        | vintage      | 2025         |
        | amount       | 1,000,000    |
        | instalments  | 1: 1,000,000 |
        | effective_on | 2025-02-01   |
      And it is <day> 10:00 in Shanghai
      When STD records it
      Then it is <outcome>
      And committed of project KRD-1 is <committed>
      And replaying the log gives the same balances

      Examples:
        | day        | outcome                                   | committed    |
        | 2025-01-31 | accepted                                  | 1,000,000.00 |
        | 2025-02-01 | refused with UNAUTHORISED (clause 四(三)) | 0.00         |
        | 2025-03-31 | refused with UNAUTHORISED (clause 四(三)) | 0.00         |
        | 2025-04-01 | accepted                                  | 1,000,000.00 |

    Scenario: A business date of before the rule does not evade it
      Given FIN proposed and STD approved it
      And the request PreFundingCommitted:
        | project      | KRD-1        |
        | fund         | STIDF        |
        | vintage      | 2025         |
        | amount       | 1,000,000    |
        | instalments  | 1: 1,000,000 |
        | effective_on | 2025-01-31   |
      And it is 2025-02-03 10:00 in Shanghai
      When STD records it
      Then it is refused with UNAUTHORISED (clause 四(三))

    Scenario: A rule may stand before the rules themselves
      Given SigningRuleSet from 0.01 yuan on is also signed by COM
      And FIN proposed it as P-1
      And STD approved P-1 on 2025-02-03
      When COM approves P-1 on 2025-02-04
      Then it is accepted
      And it is signed by FIN, STD and COM under P-1

  Rule: 财政惯例:经办、复核、审批逐级签批

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And PreFundingCommitted from 1,000,000 yuan on is also signed by STD, COM
      And the request PreFundingCommitted:
        | project      | KRD-1        |
        | fund         | STIDF        |
        | vintage      | 2025         |
        | amount       | 1,000,000    |
        | instalments  | 1: 1,000,000 |
        | effective_on | 2025-03-03   |

    Scenario: What one role signed alone is recorded by it no more
      When STD records it
      Then it is refused with UNAUTHORISED (clause 四(三))
      And the refusal says needs STD+STD+COM

    Scenario: Below the amount it is
      When STD records it with:
        | amount      | 999,999.99    |
        | instalments | 1: 999,999.99 |
      Then it is accepted

    Scenario: Each step adds its signature, and the proposal waits for the next
      Given STD proposed it as P-1
      When STD2 approves P-1 on 2025-03-05
      Then it is accepted
      And it posts nothing
      And proposal P-1 is open
      And proposal P-1 awaits COM
      And committed of project KRD-1 is 0.00
      And replaying the log gives the same balances

    Scenario: The last one brings the movements, signed by everybody
      Given STD proposed it as P-1
      And STD2 approved P-1 on 2025-03-05
      When COM approves P-1 on 2025-03-06
      Then it is accepted
      And the approval and PreFundingCommitted are recorded, in this order
      And it is signed by STD, STD2 and COM under P-1
      And proposal P-1 is approved
      And committed of project KRD-1 is 1,000,000.00
      And replaying the log gives the same balances

    Scenario: It is undone by its opposite, which is under no rule
      Given STD proposed it as P-1
      And STD2 approved P-1 on 2025-03-05
      And COM approved P-1 on 2025-03-06
      When STD records CommitmentReleased:
        | project      | KRD-1     |
        | instalment   | 1         |
        | amount       | 1,000,000 |
        | document     | 终止1号  |
        | reason       | 项目终止 |
        | effective_on | 2025-03-10 |
      Then it is accepted
      And committed of project KRD-1 is 0.00

    Scenario Outline: Nobody signs out of turn, or twice
      Given STD proposed it as P-1
      When <role> approves P-1 on 2025-03-05
      Then it is refused with <code>
      And proposal P-1 awaits STD

      Examples:
        | role | code          |
        | COM  | UNAUTHORISED  |
        | FIN  | UNAUTHORISED  |
        | AUD  | UNAUTHORISED  |
        | STD  | SELF_APPROVAL |

    Scenario: Whoever signed a step does not sign the next in another role
      Given STD proposed it as P-1
      And li as STD approved P-1 on 2025-03-05
      When li as COM approves P-1 on 2025-03-06
      Then it is refused with SELF_APPROVAL (clause 四(三))
      And proposal P-1 is open

    Scenario: What a programme manager proposes is signed by the department before the added steps
      Given PM proposed it as P-1
      And STD approved P-1 on 2025-03-04
      And STD2 approved P-1 on 2025-03-05
      When COM approves P-1 on 2025-03-06
      Then it is accepted
      And it is signed by PM, STD, STD2 and COM under P-1

    Scenario: Parts of a list count together
      Given the request PreFundingCommitted:
        | project      | KRD-1      |
        | fund         | STIDF      |
        | vintage      | 2025       |
        | amount       | 999,999    |
        | instalments  | 1: 999,999 |
        | effective_on | 2025-03-03 |
      And beside it the request PreFundingCommitted:
        | project      | KRD-1      |
        | fund         | STIDF      |
        | vintage      | 2025       |
        | amount       | 1          |
        | instalments  | 2: 1       |
        | effective_on | 2025-03-03 |
      And STD proposed it as P-1
      When FIN approves P-1 on 2025-03-05
      Then it is refused with UNAUTHORISED (clause 四(三))
      And the refusal says needs STD+STD+COM

    Scenario: A list is signed by everybody whom one of its movements needs
      Given beside it the request FundsAllocated:
        | fund         | STIDF      |
        | vintage      | 2025       |
        | special      | RDT-CHN    |
        | amount       | 1          |
        | effective_on | 2025-03-03 |
      And STD proposed it as P-1
      And FIN approved P-1 on 2025-03-04
      And STD2 approved P-1 on 2025-03-05
      When COM approves P-1 on 2025-03-06
      Then it is accepted
      And it is signed by STD, FIN, STD2 and COM under P-1
      And available of special RDT-CHN is 1.00

    Scenario: Larger amounts take the steps of smaller ones and more
      Given PreFundingCommitted from 5,000,000 yuan on is also signed by FIN
      And STD proposed it as P-1 with effective_on 2025-03-04
      And STD2 approved P-1 on 2025-03-05
      And COM approved P-1 on 2025-03-06
      And the request PreFundingCommitted:
        | project      | KRD-1        |
        | fund         | STIDF        |
        | vintage      | 2025         |
        | amount       | 5,000,000    |
        | instalments  | 2: 5,000,000 |
        | effective_on | 2025-03-07   |
      And STD proposed it as P-2
      And STD2 approved P-2 on 2025-03-07
      When COM approves P-2 on 2025-03-08
      Then it is accepted
      And proposal P-2 awaits FIN

    Scenario: What has no amount counts as at or above every amount
      Given ProjectAmended from 90,000,000,000,000 yuan on is also signed by COM
      When STD records ProjectAmended:
        | project      | KRD-1             |
        | title        | Another title     |
        | document     | 变更〔2025〕1号 |
        | effective_on | 2025-03-03        |
      Then it is refused with UNAUTHORISED (clause 三(一))

    Scenario: A correction is signed like what it puts in its place
      Given PaymentOrdered from 500,000 yuan on is also signed by COM
      And 999,999.99 yuan of STIDF are committed to KRD-1 in one instalment
      And STD recorded PaymentOrdered:
        | order        | ORD-1       |
        | project      | KRD-1       |
        | instalment   | 1           |
        | amount       | 499,999.99  |
        | payee        | @university |
        | document     | 拨付1号    |
        | effective_on | 2025-03-03  |
      And the correction on 2025-04-18:
        | PaymentOrdered ORD-1 | amount | 500,000 |
      And FIN proposed it as P-1
      And FIN2 approved P-1 on 2025-04-19
      When COM approves P-1 on 2025-04-20
      Then it is accepted
      And it is signed by FIN, FIN2 and COM under P-1

    Scenario: A rule that is set meanwhile is obeyed by what waits
      Given PaymentOrdered from 0.01 yuan on is also signed by FIN
      And STD proposed it as P-1
      And STD2 approved P-1 on 2025-03-05
      And PreFundingCommitted from 0.01 yuan on is also signed by FIN
      When COM approves P-1 on 2025-03-06
      Then it is refused with UNAUTHORISED (clause 四(三))
      And proposal P-1 is open

    Scenario: Where a rule is repealed meanwhile, whoever approves completes what waits
      Given STD proposed it as P-1
      And STD2 approved P-1 on 2025-03-05
      And FIN proposed and STD approved SigningRuleSet:
        | rule         | R-1                     |
        | kinds        | ["PreFundingCommitted"] |
        | steps        | []                      |
        | document     | 内财科〔2025〕19号     |
        | effective_on | 2025-03-06              |
      When FIN approves P-1 on 2025-03-06
      Then it is accepted
      And it is signed by STD, STD2 and FIN under P-1
      And replaying the log gives the same balances

    Scenario: Nobody signs what could not be recorded, at no step
      Given STD proposed it as P-1
      And STD recorded FundsReallocatedWithinFund:
        | fund         | STIDF                |
        | vintage      | 2025                 |
        | from_special | RDT-KRD              |
        | to_special   | RDT-CHN              |
        | amount       | 299,000,000.01       |
        | reason       | 科技突围项目优先保障 |
        | effective_on | 2025-03-03           |
      When STD2 approves P-1 on 2025-03-05
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause V3)
      And proposal P-1 awaits STD

    Scenario: Without the line that needed more signatures the rest needs no more
      Given beside it the request FundsAllocated:
        | fund         | STIDF      |
        | vintage      | 2025       |
        | special      | RDT-CHN    |
        | amount       | 1          |
        | effective_on | 2025-03-03 |
      And STD proposed it as P-1
      When FIN approves P-1 without line 1 on 2025-03-05
      Then it is accepted
      And the approval and FundsAllocated are recorded, in this order
      And committed of project KRD-1 is 0.00

    Scenario: A list does not release itself by the rule that it repeals
      Given the request SigningRuleSet:
        | rule         | R-1                     |
        | kinds        | ["PreFundingCommitted"] |
        | steps        | []                      |
        | document     | 内财科〔2025〕19号     |
        | effective_on | 2025-02-01              |
      And beside it the request PreFundingCommitted:
        | project      | KRD-1        |
        | fund         | STIDF        |
        | vintage      | 2025         |
        | amount       | 1,000,000    |
        | instalments  | 1: 1,000,000 |
        | effective_on | 2025-03-03   |
      And STD proposed it as P-1
      When FIN approves P-1 on 2025-03-05
      Then it is accepted
      And proposal P-1 awaits STD
      And committed of project KRD-1 is 0.00

    Scenario Outline: Any later signer ends it
      Given STD proposed it as P-1
      And STD2 approved P-1 on 2025-03-05
      When <role> rejects P-1 on 2025-03-06
      Then it is accepted
      And proposal P-1 is rejected
      And replaying the log gives the same balances

      Examples:
        | role |
        | COM  |
        | STD  |
        | STD2 |

  Rule: 财政惯例:A/B角代理签批留痕,代理人与被代理人视为同一人

    Background:
      Given the opening of 2025
      And the request FundsAllocated:
        | fund         | STIDF      |
        | vintage      | 2025       |
        | special      | RDT-KRD    |
        | amount       | 100        |
        | effective_on | 2025-03-03 |

    Scenario: In whose place somebody signs is recorded
      Given li as STD for wang proposed it as P-1
      When zhao as FIN for qian approves P-1 on 2025-03-05
      Then it is accepted
      And zhao as FIN for qian is recorded as signing under P-1
      And replaying the log gives the same balances

    Scenario Outline: Who acts for another is that other, too
      Given <first> proposed it as P-1
      When <second> approves P-1 on 2025-03-05
      Then it is refused with SELF_APPROVAL (clause 四(二))
      And proposal P-1 is open

      Examples:
        | first              | second              |
        | li as STD          | wang as FIN for li  |
        | li as STD for wang | wang as FIN         |
        | li as STD for wang | li as FIN           |
        | li as STD for wang | zhao as FIN for li  |
        | li as STD for wang | zhao as FIN for wang |
        | li as STD          | li as FIN for zhao  |

    Scenario: Nor does a delegate come back at a later step
      Given FundsAllocated from 0.01 yuan on is also signed by COM
      And li as STD proposed it as P-1
      And zhao as FIN for wang approved P-1 on 2025-03-05
      When wang as COM approves P-1 on 2025-03-06
      Then it is refused with SELF_APPROVAL (clause 四(二))

    Scenario Outline: What was proposed in somebody's name both may withdraw
      Given the request NationalProjectFiled:
        | project      | CRC-1      |
        | national_id  | N-1        |
        | effective_on | 2025-03-03 |
      And project CRC-1 of special MSP-CRC, chosen by RECOMMENDED
      And li as REC of industry for wang proposed it as P-1
      When <who> rejects P-1 on 2025-03-05
      Then it is <outcome>

      Examples:
        | who                           | outcome                     |
        | li as REC of industry         | accepted                    |
        | wang as REC of industry       | accepted                    |
        | zhao as REC of industry       | refused with UNAUTHORISED   |

  Rule: 财政惯例:所签即所提,划去的行不再办理

    Background:
      Given the opening of 2025
      And FundsAllocated from 0.01 yuan on is also signed by COM
      And the request FundsAllocated:
        | fund         | STIDF      |
        | vintage      | 2025       |
        | special      | RDT-KRD    |
        | amount       | 100        |
        | effective_on | 2025-03-03 |
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And beside it the request PreFundingCommitted:
        | project      | KRD-1      |
        | fund         | STIDF      |
        | vintage      | 2025       |
        | amount       | 60         |
        | instalments  | 1: 60      |
        | effective_on | 2025-03-03 |
      And beside it the request FundsAllocated:
        | fund         | STIDF      |
        | vintage      | 2025       |
        | special      | RDT-CHN    |
        | amount       | 1          |
        | effective_on | 2025-03-03 |
      And STD proposed it as P-1
      And the digest of P-1 is noted down

    Scenario: What was read is what is signed
      When FIN approves P-1 as it was noted down on 2025-03-05
      Then it is accepted
      And proposal P-1 awaits COM

    Scenario: Later signers sign the rest, and what was struck out never comes back
      Given FIN approved P-1 without line 3 on 2025-03-05
      When COM approves P-1 on 2025-03-06
      Then it is accepted
      And the approval and FundsAllocated, PreFundingCommitted are recorded, in this order
      And line 3 of P-1 was struck out by FIN
      And available of special RDT-KRD is 40.00
      And available of special RDT-CHN is 0.00
      And replaying the log gives the same balances

    Scenario: Each may strike out more
      Given FIN approved P-1 without line 2 on 2025-03-05
      When COM approves P-1 without line 3 on 2025-03-06
      Then it is accepted
      And the approval and FundsAllocated are recorded, in this order
      And line 2 of P-1 was struck out by FIN
      And line 3 of P-1 was struck out by COM

    Scenario: Whoever read it before lines were struck out reads it again
      Given FIN approved P-1 without line 3 on 2025-03-05
      When COM approves P-1 as it was noted down on 2025-03-06
      Then it is refused with PROPOSAL_CHANGED (clause 四(二))
      And proposal P-1 is open

    Scenario: What needs a line that is struck out is refused with it, all of it
      When FIN approves P-1 without line 1 on 2025-03-05
      Then it is refused with INSUFFICIENT_FUNDS, short 60.00 (clause V3)
      And proposal P-1 is open

    Scenario Outline: Struck out is what stands, and not all of it
      Given FIN approved P-1 without line 3 on 2025-03-05
      When COM approves P-1 without lines <lines> on 2025-03-06
      Then it is refused with <code> (clause 四(二))

      Examples:
        | lines | code              |
        | 3     | UNKNOWN_REFERENCE |
        | 2, 4  | UNKNOWN_REFERENCE |
        | 1, 2  | NOTHING_LEFT      |
