"""The typeface that documents are printed in: DejaVu Sans, cut to what they need (LICENSE.txt)."""

from pathlib import Path

REGULAR = Path(__file__).with_name("DejaVuSans.ttf")
BOLD = Path(__file__).with_name("DejaVuSans-Bold.ttf")
