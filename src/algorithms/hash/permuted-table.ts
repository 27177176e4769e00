import type { BackendTable } from '../algorithm.ts'
import { byId } from './by-id.ts'
import { keyBytes } from './key-bytes.ts'
import { remainder } from './remainder.ts'
import { xxhash64 } from './xxhash64.ts'

/**
 * Maglev’s lookup table: the row of each of `size` entries. Every backend has its own permutation of the entries;
 * in turn, sorted by name, each takes the next free entry of its permutation. A backend takes part in as many
 * rounds as its weight is relative to the heaviest.
 *
 * A permutation is defined by two hashes of the name: offset and skip. `size` must be prime, so that every skip
 * reaches every entry. Section 3.4 of the paper; hashes and weights as in Envoy (maglev_lb.cc), weights as
 * integers.
 */
export function permutedTable(table: BackendTable, size: number): Int32Array {
  const owners = new Int32Array(size).fill(-1)
  const turns = byId(table).map((row) => turnOf(row, table, size))
  const heaviest = Math.max(0, ...turns.map(({ weight }) => weight))
  let free = turns.length === 0 ? 0 : size
  for (let round = 1; free > 0; round++) {
    for (const turn of turns) {
      if (free === 0 || round * turn.weight < turn.due) continue
      turn.due += heaviest
      takeNext(owners, turn)
      free--
    }
  }
  return owners
}

/** The position of a backend in its permutation, and the round of its next turn. */
interface Turn {
  readonly row: number
  readonly weight: number
  readonly skip: number
  next: number
  due: number
}

function turnOf(row: number, table: BackendTable, size: number): Turn {
  const name = keyBytes()
  name.read(table.ids[row] as string)
  const [offset, skip] = [xxhash64(0), xxhash64(1)]
  offset.hash(name.bytes, name.length)
  skip.hash(name.bytes, name.length)
  return {
    row,
    weight: table.weight[row] as number,
    skip: remainder(skip, size - 1) + 1,
    next: remainder(offset, size),
    due: 0,
  }
}

function takeNext(owners: Int32Array, turn: Turn): void {
  while (owners[turn.next] !== -1) step(owners.length, turn)
  owners[turn.next] = turn.row
  step(owners.length, turn)
}

function step(size: number, turn: Turn): void {
  turn.next += turn.skip
  if (turn.next >= size) turn.next -= size
}
