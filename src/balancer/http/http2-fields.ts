import { connectionFieldKinds, connectionFields } from './connection-fields.ts'
import { field } from './field.ts'
import { type Head, valueAt } from './head.ts'

const connectionFieldNames: ReadonlySet<string> = new Set(connectionFields)

/** A token without capitals: RFC 9113, section 8.2.1. */
const nameRule = /^[!#$%&'*+.^_`|~0-9a-z-]+$/
/** Characters that would end a line of HTTP/1.1, or a string. */
const lineBreak = /[\0\r\n]/

/** Whether a field of a message in HTTP/2 would mean the same in HTTP/1.1. */
function isPlainField(name: string, value: string): boolean {
  return nameRule.test(name) && !connectionFieldNames.has(name) && !lineBreak.test(value)
}

/**
 * Field lines of HTTP/1.1.
 *
 * @param fields names and values by turns, one character per byte
 * @returns undefined where one of them is malformed
 */
export function fieldLines(fields: readonly string[]): string | undefined {
  let lines = ''
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const name = fields[index] as string
    const value = fields[index + 1] as string
    if (!isPlainField(name, value)) return undefined
    lines += `${name}: ${value}\r\n`
  }
  return lines
}

/** The end of a body in the chunked coding, with trailers; undefined where those are malformed. */
export function endOfChunks(trailers: readonly string[]): Buffer | undefined {
  const lines = fieldLines(trailers)
  return lines === undefined ? undefined : Buffer.from(`0\r\n${lines}\r\n`, 'latin1')
}

/** The fields of a head of HTTP/1.1 for HTTP/2: names, in lower case, and values by turns. */
export function fieldList(head: Head, omitted: ReadonlySet<number>): string[] {
  const list: string[] = []
  for (let index = 0; index < head.count; index++) {
    if (omitted.has(head.kind[index] as number)) continue
    const name = head.bytes.toString('latin1', head.line[index], head.nameEnd[index])
    list.push(name.toLowerCase(), valueAt(head, index))
  }
  return list
}

/** Kinds of fields, hop-by-hop and others, that are passed on neither as fields nor as trailers. */
export const notForwarded: ReadonlySet<number> = new Set([...connectionFieldKinds, field.dropped])

/**
 * The forwarded fields of a head by name, as `node:http2` takes interim responses and trailers. The record
 * inherits nothing, since a field may be called `constructor`.
 */
export function fieldsByName(head: Head | undefined): Record<string, string[]> {
  const record: Record<string, string[]> = Object.create(null)
  const list = head === undefined ? [] : fieldList(head, notForwarded)
  for (let index = 0; index < list.length; index += 2) {
    const name = list[index] as string
    record[name] = [...(record[name] ?? []), list[index + 1] as string]
  }
  return record
}
