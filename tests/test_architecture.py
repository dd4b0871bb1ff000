"""What the code itself must keep: no number of the law in the rules, files of a readable length."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from graphlib import CycleError, TopologicalSorter

import grimp
import pytest

from assessments.decision_log import method
from questionnaires import load
from questionnaires.schema import ProductAbove
from tests.sources import FOLDERS, ROOT, files, nodes, tree

ALLOWED = {
    ("fewest.py", 20_000): "sets that a search tries before it says that it gave up",
    ("exact.py", 100): "percent",
    ("lifecycle.py", 12): "months of a year",
    ("points.py", 256): "rows remembered for one question",
    ("scoring.py", 4096): "figures of dimensions remembered for one method",
}
"""(file, literal) → why it stands in the rules; anything else belongs into a questionnaire's YAML."""


@pytest.mark.slow
def test_the_rules_hold_no_number_of_law_weight_or_threshold() -> None:
    found = {
        (file.name, node.value)
        for file in files("assessments/rules")
        for node in nodes(file)
        if isinstance(node, ast.Constant) and type(node.value) is int and abs(node.value) > 3
    }
    assert found == set(ALLOWED), "A new number: move it into YAML, or give its reason here."


JUDGING = ROOT / "assessments" / "decision_log" / "judging"
"""Modules that judge figures; their numbers stand in method.yaml."""
UNITS = {
    60: "seconds of a minute, minutes of an hour",
    100: "percent",
    2000: "characters of a reason",
    50: "the median",
}
"""Literal → what it is, in the modules that judge."""


def test_the_judging_of_figures_holds_no_number_of_its_own() -> None:
    read = {file: nodes(file) for file in (*JUDGING.glob("*.py"), JUDGING.parent / "triggers.py")}
    sizes = {
        id(node.value)  # of a cache, which judge nothing
        for parsed in read.values()
        for node in parsed
        if isinstance(node, ast.keyword) and node.arg == "maxsize"
    }
    found = {
        (file.name, node.value)
        for file, parsed in read.items()
        for node in parsed
        if isinstance(node, ast.Constant)
        and id(node) not in sizes
        and type(node.value) in (int, float)
        and abs(node.value) > 3
        and node.value not in UNITS
    }
    assert not {one for one in found if one[0] != "figure_contribution.py"}, "A new number: move it into method.yaml."
    assert {one[1] for one in found} <= {11_172, 28}, (
        "figure_contribution.py knows the syllables of Hangul, nothing else"
    )


NAMES = re.compile(
    r"(YEAR|MONTH|DAYS|PERIOD|RETENTION|PERCENT|SHARE|RATE|THRESHOLD|LEVEL|MINIMUM|FEW|SMALL|QUARTER|ALARM|LIMIT|TRIGGER)"
)
TECHNICAL = {
    "PERCENT": "a hundred",
    "_FEW": "so many duties may say why they are contested each by itself",
    "MOST_MONTHS": "so many months have names beneath a picture",
    "SMALLEST": "the smallest letters of a picture, in its own units",
    "_SMALL": "letters of a picture, in its own units",
    "_MONTHS_OF_A_YEAR": "the calendar",
    "_MOST_DAYS_NAMED": "so many days have names beneath a picture",
    "_SMALL_BITS": "what a whole number of four bytes can hold",
    "FEWEST": "so many open questions that are alike are worth a button for all of them",
    "FEW": "so many gaps are listed one by one on screen",
    "_YEARS": "what a calendar can hold",
    "_QUARTER": "time zones are apart by quarters of an hour",
    "_EXCEL_DAYS": "how spreadsheets count days",
    "_MOST_DAYS": "what a calendar can hold",
    "DAYS_AHEAD": "how far ahead a calendar file reaches",
    "MOST_DAYS": "so many entries of a calendar file at most",
    "_MOST_MONTHS": "rows of a table",
    "MOST_QUARTERS": "of a filter's choices",
    "PERCENTS": "points of a distribution that are shown; none of them decides",
    "LOAD_PERCENTS": "points of a distribution that are shown; none of them decides",
    "LIFETIME_YEARS": "of a certificate that is made here",
    "WARNING_DAYS": "before a certificate ends",
    "A_YEAR_SECONDS": "how long a browser remembers the language",
    "_YEARS_BEFORE_STATED": "how records of older releases were dated, which no questionnaire can change any more",
    "_SCAN_SHARE": "share of a bar of progress",
    "_ATTENTIVE_SHARE_OF_DAYS": "of made logs, which show nothing of anybody",
}
"""Constant → why its number is none of law or method."""


