Feature: Parties 单位
  Undertakers, payees, pledgers and recommenders are legal persons, known by their unified social credit code.

  Rule: 二末 全部纳入自治区科技计划管理信息系统平台管理

    Background:
      Given the opening of 2025
      And the request PartyRegistered:
        | credit_code  | @stranger        |
        | name         | 某研究院(虚构) |
        | level        | REGIONAL         |
        | effective_on | 2025-03-01       |

    Scenario: A party is registered and may undertake a project
      Given STD recorded it
      When STD records ProjectRegistered:
        | project      | KRD-1       |
        | special      | RDT-KRD     |
        | title        | 新单位项目  |
        | mode         | COMPETITIVE |
        | undertaker   | @stranger   |
        | external_id  | X-KRD-1     |
        | function     | 2060499     |
        | effective_on | 2025-03-01  |
      Then it is accepted
      And the undertaker of project KRD-1 is @stranger
      And replaying the log gives the same balances

    Scenario: Registering moves no money
      When STD records it
      Then it is accepted
      And it posts nothing

    Scenario: A credit code is registered once
      Given STD recorded it
      When STD records it with name 另一名称(虚构)
      Then it is refused with DUPLICATE_BUSINESS_KEY (clause 二末)

    Scenario: Only the S&T department registers
      When FIN records it
      Then it is refused with UNAUTHORISED (clause 二末)

    Scenario Outline: A credit code has 18 characters and a right check character
      When STD sends it malformed with credit_code <code>
      Then the form of credit_code does not fit

      Examples:
        | code               |
        | 121500000000000998 |
        | 12150000000000099  |
        | 12150000000000099I |

    Scenario: A party outside the region, of a league
      When STD records it with:
        | in_region | false |
        | level     | LEAGUE |
        | league    | 包头市 |
      Then it is accepted

  Rule: 二末 Renaming 财政惯例:单位更名不改变统一社会信用代码

    Background:
      Given the opening of 2025
      And the request PartyRenamed:
        | credit_code  | @company       |
        | name         | 新名称(虚构) |
        | effective_on | 2025-06-01     |

    Scenario: A name holds from its day on
      When STD records it
      Then it is accepted
      And it posts nothing
      And party company is called company (synthetic) on 2025-05-31
      And party company is called 新名称(虚构) on 2025-06-01
      And replaying the log gives the same balances

    Scenario: Names may be recorded in any order
      Given STD recorded it
      When STD records it with:
        | name         | 中间名称(虚构) |
        | effective_on | 2025-04-01       |
      Then it is accepted
      And party company is called 中间名称(虚构) on 2025-05-31
      And party company is called 新名称(虚构) on 2025-06-01

    Scenario: A party that nobody knows
      When STD records it with credit_code @stranger
      Then it is refused with UNKNOWN_REFERENCE (clause 二末)

    Scenario: Only the S&T department renames
      When REC of industry records it
      Then it is refused with UNAUTHORISED (clause 二末)
