Feature: Consolidation 资金整合
  The opening list brings in what the old funds hold; then the four predecessors become one fund, vintage and lineage kept.

  Rule: 五(二) 做好科技计划体系优化改革整体衔接工作,平稳过渡

    Background:
      Given an empty ledger
      And STD recorded SpecialAdded:
        | special      | LEG-OLD      |
        | plan         | LEGACY       |
        | title_zh     | 原类别       |
        | title_en     | Former       |
        | effective_on | 2025-01-02   |
      And STD recorded ProjectRegistered:
        | project      | OLD-1          |
        | special      | LEG-OLD        |
        | title        | 存量项目(虚构) |
        | undertaker   | @university    |
        | external_id  | X-OLD-1        |
        | function     | 2060499        |
        | effective_on | 2025-01-02     |
      And the request OpeningBalanceImported:
        | fund         | STTC         |
        | vintage      | 2024         |
        | amount       | 1,250,000.50 |
        | effective_on | 2025-01-02   |

    Scenario: Unallocated money is carried in
      When FIN proposes and STD approves it
      Then it is accepted
      And carried in of fund STTC is 1,250,000.50
      And unallocated of fund STTC is 1,250,000.50
      And unallocated of fund STTC and vintage 2024 is 1,250,000.50
      And replaying the log gives the same balances

    Scenario: Money a special had not committed is carried in
      When FIN proposes and STD approves it with:
        | fund    | NSF     |
        | special | BAS-NSP |
      Then it is accepted
      And available of special BAS-NSP is 1,250,000.50
      And unallocated of fund NSF is 0.00

    Scenario: A running project is carried in with its instalments
      When STD proposes and FIN approves it with:
        | project     | OLD-1                                                                                            |
        | amount      | 7,749,999.50                                                                                     |
        | instalments | [{"instalment": "2", "unpaid": "5000000"}, {"instalment": "3", "unpaid": "2749999.50", "gated": true}] |
      Then it is accepted
      And committed of project OLD-1 is 7,749,999.50
      And carried in of fund STTC is 7,749,999.50
      And replaying the log gives the same balances

    Scenario: A ledger that begins in mid-year takes over what was paid, and it can be refunded
      Given FIN proposed and STD approved OpeningBalanceImported:
        | fund         | STIDF                                                                    |
        | vintage      | 2025                                                                     |
        | project      | OLD-1                                                                    |
        | amount       | 6,000,000                                                                |
        | carried_in   | false                                                                    |
        | instalments  | [{"instalment": "1", "unpaid": "1999999.99", "paid": "4000000.01"}]      |
        | effective_on | 2025-07-01                                                               |
      When TRE records PaymentRefunded:
        | settlement   | opening~OLD-1~1 |
        | amount       | 0.01            |
        | detail       | D-1             |
        | effective_on | 2025-07-03      |
      Then it is accepted
      And appropriated of fund STIDF is 6,000,000.00
      And carried in of fund STIDF is 0.00
      And committed of project OLD-1 is 2,000,000.00
      And disbursed of project OLD-1 is 4,000,000.00
      And replaying the log gives the same balances

    Scenario: Matching money promised to a running project is taken over beside it
      When FIN proposes and STD approves it with:
        | project     | OLD-1                                                                                                                                                                   |
        | amount      | 2,000,000                                                                                                                                                               |
        | instalments | [{"instalment": "2", "unpaid": "2000000"}]                                                                                                                              |
        | pledges     | [{"pledge": "PL-1", "pledger": "@industry", "amount": "3000000", "received": "1000000.01", "tranches": [{"due_on": "2025-06-30", "amount": "1999999.99"}]}] |
      Then it is accepted
      And matching pledged of project OLD-1 is 3,000,000.00
      And matching received of project OLD-1 is 1,000,000.01
      And supply of fund STTC is 2,000,000.00

    Scenario: One department alone does not sign the list
      When FIN records it
      Then it is refused with UNAUTHORISED (clause 五(二))

    Scenario: A line is imported once
      Given FIN proposed and STD approved it
      When FIN proposes and STD approves it
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 五(二))

    Scenario: An instalment is imported once
      Given FIN proposed and STD approved OpeningBalanceImported:
        | fund         | STTC                                       |
        | vintage      | 2024                                       |
        | project      | OLD-1                                      |
        | amount       | 2,000,000                                  |
        | instalments  | [{"instalment": "2", "unpaid": "2000000"}] |
        | effective_on | 2025-01-02                                 |
      When FIN proposes and STD approves it with:
        | vintage     | 2023                                       |
        | project     | OLD-1                                      |
        | amount      | 1,000,000                                  |
        | instalments | [{"instalment": "2", "unpaid": "1000000"}] |
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 五(二))

    Scenario Outline: Nothing is named twice in one line
      When FIN proposes and STD approves it with:
        | project     | OLD-1         |
        | amount      | 2,000,000     |
        | instalments | <instalments> |
        | pledges     | <pledges>     |
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 五(二))
      And the refusal says <field> <value>
      And matching pledged of all is 0.00

      Examples:
        | instalments                                                                           | pledges | field      | value |
        | [{"instalment": "2", "unpaid": "1000000", "gated": true}, {"instalment": "2", "unpaid": "1000000"}] | [] | instalment | 2 |
        | [{"instalment": "2", "unpaid": "2000000"}] | [{"pledge": "PL-1", "pledger": "@industry", "amount": "1", "tranches": [{"due_on": "2025-06-30", "amount": "1"}]}, {"pledge": "PL-1", "pledger": "@industry", "amount": "2", "tranches": [{"due_on": "2025-06-30", "amount": "2"}]}] | pledge | PL-1 |

    Scenario Outline: Where projects are recommended, a promise taken over is the recommender's
      Given project CRC-1 of special MSP-CRC, chosen by RECOMMENDED
      When FIN proposes and STD approves it with:
        | project     | CRC-1                                      |
        | amount      | 2,000,000                                  |
        | instalments | [{"instalment": "2", "unpaid": "2000000"}] |
        | pledges     | [{"pledge": "PL-1", "pledger": "<pledger>", "amount": "3000000", "tranches": [{"due_on": "2025-06-30", "amount": "3000000"}]}] |
      Then it is <outcome>
      And matching pledged of project CRC-1 is <pledged>

      Examples:
        | pledger   | outcome                                   | pledged      |
        | @industry | accepted                                  | 3,000,000.00 |
        | @company  | refused with NOT_RECOMMENDER (clause 二(一)3) | 0.00         |

    Scenario: The instalments add up to the line
      When FIN proposes and STD approves it with:
        | project     | OLD-1                                         |
        | amount      | 2,000,000                                     |
        | instalments | [{"instalment": "2", "unpaid": "1999999.99"}] |
      Then it is refused with SCHEDULE_MISMATCH, short 0.01 (clause 五(二))

    Scenario: The tranches add up to what is still promised
      When FIN proposes and STD approves it with:
        | project     | OLD-1                                                                                                                                         |
        | amount      | 2,000,000                                                                                                                                     |
        | instalments | [{"instalment": "2", "unpaid": "2000000"}]                                                                                                    |
        | pledges     | [{"pledge": "PL-1", "pledger": "@industry", "amount": "3000000", "tranches": [{"due_on": "2025-06-30", "amount": "2000000"}]}] |
      Then it is refused with SCHEDULE_MISMATCH, short 1,000,000.00 (clause 二(一)3)

    Scenario Outline: A line says something, and says it of a project
      When FIN proposes and STD approves it with <field> <value>
      Then it is refused with SCHEDULE_MISMATCH (clause 五(二))

      Examples:
        | field       | value                                      |
        | amount      | 0                                          |
        | instalments | [{"instalment": "2", "unpaid": "1250000.50"}] |

    Scenario Outline: What a line cites is there
      When FIN proposes and STD approves it with <field> <value>
      Then it is refused with UNKNOWN_REFERENCE

      Examples:
        | field   | value   |
        | special | RDT-NIL |
        | project | OLD-9   |

    Scenario: Who pledges is a registered party
      When FIN proposes and STD approves it with:
        | project     | OLD-1                                                                                                                                      |
        | amount      | 2,000,000                                                                                                                                  |
        | instalments | [{"instalment": "2", "unpaid": "2000000"}]                                                                                                 |
        | pledges     | [{"pledge": "PL-1", "pledger": "@stranger", "amount": "1", "tranches": [{"due_on": "2025-06-30", "amount": "1"}]}] |
      Then it is refused with UNKNOWN_REFERENCE (clause 二末)

    Scenario: Openings belong to the ledger's first year
      Given FIN proposed and STD approved it
      When FIN proposes and STD approves it with:
        | vintage      | 2025       |
        | effective_on | 2026-01-02 |
      Then it is refused with PERIOD_ORDER (clause 五(二))

    Scenario Outline: What treasury reports of an older year does not begin the ledger
      Given TRE recorded <kind>:
        | item         | D-9        |
        | fund         | UNKNOWN    |
        | amount       | 12.34      |
        | effective_on | 2024-12-30 |
      When FIN proposes and STD approves it
      Then it is accepted
      And unallocated of fund STTC is 1,250,000.50
      And replaying the log gives the same balances

      Examples:
        | kind                        |
        | UnmatchedReceiptRecorded    |
        | UnmatchedSettlementRecorded |

    Scenario: Nor does money beside the funds
      Given CHA recorded OriginalChannelFundingRecorded:
        | project      | OLD-1      |
        | amount       | 12.34      |
        | effective_on | 2024-12-30 |
      When FIN proposes and STD approves it
      Then it is accepted

    Scenario: Nor does the clearing of such a fact
      Given TRE recorded UnmatchedSettlementRecorded:
        | item         | D-9        |
        | fund         | UNKNOWN    |
        | amount       | 12.34      |
        | effective_on | 2024-12-30 |
      And FIN recorded SuspenseCleared:
        | item         | D-9             |
        | amount       | 12.34           |
        | document     | 冲正〔2025〕1号 |
        | effective_on | 2024-12-31      |
      When FIN proposes and STD approves it
      Then it is accepted
      And suspense of all is 0.00

    Scenario: It is cleared in its own month, also when the ledger has begun
      Given TRE recorded UnmatchedSettlementRecorded:
        | item         | D-9        |
        | fund         | UNKNOWN    |
        | amount       | 12.34      |
        | effective_on | 2024-12-30 |
      And FIN proposed and STD approved it
      When FIN records SuspenseCleared:
        | item         | D-9             |
        | amount       | 12.34           |
        | document     | 冲正〔2025〕1号 |
        | effective_on | 2025-01-20      |
        | period       | 2024-12         |
      Then it is accepted
      And suspense of all is 0.00
      And suspense posted in 2024-12 is 0.00
      And replaying the log gives the same balances

    Scenario Outline: It holds up no month of the ledger, and no month before the first is closed
      Given TRE recorded UnmatchedSettlementRecorded:
        | item         | D-9        |
        | fund         | UNKNOWN    |
        | amount       | 12.34      |
        | effective_on | 2024-12-30 |
      And FIN proposed and STD approved it
      When FIN records PeriodClosed:
        | closes       | <period>   |
        | effective_on | 2025-02-05 |
      Then it is <outcome>

      Examples:
        | period  | outcome                              |
        | 2025-01 | accepted                             |
        | 2024-12 | refused with PERIOD_ORDER (clause F) |

    Scenario Outline: When the ledger has begun, a fact older than it is posted to the first open month
      Given FIN proposed and STD approved it
      And the periods up to <closed> are closed
      When TRE records <kind>:
        | item         | D-9        |
        | fund         | UNKNOWN    |
        | amount       | 12.34      |
        | effective_on | 2024-11-30 |
      Then it is accepted
      And all it posts is effective on 2024-11-30 and belongs to period <period>

      Examples:
        | kind                        | closed  | period  |
        | UnmatchedReceiptRecorded    | 2025-01 | 2025-02 |
        | UnmatchedSettlementRecorded | 2025-02 | 2025-03 |

    Scenario: Unless it was reported for a month before the first
      Given FIN proposed and STD approved it
      When TRE records UnmatchedSettlementRecorded:
        | item         | D-9        |
        | fund         | UNKNOWN    |
        | amount       | 12.34      |
        | effective_on | 2024-11-30 |
        | period       | 2024-11    |
      Then it is refused with PERIOD_ORDER (clause F)
      And the refusal says first_fiscal_year 2025

    Scenario: An opening is undone by its opposite, not corrected
      Given FIN proposed and STD approved it
      When FIN proposes and FIN2 approves on 2025-01-20 a correction of:
        | OpeningBalanceImported | amount | 1 |
      Then it is refused with NOT_CORRECTABLE (clause F)

  Rule: 四(二) 整合为“科技创新发展专项资金”

    Background:
      Given an empty ledger
      And STD recorded SpecialAdded:
        | special      | LEG-OLD      |
        | plan         | LEGACY       |
        | title_zh     | 原类别       |
        | title_en     | Former       |
        | effective_on | 2025-01-02   |
      And STD recorded ProjectRegistered:
        | project      | OLD-1          |
        | special      | LEG-OLD        |
        | title        | 存量项目(虚构) |
        | undertaker   | @university    |
        | external_id  | X-OLD-1        |
        | function     | 2060499        |
        | effective_on | 2025-01-02     |
      And FIN proposed and STD approved OpeningBalanceImported:
        | fund         | STTC                                                                 |
        | vintage      | 2024                                                                 |
        | project      | OLD-1                                                                |
        | amount       | 7,749,999.50                                                         |
        | instalments  | [{"instalment": "2", "unpaid": "7749999.49", "paid": "0.01"}] |
        | effective_on | 2025-01-02                                                           |
      And FIN proposed and STD approved OpeningBalanceImported:
        | fund         | STTC         |
        | vintage      | 2024         |
        | amount       | 1,250,000.50 |
        | effective_on | 2025-01-02   |
      And FIN proposed and STD approved OpeningBalanceImported:
        | fund         | STTC       |
        | vintage      | 2023       |
        | amount       | 0.25       |
        | effective_on | 2025-01-02 |
      And the request PredecessorFundConsolidated:
        | fund         | STTC       |
        | effective_on | 2025-01-03 |

    Scenario: All that is open goes to the new fund, and what was paid stays where it was paid
      When FIN proposes and STD approves it
      Then it is accepted
      And unallocated of fund STTC is 0.00
      And committed of fund STTC is 0.00
      And disbursed of fund STTC is 0.01
      And consolidated of fund STTC is -9,000,000.24
      And consolidated of fund STIDF is 9,000,000.24
      And consolidated of all is 0.00
      And committed of fund STIDF is 7,749,999.49
      And unallocated of fund STIDF is 1,250,000.75
      And unallocated of fund STIDF and vintage 2024 is 1,250,000.50
      And unallocated of fund STIDF and vintage 2023 is 0.25
      And instalment 2 of OLD-1 stands in fund STIDF and comes from STTC
      And replaying the log gives the same balances

    Scenario: An instalment of a legacy project is ordered from the new fund
      Given FIN proposed and STD approved it
      When STD records PaymentOrdered:
        | order        | ORD-1         |
        | project      | OLD-1         |
        | instalment   | 2             |
        | amount       | 7,749,999.49  |
        | payee        | @university   |
        | document     | 拨付〔2025〕1 |
        | effective_on | 2025-01-06    |
      Then it is accepted
      And ordered of fund STIDF is 7,749,999.49
      And committed of fund STIDF is 0.00

    Scenario: What was paid before and is refunded goes home to the new fund
      Given FIN proposed and STD approved it
      When TRE records PaymentRefunded:
        | settlement   | opening~OLD-1~2 |
        | amount       | 0.01            |
        | detail       | D-1             |
        | effective_on | 2025-02-03      |
      Then it is accepted
      And disbursed of fund STTC is 0.00
      And committed of fund STIDF is 7,749,999.50
      And consolidated of all is 0.00
      And supply of fund STTC is 0.00

    Scenario Outline: What it paid, and the final accounts make quota again, stands in the new fund
      Given FIN proposed and STD approved it
      And all that 2025 still holds is carried forward in 2025-13
      And FIN recorded YearClosed:
        | year         | 2025       |
        | effective_on | 2026-01-20 |
      And TRE recorded PaymentRefunded:
        | settlement   | opening~OLD-1~2 |
        | amount       | 0.01            |
        | detail       | D-1             |
        | effective_on | 2026-02-03      |
      When FIN records CarryForwardAdjusted:
        | year         | 2025              |
        | against      | B240              |
        | settlement   | opening~OLD-1~2   |
        | account      | <account>         |
        | project      | OLD-1             |
        | instalment   | 2                 |
        | special      | LEG-OLD           |
        | fund         | <fund>            |
        | vintage      | 2024              |
        | amount       | 0.01              |
        | document     | 内财决〔2026〕1号 |
        | effective_on | 2026-03-31        |
      Then it is accepted
      And in year 2026 <measure> of fund STIDF and vintage 2024 is <held>
      And in year 2026 <measure> of fund STTC is 0.00
      And in year 2026 carried in of fund STTC is 0.00
      And in year 2025 disbursed of fund STTC is 0.00
      And consolidated of all is 0.00
      And returned earlier years of project OLD-1 is 0.01
      And what 2025 carried out is carried into the next year, vintage by vintage
      And replaying the log gives the same balances

      Examples:
        | account | fund  | measure     | held         |
        | B220    | STIDF | committed   | 7,749,999.50 |
        | B220    | STTC  | committed   | 7,749,999.50 |
        | B210    | STIDF | available   | 0.01         |
        | B200    | STIDF | unallocated | 1,250,000.51 |
        | B200    | STTC  | unallocated | 1,250,000.51 |

    Scenario: So does what it had withdrawn
      Given FIN recorded FundsWithdrawnToTreasury:
        | account      | B200              |
        | fund         | STTC              |
        | vintage      | 2023              |
        | amount       | 0.20              |
        | document     | 内财收〔2025〕1号 |
        | effective_on | 2025-01-02        |
      And FIN proposed and STD approved it
      And all that 2025 still holds is carried forward in 2025-13
      And FIN recorded YearClosed:
        | year         | 2025       |
        | effective_on | 2026-01-20 |
      When FIN records CarryForwardAdjusted:
        | year         | 2025              |
        | against      | B250              |
        | account      | B200              |
        | fund         | STTC              |
        | vintage      | 2023              |
        | amount       | 0.20              |
        | document     | 内财决〔2026〕1号 |
        | effective_on | 2026-03-31        |
      Then it is accepted
      And in year 2025 withdrawn of fund STTC is 0.00
      And in year 2026 unallocated of fund STIDF and vintage 2023 is 0.25
      And in year 2026 unallocated of fund STTC is 0.00
      And consolidated of all is 0.00

    Scenario Outline: What is restored was of the fund that is named, or belongs to it today
      Given FIN proposed and STD approved it
      And all that 2025 still holds is carried forward in 2025-13
      And FIN recorded YearClosed:
        | year         | 2025       |
        | effective_on | 2026-01-20 |
      When FIN records CarryForwardAdjusted:
        | year         | 2025              |
        | against      | B240              |
        | settlement   | opening~OLD-1~2   |
        | account      | B200              |
        | fund         | <fund>            |
        | vintage      | 2024              |
        | amount       | <amount>          |
        | document     | 内财决〔2026〕1号 |
        | effective_on | 2026-03-31        |
      Then it is refused with <code>
      And in year 2025 disbursed of fund STTC is 0.01

      Examples:
        | fund  | amount | code                                      |
        | NSF   | 0.01   | UNKNOWN_REFERENCE (clause F)              |
        | STIG  | 0.01   | UNKNOWN_REFERENCE (clause F)              |
        | STIDF | 0.02   | OVER_OUTSTANDING, short 0.01 (clause V3) |

    Scenario: What it promised for later years goes with the project
      Given FIN proposed and STD approved OpeningBalanceImported:
        | fund         | STTC       |
        | vintage      | 2024       |
        | special      | RDT-KRD    |
        | amount       | 100        |
        | effective_on | 2025-01-02 |
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And STD recorded PreFundingCommitted:
        | project      | KRD-1                                     |
        | fund         | STTC                                      |
        | vintage      | 2024                                      |
        | amount       | 100                                       |
        | instalments  | 1: 100                                    |
        | later_years  | [{"fiscal_year": 2026, "amount": "50.01"}] |
        | effective_on | 2025-01-02                                |
      When FIN proposes and STD approves it
      Then it is accepted
      And later years of fund STTC is 0.00
      And later years of fund STIDF is 50.01
      And later years of project KRD-1 is 50.01
      And replaying the log gives the same balances

    Scenario Outline: And the new fund keeps the promise
      Given FIN proposed and STD approved OpeningBalanceImported:
        | fund         | STTC       |
        | vintage      | 2024       |
        | special      | RDT-KRD    |
        | amount       | 100        |
        | effective_on | 2025-01-02 |
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And STD recorded PreFundingCommitted:
        | project      | KRD-1                                     |
        | fund         | STTC                                      |
        | vintage      | 2024                                      |
        | amount       | 100                                       |
        | instalments  | 1: 100                                    |
        | later_years  | [{"fiscal_year": 2026, "amount": "50.01"}] |
        | effective_on | 2025-01-02                                |
      And FIN proposed and STD approved it
      And FIN recorded AppropriationReceived:
        | fund         | STIDF             |
        | vintage      | 2025              |
        | amount       | 1,000             |
        | document     | 内财科〔2026〕1号 |
        | effective_on | 2026-01-10        |
      And STD proposed and FIN approved FundsAllocated:
        | fund         | STIDF      |
        | vintage      | 2025       |
        | special      | RDT-KRD    |
        | amount       | 1,000      |
        | effective_on | 2026-02-01 |
      When STD records PreFundingCommitted:
        | project          | KRD-1      |
        | fund             | STIDF      |
        | vintage          | 2025       |
        | amount           | 60         |
        | from_later_years | <promised> |
        | instalments      | 2: 60      |
        | effective_on     | 2026-02-03 |
      Then it is <outcome>
      And later years of fund STIDF is <left>

      Examples:
        | promised | outcome                                               | left  |
        | 50.01    | accepted                                              | 0.00  |
        | 50.02    | refused with OVER_OUTSTANDING, short 0.01 (clause V3) | 50.01 |

    Scenario: Nothing new enters it
      Given FIN proposed and STD approved it
      When FIN proposes and STD approves OpeningBalanceImported:
        | fund         | STTC       |
        | vintage      | 2022       |
        | amount       | 1          |
        | effective_on | 2025-01-04 |
      Then it is refused with FUND_CLOSED (clause 四(二))

    Scenario: A fund is consolidated once
      Given FIN proposed and STD approved it
      When FIN proposes and STD approves it
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 四(二))

    Scenario Outline: What the notice keeps is not consolidated
      When FIN proposes and STD approves it with fund <fund>
      Then it is refused with UNKNOWN_REFERENCE (clause 四(二))

      Examples:
        | fund  |
        | NSF   |
        | STIDF |

    Scenario: One department alone does not consolidate
      When FIN records it
      Then it is refused with UNAUTHORISED (clause 四(二))

    Scenario: A payment on its way is settled first
      Given STD recorded PaymentOrdered:
        | order        | ORD-1         |
        | project      | OLD-1         |
        | instalment   | 2             |
        | amount       | 1             |
        | payee        | @university   |
        | document     | 拨付〔2025〕1 |
        | effective_on | 2025-01-02    |
      When FIN proposes and STD approves it
      Then it is refused with NOT_CLEARED (clause 四(二))

    Scenario: Money that a special holds is given back first
      Given FIN proposed and STD approved OpeningBalanceImported:
        | fund         | STTC       |
        | vintage      | 2024       |
        | special      | RDT-KRD    |
        | amount       | 100        |
        | effective_on | 2025-01-02 |
      When FIN proposes and STD approves it
      Then it is refused with NOT_CLEARED (clause 四(二))

    Scenario: A payment nobody can place is cleared first
      Given TRE recorded UnmatchedSettlementRecorded:
        | item         | D-9        |
        | fund         | STTC       |
        | amount       | 12.34      |
        | effective_on | 2025-01-02 |
      When FIN proposes and STD approves it
      Then it is refused with NOT_CLEARED (clause 四(二))

    Scenario: A consolidation is not corrected
      Given FIN proposed and STD approved it
      When FIN proposes and FIN2 approves on 2025-01-20 a correction of:
        | PredecessorFundConsolidated | taken back | |
      Then it is refused with NOT_CORRECTABLE (clause F)
