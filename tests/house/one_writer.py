"""Looks through a module for writes to stock and books, which posting alone may make.

It follows names as a reader would: `SerialUnit.objects.filter(…).update(…)`, `item.units.delete()`,
`for unit in SerialUnit.objects.all(): unit.save()`, `sets.update(SerialUnit, …)`, a form whose
`Meta.model` is SerialUnit, and SQL that names the tables.
"""

from __future__ import annotations

import ast
import re

GUARDED = {"SerialUnit", "StockMove", "JournalLine", "JournalEntry", "Posting"}
# Of an item's row at a location, the reorder point and its like belong to the user.
QUANTITIES = {
    "on_hand",
    "picked",
    "in_transit",
    "committed",
    "back_ordered",
    "on_order",
    "value",
    "last_purchase_price",
}
# How a guarded model is reached from another: item.units, document.postings …
RELATED = {"units": "SerialUnit", "moves": "StockMove", "postings": "Posting"}
RELATED |= {"item_locations": "ItemLocation", "reversed_by": "Posting", "entry": "JournalEntry"}
MODELS = GUARDED | {"ItemLocation"}

WRITES = {
    "create",
    "bulk_create",
    "get_or_create",
    "update_or_create",
    "update",
    "bulk_update",
    "save",
    "delete",
}
WRITES |= {f"a{name}" for name in WRITES}
SET_WRITES = {"insert", "ensure", "update"}
TABLES = "items_serialunit|items_itemlocation|transactions_stockmove|transactions_posting"
SQL = re.compile(
    rf"\b(insert\s+into|update|delete\s+from)\s+[\"`]?({TABLES}|accounting_journal\w+)",
    re.IGNORECASE,
)


def offenders(tree: ast.Module) -> list[tuple[int, str]]:
    """The line and the words of every write found in the module."""
    looker = _Looker()
    looker.visit(tree)
    return sorted(set(looker.found))


class _Looker(ast.NodeVisitor):
    """Walks a module, remembering which names hold guarded rows in the function it is in."""

    def __init__(self) -> None:
        self.found: list[tuple[int, str]] = []
        self.held: dict[str, str] = {}

    def report(self, node: ast.AST) -> None:
        self.found.append((node.lineno, ast.unparse(node).splitlines()[0][:100]))

    # Names

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        outside, self.held = self.held, dict(self.held)
        for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
            self.hold(argument.arg, _annotated(argument.annotation))
        self.generic_visit(node)
        self.held = outside

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            self.bind(target, node.value)
        self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if isinstance(node.target, ast.Name):
            self.hold(node.target.id, _annotated(node.annotation))
        self.changes(node.target)
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.changes(node.target)
        self.generic_visit(node)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.bind(node.target, node.value)
        self.generic_visit(node)

    def visit_For(self, node: ast.For | ast.comprehension) -> None:
        self.bind(node.target, node.iter)
        self.generic_visit(node)

    visit_AsyncFor = visit_For
    visit_comprehension = visit_For

    def visit_ListComp(self, node: ast.AST) -> None:
        """What a comprehension goes over comes after what it makes of it."""
        for generator in node.generators:
            self.visit(generator)
        self.generic_visit(node)

    visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_ListComp

    def bind(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self.hold(target.id, self.model_of(value))
        else:
            self.changes(target)

    def hold(self, name: str, model: str | None) -> None:
        self.held.pop(name, None)
        if model:
            self.held[name] = model

    def model_of(self, node: ast.AST) -> str | None:
        """The guarded model a chain of attributes and calls starts from, if any."""
        while True:
            if isinstance(node, ast.Call):
                node = node.func
            elif isinstance(node, ast.Attribute):
                if node.attr in MODELS:
                    return node.attr
                if node.attr in RELATED:
                    return RELATED[node.attr]
                node = node.value
            elif isinstance(node, ast.Subscript | ast.Await | ast.Starred):
                node = node.value
            elif isinstance(node, ast.Name):
                return node.id if node.id in MODELS else self.held.get(node.id)
            else:
                return None

    # Writes

    def changes(self, target: ast.expr) -> None:
        """An attribute that is set: a quantity of an item at a location."""
        if isinstance(target, ast.Attribute) and target.attr in QUANTITIES:
            if self.model_of(target.value) == "ItemLocation":
                self.report(target)

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Attribute):
            if ast.unparse(node.func.value) == "sets" and node.func.attr in SET_WRITES:
                if node.args and self.model_of(node.args[0]):
                    self.report(node)
            elif node.func.attr in WRITES and self.is_guarded(node):
                self.report(node)
        self.generic_visit(node)

    def is_guarded(self, node: ast.Call) -> bool:
        model = self.model_of(node.func.value)
        if model == "ItemLocation":
            return node.func.attr.endswith("delete") or bool(QUANTITIES & _words(node))
        if model == "SerialUnit" and node.func.attr == "update":  # its memo is the user's
            return [keyword.arg for keyword in node.keywords] != ["memo"]
        return model in GUARDED

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """A ModelForm saves what its Meta names."""
        if any("Form" in ast.unparse(base) for base in node.bases):
            for inner in node.body:
                if isinstance(inner, ast.ClassDef) and inner.name == "Meta":
                    self.look_at_meta(inner)
        self.generic_visit(node)

    def look_at_meta(self, meta: ast.ClassDef) -> None:
        for statement in meta.body:
            if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "model":
                if self.model_of(statement.value) in GUARDED:
                    self.report(statement)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and SQL.search(node.value):
            self.report(node)


def _annotated(annotation: ast.expr | None) -> str | None:
    """The guarded model an annotation names: SerialUnit, list[SerialUnit], SerialUnit | None."""
    if annotation is None:
        return None
    words = re.findall(r"\w+", ast.unparse(annotation))
    return next((word for word in words if word in MODELS), None)


def _words(node: ast.Call) -> set[object]:
    """Every keyword and every plain text within a call's arguments."""
    inside = [n for argument in (*node.args, *node.keywords) for n in ast.walk(argument)]
    keywords = {n.arg for n in inside if isinstance(n, ast.keyword) and n.arg}
    return keywords | {n.value for n in inside if isinstance(n, ast.Constant)}
