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

  Rule: 财政惯例:重复资助核查:承担单位相同或名称相近,且年度重叠

    Scenario: What one undertaker is given for nearly the same in one year is named, for people to look at
      Given the projects are funded:
        | project | title                        | special | undertaker | years     |
        | KRD-1   | 草原碳汇监测关键技术研究(一期) | RDT-KRD | university | 2025      |
        | NSP-1   | 草原碳汇监测关键技术研究(二期) | BAS-NSP | university | 2025 2026 |
        | NSP-2   | 稀土永磁材料                 | BAS-NSP | university | 2024      |
        | KRD-2   | 草原碳汇监测关键技术研究(一期) | RDT-KRD | institute  | 2025      |
      When duplicate funding is looked for
      Then the groups are:
        | basis      | projects          |
        | TITLE      | KRD-1 KRD-2 NSP-1 |
        | UNDERTAKER | KRD-1 NSP-1       |

    Scenario: Years that do not meet are no duplicate
      Given the projects are funded:
        | project | title        | special | undertaker | years |
        | KRD-1   | 草原碳汇监测 | RDT-KRD | university | 2024  |
        | KRD-2   | 草原碳汇监测 | RDT-KRD | university | 2025  |
      When duplicate funding is looked for
      Then the groups are:
        | basis | projects |

  Rule: 财政惯例:不相容岗位分离核查:同一自然人的各账号视为一人

    Scenario: Two accounts that are one human's signed both sides of a movement
      Given these are signed:
        | number | kind           | signers         |
        | 7      | FundsAllocated | a:STD b:FIN     |
        | 8      | FundsAllocated | c:STD d:FIN     |
        | 9      | FundsAllocated | c:STD e:FIN:c   |
      And accounts a and b are one human's, a
      When the segregation of duties is looked at
      Then the findings are:
        | duty       | human | roles   | numbers |
        | BOTH_SIDES | a     | FIN STD | 7       |
        | BOTH_SIDES | c     | FIN STD | 9       |
        | ROLES_USED | a     | FIN STD | 7       |
