"""Names of the exercise: towns, villages, gullies and people, all made up.

Villages are composed from what villages are called in the hills; a short list
keeps out the names of real counties.
"""

from __future__ import annotations

import numpy as np

# Town, east km, north km of the seat wanted, kind of people count.
TOWNS: tuple[tuple[str, float, float], ...] = (
    ("城关镇", 2.0, -9.5),
    ("石坑镇", -12.2, 1.6),
    ("云台镇", -2.8, 10.0),
    ("白水镇", -0.9, -0.6),
    ("老鸦岭镇", 8.0, 6.6),
    ("双河镇", 8.4, -4.4),
    ("沙田镇", 17.2, 12.0),
    ("竹溪镇", 18.0, 0.6),
    ("马蹄镇", -21.2, 10.2),
    ("龙潭镇", -11.2, 14.2),
    ("松柏镇", 2.8, 17.8),
    ("大坪镇", -9.2, -6.4),
    ("三渡镇", -7.6, -16.4),
    ("柳塘镇", 22.2, -9.4),
    ("茶垭镇", -22.6, 2.6),
    ("石桥镇", 3.6, -18.4),
    ("岩口镇", 18.6, -17.6),
    ("长岗乡", 11.8, -13.2),
    ("黄泥乡", -20.4, -4.4),
    ("枫香乡", -15.2, -11.6),
    ("鹿鸣乡", 9.6, 14.6),
)

# Villages that the pictures and the storm know by name.
NAMED_VILLAGES: dict[str, tuple[str, ...]] = {
    "城关镇": ("东门社区", "西门社区", "南关社区", "北街社区", "河街社区", "车站社区", "文昌社区"),
    "石坑镇": ("石坑村", "岭脚村", "上坑村", "下坑村", "枫坳村", "茶坪村"),
    "云台镇": ("云台村", "河口村", "半山村", "高峰村"),
    "白水镇": ("白水村", "鹰嘴村", "水尾村", "桥头村"),
    "老鸦岭镇": ("老鸦村", "杉坪村", "垭口村"),
    "双河镇": ("双河村", "两岔村"),
    "沙田镇": ("沙田村", "沙坝村"),
    "竹溪镇": ("竹溪村", "竹园村"),
    "马蹄镇": ("马蹄村", "马鞍村"),
    "龙潭镇": ("龙潭村", "潭口村"),
    "大坪镇": ("大坪村", "坪上村"),
    "三渡镇": ("三渡村", "渡口村"),
}

_FIRST = "松竹茶枫桂梨杉柏桃李樟槐石岩云雾龙马牛羊鹿鹤雀鹰燕黄白青红乌金银大小上下中高长新老前后东西南北双三五七九"
_LAST = "坪坳岭坑溪塘湾坝垭岩沟冲田井桥洞坡林口垴槽堰沱滩窝寨"
_FAMILIES = "陈罗韦黎蓝莫覃陆宋何梁黄李王张刘周吴郑冯谭田向冉彭杨石龙廖邓唐"
_HOMES = ("家湾", "家坝", "家沟", "家岩", "家院", "家坪", "家冲", "家垭")

