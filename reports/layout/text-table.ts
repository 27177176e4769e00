/** A table whose cells are text: every format lays it out in its own way. */
export interface TextTable {
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  readonly notes: readonly string[]
  /** Columns to leave out on a narrow terminal, by their heads: the first set, or if that is too few, the next. */
  readonly dropOrder?: readonly (readonly string[])[]
}
