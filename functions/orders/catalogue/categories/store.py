"""Categories in DynamoDB: one row each, and one whose version guards the tree.

pk          sk             what
CATEGORIES  CATEGORY#<id>  a category: parent, names, place among its siblings
CATEGORIES  TREE           version
"""

from common import table
from common.conditions import as_read
from common.language import Text
from orders.catalogue import store as catalogue
from orders.catalogue.categories.category import Category, Tree

PK, GUARD, PREFIX = "CATEGORIES", "TREE", "CATEGORY#"


def find() -> Tree:
    rows = list(table.query_all(PK))
    versions = [row["version"] for row in rows if row["sk"] == GUARD]
    categories = [_category(row) for row in rows if row["sk"] != GUARD]
    return Tree(sum(versions), {category.id: category for category in categories})


def holds_products(category_id: str) -> bool:
    """Whether products are listed in it; those of this very second may be missed."""
    return any(
        catalogue.page(category_id, 1, None, listing).items
        for listing in (catalogue.LISTED, catalogue.ARCHIVED)
    )


def put(tree: Tree, category: Category) -> None:
    """Write *category* of *tree*. ConditionFailed when the tree before it is no longer so."""
    item = {
        "pk": PK,
        "sk": PREFIX + category.id,
        "v": 1,
        "id": category.id,
        "parent_id": category.parent_id,
        "name_ru": category.name.ru,
        "name_en": category.name.en,
        "place": category.place,
    }
    table.commit(_guard(tree), table.put(item, condition=None))


def delete(tree: Tree, category_id: str) -> None:
    """Take a category out, which leaves *tree*. ConditionFailed like `put`."""
    table.commit(_guard(tree), table.delete(PK, PREFIX + category_id))


def _guard(tree: Tree) -> table.Write:
    row = {"pk": PK, "sk": GUARD, "v": 1, "version": tree.version}
    return table.put(row, as_read(tree.version - 1))


def _category(row: table.Item) -> Category:
    return Category(row["id"], Text(row["name_ru"], row["name_en"]), row["parent_id"], row["place"])
