Feature: Matching money 匹配资金
  Who recommends promises, and who promises pays: in tranches with due dates, beside the funds and never out of them.

  Rule: 二(一)3 按照“谁推荐、谁承诺、谁筹措匹配资金”的原则推荐申报

    Background:
      Given the opening of 2025
      And project CRC-1 of special MSP-CRC, chosen by RECOMMENDED
      And the request MatchingCommitted:
        | pledge       | PL-1                                                                                                          |
        | project      | CRC-1                                                                                                         |
        | pledger      | @industry                                                                                                     |
        | amount       | 8,000,000.01                                                                                                  |
        | tranches     | [{"due_on": "2025-06-30", "amount": "5000000.01"}, {"due_on": "2025-12-31", "amount": "3000000"}] |
        | basis        | 匹配承诺函〔2025〕1号                                                                                         |
        | effective_on | 2025-02-12                                                                                                    |

    Scenario: Who recommended the project promises, and no fund has more for it
      When REC of industry records it
      Then it is accepted
      And matching pledged of project CRC-1 is 8,000,000.01
      And matching pledged of plan MSP is 8,000,000.01
      And matching received of project CRC-1 is 0.00
      And available of special MSP-CRC is 0.00
      And supply of all is 1,146,260,000.00
      And replaying the log gives the same balances

    Scenario: What is missing of it is what was due before the day
      When REC of industry records it
      Then of pledge PL-1 0.00 is due before 2025-06-30 and 0.00 of it missing
      And of pledge PL-1 5,000,000.01 is due before 2025-07-01 and 5,000,000.01 of it missing
      And of pledge PL-1 5,000,000.01 is due before 2025-12-31 and 5,000,000.01 of it missing
      And of pledge PL-1 8,000,000.01 is due before 2026-01-01 and 8,000,000.01 of it missing

    Scenario: It may promise more than once
      Given REC of industry recorded it
      When REC of industry records it with pledge PL-2
      Then it is accepted
      And matching pledged of project CRC-1 is 16,000,000.02

    Scenario: Another department does not promise for it
      When REC of agriculture records it
      Then it is refused with NOT_RECOMMENDER (clause 二(一)3)

    Scenario: Nor for itself, where it did not recommend
      When REC of agriculture records it with pledger @agriculture
      Then it is refused with NOT_RECOMMENDER (clause V9)

    Scenario: Nor does the undertaker in the place of who recommended
      When UND of university records it with pledger @university
      Then it is refused with NOT_RECOMMENDER (clause 二(一)3)

    Scenario: The tranches add up to the promise
      When REC of industry records it with amount 8,000,000.02
      Then it is refused with SCHEDULE_MISMATCH, short 0.01 (clause 二(一)3)

    Scenario: A pledge has a name of its own
      Given REC of industry recorded it
      When REC of industry records it
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 二(一)3)

    Scenario Outline: What it cites is there
      When REC of industry records it with <field> <value>
      Then it is refused with UNKNOWN_REFERENCE (clause <clause>)

      Examples:
        | field   | value     | clause |
        | project | CRC-9     | 二     |
        | pledger | @stranger | 二末   |

    Scenario: A closed project
      Given STD recorded ProjectClosed:
        | project      | CRC-1             |
        | evaluation   | 综评〔2025〕1号 |
        | effective_on | 2025-02-11        |
      When REC of industry records it
      Then it is refused with PROJECT_CLOSED (clause 三(一))

    Scenario Outline: The form of a promise
      When REC of industry sends it malformed with <field> <value>
      Then the form of <field> does not fit

      Examples:
        | field    | value              |
        | tranches | []                 |
        | pledger  | 121500000000000018 |
        | amount   | 8000000.001        |

    Scenario: It says what it rests on
      When REC of industry sends it malformed without basis
      Then the form of basis does not fit

    Scenario Outline: Who gives the fund's money promises no other
      When <role> records it
      Then it is refused with UNAUTHORISED (clause 二(一)3)

      Examples:
        | role |
        | STD  |
        | FIN  |
        | COM  |

    Scenario: A closed month takes no promise
      Given the periods up to 2025-02 are closed
      When REC of industry records it
      Then it is refused with PERIOD_CLOSED (clause F)

    Scenario: A promise is reduced, not corrected
      Given REC of industry recorded it
      When FIN proposes and FIN2 approves on 2025-03-10 a correction of:
        | MatchingCommitted | taken back | |
      Then it is refused with NOT_CORRECTABLE (clause F)

  Rule: 四(三) 建立“财政资金引导+企业自主投入+金融社会资本投入”的多元化投入体系

    Background:
      Given the opening of 2025
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And the request MatchingCommitted:
        | pledge       | PL-1                                           |
        | project      | KRD-1                                          |
        | pledger      | @university                                    |
        | amount       | 1,000,000                                      |
        | tranches     | [{"due_on": "2025-06-30", "amount": "1000000"}] |
        | basis        | 任务书〔2025〕1号                              |
        | effective_on | 2025-02-12                                     |

    Scenario Outline: Elsewhere undertakers, joint funders and leagues promise for themselves
      When <who> records it with pledger <pledger>
      Then it is accepted
      And matching pledged of project KRD-1 is 1,000,000.00

      Examples:
        | who               | pledger     |
        | UND of university | @university |
        | UND of company    | @company    |
        | LEA of league     | @league     |
        | REC of industry   | @industry   |

    Scenario: But not for one another
      When LEA of league records it
      Then it is refused with UNAUTHORISED (clause 二(一)3)

  Rule: 二(一)3 What was promised arrives 谁筹措匹配资金

    Background:
      Given the opening of 2025
      And project CRC-1 of special MSP-CRC, chosen by RECOMMENDED
      And REC of industry recorded MatchingCommitted:
        | pledge       | PL-1                                                                                              |
        | project      | CRC-1                                                                                             |
        | pledger      | @industry                                                                                         |
        | amount       | 8,000,000.01                                                                                      |
        | tranches     | [{"due_on": "2025-06-30", "amount": "5000000.01"}, {"due_on": "2025-12-31", "amount": "3000000"}] |
        | basis        | 匹配承诺函〔2025〕1号                                                                             |
        | effective_on | 2025-02-12                                                                                        |
      And the request MatchingReceived:
        | pledge       | PL-1       |
        | amount       | 2,000,000  |
        | origin       | LEAGUE     |
        | evidence     | 到账凭证1  |
        | effective_on | 2025-06-20 |

    Scenario: The pledger reports, the S&T department confirms
      When REC of industry proposes and STD approves it
      Then it is accepted
      And matching pledged of project CRC-1 is 8,000,000.01
      And matching received of project CRC-1 is 2,000,000.00
      And available of special MSP-CRC is 0.00
      And supply of all is 1,146,260,000.00
      And replaying the log gives the same balances

    Scenario: The gap is what was due and did not arrive
      When REC of industry proposes and STD approves it
      Then of pledge PL-1 0.00 is due before 2025-06-30 and 0.00 of it missing
      And of pledge PL-1 5,000,000.01 is due before 2025-07-01 and 3,000,000.01 of it missing
      And of pledge PL-1 8,000,000.01 is due before 2026-01-01 and 6,000,000.01 of it missing

    Scenario: What arrives early closes a later gap
      When REC of industry proposes and STD approves it with amount 6,000,000
      Then of pledge PL-1 5,000,000.01 is due before 2025-07-01 and 0.00 of it missing
      And of pledge PL-1 8,000,000.01 is due before 2026-01-01 and 2,000,000.01 of it missing

    Scenario: Not more than is outstanding
      Given REC of industry proposed and STD approved it
      When REC of industry proposes and STD approves it with amount 6,000,000.02
      Then it is refused with OVER_OUTSTANDING, short 0.01 (clause V3)

    Scenario: Not before it was promised
      When REC of industry proposes and STD approves it with effective_on 2025-02-11
      Then it is refused with OVER_OUTSTANDING, short 2,000,000.00 (clause V3)

    Scenario Outline: Never from a fund
      When REC of industry proposes and STD approves it with origin <fund>
      Then it is refused with MATCHING_FROM_FUND (clause 二(一)3)

      Examples:
        | fund  |
        | STIDF |
        | NSF   |
        | MSTP  |

    Scenario: A pledge that nobody made
      When REC of industry proposes and STD approves it with pledge PL-9
      Then it is refused with UNKNOWN_REFERENCE (clause 二(一)3)

    Scenario: Only who promised reports it
      When REC of agriculture proposes and STD approves it
      Then it is refused with NOT_RECOMMENDER (clause 二(一)3)

    Scenario Outline: Nobody reports it without the other
      When <who> records it
      Then it is refused with UNAUTHORISED (clause 二(一)3)

      Examples:
        | who             |
        | REC of industry |
        | STD             |

    Scenario: The pledger comes first
      When STD proposes and FIN approves it
      Then it is refused with UNAUTHORISED (clause 二(一)3)

    Scenario: Finance does not confirm in the place of the S&T department
      When REC of industry proposes and FIN approves it
      Then it is refused with UNAUTHORISED (clause 二(一)3)

    Scenario: A closed month takes no receipt
      Given the periods up to 2025-06 are closed
      When REC of industry proposes and STD approves it
      Then it is refused with PERIOD_CLOSED (clause F)

    Scenario: A receipt that was reported wrongly
      Given REC of industry proposed and STD approved it
      When FIN proposes and FIN2 approves on 2025-07-10 a correction of:
        | MatchingReceived | amount | 200,000 |
      Then it is accepted
      And matching received of project CRC-1 is 200,000.00
      And matching pledged of project CRC-1 is 8,000,000.01
      And of pledge PL-1 5,000,000.01 is due before 2025-07-01 and 4,800,000.01 of it missing
      And replaying the log gives the same balances

    Scenario Outline: A correction does not say what a receipt may not
      Given REC of industry proposed and STD approved it
      When FIN proposes and FIN2 approves on 2025-07-10 a correction of:
        | MatchingReceived | <field> | <value> |
      Then it is refused with <code>

      Examples:
        | field  | value        | code               |
        | amount | 8,000,000.02 | OVER_OUTSTANDING   |
        | origin | STIDF        | MATCHING_FROM_FUND |
        | pledge | PL-9         | UNKNOWN_REFERENCE  |

  Rule: 二(一)3 A promise is made smaller 科技办统筹推动

    Background:
      Given the opening of 2025
      And project CRC-1 of special MSP-CRC, chosen by RECOMMENDED
      And REC of industry recorded MatchingCommitted:
        | pledge       | PL-1                                                                                              |
        | project      | CRC-1                                                                                             |
        | pledger      | @industry                                                                                         |
        | amount       | 8,000,000.01                                                                                      |
        | tranches     | [{"due_on": "2025-06-30", "amount": "5000000.01"}, {"due_on": "2025-12-31", "amount": "3000000"}] |
        | basis        | 匹配承诺函〔2025〕1号                                                                             |
        | effective_on | 2025-02-12                                                                                        |
      And REC of industry proposed and STD approved MatchingReceived:
        | pledge       | PL-1       |
        | amount       | 2,000,000  |
        | origin       | MATCHING   |
        | effective_on | 2025-06-20 |
      And the request MatchingReduced:
        | pledge       | PL-1                                               |
        | amount       | 1,500,000                                          |
        | tranches     | [{"due_on": "2025-09-30", "amount": "4500000.01"}] |
        | document     | 科技办〔2025〕4号                                  |
        | effective_on | 2025-07-10                                         |

    Scenario: What stays has tranches of its own
      When COM records it
      Then it is accepted
      And matching pledged of project CRC-1 is 6,500,000.01
      And matching received of project CRC-1 is 2,000,000.00
      And of pledge PL-1 2,000,000.00 is due before 2025-09-30 and 0.00 of it missing
      And of pledge PL-1 6,500,000.01 is due before 2025-10-01 and 4,500,000.01 of it missing
      And replaying the log gives the same balances

    Scenario: All that did not arrive may be let off
      When COM records it with:
        | amount   | 6,000,000.01 |
        | tranches | []           |
      Then it is accepted
      And matching pledged of project CRC-1 is 2,000,000.00
      And of pledge PL-1 2,000,000.00 is due before 2026-01-01 and 0.00 of it missing

    Scenario: Not more than is still to come is let off
      When COM records it with amount 6,000,000.02
      Then it is refused with OVER_OUTSTANDING, short 0.01 (clause V3)

    Scenario Outline: The tranches add up to what stays
      When COM records it with tranches <tranches>
      Then it is refused with SCHEDULE_MISMATCH, short <short> (clause 二(一)3)

      Examples:
        | tranches                                           | short        |
        | [{"due_on": "2025-09-30", "amount": "4500000.00"}] | 0.01         |
        | []                                                 | 4,500,000.01 |

    Scenario: A pledge that nobody made is not reduced
      When COM records it with pledge PL-9
      Then it is refused with UNKNOWN_REFERENCE (clause 二(一)3)

    Scenario: Letting off takes a document
      When COM records it without document
      Then it is refused with DOCUMENT_MISSING (clause 二(一)3)

    Scenario Outline: Nobody lets off the pledger but the commission office
      When <who> records it
      Then it is refused with UNAUTHORISED (clause 二(一)3)

      Examples:
        | who             |
        | REC of industry |
        | STD             |

    Scenario: A reduction is not corrected
      Given COM recorded it
      When FIN proposes and FIN2 approves on 2025-08-10 a correction of:
        | MatchingReduced | taken back | |
      Then it is refused with NOT_CORRECTABLE (clause F)

  Rule: 二(一)3 A promise is kept later 科技办统筹推动

    Background:
      Given the opening of 2025
      And project CRC-1 of special MSP-CRC, chosen by RECOMMENDED
      And REC of industry recorded MatchingCommitted:
        | pledge       | PL-1                                                                                              |
        | project      | CRC-1                                                                                             |
        | pledger      | @industry                                                                                         |
        | amount       | 8,000,000.01                                                                                      |
        | tranches     | [{"due_on": "2025-06-30", "amount": "5000000.01"}, {"due_on": "2025-12-31", "amount": "3000000"}] |
        | basis        | 匹配承诺函〔2025〕1号                                                                             |
        | effective_on | 2025-02-12                                                                                        |
      And REC of industry proposed and STD approved MatchingReceived:
        | pledge       | PL-1       |
        | amount       | 2,000,000  |
        | origin       | MATCHING   |
        | effective_on | 2025-06-20 |
      And the request MatchingRescheduled:
        | pledge       | PL-1                                                                                        |
        | tranches     | [{"due_on": "2025-11-30", "amount": "6000000"}, {"due_on": "2026-11-30", "amount": "0.01"}] |
        | document     | 科技办〔2025〕5号                                                                           |
        | effective_on | 2025-07-10                                                                                  |

    Scenario: What is outstanding is due on other days
      When COM records it
      Then it is accepted
      And it posts nothing
      And matching pledged of project CRC-1 is 8,000,000.01
      And of pledge PL-1 2,000,000.00 is due before 2025-11-30 and 0.00 of it missing
      And of pledge PL-1 8,000,000.00 is due before 2025-12-01 and 6,000,000.00 of it missing
      And of pledge PL-1 8,000,000.01 is due before 2026-12-01 and 6,000,000.01 of it missing
      And replaying the log gives the same balances

    Scenario: The tranches add up to what is outstanding, not to what was promised
      When COM records it with tranches [{"due_on": "2025-11-30", "amount": "8000000.01"}]
      Then it is refused with SCHEDULE_MISMATCH (clause 二(一)3)

    Scenario: A fen is missing
      When COM records it with tranches [{"due_on": "2025-11-30", "amount": "6000000"}]
      Then it is refused with SCHEDULE_MISMATCH, short 0.01 (clause 二(一)3)

    Scenario: A pledge that nobody made is not put off
      When COM records it with pledge PL-9
      Then it is refused with UNKNOWN_REFERENCE (clause 二(一)3)

    Scenario: Putting off takes a document
      When COM records it without document
      Then it is refused with DOCUMENT_MISSING (clause 二(一)3)

    Scenario: The pledger does not give itself time
      When REC of industry records it
      Then it is refused with UNAUTHORISED (clause 二(一)3)

    Scenario: A closed month takes no rescheduling
      Given the periods up to 2025-07 are closed
      When COM records it
      Then it is refused with PERIOD_CLOSED (clause F)

    Scenario: A rescheduling is not corrected
      Given COM recorded it
      When FIN proposes and FIN2 approves on 2025-08-10 a correction of:
        | MatchingRescheduled | taken back | |
      Then it is refused with NOT_CORRECTABLE (clause F)
