"""Customs' own code tables, as far as the papers of this house need them.

Countries are ISO 3166 alpha-3 and currencies ISO 4217, as the declaration has them since
August 2018. A code that is not listed prints as itself: a paper shows what was declared,
it does not guess.
"""

from __future__ import annotations

from functools import cache

from babel import Locale
from babel.core import get_global

CURRENCIES = {
    "AUD": "澳大利亚元",
    "CAD": "加拿大元",
    "CHF": "瑞士法郎",
    "CNY": "人民币",
    "DKK": "丹麦克朗",
    "EUR": "欧元",
    "GBP": "英镑",
    "HKD": "港币",
    "IDR": "印度尼西亚卢比",
    "JPY": "日本元",
    "KRW": "韩国圆",
    "MOP": "澳门元",
    "MYR": "马来西亚林吉特",
    "NOK": "挪威克朗",
    "NZD": "新西兰元",
    "PHP": "菲律宾比索",
    "RUB": "俄罗斯卢布",
    "SEK": "瑞典克朗",
    "SGD": "新加坡元",
    "THB": "泰国铢",
    "TWD": "新台币",
    "USD": "美元",
}

UNITS = {
    "001": ("台", "set"),
    "006": ("套", "kit"),
    "007": ("个", "piece"),
    "008": ("只", "piece"),
    "011": ("件", "item"),
    "012": ("支", "stick"),
    "015": ("条", "strip"),
    "020": ("片", "tablet"),
    "025": ("双", "pair"),
    "035": ("千克", "kg"),
    "036": ("克", "g"),
    "070": ("吨", "t"),
    "095": ("升", "l"),
    "096": ("毫升", "ml"),
    "120": ("箱", "carton"),
    "122": ("罐", "can"),
    "125": ("包", "bag"),
    "136": ("袋", "sack"),
    "139": ("粒", "grain"),
    "140": ("盒", "box"),
    "142": ("瓶", "bottle"),
}

TRANSPORT_MODES = {
    "2": ("水路运输", "sea"),
    "3": ("铁路运输", "rail"),
    "4": ("公路运输", "road"),
    "5": ("航空运输", "air"),
    "6": ("邮件运输", "post"),
    "9": ("其他方式运输", "other"),
}

SUPERVISION_MODES = {
    "0110": ("一般贸易", "general trade"),
    "1210": ("保税电商", "bonded e-commerce"),
    "1239": ("保税电商A", "bonded e-commerce A"),
    "6033": ("物流中心进出境货物", "logistics centre"),
}

#: Incoterm -> customs' deal term, with its number. Customs knows fewer terms than the trade.
DEAL_TERMS = {
    "CIF": ("1", "CIF"),
    "CIP": ("1", "CIF"),
    "DAP": ("1", "CIF"),
    "DPU": ("1", "CIF"),
    "CFR": ("2", "C&F"),
    "CPT": ("2", "C&F"),
    "FOB": ("3", "FOB"),
    "FCA": ("3", "FOB"),
    "FAS": ("3", "FOB"),
    "EXW": ("7", "EXW"),
}

#: Kinds of packing, all that the table of 2018 has.
PACKINGS = {
    "00": ("散装", "in bulk"),
    "01": ("裸装", "unpacked"),
    "04": ("球状罐类", "spherical tanks"),
    "06": ("包/袋", "bags"),
    "22": ("纸制或纤维板制盒/箱", "cartons"),
    "23": ("木制或竹藤等植物性材料制盒/箱", "wooden or bamboo cases"),
    "29": ("其他材料制盒/箱", "boxes of other materials"),
    "32": ("纸制或纤维板制桶", "fibreboard drums"),
    "33": ("木制或竹藤等植物性材料制桶", "wooden or bamboo casks"),
    "39": ("其他材料制桶", "drums of other materials"),
    "92": ("再生木托", "pallets of processed wood"),
    "93": ("天然木托", "pallets of natural wood"),
    "99": ("其他包装", "other packing"),
}

