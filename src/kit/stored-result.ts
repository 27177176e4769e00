/** Where a result is, and how it is shown again; reports name it in their last lines. */
export interface StoredResult {
  /** Files that the run wrote, as paths from the working directory; empty where a result was only read. */
  readonly files: readonly string[]
  /** The words after `lb` that show it again: `report`, `report r.json`, `compare a.json b.json`; undefined where no file has it. */
  readonly shownBy: readonly string[] | undefined
  /** A file for its page that does not exist yet; undefined where a page was written already. */
  readonly page: string | undefined
}
