"""How the examples are written: a request, and who signs it."""

from typing import Any, NamedTuple

UNIVERSITY, INSTITUTE = "121500000000000017", "12150000000000002A"
COMPANY, INDUSTRY = "12150000000000003D", "12150000000000005K"
FILE = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


class Example(NamedTuple):
    """A request and its signers, such as ``("STD", "FIN")``: the first proposes, the second approves."""

    signers: tuple[str, ...]
    request: dict[str, Any]

    @property
    def kind(self) -> str:
        return str(self.request["kind"])


def example(signers: str, kind: str, on: str, **fields: Any) -> Example:
    return Example(tuple(signers.split("+")), {"kind": kind, "effective_on": on, **fields})


def party(credit_code: str, name: str, level: str = "REGIONAL") -> Example:
    return example("STD", "PartyRegistered", "2025-01-02", credit_code=credit_code, name=name, level=level)


def project(project: str, special: str, mode: str, on: str = "2025-02-01", **fields: Any) -> Example:
    common = {
        "undertaker": UNIVERSITY,
        "function": "2060499",
        "title": f"{project}(示例)",
        "external_id": f"KJ-{project}",
    }
    return example("STD", "ProjectRegistered", on, project=project, special=special, mode=mode, **common, **fields)


def paid(
    order: str, project: str, instalment: str, amount: str, on: str, detail: str | None, payee: str = UNIVERSITY
) -> list[Example]:
    document = {"number": f"内科拨〔2025〕{order}号"}
    ordered = {"order": order, "project": project, "instalment": instalment, "amount": amount, "payee": payee}
    examples = [example("STD", "PaymentOrdered", on, document=document, **ordered)]
    if detail:
        settled = {"order": order, "amount": amount, "detail": detail, "voucher_no": f"ZF-{detail}"}
        examples.append(example("TRE", "PaymentSettled", on, **settled))
    return examples


STIDF_2025 = {"fund": "STIDF", "vintage": 2025}
NSF_2025 = {"fund": "NSF", "vintage": 2025}
