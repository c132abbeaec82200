Feature: Audit 审计
  Auditors draw samples that anybody draws again, and keep what they find beside the ledger.

  Rule: 财政惯例:审计抽样由种子和编号可复现

    Scenario: Money is drawn fen by fen from a start that follows from the seed
      Given the population is:
        | number | amount |
        | 1      | 10.00  |
        | 2      | 20.00  |
        | 3      | 30.00  |
        | 4      | 40.00  |
        | 5      | 50.00  |
        | 6      | 60.00  |
        | 7      | 70.00  |
        | 8      | 80.00  |
        | 9      | 90.00  |
        | 10     | 100.00 |
      When a sample is drawn by MONETARY_UNIT with seed 2025-AUD-1 and interval 100.00
      Then the start is 66.87
      And the items are 4 6 7 9 10

    Scenario: At random the lowest ranks of seed and number are drawn, in the order of the ranks
      Given the population is:
        | number | amount |
        | 2      | 20.00  |
        | 7      | 70.00  |
        | 8      | 80.00  |
        | 9      | 90.00  |
      When a sample is drawn by SIMPLE_RANDOM with seed 2025-AUD-1 and size 3
      Then the items are 7 2 9

    Scenario: What is large enough is looked at whole
      Given the population is:
        | number | amount    |
        | 1      | 10,000.00 |
        | 2      | 9,999.99  |
        | 3      | 50,000.00 |
      When a sample is drawn by ALL_ABOVE with threshold 10,000.00
      Then the items are 1 3
