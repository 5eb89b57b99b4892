"""Categories: a tree of three levels at most, with names in both languages. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from common.errors import Problem, Refusal
from common.language import Text

MOST_LEVELS = 3
MOST_CATEGORIES = 500


class UnknownParent(Problem):
    status = 422
    code = "unknown_parent"
    title = Text(ru="Такого раздела-родителя нет.", en="There is no such parent category.")


class TooDeep(Refusal):
    code = "too_deep"
    title = Text(
        ru="В каталоге не больше трёх уровней.", en="The catalogue has three levels at most."
    )


class InItself(Refusal):
    code = "in_itself"
    title = Text(
        ru="Раздел нельзя вложить в самого себя.", en="A category cannot lie within itself."
    )


class TooManyCategories(Refusal):
    code = "too_many_categories"
    title = Text(ru="Разделов больше не поместится.", en="There is no room for more categories.")


class CategoryInUse(Refusal):
    code = "category_in_use"
    title = Text(
        ru="В разделе ещё есть товары или подразделы.",
        en="There still are products or categories in it.",
    )


@dataclass(frozen=True, slots=True)
class Category:
    """*place* orders it among its siblings, lowest first."""

    id: str
    name: Text
    parent_id: str | None = None
    place: int = 0


@dataclass(frozen=True, slots=True)
class Tree:
    """All categories; *version* grows with each change."""

    version: int
    categories: Mapping[str, Category]

    def children(self, parent_id: str | None) -> list[Category]:
        found = [c for c in self.categories.values() if c.parent_id == parent_id]
        return sorted(found, key=lambda category: (category.place, category.id))

    def within(self, category_id: str) -> Iterator[str]:
        """The category and all below it."""
        yield category_id
        for child in self.children(category_id):
            yield from self.within(child.id)

    def with_(self, category: Category) -> "Tree":
        """The tree with *category* new or changed.

        Raise UnknownParent, InItself, TooDeep, TooManyCategories.
        """
        parent = category.parent_id
        if parent is not None and parent not in self.categories:
            raise UnknownParent
        if parent is not None and parent in self.within(category.id):
            raise InItself
        if self._above(parent) + self._below(category.id) > MOST_LEVELS:
            raise TooDeep
        if len({*self.categories, category.id}) > MOST_CATEGORIES:
            raise TooManyCategories
        return self._next({**self.categories, category.id: category})

    def without(self, category_id: str) -> "Tree":
        """The tree without an empty category. Raise CategoryInUse when others lie in it."""
        if self.children(category_id):
            raise CategoryInUse
        return self._next({n: c for n, c in self.categories.items() if n != category_id})

    def _next(self, categories: Mapping[str, Category]) -> "Tree":
        return replace(self, version=self.version + 1, categories=categories)

    def _above(self, parent_id: str | None) -> int:
        """Levels from the top down to *parent_id*, both counted."""
        return 0 if parent_id is None else 1 + self._above(self.categories[parent_id].parent_id)

    def _below(self, category_id: str) -> int:
        """Levels from the category down, its own counted."""
        return 1 + max((self._below(c.id) for c in self.children(category_id)), default=0)
