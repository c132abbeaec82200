Feature: Merging of specials 专项归并
  A special goes on as part of another: every open balance moves, account by account; what was paid stays where it was paid.

  Rule: 三(一) 对科技专项实行动态调整

    Background:
      Given the opening of 2025
      And 50,000,000 yuan of STIDF are allocated to RDT-CHN
      And 30,000,000 yuan of STIDF are allocated to RDT-KRD
      And project CHN-1 of special RDT-CHN, chosen by CHALLENGE
      And 8,000,000.01 yuan of STIDF are committed to CHN-1 in one instalment
      And 3,000,000 yuan of CHN-1 are ordered as ORD-1 and settled as PAY-1
      And STD recorded PaymentOrdered:
        | order        | ORD-2         |
        | project      | CHN-1         |
        | instalment   | 1             |
        | amount       | 2,000,000     |
        | payee        | @university   |
        | document     | 拨付〔2025〕2 |
        | effective_on | 2025-04-02    |
      And STD recorded FundsReserved:
        | call         | CALL-1     |
        | fund         | STIDF      |
        | special      | RDT-CHN    |
        | amount       | 5,000,000  |
        | expires_on   | 2025-12-31 |
        | effective_on | 2025-04-02 |
      And the request SpecialMerged:
        | special      | RDT-CHN            |
        | into         | RDT-KRD            |
        | document     | 内科计〔2025〕40号 |
        | effective_on | 2025-06-01         |

    Scenario: What is open moves, what was paid stays
      When STD records it
      Then it is accepted
      And available of special RDT-CHN is 0.00
      And committed of special RDT-CHN is 0.00
      And ordered of special RDT-CHN is 0.00
      And reserved of special RDT-CHN is 0.00
      And disbursed of special RDT-CHN is 3,000,000.00
      And available of special RDT-KRD is 71,999,999.99
      And committed of special RDT-KRD is 3,000,000.01
      And ordered of special RDT-KRD is 2,000,000.00
      And reserved of special RDT-KRD is 5,000,000.00
      And committed of project CHN-1 is 3,000,000.01
      And disbursed of project CHN-1 is 3,000,000.00
      And supply of fund STIDF is 973,260,000.00
      And the special of project CHN-1 is RDT-KRD
      And special RDT-CHN is active on 2025-05-31
      And special RDT-CHN is merged on 2025-06-01
      And replaying the log gives the same balances

    Scenario: A payment on its way is settled in the other special
      Given STD recorded it
      When TRE records PaymentSettled:
        | order        | ORD-2      |
        | detail       | PAY-2      |
        | amount       | 2,000,000  |
        | effective_on | 2025-06-03 |
      Then it is accepted
      And ordered of special RDT-KRD is 0.00
      And disbursed of special RDT-KRD is 2,000,000.00
      And disbursed of project CHN-1 is 5,000,000.00

    Scenario: What was paid before comes home to the other special
      Given STD recorded it
      When TRE records PaymentRefunded:
        | settlement   | PAY-1      |
        | detail       | REF-1      |
        | amount       | 1,000,000  |
        | effective_on | 2025-06-03 |
      Then it is accepted
      And disbursed of special RDT-CHN is 2,000,000.00
      And committed of special RDT-KRD is 4,000,000.01
      And replaying the log gives the same balances

    Scenario: The merged special takes nothing new
      Given STD recorded it
      When STD proposes and FIN approves FundsAllocated:
        | fund         | STIDF      |
        | vintage      | 2025       |
        | special      | RDT-CHN    |
        | amount       | 1          |
        | effective_on | 2025-06-02 |
      Then it is refused with SPECIAL_SUSPENDED (clause 三(一))

    Scenario: Not even dated before the day of merging
      Given STD recorded it
      When STD proposes and FIN approves FundsAllocated:
        | fund         | STIDF      |
        | vintage      | 2025       |
        | special      | RDT-CHN    |
        | amount       | 1          |
        | effective_on | 2025-05-02 |
      Then it is refused with SPECIAL_SUSPENDED (clause 三(一))

    Scenario: It is not merged as of a day before it was suspended, and so comes back no more
      Given STD recorded SpecialSuspended:
        | special      | RDT-CHN            |
        | document     | 内科计〔2025〕30号 |
        | effective_on | 2025-07-01         |
      When STD records it
      Then it is refused with PERIOD_ORDER (clause 三(一))
      And the refusal says changed_on 2025-07-01
      When STD records it with effective_on 2025-07-01
      Then it is accepted
      When STD records SpecialResumed:
        | special      | RDT-CHN            |
        | document     | 内科计〔2025〕60号 |
        | effective_on | 2025-07-02         |
      Then it is refused with SPECIAL_SUSPENDED (clause 三(一))
      And special RDT-CHN is merged on 2025-07-02

    Scenario: It is not merged into one that goes on as part of another by now
      Given STD recorded SpecialMerged:
        | special      | RDT-KRD            |
        | into         | MSP-DEM            |
        | document     | 内科计〔2025〕39号 |
        | effective_on | 2025-06-01         |
      When STD records it with effective_on 2025-05-01
      Then it is refused with SPECIAL_SUSPENDED (clause 三(一))
      And the refusal says special RDT-KRD

    Scenario: It is merged once
      Given STD recorded it
      When STD records it
      Then it is refused with SPECIAL_SUSPENDED (clause 三(一))

    Scenario: A special is not merged into itself
      When STD records it with into RDT-CHN
      Then it is refused with SPECIAL_SUSPENDED (clause 三(一))

    Scenario: A suspended special does not take another in
      When STD records it with into LEG-ATRD
      Then it is refused with SPECIAL_SUSPENDED (clause 五(二))

    Scenario: A suspended special may be merged
      When STD records it with special LEG-ATRD
      Then it is accepted
      And committed of special LEG-ATRD is 0.00
      And committed of special RDT-KRD is 18,500,000.00
      And available of special RDT-KRD is 30,000,000.00

    Scenario: Running projects of a former category go on, but take new money by an exception document only
      Given STD recorded it with special LEG-ATRD
      And the request PreFundingCommitted:
        | project      | OLD-ATRD     |
        | fund         | STIDF        |
        | vintage      | 2025         |
        | amount       | 1,000,000    |
        | instalments  | 2: 1,000,000 |
        | effective_on | 2025-06-02   |
      When STD records it
      Then it is refused with MODE_NOT_ALLOWED (clause V12)
      And the refusal says special RDT-KRD
      When STD records it with exception 内科函〔2025〕9号
      Then it is accepted
      And committed of project OLD-ATRD is 19,500,000.00
      And replaying the log gives the same balances

    Scenario: A project whose mode is of the other special's row needs none
      Given STD recorded it
      When STD records PreFundingCommitted:
        | project      | CHN-1      |
        | fund         | STIDF      |
        | vintage      | 2025       |
        | amount       | 1          |
        | instalments  | 2: 1       |
        | effective_on | 2025-06-02 |
      Then it is accepted

    Scenario Outline: Specials that nobody knows
      When STD records it with <field> RDT-NIL
      Then it is refused with UNKNOWN_REFERENCE (clause V8)

      Examples:
        | field   |
        | special |
        | into    |

    Scenario: Merging needs a document
      When STD records it without document
      Then it is refused with DOCUMENT_MISSING (clause 三(一))

    Scenario: Only the S&T department merges
      When FIN records it
      Then it is refused with UNAUTHORISED (clause 三(一))

  Rule: 四(二) 保留“自然科学基金”,重点支持基础研究计划

    Background:
      Given the opening of 2025
      And 40,000,000 yuan of NSF are allocated to BAS-JNT
      And the request SpecialMerged:
        | special      | BAS-JNT            |
        | into         | BAS-NSP            |
        | document     | 内科计〔2025〕41号 |
        | effective_on | 2025-06-01         |

    Scenario: Within basic research the fund's money goes along
      When STD records it
      Then it is accepted
      And available of special BAS-NSP is 40,000,000.00

    Scenario: Out of basic research it does not
      When STD records it with into RDT-KRD
      Then it is refused with FUND_SCOPE (clause 四(二))

    Scenario: Unless an exception document says so
      When STD records it with:
        | into      | RDT-KRD           |
        | exception | 内科函〔2025〕9号 |
      Then it is accepted
      And available of special RDT-KRD is 40,000,000.00