#: Ports abroad that goods of the pools leave from, by their English name in small letters.
FOREIGN_PORTS = {
    "antwerp": ("BEL003", "安特卫普"),
    "auckland": ("NZL003", "奥克兰"),
    "barcelona": ("ESP024", "巴塞罗那"),
    "bremerhaven": ("DEU018", "不来梅港"),
    "busan": ("KOR003", "釜山"),
    "copenhagen": ("DNK027", "哥本哈根"),
    "felixstowe": ("GBR210", "弗利克斯托"),
    "genoa": ("ITA075", "热那亚"),
    "hamburg": ("DEU063", "汉堡"),
    "incheon": ("KOR018", "仁川"),
    "kobe": ("JPN213", "神户"),
    "le havre": ("FRA902", "勒阿弗尔"),
    "long beach": ("USA255", "长滩"),
    "los angeles": ("USA264", "洛杉矶"),
    "melbourne": ("AUS147", "墨尔本"),
    "new york": ("USA309", "纽约"),
    "oakland": ("USA336", "奥克兰"),
    "osaka": ("JPN384", "大阪"),
    "rotterdam": ("NLD066", "鹿特丹"),
    "seattle": ("USA483", "西雅图"),
    "southampton": ("GBR639", "南安普顿"),
    "sydney": ("AUS225", "悉尼"),
    "tauranga": ("NZL057", "陶朗阿"),
    "tokyo": ("JPN501", "东京"),
    "valencia": ("ESP177", "巴伦西亚"),
    "yokohama": ("JPN570", "横滨"),
}

DOMESTIC_PORTS = {
    "121504": "天津东疆保税港区",
    "210104": "大连大窑湾保税港区",
    "310303": "上海浦东机场综合保税区",
    "310703": "上海外高桥保税区",
    "311002": "洋山港",
    "311003": "洋山保税港区",
    "330001": "杭州",
    "331101": "杭州保税物流园区（B型）",
    "370202": "青岛前湾保税港区",
    "380001": "宁波",
    "380005": "宁波保税区",
    "380101": "宁波北仑港港区",
    "380901": "宁波梅山保税港区",
    "390102": "厦门海沧保税港区",
    "410901": "郑州新郑综合保税区",
    "442302": "广州白云机场综合保税区",
    "443416": "广州南沙保税港区",
    "460004": "海口综合保税区",
    "471804": "深圳前海湾保税港区",
    "500401": "重庆两路寸滩保税港区水港",
    "500501": "重庆西永综合保税区",
}

#: The same ports as papers in English name them.
PORTS_IN_ENGLISH = {
    "121504": "Tianjin Dongjiang",
    "210104": "Dalian Dayaowan",
    "310303": "Shanghai Pudong Airport",
    "310703": "Shanghai Waigaoqiao",
    "311002": "Shanghai Yangshan",
    "311003": "Shanghai Yangshan",
    "330001": "Hangzhou",
    "331101": "Hangzhou",
    "370202": "Qingdao Qianwan",
    "380001": "Ningbo",
    "380005": "Ningbo",
    "380101": "Ningbo Beilun",
    "380901": "Ningbo Meishan",
    "390102": "Xiamen Haicang",
    "410901": "Zhengzhou",
    "442302": "Guangzhou Baiyun Airport",
    "443416": "Guangzhou Nansha",
    "460004": "Haikou",
    "471804": "Shenzhen Qianhaiwan",
    "500401": "Chongqing Cuntan",
    "500501": "Chongqing Xiyong",
}
DISTRICTS = {
    "0208": "津保税区",
    "0910": "连保税港",
    "2216": "浦机综保",
    "2249": "洋山保税",
    "3104": "北仑海关",
    "3105": "甬保税区",
    "3117": "梅山保税",
    "3505": "福保税区",
    "3709": "海沧保税",
    "4258": "青保税港",
    "4612": "新郑综保",
    "5144": "穗机综保",
    "5165": "南沙保税",
    "5351": "前海保税",
    "6409": "海口综保",
    "8012": "重庆保税",
    "8013": "西永综保",
}

_OWN_NAMES = {"HKG": "中国香港", "MAC": "中国澳门", "TWN": "中国台湾"}


@cache
def country(code: str, *, chinese: bool) -> str:
    """The country's name; the code itself where there is none."""
    if chinese and code in _OWN_NAMES:
        return _OWN_NAMES[code]
    aliases = get_global("territory_aliases").get(code, [code])
    names = Locale.parse("zh_Hans" if chinese else "en").territories
    return str(names.get(aliases[0], code))


def named(table: dict[str, tuple[str, str]], code: str, *, chinese: bool) -> str:
    """The code's name of a table of pairs (Chinese, English)."""
    pair = table.get(code)
    return pair[0 if chinese else 1] if pair else code
