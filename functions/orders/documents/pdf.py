"""A document as PDF: the same bytes whenever it is drawn. Pure, but for the typeface's files."""

from datetime import UTC, datetime, time

from fpdf import FPDF
from fpdf.enums import TableBordersLayout, XPos, YPos

from orders.documents import words
from orders.documents.document import Content, Document, Kind, Row
from typefaces import BOLD, REGULAR

FACE = "DejaVu"
TEXT, SMALL, TITLE = 9, 8, 15
LINE_HEIGHT = 5
GAP = 4
SALE = ("Наименование", "Кол-во", "Цена", "Скидка", "Сумма", "в т.ч. НДС")
SALE_WIDTHS = (72, 16, 27, 24, 27, 24)
MOVEMENTS = ("Дата", "Операция", "Сумма")
MOVEMENT_WIDTHS = (25, 130, 35)
WORDS, SUMS = "LEFT", "RIGHT"


class _Page(FPDF):
    """Every page says which it is, and of which document."""

    def __init__(self, name: str) -> None:
        super().__init__(format="A4")
        self.name = name

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font(FACE, "", SMALL)
        self.cell(0, LINE_HEIGHT, f"{self.name}, стр. {self.page_no()}", align="R")


def drawn(document: Document) -> bytes:
    content = document.content
    title = words.TITLES[content.kind]
    page = _opened(f"{title.ru} № {document.number}", content)
    _line(page, f"{title.ru} № {document.number}", TITLE, "B")
    _line(page, f"{title.en} No. {document.number}", SMALL)
    _heading(page, content)
    _rows(page, content)
    _sums(page, content)
    return bytes(page.output())


def _opened(name: str, content: Content) -> _Page:
    """An empty page. What tells one drawing from another, the moment, is the document's own."""
    page = _Page(name)
    page.set_creation_date(datetime.combine(content.day, time(), UTC))
    page.set_title(name)
    page.set_author(content.seller.name)
    page.set_lang("ru")
    page.set_auto_page_break(auto=True, margin=20)
    page.add_font(FACE, "", REGULAR)
    page.add_font(FACE, "B", BOLD)
    page.add_page()
    return page


def _line(page: _Page, text: str, size: int = TEXT, style: str = "") -> None:
    page.set_font(FACE, style, size)
    page.multi_cell(0, size / 2 + 1, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _heading(page: _Page, content: Content) -> None:
    about = "За период" if content.kind is Kind.STATEMENT else "Покупатель: физическое лицо, заказ"
    seller = content.seller
    page.ln(GAP)
    _line(page, f"Дата: {content.day:%d.%m.%Y}")
    _line(page, f"Продавец: {seller.name}, ИНН {seller.tax_number}, {seller.address}")
    _line(page, f"{about} {content.about}")
    page.ln(GAP)


def _rows(page: _Page, content: Content) -> None:
    listed = content.kind is Kind.STATEMENT
    titles, widths = (MOVEMENTS, MOVEMENT_WIDTHS) if listed else (SALE, SALE_WIDTHS)
    alignments = (WORDS, WORDS, SUMS) if listed else (WORDS, *[SUMS] * 5)
    cells = _movement if listed else _sold
    page.set_font(FACE, "", SMALL)
    with page.table(
        col_widths=widths,
        text_align=alignments,
        line_height=LINE_HEIGHT,
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
    ) as table:
        table.row(titles)
        for row in content.rows:
            table.row(cells(row, content.currency))


def _sold(row: Row, currency: str) -> tuple[str, ...]:
    sums = row.price_minor, row.discount_minor, row.total_minor, row.tax_minor
    return row.name, str(row.quantity), *(words.money(n, currency) for n in sums)


def _movement(row: Row, currency: str) -> tuple[str, ...]:
    return f"{row.day:%d.%m.%Y}", row.name, words.money(row.total_minor, currency)


def _sums(page: _Page, content: Content) -> None:
    page.ln(GAP)
    _line(page, f"Итого: {words.money(content.total_minor, content.currency)}", TEXT + 2, "B")
    if content.kind is not Kind.STATEMENT:
        _line(page, _tax(content))
    for remark in content.remarks:
        _line(page, remark)


def _tax(content: Content) -> str:
    if not content.tax_percent:
        return "Без НДС"
    tax = words.money(content.tax_minor, content.currency)
    return f"В том числе НДС {content.tax_percent} %: {tax}"
