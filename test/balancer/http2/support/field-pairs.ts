import {
  addField,
  type FieldList,
  nameAt,
  newFieldList,
  valueAt,
} from '../../../../src/http2/field-list.ts'

/** Fields as name and value. */
export type FieldPairs = readonly (readonly [name: string, value: string])[]

/** A list of fields. */
export function listOfPairs(pairs: FieldPairs): FieldList {
  const list = newFieldList()
  for (const [name, value] of pairs) addField(list, name, value)
  return list
}

/** The fields in a list. */
export function pairsIn(list: FieldList): [string, string][] {
  return Array.from({ length: list.count }, (_, index) => [
    nameAt(list, index),
    valueAt(list, index),
  ])
}
