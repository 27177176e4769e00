/** Columns that all heaps of credits share, by row. */
export interface CreditColumns {
  readonly credit: Float64Array
  /** Index of the row in its heap. */
  readonly place: Int32Array
}

/** Rows of one weight by their credit: the highest first, and of equals the first row. A binary heap of rows. */
export class CreditHeap {
  readonly weight: number
  readonly #rows: number[] = []
  readonly #columns: CreditColumns

  constructor(weight: number, columns: CreditColumns) {
    this.weight = weight
    this.#columns = columns
  }

  /** The row with the highest credit; −1 if there is none. */
  get first(): number {
    return this.#rows.length === 0 ? -1 : (this.#rows[0] as number)
  }

  add(row: number): void {
    this.#rows.push(row)
    this.#up(row, this.#rows.length - 1)
  }

  /** Takes out a row that is in the heap. */
  remove(row: number): void {
    const last = this.#rows.pop() as number
    if (last === row) return
    const at = this.#columns.place[row] as number
    this.#up(last, at)
    if (this.#columns.place[last] === at) this.#down(last, at)
  }

  /** The credit of the first row is lower than before. */
  firstFell(): void {
    this.#down(this.#rows[0] as number, 0)
  }

  #up(row: number, from: number): void {
    const rows = this.#rows
    const { credit, place } = this.#columns
    const own = credit[row] as number
    let at = from
    while (at > 0) {
      const above = (at - 1) >> 1
      const other = rows[above] as number
      if (!isBefore(row, own, other, credit[other] as number)) break
      rows[at] = other
      place[other] = at
      at = above
    }
    rows[at] = row
    place[row] = at
  }

  #down(row: number, from: number): void {
    const rows = this.#rows
    const { credit, place } = this.#columns
    const own = credit[row] as number
    const { length } = rows
    let at = from
    for (let below = 2 * at + 1; below < length; below = 2 * at + 1) {
      let other = rows[below] as number
      let others = credit[other] as number
      if (below + 1 < length) {
        const right = rows[below + 1] as number
        const rights = credit[right] as number
        if (isBefore(right, rights, other, others)) {
          below++
          other = right
          others = rights
        }
      }
      if (!isBefore(other, others, row, own)) break
      rows[at] = other
      place[other] = at
      at = below
    }
    rows[at] = row
    place[row] = at
  }
}

/** Whether row `a` with its credit comes before row `b` with its own. */
function isBefore(a: number, creditOfA: number, b: number, creditOfB: number): boolean {
  return creditOfA > creditOfB || (creditOfA === creditOfB && a < b)
}
