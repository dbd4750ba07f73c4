"""Places, the boundaries that operators import, and the data sets they came from."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from reporting.places import circles
from reporting.places.names import Named


class Dataset(models.Model):
    """A file of facts that was loaded: which, of which date, under which licence. Decisions name it."""

    name = models.CharField(max_length=120)
    valid_on = models.DateField(null=True)
    licence = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "sha256"], name="dataset_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.valid_on or ''}".strip()


class Place(Named):
    """oblast › rayon or city › aiyl aimak › village. `code` is a SOATE code or OCHA p-code where one is known."""

    class Kind(models.TextChoices):
        COUNTRY = "country", _("Country")
        OBLAST = "oblast", _("Oblast")
        RAYON = "rayon", _("Rayon")
        CITY = "city", _("City")
        AIMAK = "aimak", _("Aiyl aimak")
        VILLAGE = "village", _("Village")

    code = models.CharField(_("Code"), max_length=32, unique=True)
    kind = models.CharField(_("Kind"), max_length=8, choices=Kind)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("Lies in")
    )
    parent_source = models.CharField(
        _("Known from"), max_length=8, blank=True, help_text="How the parent is known: table or polygon."
    )
    latitude = models.FloatField(_("Latitude"), null=True, blank=True)
    longitude = models.FloatField(_("Longitude"), null=True, blank=True)
    geonameid = models.PositiveIntegerField(null=True, blank=True, unique=True)
    pcode = models.CharField(max_length=20, blank=True, db_index=True)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, null=True, blank=True, related_name="places")

    class Meta:
        verbose_name = _("Place")
        verbose_name_plural = _("Places")
        indexes = [models.Index(fields=["kind", "parent"])]

    def clean(self) -> None:
        """It lies in nothing that lies in it."""
        circles.refuse(self)


class Boundary(models.Model):
    """The polygon of a place, as GeoJSON geometry in WGS 84 (longitude, latitude)."""

    place = models.OneToOneField(Place, on_delete=models.CASCADE, related_name="boundary")
    geometry = models.JSONField()
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="boundaries")

    def __str__(self) -> str:
        return f"Boundary of {self.place}"
