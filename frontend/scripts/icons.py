"""Draws the app's icons: a channel of water between two banks. Run by hand: python frontend/scripts/icons.py."""

import math
from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).resolve().parents[1] / "static" / "frontend" / "icons"
GROUND, BANK, WATER = "#0d4335", "#aee9cf", "#effcf6"
SMOOTH = 4


def main() -> None:
    """Write both sizes."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for size in (192, 512):
        draw(size).save(FOLDER / f"aryk-{size}.png", optimize=True)


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
