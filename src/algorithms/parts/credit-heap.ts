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
    this.#down(last, this.#columns.place[last] as number)
  }

  /** The credit of the first row is lower than before. */
  firstFell(): void {
    this.#down(this.#rows[0] as number, 0)
  }

  #isBefore(a: number, b: number): boolean {
    const { credit } = this.#columns
    const difference = (credit[a] as number) - (credit[b] as number)
    return difference > 0 || (difference === 0 && a < b)
  }

  #up(row: number, from: number): void {
    let at = from
    while (at > 0) {
      const above = (at - 1) >> 1
      const other = this.#rows[above] as number
      if (!this.#isBefore(row, other)) break
      this.#set(at, other)
      at = above
    }
    this.#set(at, row)
  }

  #down(row: number, from: number): void {
    const { length } = this.#rows
    let at = from
    for (;;) {
      let below = 2 * at + 1
      if (below >= length) break
      const right = below + 1
      if (
        right < length &&
        this.#isBefore(this.#rows[right] as number, this.#rows[below] as number)
      )
        below = right
      const other = this.#rows[below] as number
      if (!this.#isBefore(other, row)) break
      this.#set(at, other)
      at = below
    }
    this.#set(at, row)
  }

  #set(at: number, row: number): void {
    this.#rows[at] = row
    this.#columns.place[row] = at
  }
}
