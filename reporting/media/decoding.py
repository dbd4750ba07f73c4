"""From hostile bytes to a clean picture. The type is decided by decoding; whatever cannot be decoded is a fault, never an error.

What comes out is a JPEG of at most 1280 pixels a side, upright, sRGB, without any metadata.
"""

import io
import warnings
from dataclasses import dataclass

import pillow_heif
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

pillow_heif.register_heif_opener()

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "HEIF", "AVIF")
MAX_PIXELS = 40_000_000
SIDE = 1280


@dataclass(frozen=True)
class Picture:
    """A decoded and re-encoded photo: JPEG bytes and pixels."""

    jpeg: bytes
    width: int
    height: int


@dataclass(frozen=True)
class Fault:
    """Why bytes are no picture: `empty`, `not_an_image`, `too_many_pixels` or `broken`."""

    code: str


def decode(content: bytes) -> Picture | Fault:
    """The clean picture, or why there is none."""
    if not content:
        return Fault("empty")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=FORMATS)
            if image.width * image.height > MAX_PIXELS:
                return Fault("too_many_pixels")
            return _clean(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return Fault("too_many_pixels")
    except UnidentifiedImageError:
        return Fault("not_an_image")
    except Exception:
        return Fault("broken")


def _clean(image: Image.Image) -> Picture:
    image.draft("RGB", (SIDE, SIDE))  # a JPEG decodes at a fraction of its size where that is enough
    profile = image.info.get("icc_profile")
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    plain = _srgb(upright.convert("RGBA") if upright.mode in ("P", "LA", "PA") else upright, profile)
    plain.info = {}  # comments, EXIF, XMP: whatever a writer would carry over
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=82, optimize=True)
    return Picture(out.getvalue(), plain.width, plain.height)


def _srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if image.mode == "RGBA":
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        return ground
    if profile and image.mode in ("RGB", "CMYK", "L"):
        try:
            converted = ImageCms.profileToProfile(
                image, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
            return converted or image.convert("RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a broken colour profile is no reason to lose the photo
    return image.convert("RGB")
