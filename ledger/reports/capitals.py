"""Amounts in Chinese capitals 人民币大写, as vouchers carry them beside the figure (支付结算办法, 附件一)."""

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ((10**8, "亿"), (10**4, "万"), (1000, "仟"), (100, "佰"), (10, "拾"))


def capitals(amount_fen: int) -> str:
    """Fen in capitals, such as ``人民币壹仟肆佰零玖元伍角整``: 零 for what is skipped, 整 where it ends before 分."""
    yuan, part = divmod(abs(amount_fen), 100)
    jiao, fen = divmod(part, 10)
    sign = "负" if amount_fen < 0 else ""
    whole = f"{_whole(yuan)}元" if yuan or not part else ""
    skipped = yuan and ((jiao and yuan % 10 == 0) or (fen and not jiao))
    parts = (f"{_DIGITS[jiao]}角" if jiao else "") + (f"{_DIGITS[fen]}分" if fen else "整")
    return f"人民币{sign}{whole}{'零' if skipped else ''}{parts}"


def _whole(number: int) -> str:
    """A whole number; several zeros in a row are one 零, and none stands before a unit or at the end."""
    for unit, name in _UNITS:
        if number >= unit:
            rest = number % unit
            skipped = "零" if 0 < rest < unit // 10 else ""
            return f"{_whole(number // unit)}{name}{skipped}{_whole(rest) if rest else ''}"
    return _DIGITS[number]
