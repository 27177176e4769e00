import { copyField, type FieldList } from '../../http2/field-list.ts'
import type { Head } from '../http/head.ts'

/**
 * Adds the fields of a head of HTTP/1.1, with their names in lower case.
 *
 * @param passes 1 for each kind of field that is added: a table as of `passing` in http/write-fields.ts
 */
export function copyHttp1Fields(list: FieldList, head: Head, passes: Uint8Array): void {
  for (let index = 0; index < head.count; index++) {
    if (passes[head.kind[index] as number] !== 1) continue
    copyField(list, {
      bytes: head.bytes,
      name: head.line[index] as number,
      nameEnd: head.nameEnd[index] as number,
      value: head.valueStart[index] as number,
      valueEnd: head.valueEnd[index] as number,
    })
  }
}