@pytest.mark.slow
def test_no_folder_holds_a_number_of_law_or_method_under_a_name_for_one() -> None:
    found = set()
    for file in files():
        for node in tree(file).body:
            if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
                continue
            numbers = [
                part.value
                for part in ast.walk(node.value)
                if isinstance(part, ast.Constant) and type(part.value) in (int, float)
            ]
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)]
            if numbers and not isinstance(node.value, ast.Call):
                found |= {(file.name, name) for name in names if NAMES.search(name) and name not in TECHNICAL}
    assert not found, "A number of law or method: move it into YAML with its source, or say here what it is."


def test_a_working_day_is_the_same_by_hand_and_by_log() -> None:
    asked = load.newest("involvement").questionnaire
    assert asked.claim is not None
    days = {
        one.when.product.above
        for part in asked.claim.parts
        for one in part.contradicted_if
        if isinstance(one.when, ProductAbove)
    }
    assert days == {method.whole("working_day_minutes")}


def test_every_number_of_the_method_is_read() -> None:
    code = "".join(file.read_text("utf-8") for file in (ROOT / "assessments" / "decision_log").rglob("*.py"))
    assert not [name for name in method.numbers() if f'"{name}"' not in code]


def test_no_fraction_is_a_floating_point_number_in_the_rules() -> None:
    for file in files("assessments/rules"):
        for node in nodes(file):
            assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), file.name
            assert not (isinstance(node, ast.Name) and node.id == "float"), file.name


FOR_COLUMNS = ("numpy", "pandas", "pyarrow", "scipy")
"""Half a second and a hundred megabytes to import: for those who read logs."""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("modules", "unneeded"),
    [
        ("exports.printing.document", (*FOR_COLUMNS, "pyhanko", "sqlalchemy")),
        (
            "commands.main commands.assess assessments.file.assessment_file exports.printing.pdf exports.issuing.sealing",
            (*FOR_COLUMNS, "weasyprint", "sqlalchemy"),
        ),
        ("exports.verification.inspection exports.verification.verify", (*FOR_COLUMNS, "weasyprint", "sqlalchemy")),
        (
            "assessments.own_process assessments.content.pdf_process",
            (*FOR_COLUMNS, "weasyprint", "sqlalchemy", "pydantic"),
        ),
        ("commands.user assessments.actions", (*FOR_COLUMNS, "weasyprint", "alembic", "psycopg")),
    ],
)
def test_nobody_loads_libraries_that_are_not_needed(modules: str, unneeded: tuple[str, ...]) -> None:
    told = f"import {', '.join(modules.split())}, sys; print(*(one for one in {unneeded!r} if one in sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True)
    assert loaded.stdout.split() == []


@pytest.mark.slow
def test_nothing_imports_the_server() -> None:
    for file in files():
        for node in nodes(file):
            names = [node.module] if isinstance(node, ast.ImportFrom) else []
            names += [imported.name for imported in node.names] if isinstance(node, ast.Import) else []
            assert "app" not in names, file


REPLACING = {"exports/printing/tagging.py": "PDF/UA asks for tags that WeasyPrint has no setting for"}
"""File → why functions of another program are replaced in it, and private ones used."""
SETTINGS = {("logging", "lastResort")}
"""Attributes of other modules that their documentation offers for setting."""


