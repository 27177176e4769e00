import type { Claim } from './claims.ts'
import { row } from './table-row.ts'

/** The claims of one column: the same in each, in the same order. */
export interface ClaimsColumn {
  readonly name: string
  readonly claims: readonly Claim[]
}

/** A table with a row for each requirement, and a column for each way in which it was measured. */
export function claimsTable(columns: readonly ClaimsColumn[]): string {
  const [first] = columns
  const rows = (first?.claims ?? []).map(({ claim }, index) =>
    row(
      claim,
      columns.map(({ claims }) => cell(claims[index] as Claim)),
    ),
  )
  const names = columns.map(({ name }) => name)
  return [
    row('requirement', names),
    row(
      '---',
      names.map(() => '---'),
    ),
    ...rows,
  ].join('\n')
}

function cell({ measured, held }: Claim): string {
  return held ? measured : `**not held**: ${measured}`
}
