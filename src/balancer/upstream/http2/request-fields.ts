import { space } from '../../http/bytes.ts'
import { field } from '../../http/field.ts'
import { type Framing, framing, readFraming } from '../../http/framing.ts'
import { type Head, listOf, readFields, valueAt } from '../../http/head.ts'
import { passing } from '../../http/write-fields.ts'

/** Belongs to a connection with HTTP/1.1, or is written as a pseudo-header: RFC 9113, section 8.2.2. */
const left = passing(
  field.host,
  field.connection,
  field.transferEncoding,
  field.upgrade,
  field.te,
  field.expect,
)

/** A request's head, as HTTP/2 has it. */
export interface RequestFields {
  /** Names, in lower case, and values by turns; the pseudo-headers first. */
  readonly fields: string[]
  readonly method: string
  readonly body: Framing
  /** Where in the image the body starts. */
  readonly end: number
}

/** Reads the image of a request, which we wrote ourselves, into `head` and gives it for HTTP/2. */
export function requestFields(head: Head, image: Buffer, scheme: string): RequestFields {
  const methodEnd = image.indexOf(space)
  const targetEnd = image.indexOf(space, methodEnd + 1)
  const end = readFields(head, image, image.indexOf('\r\n', targetEnd) + 2)
  const body: Framing = { kind: framing.length, length: 0, declared: -1 }
  readFraming(head, body)
  const method = image.toString('latin1', 0, methodEnd)
  const target = image.toString('latin1', methodEnd + 1, targetEnd)
  const authority = listOf(head, field.host)
  const fields = [':method', method, ':scheme', scheme, ':authority', authority, ':path', target]
  for (let index = 0; index < head.count; index++) {
    if (left[head.kind[index] as number] === 1) continue
    fields.push(nameAt(head, index), valueAt(head, index))
  }
  // The one coding that may be named: RFC 9113, section 8.2.2.
  if (listOf(head, field.te) !== '') fields.push('te', 'trailers')
  return { fields, method, body, end }
}

/** The trailers of a request, by name, which may be `constructor`: nothing must be inherited. */
export function trailerFields(trailers: Head | undefined): Record<string, string[]> {
  const fields: Record<string, string[]> = Object.create(null)
  for (let index = 0; trailers !== undefined && index < trailers.count; index++) {
    const name = nameAt(trailers, index)
    fields[name] = [...(fields[name] ?? []), valueAt(trailers, index)]
  }
  return fields
}

function nameAt({ bytes, line, nameEnd }: Head, index: number): string {
  return bytes.toString('latin1', line[index], nameEnd[index]).toLowerCase()
}