def _foreign_names(tree: ast.Module) -> dict[str, str]:
    """Name in this module → top module that it comes from, where that is not ours."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                names[(one.asname or one.name).partition(".")[0]] = one.name.partition(".")[0]
        elif isinstance(node, ast.ImportFrom) and node.module:
            for one in node.names:
                names[one.asname or one.name] = node.module.partition(".")[0]
    return {name: origin for name, origin in names.items() if origin not in FOLDERS}


def _insides(tree: ast.Module) -> set[str]:
    """What a module replaces in other programs, or uses of them although its name says private."""
    foreign = _foreign_names(tree)
    found = {
        f"from {node.module} import {one.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] not in FOLDERS
        for one in node.names
        if one.name.startswith("_")
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "setattr":
            found.add("setattr")
        if not isinstance(node, ast.Attribute):
            continue
        root: ast.expr = node.value
        while isinstance(root, ast.Attribute):
            root = root.value
        is_set = isinstance(node.ctx, ast.Store | ast.Del)
        if node.attr == "__class__" and is_set:
            found.add("__class__ =")
        if not isinstance(root, ast.Name) or root.id not in foreign or (foreign[root.id], node.attr) in SETTINGS:
            continue
        if is_set or (node.attr.startswith("_") and not node.attr.startswith("__")):
            found.add(ast.unparse(node))
    return found


@pytest.mark.slow
def test_nothing_of_another_program_is_replaced_or_used_from_its_inside() -> None:
    found = {str(file.relative_to(ROOT)): insides for file in files() if (insides := _insides(tree(file)))}
    assert set(found) == set(REPLACING), found


def test_each_function_that_stands_in_for_another_programs_says_why_and_until_when() -> None:
    tagging = ROOT / "exports" / "printing" / "tagging.py"
    functions = {
        node.name: ast.get_docstring(node) or "" for node in tree(tagging).body if isinstance(node, ast.FunctionDef)
    }
    replaced = {
        ast.unparse(node.targets[0]): ast.unparse(node.value)
        for node in nodes(tagging)
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Attribute)
        and isinstance(node.value, ast.Name)
        if node.value.id in functions
    }
    assert replaced == {"draw.draw_stacking_context": "_draw", "tags._build_box_tree": "_tag"}
    for name in replaced.values():
        assert "Why: " in functions[name] and "Upstream: " in functions[name]


# --- rooms -----------------------------------------------------------------------------------------------------


def room_of(module: str) -> str:
    """The folder in which a module lies; a module that lies in none of them is a room of its own."""
    depth = 3 if module.startswith("assessments.decision_log.") else 2
    return ".".join(module.split(".")[:depth])


@pytest.fixture(scope="module")
def imports() -> dict[str, set[str]]:
    """Module → modules that it imports, also where only types are meant."""
    graph = grimp.build_graph(*FOLDERS, cache_dir=None)
    return {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}


@pytest.mark.slow
def test_no_module_is_imported_by_what_it_imports(imports: dict[str, set[str]]) -> None:
    TopologicalSorter(imports).prepare()  # names a circle where there is one


@pytest.mark.parametrize("folder", ["assessments", "exports", "pages"])
def test_rooms_import_each_other_one_way(imports: dict[str, set[str]], folder: str) -> None:
    rooms: dict[str, set[str]] = {}
    for module, imported in imports.items():
        inside = {room_of(one) for one in imported if one.startswith(f"{folder}.")}
        if module.startswith(f"{folder}."):
            rooms.setdefault(room_of(module), set()).update(inside - {room_of(module)})
    assert len(rooms) > 5
    TopologicalSorter(rooms).prepare()


def test_a_circle_is_found() -> None:
    with pytest.raises(CycleError):
        TopologicalSorter({"a": {"b"}, "b": {"c"}, "c": {"a"}}).prepare()


def _bindings(of: Iterable[ast.AST]) -> list[tuple[str, int]]:
    """Every variable and parameter, with the line that binds it."""
    bindings = []
    for node in of:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bindings.append((node.id, node.lineno))
        elif isinstance(node, ast.arg):
            bindings.append((node.arg, node.lineno))
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs) and node.name:
            bindings.append((node.name, node.lineno))
    return bindings


@pytest.mark.slow
def test_no_variable_is_called_one() -> None:
    """`for evidence in …`, not `for one in …`: the name says what is held, so that nobody has to remember its type."""
    bound = {
        f"{file.relative_to(ROOT)}:{line}"
        for file in (ROOT / "app.py", *files())
        for name, line in _bindings(nodes(file))
        if name == "one"
    }
    assert not bound, "Name it by what it holds."


@pytest.mark.first_in_check
@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.slow
def test_no_variable_is_called_by_what_was_done_with_it(folder: str) -> None:
    """`determination`, not `found`: that it was found, kept or given does not tell what it is. Fields of records stay."""
    bound = {
        f"{file.relative_to(ROOT)}:{line} {word}" for file in files(folder) for word, line in _participles(nodes(file))
    }
    assert not bound, "Name it by what it holds."


@pytest.mark.parametrize(
    "text",
    ["one = 1", "[one for one in ()]", "for n, one in (): ...", "def f(one): ...", "f = lambda one: 1", "(one := 1)"],
)
def test_a_variable_called_one_is_found(text: str) -> None:
    assert ("one", 1) in _bindings(ast.walk(ast.parse(text)))


def test_a_variable_called_by_what_was_done_to_it_is_found() -> None:
    text = "class Row:\n    kept: int\n\ndef f(given):\n    found = given"
    assert set(_participles(list(ast.walk(ast.parse(text))))) == {("found", 5), ("given", 4)}


PARTICIPLES = {"asked", "found", "given", "kept", "said", "told"}


def _participles(of: Sequence[ast.AST]) -> list[tuple[str, int]]:
    fields = {
        part.target.lineno
        for node in of
        if isinstance(node, ast.ClassDef)
        for part in node.body
        if isinstance(part, ast.AnnAssign)
    }
    return [(name, line) for name, line in _bindings(of) if name in PARTICIPLES and line not in fields]


def test_no_variable_of_a_template_is_called_so_either() -> None:
    bound = re.compile(r"\{%-?\s*(?:for|set|macro \w+\()\s*(one|asked|found|given|kept|said|told)\b")
    templates = [path for folder in ("pages", "exports") for path in (ROOT / folder).rglob("*.j2")]
    assert len(templates) > 60 and bound.search("{% for one in rows %}") and bound.search("{%- set said = 1 %}")
    assert not [
        (path.name, *bound.findall(path.read_text("utf-8")))
        for path in templates
        if bound.search(path.read_text("utf-8"))
    ]


FIELDS_OF_STREAMLIT = {
    "text_input", "text_area", "number_input", "date_input", "time_input", "datetime_input", "selectbox", "multiselect",
    "radio", "checkbox", "toggle", "slider", "select_slider", "segmented_control", "pills", "data_editor", "chat_input",
    "file_uploader", "color_picker", "feedback",
}  # fmt: skip
WITHOUT_A_DRAFT = {
    ("_log/mapping.py", "multiselect"): "chosen among columns, and kept at each choice",
    ("_log/mapping.py", "selectbox"): "chosen among columns, and kept at once",
    ("_log/reading_settings.py", "selectbox"): "chosen among a few, and kept at once",
    ("_parts/bundle.py", "multiselect"): "what a download holds; nothing is changed by it",
    ("_parts/bundle.py", "text_input"): "a search",
    ("_parts/paging.py", "text_input"): "a search, which stands in the address",
    ("_parts/registry.py", "radio"): "one choice, and the only one of its form",
    ("_parts/seal.py", "radio"): "one choice, with a default",
    ("_parts/supposing.py", "date_input"): "supposed, which stands in the address",
    ("_parts/supposing.py", "multiselect"): "supposed, which stands in the address",
    ("_parts/supposing.py", "number_input"): "supposed, which stands in the address",
    ("_parts/supposing.py", "selectbox"): "supposed, which stands in the address",
    ("_parts/choosing.py", "selectbox"): "filters, which stand in the address",
    ("editions.py", "selectbox"): "what is tried, which stands in the address",
    ("sample.py", "text_input"): "a seed, which stands in the address",
    ("portfolio.py", "selectbox"): "filters, which stand in the address",
    ("_supervision/screen.py", "text_input"): "a search, which stands in the address",
    ("_server/uploading.py", "file_uploader"): "a browser gives no page a file again",
}
"""File below pages/ and element of Streamlit → why what is entered there need not outlive the page."""


@pytest.mark.slow
def test_every_field_that_is_not_ours_says_why_it_keeps_no_draft() -> None:
    calls = set()
    for path in files("pages"):
        for call in nodes(path):
            if (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Attribute)
                and call.func.attr in FIELDS_OF_STREAMLIT
            ):
                calls.add((path.relative_to(ROOT / "pages").as_posix(), call.func.attr))
    assert calls == set(WITHOUT_A_DRAFT)


def test_no_fragment_lies_within_another() -> None:
    """What waits of the inner one would outlive what waits of the page around it, and the browser gives up; see decision 151.

    Those of a page of questions lie beside one another: `show`, which makes them, runs in none.
    """
    fragments = {
        (file.relative_to(ROOT).as_posix(), node.name)
        for file in files("pages")
        if "st.fragment" in file.read_text("utf-8")
        for node in nodes(file)
        if isinstance(node, ast.FunctionDef) and "st.fragment" in ast.unparse(node)
    }
    assert fragments == {
        ("pages/_log/intake.py", "_progress"),
        ("pages/_parts/question_page.py", "show"),
        ("pages/_parts/presence.py", "_look"),
        ("pages/editions.py", "_progress"),
    }
    callers = {
        file.relative_to(ROOT).as_posix() for file in files("pages") if "question_page.show(" in file.read_text("utf-8")
    }
    assert callers == {"pages/answer.py", "pages/involvement.py"}


def test_every_browser_of_a_test_waits_as_long_as_the_others() -> None:
    """Playwright's own half minute is too short for eight people at once on a slow machine."""
    makers = [
        path.name for path in (ROOT / "tests" / "browser").glob("*.py") if ".new_context(" in path.read_text("utf-8")
    ]
    assert makers == ["conftest.py"]


def test_what_a_test_waits_for_in_a_page_is_a_function() -> None:
    """A bare expression is evaluated anew at each look, which the pages' content policy forbids: it fails where a page is slow."""
    waited = re.compile(r"wait_for_function\(\s*([\"'])(.*?)\1", re.DOTALL)
    function = re.compile(r"(async )?(\(\w*\)|\w+) => ")
    tests = (path.read_text("utf-8") for path in (ROOT / "tests").rglob("*.py"))
    assert not [script for text in tests for _, script in waited.findall(text) if not function.match(script)]
