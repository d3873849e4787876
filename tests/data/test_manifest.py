"""The manifests: the four in the repository, and what a bad one gets."""

import dataclasses
from pathlib import Path

import pytest
import yaml

from invlib.data import names, read
from invlib.errors import InvlibError, UsageError
from invlib.settings import Settings

REAL = ("digits", "fashion_mnist", "mnist", "photographs")


def test_the_repository_has_these_data_sets() -> None:
    assert names(Settings()) == list(REAL)


@pytest.mark.parametrize("name", REAL)
def test_every_manifest_of_the_repository_is_valid_and_can_be_cited(name: str) -> None:
    manifest = read(name, Settings())
    assert manifest.name == name
    assert manifest.citation.authors
    assert manifest.citation.url.startswith("https://")
    assert manifest.licence
    assert len(set(manifest.classes)) == len(manifest.classes)
    assert hash(manifest) == hash(read(name, Settings()))


def test_the_fixed_splits_have_the_published_sizes() -> None:
    sizes = {
        name: [(s.name, s.count, s.shape) for s in read(name, Settings()).splits] for name in REAL
    }
    assert sizes == {
        "digits": [("train", 1438, (8, 8)), ("test", 359, (8, 8))],
        "fashion_mnist": [("train", 60000, (28, 28)), ("test", 10000, (28, 28))],
        "mnist": [("train", 60000, (28, 28)), ("test", 10000, (28, 28))],
        "photographs": [],
    }


def test_checksums_of_published_records_stay_what_they_were() -> None:
    # Published records are keyed by these. A change here orphans every one of them.
    assert [read(name, Settings()).checksum[:16] for name in REAL] == [
        "54a7ddb2a25cd744",
        "93ee2d271838969e",
        "b2dd4804fbeed9d6",
        "ad0af13ac4e0a16c",
    ]


def test_the_checksum_follows_the_data_and_not_the_prose() -> None:
    manifest = read("digits", Settings())
    prose = dataclasses.replace(manifest, title="T", licence="L", by_hand="B", errata=())
    assert prose.checksum == manifest.checksum
    train, test = manifest.splits
    other_rule = dataclasses.replace(train, rows=dataclasses.replace(train.rows, keep=(0, 1)))
    for changed in (
        dataclasses.replace(manifest, files=(dataclasses.replace(manifest.files[0], sha256="0"),)),
        dataclasses.replace(manifest, splits=(other_rule, test)),
        dataclasses.replace(manifest, pixel_max=15),
    ):
        assert changed.checksum != manifest.checksum


def test_an_unknown_data_set_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UsageError, match=r"data set 'minst'.*Did you mean 'mnist'.*photographs"):
        read("minst", Settings())


def test_a_path_is_not_a_name(tiny) -> None:
    (tiny.settings.root / "outside.yaml").write_text("title: x")
    with pytest.raises(UsageError, match="unknown data set"):
        read("../outside", tiny.settings)


def _edit(raw: dict, path: str, value: object) -> None:
    *parents, last = path.split("/")
    for key in parents:
        raw = raw[key]
    if value is KeyError:
        del raw[last]
    else:
        raw[last] = value


IMAGES = "files/train-images-idx3-ubyte.gz"


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("licence", KeyError, "licence is missing"),
        ("license", "MIT", "unknown key 'license'.*Did you mean 'licence'"),
        ("splits/train/cuont", 12, "unknown key 'splits.train.cuont'.*'splits.train.count'"),
        ("citation/year", "2020", "citation.year is '2020'; it must be a whole number"),
        ("citation/year", True, "citation.year is True"),
        ("citation", ["A. Nonymous"], "citation is .* must be a mapping"),
        ("title", "  ", "title is '  '"),
        ("sources", "http://127.0.0.1/", "sources is .* must be a list of texts"),
        ("sources", ["file:///etc/"], "sources is .* must be http"),
        ("sources", ["http://127.0.0.1/no-slash"], "sources is .* must be http"),
        ("sources", [], "sources is"),
        ("kind", "pickle", "unknown kind 'pickle'.*bundled, idx"),
        ("folder", "../elsewhere", "folder is .* relative folder"),
        ("folder", "/etc", "folder is .* relative folder"),
        (IMAGES + "/sha256", "0" * 63, "sha256 is .* 64 hexadecimal"),
        (IMAGES + "/content_bytes", -1, "content_bytes is -1"),
        ("files/..%2Fx", {"bytes": 1, "content_bytes": 1, "sha256": "0" * 64}, "plain file name"),
        ("files/a\\b", {"bytes": 1, "content_bytes": 1, "sha256": "0" * 64}, "plain file name"),
        ("files", {}, "files is .* at least one"),
        ("pixel_max", 0, "pixel_max is 0"),
        ("classes", ["a", "b"], "classes is .* 3 names"),
        ("splits/train/per_class", [4, 4, 5], "per_class is .* add up to 12"),
        ("splits/train/images", "nowhere.gz", "unknown file 'nowhere.gz'"),
        ("splits/train/shape", [16], "shape is .* a height and a width"),
        ("splits/train/rows", {"every": 5, "keep": [5]}, "keep is .* below 5"),
        ("splits/train/rows", {"every": 5}, "splits.train.rows.keep is missing"),
    ],
)
def test_a_bad_key_is_refused_by_name_and_file(
    tiny, path: str, value: object, message: str
) -> None:
    _edit(tiny.raw, path, value)
    tiny.save()
    with pytest.raises(InvlibError, match=message) as refusal:
        read("tiny", tiny.settings)
    assert "tiny.yaml" in str(refusal.value)


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "1: one\n", "just text", "null"])
def test_a_file_that_is_no_mapping_is_refused(tiny, text: str) -> None:
    (tiny.settings.manifests_dir / "tiny.yaml").write_text(text)
    with pytest.raises(InvlibError, match=r"tiny\.yaml.*must be a mapping"):
        read("tiny", tiny.settings)


def test_python_tags_are_refused_and_not_executed(tiny, tmp_path: Path) -> None:
    trace = tmp_path / "executed"
    hostile = f"!!python/object/apply:os.mkdir ['{trace}']"
    (tiny.settings.manifests_dir / "tiny.yaml").write_text(f"title: {hostile}\n")
    with pytest.raises(InvlibError, match=r"tiny\.yaml is not a plain YAML file"):
        read("tiny", tiny.settings)
    yaml.unsafe_load(hostile)  # the trap works: only the reader's refusal kept it shut
    assert trace.is_dir()


@pytest.mark.parametrize("text", [b"\xff\xfe\x00", b"a: [", b"a: 2001-99-99", b"[" * 1500])
def test_bytes_that_are_no_yaml_are_refused(tiny, text: bytes) -> None:
    (tiny.settings.manifests_dir / "tiny.yaml").write_bytes(text)
    with pytest.raises(InvlibError, match=r"tiny\.yaml is not a plain YAML file"):
        read("tiny", tiny.settings)
