"""Tests which precision `fastest` means on a processor."""

from pathlib import Path

import pytest

from models import backend
from models.backend import precision_of
from models.recipes.recipe import Recipe

FAST = Recipe("fast", precision="fastest")


@pytest.mark.parametrize(
    ("told", "precision"),
    [
        ("flags\t\t: fpu sse2 avx2 avx512f avx512_bf16 vaes\n", "mixed_bfloat16"),
        ("flags\t\t: fpu amx_bf16 amx_tile\n", "mixed_bfloat16"),
        ("flags\t\t: fpu sse2 avx2 avx512f\n", "float32"),
        ("model name\t: avx512_bf16 look-alike\nflags\t\t: fpu avx2\n", "float32"),
    ],
)
def test_it_is_bfloat16_only_where_the_processor_has_instructions_for_it(
    told: str, precision: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    processor = tmp_path / "cpuinfo"
    processor.write_text(told, encoding="utf-8")
    monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", "1")
    monkeypatch.setattr(backend, "PROCESSOR", processor)
    assert precision_of(FAST) == precision


@pytest.mark.parametrize(("setting", "precision"), [("0", "float32"), ("1", "mixed_bfloat16")])
def test_it_is_float32_where_the_user_has_switched_off_what_convolves_in_bfloat16(
    setting: str, precision: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    processor = tmp_path / "cpuinfo"
    processor.write_text("flags\t\t: avx512_bf16\n", encoding="utf-8")
    monkeypatch.setattr(backend, "PROCESSOR", processor)
    monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", setting)
    assert precision_of(FAST) == precision


def test_it_is_float32_where_nothing_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend, "PROCESSOR", tmp_path / "nowhere")
    assert precision_of(FAST) == "float32"


@pytest.mark.parametrize("precision", ["float32", "mixed_bfloat16"])
def test_a_recipe_that_names_its_own_gets_it(precision: str) -> None:
    assert precision_of(Recipe("named", precision=precision)) == precision
