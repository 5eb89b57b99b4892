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


class Good(NamedTuple):
    ru: str
    en: str
    roubles: int


class Variant(NamedTuple):
    """*percent* is its price in hundredths of the good's."""

    code: str
    ru: str
    en: str
    percent: int


class Category(NamedTuple):
    name: str
    prefix: str
    ru: str
    en: str
    variants: tuple[Variant, ...]
    goods: tuple[Good, ...]


WEIGHTS = (
    Variant("100", "100 г", "100 g", 100),
    Variant("250", "250 г", "250 g", 230),
    Variant("500", "500 г", "500 g", 430),
)
COLOURS = (
    Variant("WHT", "белый", "white", 100),
    Variant("GRN", "зелёный", "green", 100),
    Variant("BLU", "синий", "blue", 105),
)
SIZES = (
    Variant("S", "S", "S", 100),
    Variant("M", "M", "M", 100),
    Variant("L", "L", "L", 110),
)
SETS = (
    Variant("1", "1 шт.", "1 piece", 100),
    Variant("3", "набор 3 шт.", "set of 3", 270),
    Variant("6", "набор 6 шт.", "set of 6", 510),
)

CATEGORIES = (
    Category(
        "bath",
        "BATH",
        "Бережный уход без лишнего, в удобной упаковке.",
        "Gentle care with nothing superfluous, in a handy pack.",
        SETS,
        (
            Good("Мыло с лавандой", "Lavender soap", 240),
            Good("Соль для ванны «Хвоя»", "Pine bath salt", 390),
            Good("Мочалка из люфы", "Loofah sponge", 320),
            Good("Бальзам для рук с облепихой", "Sea buckthorn hand balm", 450),
            Good("Шампунь с крапивой", "Nettle shampoo", 520),
            Good("Бомбочка для ванны «Апельсин»", "Orange bath bomb", 280),
            Good("Скраб кофейный", "Coffee scrub", 430),
        ),
    ),
    Category(
        "coffee",
        "COF",
        "Зёрна обжарены на этой неделе; помол подберём по просьбе.",
        "Beans roasted this week; we grind them on request.",
        WEIGHTS,
        (
            Good("Кофе Эфиопия Иргачеффе", "Ethiopia Yirgacheffe coffee", 420),
            Good("Кофе Колумбия Уила", "Colombia Huila coffee", 380),
            Good("Кофе Бразилия Серрадо", "Brazil Cerrado coffee", 320),
            Good("Кофе Кения АА", "Kenya AA coffee", 460),
            Good("Кофе Гватемала Антигуа", "Guatemala Antigua coffee", 410),
            Good("Эспрессо-смесь «Утро»", "Morning espresso blend", 350),
            Good("Кофе без кофеина", "Decaf coffee", 440),
        ),
    ),
    Category(
        "garden",
        "GRD",
        "Для дачи и подоконника: прослужит не один сезон.",
        "For the garden and the window sill: made to last for seasons.",
        SIZES,
        (
            Good("Кашпо из глины", "Clay planter", 690),
            Good("Перчатки садовые", "Garden gloves", 350),
            Good("Лейка оцинкованная", "Galvanised watering can", 1490),
            Good("Корзина для урожая", "Harvest basket", 1190),
            Good("Фартук садовода", "Gardener's apron", 1290),
            Good("Ящик для рассады", "Seedling tray", 480),
            Good("Опора для вьюнов", "Climber trellis", 890),
        ),
    ),
    Category(
        "gifts",
        "GFT",
        "Готовый подарок: останется только вручить.",
        "A gift that is ready: all you do is hand it over.",
        SETS,
        (
            Good("Свеча из соевого воска", "Soy wax candle", 590),
            Good("Открытка с акварелью", "Watercolour card", 150),
            Good("Ёлочная игрушка ручной работы", "Handmade tree ornament", 490),
            Good("Подарочный мешочек из льна", "Linen gift pouch", 220),
            Good("Магнит с видом города", "City view magnet", 190),
            Good("Брелок из кожи", "Leather key ring", 540),
            Good("Лента атласная", "Satin ribbon", 130),
        ),
    ),
    Category(
        "home",
        "HOME",
        "Спокойные цвета, которые уживаются с любым интерьером.",
        "Calm colours that get along with any room.",
        COLOURS,
        (
            Good("Плед из хлопка", "Cotton throw", 2490),
            Good("Наволочка льняная", "Linen pillowcase", 1190),
            Good("Полотенце вафельное", "Waffle towel", 790),
            Good("Коврик плетёный", "Woven rug", 1890),
            Good("Ваза керамическая", "Ceramic vase", 1590),
            Good("Корзина для белья", "Laundry basket", 1990),
            Good("Светильник настольный", "Table lamp", 2890),
        ),
    ),
    Category(
        "kitchen",
        "KIT",
        "Удобно в руке, легко моется, красиво на столе.",
        "Good to hold, easy to wash, handsome on the table.",
        COLOURS,
        (
            Good("Кружка керамическая 350 мл", "Ceramic mug 350 ml", 690),
            Good("Заварочный чайник 800 мл", "Teapot 800 ml", 1890),
            Good("Тарелка обеденная", "Dinner plate", 790),
            Good("Салатник", "Salad bowl", 1290),
            Good("Фартук кухонный", "Kitchen apron", 990),
            Good("Доска разделочная", "Cutting board", 1090),
            Good("Банка для круп", "Storage jar", 590),
        ),
    ),
    Category(
        "sport",
        "SPT",
        "Для зала, парка и дома.",
        "For the gym, the park and at home.",
        SIZES,
        (
            Good("Футболка беговая", "Running shirt", 1690),
            Good("Перчатки для турника", "Pull-up gloves", 890),
            Good("Носки спортивные", "Sports socks", 390),
            Good("Шорты тренировочные", "Training shorts", 1890),
            Good("Эспандер-петля", "Resistance band", 650),
            Good("Повязка на голову", "Headband", 420),
            Good("Жилет ветрозащитный", "Windproof vest", 3490),
        ),
    ),
    Category(
        "stationery",
        "STN",
        "Бумага и мелочи, которыми приятно пользоваться каждый день.",
        "Paper and small things that are a pleasure every day.",
        SETS,
        (
            Good("Блокнот в точку A5", "Dotted notebook A5", 420),
            Good("Ручка гелевая", "Gel pen", 120),
            Good("Карандаш чернографитный", "Graphite pencil", 60),
            Good("Планер недельный", "Weekly planner", 560),
            Good("Закладки магнитные", "Magnetic bookmarks", 180),
            Good("Папка на резинке", "Elastic folder", 240),
            Good("Маркер пастельный", "Pastel highlighter", 140),
        ),
    ),
    Category(
        "tea",
        "TEA",
        "Свежий сбор; храните в сухом месте, подальше от специй.",
        "A fresh harvest; keep it dry and away from spices.",
        WEIGHTS,
        (
            Good("Чай чёрный ассам", "Assam black tea", 260),
            Good("Чай зелёный сенча", "Sencha green tea", 310),
            Good("Улун молочный", "Milk oolong tea", 390),
            Good("Пуэр выдержанный", "Aged pu-erh tea", 480),
            Good("Иван-чай с чабрецом", "Fireweed tea with thyme", 240),
            Good("Ройбуш с ванилью", "Vanilla rooibos", 280),
            Good("Чай с бергамотом", "Earl Grey tea", 270),
        ),
    ),
    Category(
        "toys",
        "TOY",
        "Безопасные материалы, сертификат прилагается. Для детей от трёх лет.",
        "Safe materials, certificate enclosed. For children from three years on.",
        COLOURS,
        (
            Good("Конструктор деревянный", "Wooden building set", 1790),
            Good("Мягкий заяц", "Soft hare", 1290),
            Good("Машинка-каталка", "Ride-on car", 3290),
            Good("Пирамидка", "Stacking rings", 690),
            Good("Юла", "Spinning top", 540),
            Good("Кубики с азбукой", "Alphabet blocks", 890),
            Good("Мяч резиновый", "Rubber ball", 390),
        ),
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


def products() -> list[dict[str, Any]]:
    """Every product of the demo shop: goods of ten categories and one service."""
    return [*map(_stocked, range(1, 10_000), _goods()), GIFT_WRAPPING]


def _goods() -> Iterator[dict[str, Any]]:
    for category in CATEGORIES:
        for number, good in enumerate(category.goods, start=1):
            for variant in category.variants:
                yield _good(category, number, good, variant)


def _good(category: Category, number: int, good: Good, variant: Variant) -> dict[str, Any]:
    return {
        "sku": f"{category.prefix}-{number:02}-{variant.code}",
        "category": category.name,
        "kind": "good",
        "name_ru": f"{good.ru}, {variant.ru}",
        "name_en": f"{good.en}, {variant.en}",
        "description_ru": category.ru,
        "description_en": category.en,
        "price_minor": good.roubles * variant.percent,
    }


def _stocked(place: int, good: dict[str, Any]) -> dict[str, Any]:
    """*good* with what lies in the warehouse: plenty, except for a few."""
    if place % OUT_OF_STOCK_EVERY == 0:
        return good | {"available": 0}
    if place % LITTLE_LEFT_EVERY == 0:
        return good | {"available": LITTLE}
    return good | {"available": 12 + zlib.crc32(good["sku"].encode()) % 80}
