"""Titles of the synthetic projects: what research in Inner Mongolia is about, put together from words; nobody's project.

Places, topics and what is done about those of one field are as many as three primes: some 7,000 titles in a row all differ, and
two projects of one undertaker, whose numbers are a few dozen apart, hardly share more than one of the three.
"""

from typing import Final

SYNTHETIC: Final = "(演示)"
_WHERE: Final = (
    "呼伦贝尔", "锡林郭勒", "科尔沁", "毛乌素", "浑善达克", "河套灌区", "阴山北麓", "大兴安岭", "黄河几字弯", "西辽河流域",
    "乌梁素海", "阿拉善", "鄂尔多斯", "包头", "乌兰察布", "嫩江右岸", "库布其",
)  # fmt: skip
_FIELDS: Final = (
    (
        ("退化草原植被恢复", "沙地人工林", "盐碱地改良", "露天矿排土场复垦", "草原鼠虫害防控", "寒区湿地", "雪灾",
         "地下水回补", "黑土地保护性耕作"),
        ("关键技术研究与示范", "演变机理与调控", "遥感监测与评估", "碳汇计量方法", "长期定位观测", "微生物驱动机制",
         "模式优化与推广", "风险预警系统", "标准体系构建", "多源数据融合", "生态效益评价"),
    ),
    (
        ("奶牛高产稳产养殖", "肉羊良种繁育", "肉牛精准育肥", "苜蓿青贮", "马铃薯脱毒种薯", "牧草种质资源", "向日葵抗列当品种",
         "玉米密植", "燕麦新品种", "布鲁氏菌病疫苗", "荒漠肉苁蓉", "蒙药材栽培", "蒙医药方剂", "乳酸菌发酵乳", "奶酪发酵剂",
         "沙棘精深加工"),
        ("提质增效技术", "分子机制解析", "产业化应用", "品质评价与溯源", "绿色生产模式", "专用装备研制", "有效成分研究",
         "标准化示范", "数字化管理平台", "资源收集与评价", "中试与推广"),
    ),
    (
        ("稀土永磁材料", "稀土储氢合金", "稀土抛光粉", "稀土发光材料", "稀土钢冶炼", "煤制烯烃催化剂", "煤基碳材料",
         "粉煤灰提铝", "褐煤提质", "高纯石墨", "单晶硅生长"),
        ("低成本制备工艺", "构效关系研究", "高值化利用", "失效分析与修复", "多尺度模拟", "循环利用工艺", "中试与放大",
         "杂质深度脱除", "性能调控机理", "智能制造示范", "检测方法与标准"),
    ),
    (
        ("风电机组叶片", "光伏组件", "绿氢电解槽", "风光储多能互补", "大型储能电站"),
        ("寿命与可靠性", "智能运维平台", "国产化装备研制", "并网控制策略", "数字孪生模型", "低温适应技术", "安全风险预警",
         "经济性评价", "关键部件攻关", "功率预测方法", "退役回收工艺"),
    ),
)  # fmt: skip
"""Of each field: topics, and what is done about them."""
_TOPICS: Final = tuple((topic, aspects) for topics, aspects in _FIELDS for topic in topics)
FUNDED_TWICE: Final = {"NSF-0172": (51, "的基础问题"), "CAP-COP-014": (593, "")}
"""Projects that are called as RDT-KRD-052 of the same undertaker nearly is, and as RDT-CHN-031 of another one is: an auditor is to
find these, and no others."""


def title_of(code: str, serial: int) -> str:
    """The title of a project; ``serial``: its place among all."""
    serial, more = FUNDED_TWICE.get(code, (serial, ""))
    topic, aspects = _TOPICS[serial % len(_TOPICS)]
    return f"{SYNTHETIC}{_WHERE[serial % len(_WHERE)]}{topic}{aspects[serial % len(aspects)]}{more}"
