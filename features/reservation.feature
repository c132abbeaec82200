Feature: Reservations 预留
  Money of a special is set aside for a call: shown beside what is available, and binding only where the parameter says so.

  Rule: 四(一) 对符合年度重点支持领域和方向的

    Background:
      Given the opening of 2025
      And 30,000,000 yuan of STIDF are allocated to RDT-KRD
      And the request FundsReserved:
        | call         | CALL-1        |
        | fund         | STIDF         |
        | special      | RDT-KRD       |
        | amount       | 10,000,000.01 |
        | expires_on   | 2025-06-30    |
        | effective_on | 2025-02-15    |

    Scenario: What is reserved is shown beside what is available
      When STD records it
      Then it is accepted
      And reserved of special RDT-KRD is 10,000,000.01
      And available of special RDT-KRD is 30,000,000.00
      And supply of fund STIDF is 973,260,000.00
      And replaying the log gives the same balances

    Scenario: A commitment under the call uses it up
      Given STD recorded it
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      When STD records PreFundingCommitted:
        | project      | KRD-1        |
        | call         | CALL-1       |
        | fund         | STIDF        |
        | vintage      | 2025         |
        | amount       | 4,000,000    |
        | instalments  | 1: 4,000,000 |
        | effective_on | 2025-03-01   |
      Then it is accepted
      And reserved of special RDT-KRD is 6,000,000.01
      And available of special RDT-KRD is 26,000,000.00
      And committed of special RDT-KRD is 4,000,000.00
      And replaying the log gives the same balances

    Scenario: A call that is used up takes more from what is free
      Given STD recorded it
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      When STD records PreFundingCommitted:
        | project      | KRD-1         |
        | call         | CALL-1        |
        | fund         | STIDF         |
        | vintage      | 2025          |
        | amount       | 12,000,000    |
        | instalments  | 1: 12,000,000 |
        | effective_on | 2025-03-01    |
      Then it is accepted
      And reserved of special RDT-KRD is 0.00
      And available of special RDT-KRD is 18,000,000.00

    Scenario: A call gives no money of another special
      Given STD recorded it
      And 30,000,000 yuan of STIDF are allocated to RDT-CHN
      And project CHN-1 of special RDT-CHN, chosen by CHALLENGE
      When STD records PreFundingCommitted:
        | project      | CHN-1      |
        | call         | CALL-1     |
        | fund         | STIDF      |
        | vintage      | 2025       |
        | amount       | 1          |
        | instalments  | 1: 1       |
        | effective_on | 2025-03-01 |
      Then it is refused with UNKNOWN_REFERENCE (clause 四(一))

    Scenario: The same money is not reserved twice
      Given STD recorded it
      When STD records it with:
        | call   | CALL-2        |
        | amount | 20,000,000.00 |
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause 四(一))

    Scenario: What a call let expire may be reserved again
      Given STD recorded it
      And the request FundsReserved:
        | call         | CALL-2        |
        | fund         | STIDF         |
        | special      | RDT-KRD       |
        | amount       | 20,000,000.00 |
        | expires_on   | 2025-12-31    |
        | effective_on | 2025-06-30    |
      When STD records it
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause 四(一))
      When STD records it with effective_on 2025-07-01
      Then it is accepted
      And replaying the log gives the same balances

    Scenario: A call is opened once
      Given STD recorded it
      When STD records it
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 四(一))

    Scenario: A call ends after it begins
      When STD records it with expires_on 2025-02-15
      Then it is refused with SCHEDULE_MISMATCH (clause 四(一))

    Scenario: A suspended special opens no call
      When STD records it with special LEG-ATRD
      Then it is refused with SPECIAL_SUSPENDED (clause 五(二))

    Scenario: A special that nobody knows
      When STD records it with special RDT-NIL
      Then it is refused with UNKNOWN_REFERENCE (clause V8)

    Scenario: Only the S&T department reserves
      When FIN records it
      Then it is refused with UNAUTHORISED (clause 四(一))

  Rule: 四(一) What a call did not use 高效配置全区科技资源

    Background:
      Given the opening of 2025
      And 30,000,000 yuan of STIDF are allocated to RDT-KRD
      And STD recorded FundsReserved:
        | call         | CALL-1        |
        | fund         | STIDF         |
        | special      | RDT-KRD       |
        | amount       | 10,000,000.01 |
        | expires_on   | 2025-06-30    |
        | effective_on | 2025-02-15    |
      And the request ReservationReleased:
        | call         | CALL-1       |
        | amount       | 9,999,999.99 |
        | effective_on | 2025-07-01   |

    Scenario: It is free again
      When STD records it
      Then it is accepted
      And reserved of special RDT-KRD is 0.02
      And available of special RDT-KRD is 30,000,000.00
      And replaying the log gives the same balances

    Scenario: Not more than is left
      When STD records it with amount 10,000,000.02
      Then it is refused with OVER_OUTSTANDING, short 0.01 (clause V3)

    Scenario: A call that nobody opened
      When STD records it with call CALL-9
      Then it is refused with UNKNOWN_REFERENCE (clause 四(一))

    Scenario: Only the S&T department releases
      When FIN records it
      Then it is refused with UNAUTHORISED (clause 四(一))

    Scenario: A reservation is released, not corrected
      When FIN proposes and FIN2 approves on 2025-07-01 a correction of:
        | FundsReserved | amount | 1 |
      Then it is refused with NOT_CORRECTABLE (clause F)

  Rule: 政策参数 预留是否限制安排

    Background:
      Given the opening of 2025
      And 30,000,000 yuan of STIDF are allocated to RDT-KRD
      And project KRD-1 of special RDT-KRD, chosen by COMPETITIVE
      And STD recorded FundsReserved:
        | call         | CALL-1     |
        | fund         | STIDF      |
        | special      | RDT-KRD    |
        | amount       | 10,000,000 |
        | expires_on   | 2025-06-30 |
        | effective_on | 2025-02-15 |
      And STD recorded FundsReserved:
        | call         | CALL-2     |
        | fund         | STIDF      |
        | special      | RDT-KRD    |
        | amount       | 5,000,000  |
        | expires_on   | 2025-12-31 |
        | effective_on | 2025-02-15 |
      And the request PreFundingCommitted:
        | project      | KRD-1            |
        | fund         | STIDF            |
        | vintage      | 2025             |
        | amount       | 15,000,000.01    |
        | instalments  | 1: 15,000,000.01 |
        | effective_on | 2025-03-01       |

    Scenario: Without the parameter a reservation is a note
      When STD records it
      Then it is accepted
      And available of special RDT-KRD is 14,999,999.99
      And reserved of special RDT-KRD is 15,000,000.00

    Scenario: With it what calls hold is out of reach
      Given FIN proposed and STD approved PolicyParameterSet:
        | name         | reservation_blocks |
        | scope        | RDT-KRD            |
        | choice       | yes                |
        | document     | 内科计〔2025〕8号 |
        | effective_on | 2025-02-20         |
      When STD records it
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause P)

    Scenario: A call reaches its own money and what is free, not another call's
      Given FIN proposed and STD approved PolicyParameterSet:
        | name         | reservation_blocks |
        | choice       | yes                |
        | document     | 内科计〔2025〕8号 |
        | effective_on | 2025-02-20         |
      When STD records it with:
        | call        | CALL-1           |
        | amount      | 25,000,000.01    |
        | instalments | 1: 25,000,000.01 |
      Then it is refused with INSUFFICIENT_FUNDS, short 0.01 (clause P)

    Scenario: To the fen it does
      Given FIN proposed and STD approved PolicyParameterSet:
        | name         | reservation_blocks |
        | choice       | yes                |
        | document     | 内科计〔2025〕8号 |
        | effective_on | 2025-02-20         |
      When STD records it with:
        | call        | CALL-1        |
        | amount      | 25,000,000    |
        | instalments | 1: 25,000,000 |
      Then it is accepted
      And available of special RDT-KRD is 5,000,000.00
      And reserved of special RDT-KRD is 5,000,000.00

    Scenario: A call that expired holds nobody back
      Given FIN proposed and STD approved PolicyParameterSet:
        | name         | reservation_blocks |
        | choice       | yes                |
        | document     | 内科计〔2025〕8号 |
        | effective_on | 2025-02-20         |
      When STD records it with effective_on 2025-07-01
      Then it is accepted
      And available of special RDT-KRD is 14,999,999.99
