"""The label_img scheme: what a file's name says of its picture."""

import pytest

from datasets.errors import UserError
from datasets.naming import label_img, picture_name, stated_label


@pytest.mark.parametrize("class_count", [2, 10, 100, 200])
def test_every_label_is_read_back_from_the_name_it_gave(class_count: int) -> None:
    classes = [f"class {label}" for label in range(class_count)]
    for label in range(class_count):
        assert label_img(picture_name(label, 421, class_count, 5), classes) == label


def test_names_sort_as_numbers_do() -> None:
    names = [picture_name(label, number, 100, 5) for label in (2, 10) for number in (9, 10, 59_999)]
    assert names == sorted(names)
    assert names[0] == "02_00009.png"


@pytest.mark.parametrize("name", ["holiday.png", "7_00421.png", "cat_2.png", "00002_1.png", ".png", "٣_1.png"])
def test_a_name_without_a_label_of_the_data_set_is_refused_by_name(name: str) -> None:
    assert stated_label(name, 3) is None
    with pytest.raises(UserError, match="states no label"):
        label_img(name, ["cat", "dog", "frog"])
