"""Names in the languages of the villages."""

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

LANGUAGE_CHOICES = list(settings.LANGUAGES)
LANGUAGES = tuple(code for code, _name in LANGUAGE_CHOICES)
NAME_FIELDS = tuple(f"name_{code}" for code in LANGUAGES)
FALLBACKS = {
    "ky": ("ru", "en"),
    "ru": ("ky", "en"),
    "tg": ("ru", "ky", "en"),
    "uz": ("ru", "ky", "en"),
    "en": ("ky", "ru"),
}


class Named(models.Model):
    """Something with a name in each language; Kyrgyz is always there, English stands for Latin script."""

    name_ky = models.CharField(_("Name in Kyrgyz"), max_length=200)
    name_ru = models.CharField(_("Name in Russian"), max_length=200, blank=True)
    name_en = models.CharField(_("Name in English"), max_length=200, blank=True)
    name_tg = models.CharField(_("Name in Tajik"), max_length=200, blank=True)
    name_uz = models.CharField(_("Name in Uzbek"), max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name(get_language() or "ky")

    @property
    def names(self) -> dict[str, str]:
        """The names there are, by language code."""
        return {code: name for code in LANGUAGES if (name := getattr(self, f"name_{code}"))}

    def name(self, language: str) -> str:
        """The name in a language, or in the one its speakers read best of those there are."""
        wanted = (language, *FALLBACKS.get(language, ()))
        return next((name for code in wanted if (name := getattr(self, f"name_{code}", ""))), self.name_ky)
