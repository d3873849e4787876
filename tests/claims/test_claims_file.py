"""The claims files: valid, judged from published records alone, refused by name when wrong."""

import shutil

import pytest

from invlib.claims.claim import all_claims
from invlib.claims.verdict import VERDICTS, all_verdicts
from invlib.errors import UsageError
from invlib.settings import CHECKOUT, Settings
from invlib.studies.notebook import all_notebooks

SEEDS = {"linear": 10, "genuine": 3}  # under every verdict, at least


def test_our_claims_are_valid_and_name_notebooks_that_exist():
    claims = all_claims(Settings())
    assert claims
    for claim in claims:
        assert (CHECKOUT / "notebooks" / f"{claim.notebook}.py").is_file()
        assert claim.statement.endswith(".")
        assert claim.criterion.rule()


def test_published_records_give_every_claim_a_verdict(settings):
    verdicts = all_verdicts(settings.but(published_dir=Settings().published_dir))
    assert [v.claim.id for v in verdicts] == [c.id for c in all_claims(settings)]
    pending = {notebook.name for notebook in all_notebooks(settings) if notebook.pending}
    for verdict in verdicts:
        assert verdict.outcome in VERDICTS
        assert (verdict.outcome == "not run") == (verdict.claim.notebook in pending)
        if verdict.claim.notebook not in pending:
            assert verdict.seeds >= SEEDS[verdict.claim.part]


def test_without_published_records_nothing_is_claimed(settings):
    assert {verdict.outcome for verdict in all_verdicts(settings)} == {"not run"}


ENTRY = """\
- id: one
  where: Fig. 1
  statement: It is so.
  criterion: {kind: bound, quantity: {label: a, metric: accuracy}, at_least: 0}
"""


def copy_of_notebooks(root):
    shutil.copytree(CHECKOUT / "notebooks", root / "notebooks")


def test_claims_without_their_notebook_are_refused_by_name(tmp_path):
    copy_of_notebooks(tmp_path)
    (tmp_path / "notebooks" / "linear" / "claims" / "three_weighs.yaml").write_text(ENTRY)
    with pytest.raises(UsageError, match="no notebook linear/three_weighs"):
        all_claims(Settings(root=tmp_path))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (ENTRY.replace("  where: Fig. 1\n", ""), "claim one: missing or unknown keys: where"),
        (ENTRY + "  extra: 1\n", "claim one: missing or unknown keys: extra"),
        (ENTRY + "  paper: high\n", "paper is 'high'"),
        (ENTRY.replace("bound", "bond"), "Did you mean 'bound'"),
        (ENTRY + ENTRY, "two claims have the id 'one'"),
        ("- id: [", "three_ways.yaml"),
        ("- !!python/object/apply:os.system ['true']", "three_ways.yaml"),
    ],
)
def test_a_wrong_claims_file_is_refused_by_name(tmp_path, text, words):
    copy_of_notebooks(tmp_path)
    (tmp_path / "notebooks" / "linear" / "claims" / "three_ways.yaml").write_text(text)
    with pytest.raises(UsageError, match=words):
        all_claims(Settings(root=tmp_path))
