"""An index of documents with words, values to filter by, and numbers to sort by.

Words are stemmed in both languages, whatever language a document is in: the Russian stemmer leaves
Latin letters alone, the English one Cyrillic ones. A query finds a document that has each of its
words, as it is, by a synonym, as the beginning of a longer word if it is the last, or with one
typing error.
"""

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from common.search.documents import Document, Hits, Question, Synonyms

if TYPE_CHECKING:
    from tantivy import Index as Tantivy
    from tantivy import Query, Schema, Searcher, TextAnalyzer, TextAnalyzerBuilder

ID, MARK = "id", "mark"
TITLE, BODY, FORMS, VALUES = "title", "body", "forms", "values"
STEMS, PLAIN = "stems", "plain"
TITLE_BOOST = 4.0
# How much a match counts that is not the word itself.
SYNONYM, PREFIX, TYPO = 0.8, 0.6, 0.3
# Shorter words have too many neighbours.
SHORTEST_WITH_TYPO = 4
MOST_WORDS = 12
LONGEST_WORD_BYTES = 80
# Different values that are counted in one answer.
MOST_VALUES = 300
# What one writer may hold in memory.
HEAP_BYTES = 50_000_000
FOLDED = str.maketrans("ёЁ", "еЕ")


class Index:
    """The index in *folder*, made there if there is none; *numbers* are its numbers' names."""

    def __init__(self, folder: Path, numbers: Collection[str]) -> None:
        import tantivy

        self.folder = folder
        self.numbers = tuple(numbers)
        folder.mkdir(parents=True, exist_ok=True)
        self._index: Tantivy = tantivy.Index(self._schema, path=str(folder))
        self._index.register_tokenizer(STEMS, self._stemming)
        self._index.register_tokenizer(PLAIN, self._plain)

    def change(self, documents: Iterable[Document], gone: Iterable[str] = ()) -> None:
        """Put *documents* in place of those with their ids, and take out those *gone*."""
        writer = self._index.writer(heap_size=HEAP_BYTES, num_threads=1)
        for id_ in gone:
            writer.delete_documents_by_term(ID, id_)
        for document in documents:
            writer.delete_documents_by_term(ID, document.id)
            writer.add_document(self._written(document))
        writer.commit()
        writer.garbage_collect_files()
        writer.wait_merging_threads()
        self._index.reload()

    def holds(self, document: Document) -> bool:
        """Whether it is there, exactly as it is."""
        return self._mark(document.id) == document.mark

    def knows(self, id_: str) -> bool:
        return self._mark(id_) is not None

    def _mark(self, id_: str) -> str | None:
        from tantivy import Query

        searcher = self._searcher
        found = searcher.search(Query.term_query(self._schema, ID, id_), limit=1).hits
        return str(searcher.doc(found[0][1])[MARK][0]) if found else None

    @property
    def documents(self) -> int:
        return self._searcher.num_docs

    def find(self, question: Question, synonyms: Synonyms | None = None) -> Hits:
        """The documents that answer *question*, with counts for its filters, and spans."""
        from tantivy import Order

        searcher, words = self._searcher, self._words(question.text, synonyms or {})
        query = self._all([words, *self._filters(question)])
        order = question.order
        found = searcher.search(
            query,
            limit=question.limit,
            offset=question.offset,
            order_by_field=order.lstrip("-") if order else None,
            order=Order.Desc if not order or order.startswith("-") else Order.Asc,
        )
        ids = [searcher.doc(address)[ID][0] for _, address in found.hits]
        return Hits(
            ids,
            found.count or 0,  # type: ignore[attr-defined] # the stubs lack it
            self._counts(searcher, words, question),
            self._spans(searcher, words, question),
        )

    def stems(self, text: str) -> list[str]:
        """The words of *text* as the index knows them, without those that say nothing."""
        return self._stemming.analyze(text.translate(FOLDED))

    @property
    def _searcher(self) -> "Searcher":
        return self._index.searcher()

    @cached_property
    def _schema(self) -> "Schema":
        from tantivy import SchemaBuilder

        builder = SchemaBuilder()
        builder.add_text_field(ID, stored=True, tokenizer_name="raw")
        builder.add_text_field(MARK, stored=True, tokenizer_name="raw", index_option="basic")
        for words in (TITLE, BODY):
            builder.add_text_field(words, tokenizer_name=STEMS)
        builder.add_text_field(FORMS, tokenizer_name=PLAIN, index_option="basic")
        builder.add_text_field(VALUES, tokenizer_name="raw", fast=True)
        for number in self.numbers:
            builder.add_integer_field(number, indexed=True, fast=True)
        return builder.build()

    @cached_property
    def _plain(self) -> "TextAnalyzer":
        return _lower().build()

    @cached_property
    def _stemming(self) -> "TextAnalyzer":
        from tantivy import Filter

        lower = _lower()
        for language in ("russian", "english"):
            lower = lower.filter(Filter.stopword(language))
        return lower.filter(Filter.stemmer("russian")).filter(Filter.stemmer("english")).build()

    def _written(self, document: Document) -> Any:
        from tantivy import Document as Written

        written = Written()
        written.add_text(ID, document.id)
        written.add_text(MARK, document.mark)
        for words in (TITLE, FORMS):
            written.add_text(words, document.title.translate(FOLDED))
        written.add_text(BODY, document.body.translate(FOLDED))
        for value in _pairs(document.values):
            written.add_text(VALUES, value)
        for name in self.numbers:
            written.add_integer(name, document.numbers[name])
        return written

    # --- queries ---

    def _words(self, text: str, synonyms: Synonyms) -> "Query":
        """As typed, a word may be unfinished or wrong, and then its stem would be another one."""
        typed = self._plain.analyze(text.translate(FOLDED))[:MOST_WORDS]
        words = [(word, stem) for word in typed for stem in self.stems(word)]
        last = len(words) - 1
        return self._all([self._word(*w, synonyms, n == last) for n, w in enumerate(words)])

    def _word(self, word: str, stem: str, synonyms: Synonyms, is_last: bool) -> "Query":
        others = [other for other in synonyms.get(stem, ()) if other != stem]
        ways = [self._either(stem), *(self._either(other, SYNONYM) for other in others)]
        if is_last:
            ways.append(self._near(word, 0, PREFIX, prefix=True))
        if len(word) >= SHORTEST_WITH_TYPO:
            ways.append(self._near(word, 1, TYPO, prefix=is_last))
        return self._any(ways)

    def _either(self, word: str, boost: float = 1.0) -> "Query":
        """The word itself, in the title rather than in the body."""
        from tantivy import Query

        title = Query.boost_query(Query.term_query(self._schema, TITLE, word), TITLE_BOOST * boost)
        body = Query.boost_query(Query.term_query(self._schema, BODY, word), boost)
        return self._any([title, body])

    def _near(self, word: str, distance: int, boost: float, *, prefix: bool) -> "Query":
        from tantivy import Query

        near = Query.fuzzy_term_query(self._schema, FORMS, word, distance, prefix=prefix)
        return Query.boost_query(near, boost)

    def _filters(self, question: Question, without: str | None = None) -> list["Query"]:
        from tantivy import FieldType, Query

        wanted = [
            Query.term_set_query(self._schema, VALUES, list(_pairs({name: values})))
            for name, values in question.wanted.items()
            if name != without
        ]
        return wanted + [
            Query.range_query(self._schema, name, FieldType.Integer, low, high)
            for name, (low, high) in question.bounds.items()
            if name != without and (low, high) != (None, None)
        ]

    def _counts(
        self, searcher: "Searcher", words: "Query", question: Question
    ) -> dict[str, dict[str, int]]:
        counts = self._counted(searcher, self._all([words, *self._filters(question)]))
        for name in question.wanted:
            others = self._all([words, *self._filters(question, without=name)])
            counts[name] = self._counted(searcher, others).get(name, {})
        return counts

    def _counted(self, searcher: "Searcher", query: "Query") -> dict[str, dict[str, int]]:
        terms = {"terms": {"field": VALUES, "size": MOST_VALUES}}
        counts: dict[str, dict[str, int]] = {}
        for bucket in searcher.aggregate(query, {VALUES: terms})[VALUES]["buckets"]:
            name, _, value = bucket["key"].partition("=")
            counts.setdefault(name, {})[value] = int(bucket["doc_count"])
        return counts

    def _spans(
        self, searcher: "Searcher", words: "Query", question: Question
    ) -> dict[str, tuple[int, int]]:
        spans = {}
        for name in question.bounds:
            query = self._all([words, *self._filters(question, without=name)])
            asked = {end: {end: {"field": name}} for end in ("min", "max")}
            found = searcher.aggregate(query, asked)
            if found["min"]["value"] is not None:
                spans[name] = int(found["min"]["value"]), int(found["max"]["value"])
        return spans

    def _all(self, queries: list["Query"]) -> "Query":
        from tantivy import Occur, Query

        return Query.boolean_query([(Occur.Must, one) for one in [Query.all_query(), *queries]])

    def _any(self, queries: list["Query"]) -> "Query":
        from tantivy import Occur, Query

        return Query.boolean_query([(Occur.Should, one) for one in queries])


def _lower() -> "TextAnalyzerBuilder":
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

    whole = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(LONGEST_WORD_BYTES))
    return whole.filter(Filter.lowercase())


def _pairs(values: Mapping[str, Collection[str]]) -> Iterable[str]:
    return (f"{name}={value}" for name, of in values.items() for value in of)
