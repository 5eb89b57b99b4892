"""The demo catalogue: a shop of small pleasures, as the staff's import takes it.

Each category is a table of goods times a table of variants; prices are in roubles here and in
kopecks in the import. The same products come out every time.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

# Every so many products one is nearly gone, and one is gone.
LITTLE_LEFT_EVERY = 23
OUT_OF_STOCK_EVERY = 37
LITTLE = 2


class Variant(NamedTuple):
    """*percent* is its price in hundredths of the good's."""

    code: str
    ru: str
    en: str
    percent: int


class Variants(NamedTuple):
    """What the variants of a good differ in: an attribute, and its values."""

    attribute: str
    ru: str
    en: str
    values: tuple[Variant, ...]


class Category(NamedTuple):
    """*title* in Russian and English, what is said of its goods, and *goods*: a table of names
    and the price of the first variant."""

    name: str
    title: tuple[str, str]
    ru: str
    en: str
    variants: Variants
    goods: str


WEIGHTS = Variants(
    "weight",
    "Вес",
    "Weight",
    (
        Variant("100", "100 г", "100 g", 100),
        Variant("250", "250 г", "250 g", 230),
        Variant("500", "500 г", "500 g", 430),
    ),
)
COLOURS = Variants(
    "colour",
    "Цвет",
    "Colour",
    (
        Variant("WHT", "белый", "white", 100),
        Variant("GRN", "зелёный", "green", 100),
        Variant("BLU", "синий", "blue", 105),
    ),
)
SIZES = Variants(
    "size",
    "Размер",
    "Size",
    (
        Variant("S", "размер S", "size S", 100),
        Variant("M", "размер M", "size M", 100),
        Variant("L", "размер L", "size L", 110),
    ),
)
SETS = Variants(
    "pieces",
    "В наборе",
    "Pieces",
    (
        Variant("1", "1 шт.", "1 piece", 100),
        Variant("3", "набор 3 шт.", "set of 3", 270),
        Variant("6", "набор 6 шт.", "set of 6", 510),
    ),
)

CATEGORIES = (
    Category(
        "bath",
        ("Ванная", "Bath"),
        "Бережный уход без лишнего, в удобной упаковке.",
        "Gentle care with nothing superfluous, in a handy pack.",
        SETS,
        """
Мыло с лавандой | Lavender soap | 240
Соль для ванны «Хвоя» | Pine bath salt | 390
Мочалка из люфы | Loofah sponge | 320
Бальзам для рук с облепихой | Sea buckthorn hand balm | 450
Шампунь с крапивой | Nettle shampoo | 520
Бомбочка для ванны «Апельсин» | Orange bath bomb | 280
Скраб кофейный | Coffee scrub | 430""",
    ),
    Category(
        "coffee",
        ("Кофе", "Coffee"),
        "Зёрна обжарены на этой неделе; помол подберём по просьбе.",
        "Beans roasted this week; we grind them on request.",
        WEIGHTS,
        """
Кофе Эфиопия Иргачеффе | Ethiopia Yirgacheffe coffee | 420
Кофе Колумбия Уила | Colombia Huila coffee | 380
Кофе Бразилия Серрадо | Brazil Cerrado coffee | 320
Кофе Кения АА | Kenya AA coffee | 460
Кофе Гватемала Антигуа | Guatemala Antigua coffee | 410
Эспрессо-смесь «Утро» | Morning espresso blend | 350
Кофе без кофеина | Decaf coffee | 440""",
    ),
    Category(
        "garden",
        ("Сад", "Garden"),
        "Для дачи и подоконника: прослужит не один сезон.",
        "For the garden and the window sill: made to last for seasons.",
        SIZES,
        """
Кашпо из глины | Clay planter | 690
Перчатки садовые | Garden gloves | 350
Лейка оцинкованная | Galvanised watering can | 1490
Корзина для урожая | Harvest basket | 1190
Фартук садовода | Gardener's apron | 1290
Ящик для рассады | Seedling tray | 480
Опора для вьюнов | Climber trellis | 890""",
    ),
    Category(
        "gifts",
        ("Подарки", "Gifts"),
        "Готовый подарок: останется только вручить.",
        "A gift that is ready: all you do is hand it over.",
        SETS,
        """
Свеча из соевого воска | Soy wax candle | 590
Открытка с акварелью | Watercolour card | 150
Ёлочная игрушка ручной работы | Handmade tree ornament | 490
Подарочный мешочек из льна | Linen gift pouch | 220
Магнит с видом города | City view magnet | 190
Брелок из кожи | Leather key ring | 540
Лента атласная | Satin ribbon | 130""",
    ),
    Category(
        "home",
        ("Дом", "Home"),
        "Спокойные цвета, которые уживаются с любым интерьером.",
        "Calm colours that get along with any room.",
        COLOURS,
        """
Плед из хлопка | Cotton throw | 2490
Наволочка льняная | Linen pillowcase | 1190
Полотенце вафельное | Waffle towel | 790
Коврик плетёный | Woven rug | 1890
Ваза керамическая | Ceramic vase | 1590
Корзина для белья | Laundry basket | 1990
Светильник настольный | Table lamp | 2890""",
    ),
    Category(
        "kitchen",
        ("Кухня", "Kitchen"),
        "Удобно в руке, легко моется, красиво на столе.",
        "Good to hold, easy to wash, handsome on the table.",
        COLOURS,
        """
Кружка керамическая 350 мл | Ceramic mug 350 ml | 690
Заварочный чайник 800 мл | Teapot 800 ml | 1890
Тарелка обеденная | Dinner plate | 790
Салатник | Salad bowl | 1290
Фартук кухонный | Kitchen apron | 990
Доска разделочная | Cutting board | 1090
Банка для круп | Storage jar | 590""",
    ),
    Category(
        "sport",
        ("Спорт", "Sport"),
        "Для зала, парка и дома.",
        "For the gym, the park and at home.",
        SIZES,
        """
Футболка беговая | Running shirt | 1690
Перчатки для турника | Pull-up gloves | 890
Носки спортивные | Sports socks | 390
Шорты тренировочные | Training shorts | 1890
Эспандер-петля | Resistance band | 650
Повязка на голову | Headband | 420
Жилет ветрозащитный | Windproof vest | 3490""",
    ),
    Category(
        "stationery",
        ("Канцелярия", "Stationery"),
        "Бумага и мелочи, которыми приятно пользоваться каждый день.",
        "Paper and small things that are a pleasure every day.",
        SETS,
        """
Блокнот в точку A5 | Dotted notebook A5 | 420
Ручка гелевая | Gel pen | 120
Карандаш чернографитный | Graphite pencil | 60
Планер недельный | Weekly planner | 560
Закладки магнитные | Magnetic bookmarks | 180
Папка на резинке | Elastic folder | 240
Маркер пастельный | Pastel highlighter | 140""",
    ),
    Category(
        "tea",
        ("Чай", "Tea"),
        "Свежий сбор; храните в сухом месте, подальше от специй.",
        "A fresh harvest; keep it dry and away from spices.",
        WEIGHTS,
        """
Чай чёрный ассам | Assam black tea | 260
Чай зелёный сенча | Sencha green tea | 310
Улун молочный | Milk oolong tea | 390
Пуэр выдержанный | Aged pu-erh tea | 480
Иван-чай с чабрецом | Fireweed tea with thyme | 240
Ройбуш с ванилью | Vanilla rooibos | 280
Чай с бергамотом | Earl Grey tea | 270""",
    ),
    Category(
        "toys",
        ("Игрушки", "Toys"),
        "Безопасные материалы, сертификат прилагается. Для детей от трёх лет.",
        "Safe materials, certificate enclosed. For children from three years on.",
        COLOURS,
        """
Конструктор деревянный | Wooden building set | 1790
Мягкий заяц | Soft hare | 1290
Машинка-каталка | Ride-on car | 3290
Пирамидка | Stacking rings | 690
Юла | Spinning top | 540
Кубики с азбукой | Alphabet blocks | 890
Мяч резиновый | Rubber ball | 390""",
    ),
)

