import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from memfence import Chat, ScopedMemory
from memfence.base.errors import HarnessError, TargetError, UnknownNameError
from memfence.breakages import planted as breakages
from memfence.breakages.unchecked import UncheckedMemory
from memfence.campaigns import resolve
from memfence.model.operations import OPERATIONS, Search

ROOT = Path(__file__).parents[2]

Write = Callable[[str, str], None]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Stand in an empty folder; call it with a path and a source to write a module there."""
    monkeypatch.chdir(tmp_path)
    before = sys.path[:]

    def source(path: str, text: str) -> None:
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")

    yield source
    sys.path[:] = before
    for name in [name for name in sys.modules if name.partition(".")[0] in {"shop", "barn", "shed", "calendar"}]:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", None) or tmp_path):
            del sys.modules[name]


def files(folder: str) -> list[str]:
    """Return the names of the files in one of our folders."""
    return sorted(path.stem for path in ROOT.glob(f"{folder}/*.py") if path.stem != "__init__")


def test_each_file_is_found_by_its_name() -> None:
    assert list(resolve.all_scenarios()) == files("scenarios")
    assert list(resolve.all_breakages()) == files("harness/breakages/*")
    assert list(resolve.all_oracles()) == files("harness/judging/oracles")
    assert list(resolve.all_targets()) == files("harness/targets/built_in")


def test_each_scenario_breakage_and_oracle_bears_the_name_of_its_file() -> None:
    named = {**resolve.all_scenarios(), **resolve.all_breakages(), **resolve.all_oracles()}

    assert {name: found.name for name, found in named.items()} == {name: name for name in named}


def test_each_breakage_lies_in_the_folder_of_its_layer() -> None:
    layers = {path.stem: path.parent.name for path in (ROOT / "harness" / "breakages").glob("*/*.py")}

    assert {name: str(found.layer) for name, found in resolve.all_breakages().items()} == {
        name: layer for name, layer in layers.items() if name != "__init__"
    }


def test_each_choice_says_what_it_means_in_one_line() -> None:
    described = (*resolve.all_scenarios().values(), *resolve.all_breakages().values(), *resolve.all_oracles().values())
    meanings = [found.summary for found in described]
    meanings += resolve.all_targets().values()
    meanings += resolve.all_wrappers().values()

    assert [meaning for meaning in meanings if not meaning.endswith(".") or "\n" in meaning] == []


def test_each_breakage_names_an_oracle_that_there_is_and_targets_that_there_are() -> None:
    for breakage in resolve.all_breakages().values():
        assert breakage.caught_by in resolve.all_oracles()
        assert set(breakage.applies_to) <= set(resolve.all_targets())


def test_an_oracle_says_which_operations_it_judges_and_only_one_needs_a_tenant_alone() -> None:
    oracles = resolve.all_oracles()

    assert [name for name, oracle in oracles.items() if not set(oracle.judges) <= set(OPERATIONS)] == []
    assert [name for name, oracle in oracles.items() if not oracle.judges] == []
    assert [name for name, oracle in oracles.items() if oracle.alone] == ["noninterference"]
    assert (oracles["prompt_bleed"].judges, oracles["canary_leak"].judges) == ((Chat, Search), OPERATIONS)


def test_a_size_reaches_a_target_that_names_it_and_no_other() -> None:
    small = resolve.target("reference", page=2, chance=7)
    memory: Any = small.make_memory("u_ann")
    for number in range(3):
        memory.add(f"I have {number} cats.", infer=False)

    assert len(memory.search("cats", threshold=0)) == 2
    assert resolve.target("mem0", page=2).name == "mem0"


def test_a_summary_is_the_first_line_of_a_docstring() -> None:
    def described() -> None:
        """Say this.

        And more.
        """

    assert resolve.summary(described) == "Say this."
    assert resolve.summary(lambda: None) == ""


def test_no_name_means_all_scenarios_but_those_that_wait_for_a_switch() -> None:
    assert [one.name for one in resolve.scenarios([])] == [name for name in files("scenarios") if name != "timing"]
    assert [one.name for one in resolve.scenarios([], switched=("timing",))] == files("scenarios")


def test_scenarios_come_in_the_order_asked_for_and_once_each() -> None:
    chosen = resolve.scenarios(["list_all", "alice_and_bob", "list_all"])

    assert [scenario.name for scenario in chosen] == ["list_all", "alice_and_bob"]


def test_an_unknown_scenario_is_answered_with_the_choices() -> None:
    with pytest.raises(UnknownNameError, match=f"^unknown scenario 'x'; choose from {', '.join(files('scenarios'))}$"):
        resolve.scenarios(["list_all", "x"])


@pytest.mark.parametrize("name", ["Reference", "reference "])
def test_a_target_that_is_mistyped_is_answered_with_the_nearest(name: str) -> None:
    with pytest.raises(UnknownNameError, match=r"; did you mean 'reference'\?$"):
        resolve.target(name)


@pytest.mark.parametrize("name", ["memory.make_memory", "myapp/memory.py"])
def test_a_module_without_a_callable_is_told_how_both_are_written(name: str) -> None:
    with pytest.raises(TargetError, match=r"names no target: write module:callable, for example myapp\.memory:"):
        resolve.target(name)


@pytest.mark.parametrize("name", ["x", "", "__init__"])
def test_an_unknown_target_is_answered_with_the_choices_and_the_way_to_ones_own(name: str) -> None:
    choices = ", ".join(sorted([*resolve.all_targets(), "module:callable"]))
    with pytest.raises(UnknownNameError, match=f"; choose from {choices}$"):
        resolve.target(name)


def test_a_built_in_target_is_scoped_unless_a_breakage_is_planted() -> None:
    whole = resolve.target("reference")
    broken = resolve.target("reference", breakage="drop_user_id")

    assert isinstance(whole.make_memory("u_alice"), ScopedMemory)
    assert isinstance(broken.make_memory("u_alice"), UncheckedMemory)
    assert (whole.name, broken.name) == ("reference", "reference")
    assert whole.disposable


@pytest.mark.parametrize("target", ["reference", "nonsense", "shop:make_memory"])
def test_an_unknown_breakage_is_answered_with_the_choices(target: str) -> None:
    with pytest.raises(UnknownNameError, match=r"^unknown breakage 'x'; choose from absolute_key_read, "):
        resolve.target(target, breakage="x")


def test_a_breakage_that_does_not_apply_says_where_it_is_planted(write: Write) -> None:
    write("shop.py", "raise RuntimeError('not to be imported for that')")

    told = r"drop_user_id does not apply to shop:f \(none does\).*: mem0, platform, reference$"
    with pytest.raises(HarnessError, match=told):
        resolve.target("shop:f", breakage="drop_user_id")


@pytest.mark.parametrize("name", ["shop.memory:make_memory", "shop.memory:Stores.first.make_memory"])
def test_a_users_own_function_is_found_in_the_current_directory(name: str, write: Write) -> None:
    write(
        "shop/memory.py",
        "class Stores:\n    class first:\n        make_memory = str.upper\n\n\nmake_memory = str.upper\n",
    )

    found = resolve.target(name)

    assert found.name == name
    assert found.make_memory("u_alice") == "U_ALICE"
    assert not found.disposable


def test_the_current_directory_comes_last_and_once(write: Write, tmp_path: Path) -> None:
    write("shop.py", "one = two = print\n")

    resolve.load("shop:one")
    resolve.load("shop:two")

    assert sys.path.count(str(tmp_path)) == 1
    assert sys.path[-1] == str(tmp_path)


def test_an_installed_module_wins_over_one_of_the_current_directory(write: Write) -> None:
    write("calendar.py", "def isleap(year): return 'mine'\n")

    isleap = resolve.load("calendar:isleap")

    assert isleap(2024) is True


@pytest.mark.parametrize("name", [":", "shop:", ":make_memory"])
def test_half_a_name_is_answered_with_the_form_of_a_whole_one(name: str) -> None:
    with pytest.raises(TargetError, match=r"write module:callable, for example myapp.memory:make_memory$"):
        resolve.target(name)


@pytest.mark.parametrize("name", ["..shop:f", "shop/memory.py:f", "shop memory:f", "not_there.at_all:f"])
def test_a_module_that_does_not_exist_is_named(name: str, write: Write) -> None:
    write("shop.py", "")
    module = name.partition(":")[0]

    with pytest.raises(TargetError) as caught:
        resolve.load(name)

    assert str(caught.value).startswith(f"could not import {module}: ")
    assert "\n" not in str(caught.value)


def test_an_error_of_the_users_own_is_placed_in_the_users_own_file(write: Write) -> None:
    write("shop/memory.py", "import shop.settings\n")
    write("shop/settings.py", "import json\n\nADDRESS = json.loads('{')\n")

    with pytest.raises(TargetError, match=r"^could not import shop.memory: JSONDecodeError: .* \(settings.py:3\)$"):
        resolve.load("shop.memory:make_memory")


def test_a_syntax_error_is_placed_where_it_stands(write: Write) -> None:
    write("shop/memory.py", "import shop.broken\n")
    write("shop/broken.py", "x = 1\ny = = 2\n")

    with pytest.raises(TargetError, match=r"SyntaxError: invalid syntax \(broken.py:2\)$"):
        resolve.load("shop.memory:make_memory")


def test_an_error_of_several_lines_becomes_one(write: Write) -> None:
    write("shop.py", "raise ValueError('no\\n\\n  database\\n')\n")

    with pytest.raises(TargetError, match=r"^could not import shop: ValueError: no database \(shop.py:1\)$"):
        resolve.load("shop:f")


def test_a_missing_attribute_is_answered_with_what_the_module_offers(write: Write) -> None:
    write("shop.py", "make = print\nopen_shop = print\n_hidden = print\nNUMBER = 7\n")

    with pytest.raises(TargetError, match=r"^shop has no 'make_memory'; it offers: make, open_shop$"):
        resolve.load("shop:make_memory")


def test_a_missing_attribute_of_something_without_attributes_is_an_error_in_words(write: Write) -> None:
    write("shop.py", "NUMBER = 7\n")

    with pytest.raises(TargetError, match=r"has no 'NUMBER.make_memory'; it offers: "):
        resolve.load("shop:NUMBER.make_memory")


def test_a_module_that_ends_the_process_is_told_as_one_that_cannot_be_imported(write: Write) -> None:
    write("shop.py", "raise SystemExit(0)\n")

    with pytest.raises(TargetError, match=r"^could not import shop: SystemExit"):
        resolve.load("shop:f")


def test_ctrl_c_while_importing_is_no_error_of_the_target(write: Write) -> None:
    write("shop.py", "raise KeyboardInterrupt\n")

    with pytest.raises(KeyboardInterrupt):
        resolve.load("shop:f")


def test_a_breakage_that_cannot_be_made_is_named_with_its_own_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrap(client: object) -> object:
        raise RuntimeError(type(client).__name__)

    broken = replace(resolve.all_breakages()["drop_user_id"], name="mine", wrap=wrap)
    monkeypatch.setattr(resolve, "all_breakages", lambda: {"mine": broken})

    with pytest.raises(TargetError, match=r"^breakage mine could not be made: RuntimeError: ReferenceClient"):
        resolve.target("reference", breakage="mine")


def test_a_breakage_without_a_sentence_is_refused() -> None:
    def silent(client: object) -> object:
        return client

    with pytest.raises(ValueError, match="breakage silent must say in its docstring what is wrong"):
        breakages.breakage(breakages.Layer.WRAPPER, caught_by="lost")(silent)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("shap.memory:make_memory", "shop.memory:make_memory"),
        ("shop.memry:make_memory", "shop.memory:make_memory"),
        ("barn.memry:make_memory", "barn.memory:make_memory"),
        ("shop.memory:make_memroy", "make_memory"),
    ],
    ids=["a package", "a module", "a module of a package without __init__", "a name"],
)
def test_a_name_that_is_mistyped_is_told_what_lies_near_it(name: str, meant: str, write: Write) -> None:
    for package in ("shop", "barn"):
        write(f"{package}/memory.py", "def make_memory(user_id): ...\n")
    write("shop/__init__.py", "")

    with pytest.raises(TargetError, match=rf"; did you mean {re.escape(meant)}\?$"):
        resolve.load(name)


def test_what_a_module_itself_misses_is_no_typing_error_of_the_target(write: Write) -> None:
    write("shed.py", "import shet\n")

    with pytest.raises(TargetError, match=r"No module named 'shet' \(shed.py:1\)$"):
        resolve.load("shed:make_memory")
