import FlatQueue from 'flatqueue'
import { CreditHeap } from './credit-heap.ts'

/** Rows by a value, and smooth weighted turns among those that have the lowest one. */
export interface TurnGroups {
  /** Gives a row a value, or another one. The row has a weight. */
  put(row: number, value: number): void
  leave(row: number): void
  /** The next row among those with the lowest value; −1 if there is none. */
  next(): number
}

/** The rows with one value. */
interface Group {
  readonly value: number
  /** One heap for each weight. */
  readonly heaps: CreditHeap[]
  rows: number
  /** Σ weight of its rows. */
  weight: number
  /** Turns so far: a row has gained its weight in each since it came. */
  turns: number
}

/**
 * The turns of smooth-turns.ts without a step for each row. A turn adds its weight to the credit of every row of its group:
 * so the order of rows of one weight only changes where one is picked, and the credit itself is kept relative to the turns of the
 * group. A turn compares the first rows of each weight: O(weights + log n), with the same picks.
 */
export function turnGroups(weight: Int32Array): TurnGroups {
  const columns = {
    credit: new Float64Array(weight.length),
    place: new Int32Array(weight.length),
  }
  const { credit } = columns
  const groups = new Map<number, Group>()
  const inOrder = new FlatQueue<Group>()
  const groupOf: (Group | undefined)[] = Array.from({ length: weight.length }, () => undefined)
  const heapOf: (CreditHeap | undefined)[] = Array.from({ length: weight.length }, () => undefined)

  function open(value: number): Group {
    const group = { value, heaps: [], rows: 0, weight: 0, turns: 0 }
    groups.set(value, group)
    inOrder.push(group, value)
    return group
  }

  function heapFor({ heaps }: Group, share: number): CreditHeap {
    for (const heap of heaps) if (heap.weight === share) return heap
    const heap = new CreditHeap(share, columns)
    heaps.push(heap)
    return heap
  }

  function leave(row: number): void {
    const group = groupOf[row]
    const heap = heapOf[row]
    if (group === undefined || heap === undefined) return
    groupOf[row] = undefined
    heapOf[row] = undefined
    heap.remove(row)
    credit[row] = (credit[row] as number) + group.turns * heap.weight
    group.rows--
    group.weight -= heap.weight
  }

  function turn(group: Group): number {
    // As in smooth-turns.ts, a single row takes no turn.
    const turns = group.rows === 1 ? group.turns : group.turns + 1
    let best: CreditHeap | undefined
    let row = -1
    let highest = 0
    for (const heap of group.heaps) {
      const { first } = heap
      if (first === -1) continue
      const itsCredit = (credit[first] as number) + turns * heap.weight
      if (best !== undefined && (itsCredit < highest || (itsCredit === highest && first > row)))
        continue
      best = heap
      row = first
      highest = itsCredit
    }
    if (group.rows === 1) return row
    group.turns = turns
    credit[row] = (credit[row] as number) - group.weight
    best?.firstFell()
    return row
  }

  return {
    put(row, value) {
      const share = weight[row] as number
      if (groupOf[row]?.value === value && heapOf[row]?.weight === share) return
      leave(row)
      const group = groups.get(value) ?? open(value)
      const heap = heapFor(group, share)
      credit[row] = (credit[row] as number) - group.turns * share
      heap.add(row)
      groupOf[row] = group
      heapOf[row] = heap
      group.rows++
      group.weight += share
    },
    leave,
    next() {
      for (;;) {
        const group = inOrder.peek()
        if (group === undefined) return -1
        if (group.rows > 0) return turn(group)
        inOrder.pop()
        groups.delete(group.value)
      }
    },
  }
}
