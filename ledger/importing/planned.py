"""What the two sheets have in common: parties and projects are registered where the ledger does not know them yet."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple, TypeVar

from pydantic import ValidationError

from ledger.domain.book import Book
from ledger.domain.fields import Document
from ledger.domain.movement import Movement
from ledger.domain.party import PARTIES, PartyRegistered
from ledger.domain.project import PROJECTS, ProjectRegistered
from ledger.importing.faults import Fault
from ledger.importing.reading import Line, Sheet

M = TypeVar("M", bound=Movement)


class Planned(NamedTuple):
    """A movement that the file asks for, and the row and field to point at where the ledger refuses it.

    ``makes`` and ``needs`` name parties, projects and specials: what was refused already is not complained of again.
    """

    movement: Movement
    row: int
    field: str
    makes: str = ""
    needs: tuple[str, ...] = ()


class Plan:
    """Movements and faults as they are gathered from the lines of one sheet, against one state of the ledger."""

    def __init__(self, sheet: Sheet, book: Book, effective_on: date) -> None:
        self.sheet = sheet
        self.book = book
        self.effective_on = effective_on
        self.movements: list[Planned] = []
        self.faults: list[Fault] = []
        self._parties: dict[str, str] = {}
        self._codes_by_name: dict[str, list[str]] | None = None

    def complain(self, row: int, field: str, zh: str, en: str) -> None:
        self.faults.append(Fault(row, self.sheet.label(field), zh, en))

    def missing(self, line: Line, *fields: str) -> bool:
        """Complain of what is needed and not there; whether anything is."""
        header = {column.field: column.header for column in self.sheet.kind.columns}
        lacking = [field for field in fields if line.values.get(field) in (None, "")]
        for field in lacking:
            name = header[field]
            self.faults.append(
                Fault(
                    line.row,
                    self.sheet.label(field) or name.zh,
                    f"缺少{name.zh}(合并单元格请取消合并,逐行填写)",
                    f"{name.en} is missing (unmerge merged cells and fill in every line)",
                )
            )
        return bool(lacking)

    def make(self, kind: type[M], line: Line, field: str, **fields: Any) -> M | None:
        """A movement of the kind, or a complaint about its form."""
        try:
            return kind(effective_on=self.effective_on, **fields)
        except ValidationError as error:
            for found in error.errors(include_input=False, include_url=False, include_context=False):
                where = ".".join(map(str, found["loc"]))
                self.complain(line.row, field, f"格式不符:{where}", f"{where}: {found['msg']}")
        return None

    def add(
        self, movement: Movement | None, line: Line, field: str, makes: str = "", needs: Iterable[str] = ()
    ) -> None:
        if movement is not None:
            self.movements.append(Planned(movement, line.row, field, makes, tuple(needs)))

    # -- parties and projects

    def project(self, line: Line) -> None:
        """Register the project of a line, and its undertaker, where they are new."""
        values, project = line.values, line.values["project"]
        registered = PROJECTS.get(self.book, project)
        if registered is not None:
            for field, known in (("special", registered.special), ("credit_code", registered.undertaker)):
                if values.get(field, known) != known:
                    self.complain(line.row, field, f"与项目登记不符:{known}", f"the register says {known}")
            return
        if self.missing(line, "special", "title", "credit_code", "function"):
            return
        needs = [f"special:{values['special']}", self.undertaker(line)]
        optional = ("mode", "budget_code", "economic_class")
        movement = self.make(
            ProjectRegistered,
            line,
            "project",
            project=project,
            special=values["special"],
            title=values["title"],
            undertaker=values["credit_code"],
            external_id=project,
            function=values["function"],
            recommender=self.recommender(line),
            document=self.document(line),
            **{field: values[field] for field in optional if field in values},
        )
        self.add(movement, line, "project", f"project:{project}", needs)

    def document(self, line: Line) -> Document | None:
        """The document a line cites by its number 文号."""
        number = line.values.get("document")
        return Document(number=number) if number else None

    def undertaker(self, line: Line) -> str:
        """Register the undertaker where it is new; answers with the name by which the project needs it."""
        values, code = line.values, line.values["credit_code"]
        party = PARTIES.get(self.book, code)
        known = party.name_on(self.effective_on) if party else self._parties.get(code)
        name = values.get("undertaker", known)
        if known is not None:
            if name != known:
                zh, en = f"该信用代码登记的名称是“{known}”", f"the party of this credit code is called {known!r}"
                self.complain(line.row, "undertaker", zh, en)
            return f"party:{code}"
        needed = ("undertaker", "level", "league") if values.get("level") == "LEAGUE" else ("undertaker", "level")
        if not self.missing(line, *needed):
            self._parties[code] = values["undertaker"]
            movement = self.make(
                PartyRegistered,
                line,
                "credit_code",
                credit_code=code,
                name=values["undertaker"],
                level=values["level"],
                league=values.get("league"),
            )
            self.add(movement, line, "credit_code", f"party:{code}")
        return f"party:{code}"

    def recommender(self, line: Line) -> str | None:
        """The recommender's credit code, from the code itself or from the name of one registered party."""
        said = line.values.get("recommender")
        if said is None or PARTIES.get(self.book, said) is not None or said in self._parties:
            return said
        if self._codes_by_name is None:
            self._codes_by_name = {}
            for code, party in PARTIES.items(self.book):
                self._codes_by_name.setdefault(party.name_on(self.effective_on), []).append(code)
        found = self._codes_by_name.get(said, [])
        if len(found) == 1:
            return found[0]
        zh = "没有登记的单位叫这个名称或有多个同名单位,请填信用代码" if found or len(said) != 18 else "没有登记的单位"
        en = "no single registered party is called so: give its credit code, or register it first"
        self.complain(line.row, "recommender", zh, en)
        return None


def filled_in(sheet: Sheet, plan: Plan) -> Iterator[Line]:
    """Lines with blanks filled from the first line of the same project; what differs from it is complained of."""
    first: dict[str, Line] = {}
    for line in sheet.lines:
        project = line.values.get("project")
        if project is None:
            yield line
            continue
        begun = first.setdefault(project, line)
        values = dict(line.values)
        for field in sheet.kind.same_within_project:
            said, before = values.get(field), begun.values.get(field)
            if said is None and before is not None:
                values[field] = before
            elif said is not None and before is not None and said != before:
                zh, en = f"与第 {begun.row} 行同一项目不一致", f"differs from row {begun.row} of the same project"
                plan.complain(line.row, field, zh, en)
        yield Line(line.row, values)
