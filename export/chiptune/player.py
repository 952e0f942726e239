"""The program that plays a register log on the console: a stream of bytes, and the 6502 routine that reads it.

The routine is called once a frame. It stands at $8000 in the file's first page of 4 KB, where the stream follows it.
It reads the stream through the window at $9000, which it moves on a page at a time. A byte of the stream means:

    $00        the tune is over: silence from here on
    $01..$7F   so many writes now, two bytes each: the register's low byte, then the value
    $80..$FF   1 to 128 frames without a write

A write takes about 85 CPU cycles, so that the 127 that a frame may hold keep the CPU busy for a third of it.
"""

import numpy as np

from export.chiptune.assembler import Program, assemble
from export.chiptune.log import RegisterLog

PROGRAM_START = 0x8000
PAGE = 0x1000
MOST_WRITES = 0x7F  # a frame
_MOST_EMPTY = 0x80

_VARIABLES = {
    "address": 0x00,
    "address_high": 0x01,
    "page": 0x02,
    "wait": 0x03,
    "writes": 0x04,
    "register": 0x05,
    "over": 0x06,
}

_ROUTINE = """
init:   lda #0
        ldx #$13
clear:  sta $4000,x             ; from power-on every register is 0, and a log begins there
        dex
        bpl clear
        sta $4015
        sta over
        ldx #$40
        stx $4017               ; no interrupts from the frame counter

        lda #0
        sta wait
        sta page
        sta $5ff9               ; the first page, with this program, is seen at $9000 too
        lda #<stream
        sta address
        lda #>stream
        ora #$10
        sta address_high
        rts

play:   lda over
        bne done
        lda wait
        beq read
        dec wait
done:   rts

read:   jsr next
        tax
        beq end
        bmi rest
        sta writes
write:  jsr next
        sta register
        jsr next
        ldy register
        sta $4000,y
        dec writes
        bne write
        rts

rest:   and #$7f                ; this frame is one of them
        sta wait
        rts

next:   ldy #0                  ; the stream's next byte in A; spoils X and Y
        lda (address),y
        inc address
        bne got
        inc address_high
        ldx address_high
        cpx #$a0
        bne got
        ldx #$90                ; the window's end: show the next page in it
        stx address_high
        inc page
        ldx page
        stx $5ff9
got:    rts

end:    sta $4015               ; A is 0
        inc over
        rts
stream:
"""


def player() -> Program:
    """The routine at $8000: its labels ``init`` and ``play`` are what an NSF calls; the stream follows its code."""
    return assemble(_ROUTINE, PROGRAM_START, _VARIABLES)


def stream(log: RegisterLog, frame_seconds: float) -> bytes:
    """A log's writes as the routine reads them, each in the frame nearest to its time, in their order.

    Of a frame with more than 127 writes the last ones come a frame later; what is due at the tune's very end comes in
    its last frame.
    """
    frame_cycles = frame_seconds * log.region.clock
    end = round(log.end / frame_cycles)
    due = np.minimum(np.rint(log.cycles / frame_cycles), max(end - 1, 0)).astype(np.int64).tolist()
    for late in range(MOST_WRITES, len(due)):
        due[late] = max(due[late], due[late - MOST_WRITES] + 1)
    end = max(end, due[-1] + 1 if due else 0)
    frames, firsts, counts = np.unique(due, return_index=True, return_counts=True)
    pairs = np.stack((log.addresses & 0xFF, log.values.astype(np.uint16)), axis=1).astype(np.uint8)
    parts = []
    now = 0
    for frame, first, count in zip(frames.tolist(), firsts.tolist(), counts.tolist(), strict=True):
        parts += [_rest(frame - now), bytes([count]), pairs[first : first + count].tobytes()]
        now = frame + 1
    return b"".join((*parts, _rest(end - now), b"\0"))


def _rest(frames: int) -> bytes:
    whole, left = divmod(frames, _MOST_EMPTY)
    return b"\xff" * whole + (bytes([0x7F + left]) if left else b"")