# Real counties, districts and cities that such pairs of characters would hit.
_REAL_COUNTIES = (
    "石林 石门 石泉 石城 石台 石楼 石拐 石棉 石首 龙门 龙山 龙井 龙口 龙湾 龙岩 龙泉 龙里 龙川 龙州 龙城 龙江 龙沙 龙南 马山 马边 马龙 马关 "
    "白水 白沙 白云 白塔 白河 黄陵 黄山 黄岩 黄梅 黄平 黄龙 黄埔 青田 青川 青冈 青羊 青山 青浦 青神 青龙 大田 大埔 大竹 大足 大冶 大悟 大洼 "
    "大通 大宁 大同 大姚 大关 大方 大英 大新 大化 大安 大余 大厂 双江 双柏 双流 双牌 双峰 双城 双桥 双滦 双塔 双湖 三江 三穗 三台 三原 三门 "
    "三水 三元 三都 五台 五河 五峰 五莲 五华 五原 五寨 五常 五通 七里 新田 新河 新林 新丰 新塘 新沂 新密 新县 新乡 新野 新安 新郑 新洲 新津 "
    "新干 新余 新建 新宁 新化 新邵 新晃 新会 新兴 新和 新源 新市 新平 松溪 松桃 松江 松阳 松潘 松滋 松山 松岭 松北 桂东 桂林 桂平 桂阳 梨树 "
    "红河 红桥 红岗 红山 红塔 红花 高平 高台 高县 高陵 高青 高邑 高阳 高碑 高密 高淳 高港 高要 高明 高州 高安 长岭 长沙 长清 长泰 长垣 长寿 "
    "长宁 长乐 长兴 长海 长岛 长治 长子 长武 长安 长阳 长顺 长丰 长洲 长汀 金沙 金溪 金堂 金坛 金山 金门 金口 金塔 金川 金秀 金平 金湖 金寨 "
    "金东 金华 银川 银州 上林 上杭 上犹 上高 上饶 上栗 上街 上虞 上思 上海 上甘 下陆 下关 下花 下城 中山 中江 中牟 中方 中阳 中宁 中卫 中原 "
    "东山 东平 东台 东阳 东港 东源 东莞 东方 东兰 东兴 东乡 东坡 东至 东丰 东辽 东宁 东明 东阿 东光 东川 东海 东湖 东胜 东丽 东营 东洲 东陵 "
    "西林 西畴 西盟 西充 西平 西华 西峡 西乡 西吉 西和 西丰 西湖 西岗 西塘 西固 西山 西安 西宁 西昌 西青 西工 南岸 南川 南江 南部 南充 南溪 "
    "南丹 南宁 南平 南靖 南安 南康 南城 南丰 南雄 南澳 南海 南沙 南山 南岗 南关 南芬 南票 南湖 南通 南陵 南谯 南岳 南县 南漳 南召 南乐 南和 "
    "南皮 南宫 南涧 南华 南昌 南京 南阳 北川 北碚 北塘 北流 北海 北湖 北塔 北关 北林 北安 北镇 北票 北辰 云岩 云溪 云龙 云县 云阳 云和 云霄 "
    "云城 云浮 竹溪 竹山 桃源 桃江 桃城 桃山 樟树 乌当 乌兰 乌什 乌海 乌苏 鹤山 鹤岗 鹤峰 鹤壁 鹤城 鹤庆 牛头 羊城 鹿寨 鹿泉 鹿邑 鹿城 雾灵 "
    "前郭 前进 前锋 左云 左权 左贡 右玉 右江 小河 小金 小店 深圳 深泽 深县 老城 老河 雀林 九江 九龙 九台 九寨 四平 四会 四方 燕山 岩寨"
)

_GIVEN = (
    "青山 水生 国安 成林 小满 玉田 晓禾 大坪 秀兰 国富 振邦 立春 康宁 远志 文斌 志高 德明 光华 永福 春梅 桂英 建国 明亮 家兴 长河 世平 "
    "云飞 正阳 开泰 冬生 秋菊 少华 中和 茂林 松涛 树清 万里 思源 嘉禾 永年 学文 克勤 守田 润生 望山 若水 向东 新民 兴旺 有才 金贵 得水 "
    "红梅 素芳 月英 凤鸣 翠屏 美珍 雪松 银花 丽华 爱莲 福来 顺昌 绍成 廷玉 培根 盛年 天佑 宗义 泽民 伯安"
)


def village_names(town: str, count: int, taken: set[str], rng: np.random.Generator) -> tuple[str, ...]:
    """Return names of a town's villages, none of them in ``taken``, to which they are added."""
    names = list(NAMED_VILLAGES.get(town, (f"{town[:-1]}村",)))[:count]
    taken.update(names)
    while len(names) < count:
        if rng.random() < 0.3:
            stem = _pick(_FAMILIES, rng) + _HOMES[int(rng.integers(len(_HOMES)))]
        else:
            stem = _pick(_FIRST, rng) + _pick(_LAST, rng)
        name = f"{stem}村"
        if stem in _REAL_COUNTIES.split() or name in taken:
            continue
        taken.add(name)
        names.append(name)
    return tuple(names)


def person_name(rng: np.random.Generator) -> str:
    """Return a family name and a given name."""
    given = _GIVEN.split()
    return _pick(_FAMILIES, rng) + given[int(rng.integers(len(given)))]


def _pick(characters: str, rng: np.random.Generator) -> str:
    return characters[int(rng.integers(len(characters)))]
