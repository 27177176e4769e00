import { field } from '../../http/field.ts'
import { type Head, valueAt } from '../../http/head.ts'

/** Fields that belong to a connection of HTTP/1.1: RFC 9113, section 8.2.2. */
const ofConnection = new Set<number>([
  field.connection,
  field.transferEncoding,
  field.upgrade,
  field.te,
  field.dropped,
])

/** The fields of an answer as HTTP/2 has them: names without capitals, and values, in turn. */
export function fieldList(head: Head): string[] {
  const list: string[] = []
  for (let index = 0; index < head.count; index++) {
    if (ofConnection.has(head.kind[index] as number)) continue
    const name = head.bytes.toString('latin1', head.line[index], head.nameEnd[index])
    list.push(name.toLowerCase(), valueAt(head, index))
  }
  return list
}

/**
 * The same, by name: what `node:http2` takes for interim answers and trailers. It inherits nothing, as
 * a field may be called `constructor`.
 */
export function fieldRecord(head: Head): Record<string, string[]> {
  const list = fieldList(head)
  const record: Record<string, string[]> = Object.create(null)
  for (let at = 0; at < list.length; at += 2) {
    const name = list[at] as string
    record[name] = [...(record[name] ?? []), list[at + 1] as string]
  }
  return record
}
