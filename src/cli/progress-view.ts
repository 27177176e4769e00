/** What is shown of a run while it runs: computed anew whenever it is drawn. */
export interface ProgressView {
  /** For a terminal; lines that are too long are cut, lines below the last row are left out. */
  lines(columns: number): readonly string[]
  /** For a log: everything in one line. */
  line(): string
}

/** The progress of a run on standard error; erased when it is disposed. */
export interface Progress extends Disposable {
  /** Shows this view, in place of the one before. */
  show(view: ProgressView): void
  /** Draws the view again, since something has changed. */
  update(): void
  /** Writes a line that stays. */
  log(text: string): void
  /** Erases the view, and shows it no more. */
  clear(): void
}

/** The stream that shows progress: standard error. */
export interface ProgressStream {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
  write(text: string): unknown
  on?(event: 'resize', listener: () => void): unknown
  off?(event: 'resize', listener: () => void): unknown
}
