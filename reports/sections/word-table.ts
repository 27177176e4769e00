/** A table whose cells are words already: every format lays it out in its own way. */
export interface WordTable {
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  readonly notes: readonly string[]
  /** Columns that give way on a narrow screen, by their heads: those of the first set, or else of the next. */
  readonly givingWay?: readonly (readonly string[])[]
}
