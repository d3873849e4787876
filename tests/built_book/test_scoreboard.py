"""The front page: one row per claim, with the paper's number, ours, n, profile and the verdict."""

import re

import pytest

from invlib.claims.verdict import Verdict, all_verdicts
from invlib.settings import from_environment


@pytest.fixture(scope="module")
def verdicts() -> list[Verdict]:
    return all_verdicts(from_environment())


@pytest.fixture(scope="module")
def front(pages):
    (page,) = [page for page in pages if (page.name, page.book) == ("intro", "paper")]
    return page


@pytest.fixture(scope="module")
def rows(front) -> dict[str, list]:
    """The cells of each row of the scoreboard, by the claim that it links to."""
    found = {}
    for row in front.html.select("table.inv-claims tbody tr:not(.inv-group)"):
        claim = row.a["href"].split("#claim-")[1]
        assert claim not in found
        found[claim] = row("td")
    return found


def test_there_is_one_row_per_claim(rows, verdicts):
    assert verdicts
    assert set(rows) == {verdict.claim.id for verdict in verdicts}


def test_the_claims_of_each_notebook_stand_below_its_title(front, verdicts):
    found = {}
    for body in front.html.select("table.inv-claims tbody"):
        heading = body.select_one("tr.inv-group")
        found[heading.a["href"]] = len(body("tr")) - 1
        assert re.search(r"\d+ (reproduced|partly|not)", heading.get_text(" "))
    notebooks = [f"{verdict.claim.notebook}.html" for verdict in verdicts]
    assert found == {name: notebooks.count(name) for name in notebooks}


def test_a_row_shows_the_claim_and_what_became_of_it(rows, verdicts):
    for verdict in verdicts:
        claim, paper, ours, outcome = (cell.get_text(" ") for cell in rows[verdict.claim.id])
        assert verdict.claim.statement in claim
        assert verdict.claim.where in claim
        assert verdict.claim.criterion.rule() in claim
        assert verdict.claim.note in claim
        assert verdict.outcome in outcome
        assert ("stale" in outcome) == verdict.stale
        if verdict.claim.paper is not None:
            assert re.search(rf"(?<![\d.]){verdict.claim.paper:g}(?!\d)", paper)
        if verdict.seeds:
            assert verdict.measured in ours
            assert f"n = {verdict.seeds}" in ours
            assert "profile paper" in ours
            assert f"{verdict.seeds_holding} of {verdict.seeds} seeds" in outcome


def test_a_row_leads_to_the_row_of_its_claim(front, pages):
    for link in front.html.select("table.inv-claims tbody a[href*='#claim-']"):
        address, claim = link["href"].split("#")
        (page,) = [page for page in pages if page.path == (front.path.parent / address).resolve()]
        target = page.html.find(id=claim)
        assert target.name == "tr"
        assert link.get_text() in target.get_text()


def test_the_sentence_above_counts_the_rows(front, verdicts):
    text = front.html.find(class_="bd-article").get_text(" ", strip=True)
    assert f"Of {len(verdicts)} claims" in text
    for outcome in {verdict.outcome for verdict in verdicts}:
        count = sum(verdict.outcome == outcome for verdict in verdicts)
        assert re.search(rf"\b{count} {outcome}\b", text)


def test_the_quick_book_shows_no_scoreboard(pages):
    (quick,) = [page for page in pages if (page.name, page.book) == ("intro", "quick")]
    assert not quick.html.select("table.inv-claims")
    assert "No verdict rests on" in quick.html.get_text()
