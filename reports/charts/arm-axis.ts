import { isNarrow } from './chart.ts'

/** The axis of named rows, in their order. A narrow drawing breaks names into a line per word. */
export function armAxis(names: readonly string[], width: number) {
  const axis = isNarrow(width)
    ? { labelExpr: "split(datum.label, ' ')", labelLimit: 115 }
    : { labelLimit: 260 }
  return { field: 'name', type: 'nominal', sort: [...names], title: null, axis } as const
}
