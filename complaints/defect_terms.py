"""
What goods do when they fail, in the words of both languages, so that an English and a Chinese complaint about the same
find each other; and the words that say nothing. Data for wording.py. PURE.
"""

from __future__ import annotations

import re

# name of the concept → (English pattern from the beginning of a word, Chinese pattern); texts come casefolded
_CONCEPTS = {
    "leak": (r"leak|seep|ooz|drip", "漏|渗"),
    "crack": (r"crack|fissure|fractur", "裂|断裂|龟裂"),
    "break": (r"broke|break|snapp|sheared", "断|折断|破损|破碎"),
    "noise": (r"nois|squeal|rattl|humm|grinding sound", "异响|噪声|噪音|异音|啸叫"),
    "vibration": (r"vibrat|shak|oscillat", "振动|震动|抖动|晃动"),
    "overheating": (r"overheat|hot spot|too hot|burnt|scorch", "过热|发热|温升|高温|烧"),
    "corrosion": (r"corro|rust|pitting", "锈|腐蚀|点蚀"),
    "wear": (r"wear|worn|abra", "磨损|磨耗|刮伤"),
    "deformation": (r"deform|warp|bent|bend|distort|buckl", "变形|弯曲|翘曲|扭曲"),
    "dimension": (
        r"dimension|out of tolerance|oversi|undersi|too (?:long|short|wide|thick|thin)",
        "尺寸|超差|偏大|偏小",
    ),
    "coating": (r"coat|paint|peel|blister|flak", "涂层|油漆|漆|剥落|起皮|起泡|脱落"),
    "loose": (r"loose|loosen|came off|fell off|detach", "松动|松脱|脱落|掉落"),
    "stuck": (r"stuck|jam|seiz|block|clog", "卡死|卡滞|卡住|堵|咬死"),
    "electrical": (r"short.?circuit|short to|insulat|arcing|breakdown voltage|earth fault", "短路|绝缘|击穿|接地|打火"),
    "software": (r"software|firmware|program|crash|freez|bug\b", "软件|程序|固件|死机|程式"),
    "performance": (r"output|efficien|underperform|derat|degrad|power loss", "效率|出力|功率|衰减|性能"),
    "missing": (r"missing|incomplete|short.?deliver|absent", "缺少|缺件|漏发|少发|缺失"),
    "wrong goods": (r"wrong (?:part|item|model|goods|product)|mix.?up|mislabel", "错发|发错|混料|型号不符|贴错"),
    "contamination": (r"contamin|dirt|particl|foreign", "污染|杂质|异物|脏|颗粒"),
    "transport damage": (r"transport|in transit|shipping damage|packag|dented|dent\b", "运输|包装|碰伤|磕碰"),
    "weld": (r"weld|solder", "焊"),
    "seal": (r"seal|gasket|o-ring", "密封|垫片|油封"),
    "bearing": (r"bearing", "轴承"),
    "false alarm": (r"alarm|trip(?:s|ped|ping)\b|fault code|error code", "报警|跳闸|故障码|停机"),
}
CONCEPTS = {
    name: (re.compile(rf"\b(?:{english})"), re.compile(f"(?:{chinese})"))
    for name, (english, chinese) in _CONCEPTS.items()
}
_SAY_NOTHING = """
    a about after again all also an and any are as at be been before but by can could did do does each for from had
    has have he her his how i if in into is it its just more most no not now of off on once one only or our out over
    she so some such than that the their them then there these they this those to too under until up very was we
    were what when where which while who why will with would you your please customer product quality problem
    complaint since still being because during fail cause causing result resulting use used using repair component
    unit end day time make made take get got found find see need work call come gone went back new old part number
    piece item year month week side left right properly owner own due failure failed issue defect fault
"""
STOP_WORDS = frozenset(_SAY_NOTHING.split())
STOPS = re.compile(
    "[的了是在和与及也都就而且但很我们你们他们这那该其有为从到被把对于等并或者已经因为所以后前时中上下个台件]+"
)
