import type { BackendTable } from '../algorithm.ts'
import { byId } from './by-id.ts'
import { keyBytes } from './key-bytes.ts'
import { remainder } from './remainder.ts'
import { xxhash64 } from './xxhash64.ts'

/**
 * Maglev’s table: the row that each of `places` belongs to. Every backend has an order of its own over
 * all places, and they take turns, by name, to take the next in their order that is still free. A
 * backend has its turn in as many rounds as its weight allows it against the heaviest.
 *
 * The order is given by two hashes of the name: where it starts, and how far it steps. `places`
 * must be prime, so that every step comes by every place. Section 3.4 of the paper, the hashes and the
 * weights as in Envoy (maglev_lb.cc), the weights in whole numbers.
 */
export function permutedTable(table: BackendTable, places: number): Int32Array {
  const owners = new Int32Array(places).fill(-1)
  const turns = byId(table).map((row) => turnsOf(row, table, places))
  const heaviest = Math.max(0, ...turns.map(({ weight }) => weight))
  let free = turns.length === 0 ? 0 : places
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

/** Where a backend is in its own order, and when it may go on. */
interface Turn {
  readonly row: number
  readonly weight: number
  readonly skip: number
  next: number
  due: number
}

function turnsOf(row: number, table: BackendTable, places: number): Turn {
  const name = keyBytes()
  name.read(table.ids[row] as string)
  const [offset, skip] = [xxhash64(0), xxhash64(1)]
  offset.hash(name.bytes, name.length)
  skip.hash(name.bytes, name.length)
  return {
    row,
    weight: table.weight[row] as number,
    skip: remainder(skip, places - 1) + 1,
    next: remainder(offset, places),
    due: 0,
  }
}

function takeNext(owners: Int32Array, turn: Turn): void {
  while (owners[turn.next] !== -1) step(owners.length, turn)
  owners[turn.next] = turn.row
  step(owners.length, turn)
}

function step(places: number, turn: Turn): void {
  turn.next += turn.skip
  if (turn.next >= places) turn.next -= places
}