GIFT_WRAPPING: dict[str, Any] = {
    "sku": "SRV-GIFT-WRAP",
    "category": "gifts",
    "kind": "service",
    "name_ru": "Подарочная упаковка",
    "name_en": "Gift wrapping",
    "description_ru": "Упакуем заказ в крафтовую бумагу с лентой и вложим открытку.",
    "description_en": "We wrap the order in kraft paper with a ribbon and enclose a card.",
    "price_minor": 29_000,
}

GIFT_CARD: dict[str, Any] = {
    "sku": "GIFT-CARD-3000",
    "category": "gifts",
    "kind": "gift_card",
    "name_ru": "Подарочная карта на 3000 ₽",
    "name_en": "Gift card, 3,000 roubles",
    "description_ru": "Код появится на странице заказа: сразу после оплаты или вместе с товарами.",
    "description_en": "The code comes to the order's page: once it is paid, or with the goods.",
    "price_minor": 300_000,
}


def products() -> list[dict[str, Any]]:
    """Every product of the demo shop: goods of ten categories, a service and a gift card."""
    return [*map(_stocked, range(1, 10_000), _goods()), GIFT_WRAPPING, GIFT_CARD]


def categories() -> dict[str, dict[str, Any]]:
    """The categories of the demo shop, as staff put them, by their ids."""
    return {
        category.name: {"name_ru": category.title[0], "name_en": category.title[1], "place": place}
        for place, category in enumerate(CATEGORIES)
    }


def _goods() -> Iterator[dict[str, Any]]:
    for category in CATEGORIES:
        for number, row in enumerate(category.goods.strip().splitlines(), start=1):
            for variant in category.variants.values:
                yield _good(category, number, row, variant)


def _good(category: Category, number: int, row: str, variant: Variant) -> dict[str, Any]:
    ru, en, roubles = (cell.strip() for cell in row.split("|"))
    group = f"{category.name[:4].upper()}-{number:02}"
    return {
        "sku": f"{group}-{variant.code}",
        "category": category.name,
        "group": group,
        "attributes": [_attribute(category.variants, variant)],
        "kind": "good",
        "name_ru": f"{ru}, {variant.ru}",
        "name_en": f"{en}, {variant.en}",
        "description_ru": category.ru,
        "description_en": category.en,
        "price_minor": int(roubles) * variant.percent,
    }


def _attribute(variants: Variants, variant: Variant) -> dict[str, str]:
    return {
        "code": variants.attribute,
        "name_ru": variants.ru,
        "name_en": variants.en,
        "value_ru": variant.ru,
        "value_en": variant.en,
    }


def _stocked(place: int, good: dict[str, Any]) -> dict[str, Any]:
    """*good* with what lies in the warehouse: plenty, except for a few."""
    if place % OUT_OF_STOCK_EVERY == 0:
        return good | {"available": 0}
    if place % LITTLE_LEFT_EVERY == 0:
        return good | {"available": LITTLE}
    return good | {"available": 12 + zlib.crc32(good["sku"].encode()) % 80}
