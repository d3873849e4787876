"""Kept verdicts: the same as judged anew, and judged anew when what they rest on has changed."""

import shutil

import pytest

from invlib.claims import verdict
from invlib.settings import CHECKOUT, Settings

NAME = "linear/three_ways"
CLAIMS = f"notebooks/{NAME.replace('/', '/claims/')}.yaml"


@pytest.fixture
def copy(tmp_path) -> Settings:
    """A checkout whose notebooks and published records a test may change."""
    for folder in ("notebooks", "data_manifests"):
        shutil.copytree(CHECKOUT / folder, tmp_path / folder)
    shutil.copy(CHECKOUT / "requirements.txt", tmp_path)
    shutil.copytree(Settings().published_dir / "linear", tmp_path / "published" / "linear")
    return Settings(root=tmp_path, runs_dir=tmp_path / "runs", published_dir=tmp_path / "published")


@pytest.fixture
def judged(monkeypatch) -> list[str]:
    """The claims that were judged, not recalled."""
    seen = []
    judge = verdict.judge

    def judge_and_tell(claim, runs):
        seen.append(claim.id)
        return judge(claim, runs)

    monkeypatch.setattr(verdict, "judge", judge_and_tell)
    return seen


def test_a_second_look_judges_nothing_and_says_the_same(copy, judged):
    first = verdict.all_verdicts(copy, only=NAME)
    assert judged == [one.claim.id for one in first]
    assert {one.outcome for one in first} != {"not run"}
    judged.clear()
    assert verdict.all_verdicts(copy, only=NAME) == first
    assert not judged


def test_a_changed_criterion_is_judged(copy, judged):
    verdict.all_verdicts(copy, only=NAME)
    path = copy.root / CLAIMS
    path.write_text(path.read_text() + "\n# a word more\n")
    judged.clear()
    verdict.all_verdicts(copy, only=NAME)
    assert judged


@pytest.mark.parametrize("ending", [".json", ".npz"])
def test_a_damaged_record_is_noticed(copy, judged, ending):
    before = verdict.all_verdicts(copy, only=NAME)
    for path in copy.published_dir.rglob(f"*{ending}"):
        path.write_bytes(b"{")
    judged.clear()
    after = verdict.all_verdicts(copy, only=NAME)
    assert judged == [one.claim.id for one in before]
    assert {one.outcome for one in after} == {"not run"}


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b'{"mark": 1}'])
def test_a_damaged_file_of_verdicts_counts_as_none(copy, judged, content):
    before = verdict.all_verdicts(copy, only=NAME)
    (copy.runs_dir / "verdicts" / f"{NAME}.json").write_bytes(content)
    judged.clear()
    assert verdict.all_verdicts(copy, only=NAME) == before
    assert judged


def test_where_nothing_can_be_written_verdicts_are_given_all_the_same(copy):
    copy.runs_dir.write_text("a file, no folder")
    assert verdict.all_verdicts(copy, only=NAME)
