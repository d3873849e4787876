"""A disk, a folder or a data set that is not as it should be: words, and nothing half-written."""

import pytest

from invlib.errors import InvlibError
from invlib.records.memo import local_store
from invlib.studies.linear import three_ways, two_layer
from invlib.studies.study import batches, collect

PAPER = ("run", "linear/three_ways", "--profile", "paper")


def failed_in_words(answer, *said):
    assert answer.status == 1
    assert "Traceback" not in answer.out + answer.err
    for words in said:
        assert words in answer.err


def test_a_file_where_the_runs_folder_should_be(invlib, folders, no_kernel):
    folders.runs.write_text("mine")
    answer = invlib("run", "linear/three_ways")
    failed_in_words(answer, "Not a directory", str(folders.runs))
    assert len(answer.message) == 1
    assert folders.runs.read_text() == "mine"
    with pytest.raises(NotADirectoryError):
        invlib("run", "linear/three_ways", "--debug")
    assert invlib("status").status == 0


@pytest.mark.parametrize("verb", ["book", "clean"])
def test_a_file_where_the_build_folder_should_be(invlib, own_root, no_kernel, verb):
    (own_root / "_build").write_text("mine")
    answer = invlib(verb)
    failed_in_words(answer, "File exists", str(own_root / "_build"))
    assert len(answer.message) == 1
    assert (own_root / "_build").read_text() == "mine"


def test_a_link_where_the_lock_should_be_is_not_followed(invlib, own_root, no_kernel, tmp_path):
    precious = tmp_path / "precious"
    precious.write_text("mine")
    (own_root / "_build").mkdir()
    (own_root / "_build" / "lock").symlink_to(precious)
    failed_in_words(invlib("book"), "symbolic link", str(own_root / "_build" / "lock"))
    assert precious.read_text() == "mine"


def test_missing_data_name_the_command_the_folder_and_the_way_by_hand(invlib, folders, no_kernel):
    answer = invlib(*PAPER)
    failed_in_words(
        answer,
        "linear/three_ways failed: MNIST handwritten digits: train-images-idx3-ubyte.gz is missing",
        "invlib data fetch mnist",
        f"By hand, for the folder {folders.data / 'MNIST' / 'raw'}: take",
    )
    assert not list(folders.runs.rglob("*.ipynb"))
    assert not (folders.runs / "records").exists()
    assert not folders.data.exists()


def test_damaged_data_are_named_and_left_as_they_are(invlib, folders, no_kernel):
    file = folders.data / "MNIST" / "raw" / "train-images-idx3-ubyte.gz"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"no gzip")
    failed_in_words(invlib(*PAPER), f"{file} has the wrong content: expected sha256", "fetch mnist")
    assert file.read_bytes() == b"no gzip"


def test_a_file_where_the_data_folder_should_be(invlib, folders, no_kernel):
    folders.data.write_text("mine")
    failed_in_words(invlib(*PAPER), "cannot be read: Not a directory", str(folders.data))
    assert folders.data.read_text() == "mine"


@pytest.mark.filterwarnings("ignore:overflow")
@pytest.mark.parametrize(
    ("learning_rate", "said"),
    [
        (1e30, r"linear/two_layer \S+ seed 0: \w+ holds a NaN or an infinity; nothing is kept"),
        (1e200, r"the loss is \[nan, nan\] at epoch 10: .* Try a learning_rate below 1e\+200"),
    ],
)
def test_a_loss_without_bounds_fails_by_name_and_is_not_kept(settings, learning_rate, said):
    parameters = three_ways.ThreeWays(
        epochs=30, seeds=2, samples=50, strengths=[0.1], learning_rate=learning_rate
    )
    with pytest.raises(InvlibError, match=said):
        collect(three_ways.STUDY, parameters, settings)
    trained = [
        batch
        for batch in batches(three_ways.STUDY, parameters, settings)
        if batch.module == two_layer.__name__
    ]
    kept = [local_store(settings).read(run) for batch in trained for run in batch.runs]
    assert kept == [None] * 6
