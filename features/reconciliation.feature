Feature: Reconciliation 对账
  Lines of the ledger and of a statement become cases: what agrees, what differs and how, and what only one side has.

  Rule: 财政惯例:对账先核对业务编号,金额须分毫不差

    Scenario: A detail id is enough, on whatever day
      Given the ledger tells:
        | line | flow    | day        | amount    | detail |
        | 1    | PAYMENT | 2025-12-02 | 50,000.00 | D1     |
      And the treasury tells:
        | line | flow    | day        | amount    | detail |
        | 1    | PAYMENT | 2025-12-18 | 50,000.00 | D1     |
      When they are reconciled through 2025-12-31
      Then the cases are:
        | rule   | status  | cause | ours | theirs | difference |
        | DETAIL | MATCHED |       | 1    | 1      | 0.00       |

    Scenario Outline: The same number with another amount is a difference, and how it came about is named
      Given the ledger tells:
        | line | flow    | day        | amount | application |
        | 1    | PAYMENT | 2025-12-02 | <ours> | A1          |
      And the treasury tells:
        | line | flow    | day        | amount   | application |
        | 1    | PAYMENT | 2025-12-02 | <theirs> | A1          |
      When they are reconciled through 2025-12-31
      Then the cases are:
        | rule                | status      | cause   | ours | theirs | difference   |
        | APPLICATION_DIFFERS | AMOUNT_DIFF | <cause> | 1    | 1      | <difference> |

      Examples:
        | ours      | theirs    | cause          | difference |
        | 12,345.00 | 13,245.00 | DIGITS_SWAPPED | -900.00    |
        | 50,000.00 | 5.00      | UNIT_SLIP      | 49,995.00  |
        | 12,345.00 | 12,345.01 |                | -0.01      |

    Scenario: What agrees in number and amount and is booked under another code is shown
      Given the ledger tells:
        | line | flow    | day        | amount    | detail | function |
        | 1    | PAYMENT | 2025-12-02 | 50,000.00 | D1     | 2060404  |
      And the treasury tells:
        | line | flow    | day        | amount    | detail | function |
        | 1    | PAYMENT | 2025-12-02 | 50,000.00 | D1     | 2060499  |
      When they are reconciled through 2025-12-31
      Then the cases are:
        | rule   | status               | cause          | ours | theirs | difference |
        | DETAIL | WRONG_CLASSIFICATION | WRONG_FUNCTION | 1    | 1      | 0.00       |

    Scenario: Numbers that contradict each other match nothing, and stand side by side
      Given the ledger tells:
        | line | flow    | day        | amount    | detail | application |
        | 1    | PAYMENT | 2025-12-02 | 50,000.00 | D1     | A1          |
      And the treasury tells:
        | line | flow    | day        | amount    | detail | application |
        | 1    | PAYMENT | 2025-12-02 | 50,000.00 | D1     | A2          |
      When they are reconciled through 2025-12-31
      Then the cases are:
        | rule         | status              | cause | ours | theirs | difference | beside |
        | CONTRADICTED | MISSING_IN_TREASURY |       | 1    |        | 50,000.00  | 1      |
        | CONTRADICTED | MISSING_IN_LEDGER   |       |      | 1      | -50,000.00 | 1      |

    Scenario: One voucher for two projects agrees where it adds up
      Given the ledger tells:
        | line | flow    | day        | amount    | voucher | project |
        | 1    | PAYMENT | 2025-12-02 | 30,000.00 | V1      | P1      |
        | 2    | PAYMENT | 2025-12-02 | 20,000.00 | V1      | P2      |
      And the treasury tells:
        | line | flow    | day        | amount    | voucher |
        | 1    | PAYMENT | 2025-12-02 | 50,000.00 | V1      |
      When they are reconciled through 2025-12-31
      Then the cases are:
        | rule          | status  | cause        | ours | theirs | difference |
        | VOUCHER_TOTAL | MATCHED | TWO_PROJECTS | 1 2  | 1      | 0.00       |

  Rule: 财政惯例:无编号的,凭金额、收款账号和日期核对,不凭户名,分不清的不代为认定

    Scenario: Amount, account and a day within three working days
      Given the ledger tells:
        | line | flow    | day        | amount    | account | detail |
        | 1    | PAYMENT | 2025-12-12 | 50,000.00 | 6222-01 | D1     |
      And the treasury tells:
        | line | flow    | day        | amount    | account | payee |
        | 1    | PAYMENT | 2025-12-17 | 50,000.00 | 6222-01 | 某所  |
      When they are reconciled through 2025-12-31
      Then the cases are:
        | rule    | status  | cause | ours | theirs | difference |
        | ACCOUNT | MATCHED |       | 1    | 1      | 0.00       |

    Scenario: The same name and amount match nothing
      Given the ledger tells:
        | line | flow    | day        | amount    | payee |
        | 1    | PAYMENT | 2025-12-12 | 50,000.00 | 某所  |
      And the treasury tells:
        | line | flow    | day        | amount    | payee |
        | 1    | PAYMENT | 2025-12-12 | 50,000.00 | 某所  |
      When they are reconciled through 2025-12-31
      Then the cases are:
        | rule  | status              | cause | ours | theirs | difference | beside |
        | ALONE | MISSING_IN_TREASURY |       | 1    |        | 50,000.00  |        |
        | ALONE | MISSING_IN_LEDGER   |       |      | 1      | -50,000.00 |        |

    Scenario: Of two that could be it none is chosen
      Given the ledger tells:
        | line | flow    | day        | amount    | account | project |
        | 1    | PAYMENT | 2025-12-11 | 50,000.00 | 6222-01 | P1      |
        | 2    | PAYMENT | 2025-12-12 | 50,000.00 | 6222-01 | P2      |
      And the treasury tells:
        | line | flow    | day        | amount    | account |
        | 1    | PAYMENT | 2025-12-12 | 50,000.00 | 6222-01 |
      When they are reconciled through 2025-12-31
      Then the cases are:
        | rule    | status              | cause             | ours | theirs | difference | beside |
        | SEVERAL | MISSING_IN_TREASURY | INDISTINGUISHABLE | 1    |        | 50,000.00  | 1      |
        | SEVERAL | MISSING_IN_TREASURY | INDISTINGUISHABLE | 2    |        | 50,000.00  | 1      |
        | SEVERAL | MISSING_IN_LEDGER   | INDISTINGUISHABLE |      | 1      | -50,000.00 | 1 2    |

  Rule: 政策参数:对账日期相差工作日

    Background:
      Given an empty ledger
      And the ledger tells:
        | line | flow    | day        | amount    | account | detail |
        | 1    | PAYMENT | 2025-09-30 | 50,000.00 | 6222-01 | D1     |

    Scenario: Beyond the three days of no parameter two days are too far apart
      Given the treasury tells:
        | line | flow    | day        | amount    | account |
        | 1    | PAYMENT | 2025-10-06 | 50,000.00 | 6222-01 |
      When they are reconciled through 2025-12-31
      Then the cases are:
        | rule  | status              | cause | ours | theirs | difference |
        | ALONE | MISSING_IN_TREASURY |       | 1    |        | 50,000.00  |
        | ALONE | MISSING_IN_LEDGER   |       |      | 1      | -50,000.00 |

    Scenario: The parameter says how far
      Given the treasury tells:
        | line | flow    | day        | amount    | account |
        | 1    | PAYMENT | 2025-10-06 | 50,000.00 | 6222-01 |
      And FIN proposed and STD approved PolicyParameterSet:
        | name         | reconciliation_window |
        | days         | 4                     |
        | document     | 内财库〔2025〕7号     |
        | effective_on | 2025-01-02            |
      When they are reconciled through 2025-12-31
      Then the cases are:
        | rule    | status  | cause | ours | theirs | difference |
        | ACCOUNT | MATCHED |       | 1    | 1      | 0.00       |

  Rule: 财政惯例:节假日与调休以国务院办公厅通知为准

    Background:
      Given an empty ledger
      And the request HolidaysAnnounced:
        | year         | 2025                                                                                                                 |
        | holidays     | ["2025-10-01", "2025-10-02", "2025-10-03", "2025-10-04", "2025-10-05", "2025-10-06", "2025-10-07", "2025-10-08"] |
        | worked       | ["2025-09-28", "2025-10-11"]                                                                                         |
        | document     | 国办发明电〔2024〕12号                                                                                               |
        | effective_on | 2025-01-02                                                                                                           |
      And the ledger tells:
        | line | flow    | day        | amount    | account | detail |
        | 1    | PAYMENT | 2025-09-30 | 50,000.00 | 6222-01 | D1     |
        | 2    | PAYMENT | 2025-10-09 | 60,000.00 | 6222-01 | D2     |
      And the treasury tells:
        | line | flow    | day        | amount    | account |
        | 1    | PAYMENT | 2025-10-11 | 50,000.00 | 6222-01 |
        | 2    | PAYMENT | 2025-10-14 | 60,000.00 | 6222-01 |

    Scenario: It is registered by two departments
      When FIN proposes and STD approves it
      Then it is accepted
      And replaying the log gives the same balances

    Scenario: Not without the notice
      When FIN proposes and STD approves it without document
      Then it is refused with DOCUMENT_MISSING (clause P)

    Scenario Outline: Nor a day that cannot be one
      When FIN proposes and STD approves it with <field> <days>
      Then it is refused with UNKNOWN_REFERENCE (clause P)
      And the refusal says day <day>

      Examples:
        | field    | days                         | day        |
        | holidays | ["2025-10-01", "2026-01-01"] | 2026-01-01 |
        | holidays | ["2025-10-01", "2025-10-01"] | 2025-10-01 |
        | worked   | ["2025-10-11", "2025-10-01"] | 2025-10-01 |
        | worked   | ["2025-10-10"]               | 2025-10-10 |

    Scenario: Days that rest do not count, weekends that are worked do
      Given FIN proposed and STD approved it
      When they are reconciled through 2025-12-31
      Then the cases are:
        | rule    | status              | cause | ours | theirs | difference |
        | ACCOUNT | MATCHED             |       | 1    | 1      | 0.00       |
        | ALONE   | MISSING_IN_TREASURY |       | 2    |        | 60,000.00  |
        | ALONE   | MISSING_IN_LEDGER   |       |      | 2      | -60,000.00 |

    Scenario: Without an announcement weekends alone rest
      When they are reconciled through 2025-12-31
      Then the cases are:
        | rule    | status              | cause | ours | theirs | difference |
        | ALONE   | MISSING_IN_TREASURY |       | 1    |        | 50,000.00  |
        | ACCOUNT | MATCHED             |       | 2    | 2      | 0.00       |
        | ALONE   | MISSING_IN_LEDGER   |       |      | 1      | -50,000.00 |

    Scenario: A later notice takes the place of an earlier one, whichever is registered first
      Given FIN proposed and STD approved it with holidays ["2025-10-01"]
      And FIN proposed and STD approved it
      And FIN proposed and STD approved HolidaysAnnounced:
        | year         | 2025             |
        | holidays     | ["2025-10-01"]   |
        | document     | 国办发明电旧稿   |
        | effective_on | 2025-01-01       |
      When they are reconciled through 2025-12-31
      Then the cases are:
        | rule    | status              | cause | ours | theirs | difference |
        | ACCOUNT | MATCHED             |       | 1    | 1      | 0.00       |
        | ALONE   | MISSING_IN_TREASURY |       | 2    |        | 60,000.00  |
        | ALONE   | MISSING_IN_LEDGER   |       |      | 2      | -60,000.00 |

  Rule: 财政惯例:同一笔支付只对一次,退票、退款与原支付相核对

    Scenario: A detail told twice is matched once
      Given the ledger tells:
        | line | flow    | day        | amount    | detail |
        | 1    | PAYMENT | 2025-12-02 | 50,000.00 | D1     |
      And the treasury tells:
        | line | flow    | day        | amount    | detail |
        | 1    | PAYMENT | 2025-12-02 | 50,000.00 | D1     |
        | 2    | PAYMENT | 2025-12-03 | 50,000.00 | D1     |
      When they are reconciled through 2025-12-31
      Then the cases are:
        | rule     | status    | cause      | ours | theirs | difference |
        | DETAIL   | MATCHED   |            | 1    | 1      | 0.00       |
        | REPEATED | DUPLICATE | PAID_TWICE |      | 2      | -50,000.00 |

    Scenario: A payment that came back stands with its rejection
      Given the ledger tells:
        | line | flow      | day        | amount     | moved | application |
        | 1    | REJECTION | 2025-12-05 | -50,000.00 | 0.00  | A1          |
      And the treasury tells:
        | line | flow      | day        | amount     | application | detail | cites |
        | 1    | PAYMENT   | 2025-12-02 | 50,000.00  | A1          | D1     |       |
        | 2    | REJECTION | 2025-12-04 | -50,000.00 |             | R1     | D1    |
      When they are reconciled through 2025-12-31
      Then the cases are:
        | rule        | status   | cause | ours | theirs | difference |
        | APPLICATION | REJECTED |       | 1    | 1 2    | 0.00       |

    Scenario: A part that came back, cited by either number of the payment
      Given the ledger tells:
        | line | flow    | day        | amount     | detail | voucher | cites |
        | 1    | PAYMENT | 2025-12-02 | 50,000.00  | D1     | V1      |       |
        | 2    | REFUND  | 2025-12-09 | -20,000.00 |        |         | D1    |
      And the treasury tells:
        | line | flow    | day        | amount     | detail | voucher | cites |
        | 1    | PAYMENT | 2025-12-02 | 50,000.00  | D1     | V1      |       |
        | 2    | REFUND  | 2025-12-09 | -20,000.00 |        |         | V1    |
      When they are reconciled through 2025-12-31
      Then the cases are:
        | rule   | status             | cause          | ours | theirs | difference |
        | DETAIL | MATCHED            |                | 1    | 1      | 0.00       |
        | DETAIL | PARTIALLY_REFUNDED | PARTIAL_REFUND | 2    | 2      | 0.00       |

  Rule: 财政惯例:未达账项经余额调节表调节后,双方余额相等

    Scenario: What is in transit at the year's end brings both balances together
      Given the ledger tells:
        | line | flow    | day        | amount    | detail |
        | 1    | PAYMENT | 2025-12-02 | 50,000.00 | D1     |
        | 2    | PAYMENT | 2025-12-31 | 20,000.00 | D2     |
      And the treasury tells:
        | line | flow    | day        | amount    | detail |
        | 1    | PAYMENT | 2025-12-02 | 50,000.00 | D1     |
        | 2    | PAYMENT | 2026-01-05 | 20,000.00 | D2     |
      When they are reconciled through 2025-12-31
      Then the cases are:
        | rule   | status  | cause      | ours | theirs | difference |
        | DETAIL | MATCHED |            | 1    | 1      | 0.00       |
        | DETAIL | TIMING  | IN_TRANSIT | 2    | 2      | 0.00       |
      And the statement is:
        | side   | balance   | add       | less | adjusted  |
        | ours   | 70,000.00 | 0.00      | 0.00 | 70,000.00 |
        | theirs | 50,000.00 | 20,000.00 | 0.00 | 70,000.00 |
      And nothing is left unexplained

    Scenario: What nobody explains is named, and the sides part on its day
      Given the ledger tells:
        | line | flow    | day        | amount    | detail |
        | 1    | PAYMENT | 2025-12-02 | 50,000.00 | D1     |
        | 2    | PAYMENT | 2025-12-08 | 20,000.00 | D2     |
      And the treasury tells:
        | line | flow    | day        | amount    | detail |
        | 1    | PAYMENT | 2025-12-03 | 50,000.00 | D1     |
        | 2    | PAYMENT | 2025-12-09 | 700.00    | D3     |
      When they are reconciled through 2025-12-31
      Then the cases are:
        | rule   | status              | cause | ours | theirs | difference |
        | DETAIL | MATCHED             |       | 1    | 1      | 0.00       |
        | ALONE  | MISSING_IN_TREASURY |       | 2    |        | 20,000.00  |
        | ALONE  | MISSING_IN_LEDGER   |       |      | 2      | -700.00    |
      And 19,300.00 yuan are left unexplained
      And the sides part on 2025-12-08 with line 2 of ours

  Rule: 财政惯例:账单所载而国库未报送的收支,凭账单由财务两人补记

    Background:
      Given the opening of 2025
      And 300,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And 3,000,000.01 yuan of STIDF are committed to KRD-1 in one instalment
      And 2,000,000.01 yuan of instalment 1 of KRD-1 are ordered as ORD-1 under 拨付1 on 2025-03-10
      And the request PaymentSettled:
        | order        | ORD-1                                                                                                                    |
        | detail       | PAY-1                                                                                                                    |
        | amount       | 2,000,000.01                                                                                                             |
        | document     | {"number": "202503.csv #7", "sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"} |
        | effective_on | 2025-03-12                                                                                                               |

    Scenario: Two people of finance record it
      When FIN proposes and FIN2 approves it
      Then it is accepted
      And ordered of project KRD-1 is 0.00
      And disbursed of project KRD-1 is 2,000,000.01
      And replaying the log gives the same balances

    Scenario: Not one of them alone
      When FIN records it
      Then it is refused with UNAUTHORISED (clause 四(三))

    Scenario: Not without the statement, named by its hash
      When FIN proposes and FIN2 approves it with document 国库来函
      Then it is refused with DOCUMENT_MISSING (clause 四(三))

    Scenario: Not what treasury reported itself meanwhile
      Given TRE recorded it
      When FIN proposes and FIN2 approves it
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 四(三))

    Scenario: What does not fit is not turned into suspense behind who signs
      When FIN proposes and FIN2 approves it with amount 2,000,000.02
      Then it is refused with OVER_ORDERED, short 0.01 (clause V3)

    Scenario: What no order explains is recorded as suspense
      Given the request UnmatchedSettlementRecorded:
        | item         | PAY-2                                                                                                                    |
        | fund         | STIDF                                                                                                                    |
        | amount       | 12.34                                                                                                                    |
        | document     | {"number": "202503.csv #8", "sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"} |
        | effective_on | 2025-03-12                                                                                                               |
      When FIN proposes and FIN2 approves it
      Then it is accepted
      And suspense of fund STIDF is 12.34
      And replaying the log gives the same balances

    Scenario: Recorded in error it is taken back by two, and treasury may report it
      Given FIN proposed and FIN2 approved it
      And two people of finance took back PaymentSettled PAY-1 on 2025-03-20
      When TRE records it
      Then it is accepted
      And disbursed of project KRD-1 is 2,000,000.01
      And replaying the log gives the same balances
