Feature: Appropriation 指标
  The finance department gives a fund its quota by a document, and cuts it by another. A line of a document counts once.

  Rule: 四(一) 统筹自治区本级财政科技资金

    Background:
      Given the opening of 2025
      And the request AppropriationReceived:
        | fund         | STIDF              |
        | vintage      | 2025               |
        | amount       | 110,000,000.05     |
        | document     | 内财科〔2025〕8号 |
        | line         | 1                  |
        | batch_no     | 2                  |
        | effective_on | 2025-03-03         |

    Scenario: Quota adds to what a fund has to give
      When FIN records it
      Then it is accepted
      And appropriated of fund STIDF is 1,010,000,000.05
      And unallocated of fund STIDF is 1,015,010,000.55
      And supply of fund STIDF is 1,083,260,000.05
      And supply of fund NSF is 173,000,000.00
      And replaying the log gives the same balances

    Scenario: A line of a document is counted once
      Given FIN recorded it
      When FIN records it with amount 5
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 四(一))
      And unallocated of fund STIDF is 1,015,010,000.55

    Scenario: Another line of the same document is another quota
      Given FIN recorded it
      When FIN records it with line 2
      Then it is accepted
      And unallocated of fund STIDF is 1,125,010,000.60

    Scenario: Quota needs its document
      When FIN records it without document
      Then it is refused with DOCUMENT_MISSING (clause 四(一))

    Scenario: Only the finance department gives quota
      When STD records it
      Then it is refused with UNAUTHORISED (clause 四(一))

    Scenario Outline: A fund that was consolidated receives nothing new
      When FIN records it with fund <fund>
      Then it is refused with FUND_CLOSED (clause 四(二))

      Examples:
        | fund |
        | ATRD |
        | MSTP |
        | STTC |
        | STIG |

    Scenario: A closed month takes no quota
      Given the periods up to 2025-03 are closed
      When FIN records it
      Then it is refused with PERIOD_CLOSED (clause F)

    Scenario: Half a fen is no amount
      When FIN sends it malformed with amount 0.005
      Then the form of amount does not fit

  Rule: 四(一) A quota document that was entered wrongly 财政惯例:更正须双人办理,保留原业务日期

    Background:
      Given the opening of 2025
      And FIN recorded AppropriationReceived:
        | fund         | STIDF              |
        | vintage      | 2025               |
        | amount       | 1,230,000          |
        | document     | 内财科〔2025〕8号 |
        | effective_on | 2025-03-03         |

    Scenario: Digits were swapped
      Given the periods up to 2025-03 are closed
      When FIN proposes and FIN2 approves on 2025-04-18 a correction of:
        | AppropriationReceived | amount | 1,320,000 |
      Then it is accepted
      And all it posts is effective on 2025-03-03 and belongs to period 2025-04
      And appropriated of fund STIDF is 901,320,000.00
      And unallocated of fund STIDF is 906,330,000.50
      And the recorded AppropriationReceived still says 1,230,000
      And replaying the log gives the same balances

    Scenario: The document was withdrawn
      When FIN proposes and FIN2 approves on 2025-04-18 a correction of:
        | AppropriationReceived | taken back | |
      Then it is accepted
      And appropriated of fund STIDF is 900,000,000.00
      And unallocated of fund STIDF is 905,010,000.50

    Scenario: What has been allocated already cannot be corrected away
      Given STD proposed and FIN approved FundsAllocated:
        | fund         | STIDF       |
        | vintage      | 2025        |
        | special      | RDT-KRD     |
        | amount       | 901,230,000 |
        | effective_on | 2025-03-04  |
      When FIN proposes and FIN2 approves on 2025-04-18 a correction of:
        | AppropriationReceived | amount | 0.01 |
      Then it is refused with INSUFFICIENT_FUNDS, short 1,229,999.99 (clause V3)

  Rule: 四(一) Quota is cut 财政惯例:指标追减以文件为依据

    Background:
      Given the opening of 2025
      And the request AppropriationReduced:
        | fund         | NSF                 |
        | vintage      | 2025                |
        | amount       | 10,000,000.01       |
        | document     | 内财科〔2025〕21号 |
        | effective_on | 2025-06-03          |

    Scenario: A cut takes unallocated money
      When FIN records it
      Then it is accepted
      And appropriated of fund NSF is 149,999,999.99
      And unallocated of fund NSF is 150,399,999.99
      And supply of fund NSF is 162,999,999.99
      And replaying the log gives the same balances

    Scenario: What is allocated cannot be cut, and money of another year is not taken for it
      Given 159,000,000 yuan of NSF are allocated to BAS-NSP
      When FIN records it
      Then it is refused with INSUFFICIENT_FUNDS, short 9,000,000.01 (clause V3)

    Scenario: A cut needs its document
      When FIN records it without document
      Then it is refused with DOCUMENT_MISSING (clause 四(一))

    Scenario: A line of a document cuts once
      Given FIN recorded it
      When FIN records it
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 四(一))

    Scenario: Only the finance department cuts quota
      When STD records it
      Then it is refused with UNAUTHORISED (clause 四(一))

    Scenario: A cut that was entered wrongly
      Given FIN recorded it
      And the periods up to 2025-06 are closed
      When FIN proposes and FIN2 approves on 2025-07-08 a correction of:
        | AppropriationReduced | amount | 1,000,000.01 |
      Then it is accepted
      And all it posts is effective on 2025-06-03 and belongs to period 2025-07
      And appropriated of fund NSF is 158,999,999.99
      And unallocated of fund NSF is 159,399,999.99
      And replaying the log gives the same balances
