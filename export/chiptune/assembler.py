"""A small assembler for the 6502: as much as a music player's program needs.

A line is ``label:``, an instruction, or both; ``;`` begins a comment. Numbers are decimal or ``$`` hexadecimal.
Operands: ``#n``, ``#<name`` and ``#>name`` (a label's low and high byte), ``n``, ``n,x``, ``n,y``, ``(n),y``; a number
below 256 means the zero page where the instruction can address it.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

# Opcodes by mnemonic and addressing mode: https://www.nesdev.org/obelisk-6502-guide/reference.html
OPCODES = {
    ("and", "#"): 0x29,
    ("beq", "relative"): 0xF0,
    ("bmi", "relative"): 0x30,
    ("bne", "relative"): 0xD0,
    ("bpl", "relative"): 0x10,
    ("cpx", "#"): 0xE0,
    ("dec", "zero"): 0xC6,
    ("dex", "implied"): 0xCA,
    ("inc", "zero"): 0xE6,
    ("jsr", "absolute"): 0x20,
    ("lda", "#"): 0xA9,
    ("lda", "zero"): 0xA5,
    ("lda", "indirect"): 0xB1,
    ("ldx", "#"): 0xA2,
    ("ldx", "zero"): 0xA6,
    ("ldy", "#"): 0xA0,
    ("ldy", "zero"): 0xA4,
    ("ora", "#"): 0x09,
    ("rts", "implied"): 0x60,
    ("sta", "zero"): 0x85,
    ("sta", "absolute"): 0x8D,
    ("sta", "absolute,x"): 0x9D,
    ("sta", "absolute,y"): 0x99,
    ("stx", "zero"): 0x86,
    ("stx", "absolute"): 0x8E,
    ("tax", "implied"): 0xAA,
}
_SIZES = {
    "implied": 1,
    "#": 2,
    "zero": 2,
    "indirect": 2,
    "relative": 2,
    "absolute": 3,
    "absolute,x": 3,
    "absolute,y": 3,
}
_LINE = re.compile(r"\s*(?:(\w+):)?\s*(?:(\w{3})(?:\s+(\S+))?)?\s*(?:;.*)?")
_OPERAND = re.compile(r"(?P<before>#[<>]?|\()?(?P<value>\$?\w+)(?P<after>,x|,y|\),y)?")
_DIGITS = tuple("$0123456789")
# The modes that an operand's marks may mean, the shorter first.
_MODES = {
    ("#", ""): ("#",),
    ("#<", ""): ("#",),
    ("#>", ""): ("#",),
    ("(", "),y"): ("indirect",),
    ("", ",x"): ("absolute,x",),
    ("", ",y"): ("absolute,y",),
    ("", ""): ("relative", "zero", "absolute"),
}


class Program(NamedTuple):
    """Machine code and where its labels lie."""

    code: bytes
    labels: dict[str, int]


class _Instruction(NamedTuple):
    address: int
    mnemonic: str
    mode: str
    marks: str
    value: str


def assemble(source: str, origin: int, names: Mapping[str, int]) -> Program:
    """The machine code of a program that stands at ``origin``. names: of variables in the zero page.

    Raises ValueError where a line is no instruction of the table.
    """
    labels: dict[str, int] = {}
    instructions: list[_Instruction] = []
    address = origin
    for line in source.splitlines():
        parts = _LINE.fullmatch(line)
        if parts is None:
            raise ValueError(f"no line of assembler: {line.strip()!r}")
        label, mnemonic, operand = parts.groups()
        if label:
            labels[label] = address
        if mnemonic:
            instructions.append(_parsed(address, mnemonic, operand, names))
            address += _SIZES[instructions[-1].mode]
    known = {**names, **labels}
    return Program(b"".join(_encoded(instruction, known) for instruction in instructions), labels)


def _parsed(address: int, mnemonic: str, operand: str | None, names: Mapping[str, int]) -> _Instruction:
    parts = _OPERAND.fullmatch(operand) if operand else None
    before, value, after = (part or "" for part in parts.groups()) if parts else ("", "", "")
    # A label's value is not known yet, but that it is none of the zero page.
    small = value in names or (value[:1] in _DIGITS and _number(value, {}) < 0x100)
    for mode in _MODES.get((before, after), ()) if operand else ("implied",):
        if (mnemonic, mode) in OPCODES and (mode != "zero" or small):
            return _Instruction(address, mnemonic, mode, before, value)
    raise ValueError(f"no instruction of the table: {mnemonic} {operand or ''}")


def _number(value: str, names: Mapping[str, int]) -> int:
    if value.startswith("$"):
        return int(value[1:], 16)
    return int(value) if value.isdigit() else names[value]


def _encoded(instruction: _Instruction, names: Mapping[str, int]) -> bytes:
    opcode = bytes([OPCODES[instruction.mnemonic, instruction.mode]])
    size = _SIZES[instruction.mode]
    if size == 1:
        return opcode
    number = _number(instruction.value, names)
    if instruction.mode == "relative":
        return opcode + (number - instruction.address - size).to_bytes(1, "little", signed=True)
    if instruction.mode == "#" and instruction.marks != "#":
        number = number >> 8 if instruction.marks == "#>" else number & 0xFF
    return opcode + number.to_bytes(size - 1, "little")
