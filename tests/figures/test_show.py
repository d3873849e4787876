"""Every figure has alt text, a key and a provenance line, and takes the page's ink."""

import re

import pytest
from matplotlib import pyplot

from invlib.errors import InvlibError, UsageError
from invlib.figures import method_curves, paper_curves, show_figure
from invlib.figures.palette import LOOKS, looks
from invlib.studies.linear import two_layer
from invlib.studies.linear.three_ways import STUDY, ThreeWays
from invlib.studies.study import collect
from invlib.tables import final_values, glue_number

ALT = "Two lines that rise and meet at the end."


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    from invlib.settings import Settings

    folder = tmp_path_factory.mktemp("runs")
    settings = Settings(runs_dir=folder, published_dir=folder / "published")
    parameters = ThreeWays(samples=60, epochs=40, strengths=[0.1], seeds=2)
    return collect(STUDY, parameters, settings).of(two_layer.EXPERIMENT)


@pytest.fixture
def shown(monkeypatch):
    """The HTML that a cell displays."""
    pages = []
    monkeypatch.setattr("invlib.figures.show.display", lambda html: pages.append(html.data))
    return pages


def test_a_figure_reaches_the_page_whole(runs, shown):
    before = pyplot.get_fignums()
    figure = method_curves(runs, "accuracy", ylabel="accuracy", paper=None)
    show_figure(figure, key="test", alt=ALT, caption="A & B.", runs=runs)
    (html,) = shown
    assert 'role="img"' in html
    assert f'aria-label="{ALT}"' in html
    assert "A &amp; B." in html
    assert "currentColor" in html
    assert "#010203" not in html
    assert "<?xml" not in html
    assert re.search(r"data digits · 6 runs over 2 seeds · commit [0-9a-f]{8}", html)
    assert pyplot.get_fignums() == before


def test_the_same_figure_is_the_same_text(runs, shown):
    for _ in range(2):
        figure = method_curves(runs, "accuracy", ylabel="accuracy")
        show_figure(figure, key="test", alt=ALT, caption="", runs=runs)
    assert shown[0] == shown[1]


@pytest.mark.parametrize("alt", ["", "a plot", "figure 2"])
def test_alt_text_that_says_nothing_is_refused(runs, alt):
    with pytest.raises(UsageError, match="alt text"):
        show_figure(pyplot.figure(), key="test", alt=alt, caption="", runs=runs)
    pyplot.close("all")


def test_a_key_must_be_an_anchor(runs):
    with pytest.raises(UsageError, match="figure key 'My Key'"):
        show_figure(pyplot.figure(), key="My Key", alt=ALT, caption="", runs=runs)
    pyplot.close("all")


def test_a_method_looks_the_same_everywhere_and_no_two_look_alike():
    alone, together = looks(["augmented"]), looks(["constrained", "augmented", "regularized-7"])
    assert alone["augmented"] == together["augmented"]
    assert len({look.colour for look in LOOKS.values()}) == len(LOOKS)
    assert len({look.marker for look in LOOKS.values()}) == len(LOOKS)
    assert "λ" in together["regularized-7"].name


def test_the_papers_curves_come_with_how_they_were_read():
    curves = paper_curves("linear/fig2_accuracy")
    assert "2506.13714" in curves.notes
    assert set(curves.frame["label"]) <= set(LOOKS)
    assert curves.frame["value"].between(0, 1).all()
    with pytest.raises(InvlibError, match="no reference curves"):
        paper_curves("linear/fig99")


def test_a_table_of_final_values_has_n_and_spread(runs):
    table = final_values(runs, {"accuracy": "accuracy"})
    assert list(table.columns) == ["method", "n", "accuracy"]
    assert (table["n"] == 2).all()
    assert table["accuracy"].str.contains("±").all()


def test_a_nan_is_never_glued():
    with pytest.raises(InvlibError, match="glued number x is nan"):
        glue_number("x", float("nan"))
