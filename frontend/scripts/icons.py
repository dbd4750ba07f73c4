"""Draws the app's icons: a channel of water between two banks, and a calendar's leaf for who hides it.

Run by hand: python frontend/scripts/icons.py.
"""

import math
from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).resolve().parents[1] / "static" / "frontend" / "icons"
GROUND, BANK, WATER = "#0d4335", "#aee9cf", "#effcf6"
PAPER, HEAD, DAY = "#ffffff", "#5b6770", "#c3cad0"
SMOOTH = 4


def main() -> None:
    """Write both sizes."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for size in (192, 512):
        draw(size).save(FOLDER / f"aryk-{size}.png", optimize=True)
        leaf(size).save(FOLDER / f"calendar-{size}.png", optimize=True)


def leaf(size: int) -> Image.Image:
    """A month, a day of it marked; within the middle 80 % too."""
    large = size * SMOOTH
    picture = Image.new("RGB", (large, large), PAPER)
    pen = ImageDraw.Draw(picture)
    box = [large * part for part in (0.2, 0.22, 0.8, 0.8)]
    pen.rounded_rectangle(box, radius=large * 0.06, outline=HEAD, width=round(large * 0.03))
    pen.rounded_rectangle([*box[:3], large * 0.36], radius=large * 0.06, fill=HEAD)
    for day in range(3, 15):
        x, y = large * (0.29 + 0.14 * (day % 4)), large * (0.435 + 0.1 * (day // 4))
        half = large * 0.03
        pen.rectangle((x - half, y - half, x + half, y + half), fill=HEAD if day == 9 else DAY)
    return picture.resize((size, size), Image.Resampling.LANCZOS).quantize(32)


def draw(size: int) -> Image.Image:
    """Everything lies within the middle 80 %, so that a launcher may cut the icon to its own shape."""
    large = size * SMOOTH
    picture = Image.new("RGB", (large, large), GROUND)
    pen = ImageDraw.Draw(picture)
    for height, colour, width in ((0.32, BANK, 0.05), (0.44, WATER, 0.07), (0.56, WATER, 0.07), (0.68, BANK, 0.05)):
        _wave(pen, large, height, colour, width)
    return picture.resize((size, size), Image.Resampling.LANCZOS).quantize(32)


def _wave(pen: ImageDraw.ImageDraw, large: int, height: float, colour: str, width: float) -> None:
    radius = large * width / 2
    for step in range(401):
        x = large * (0.22 + 0.56 * step / 400)
        y = large * (height + 0.035 * math.sin(2 * math.pi * step / 400))
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)


if __name__ == "__main__":
    main()
