import { addField, type FieldList, newFieldList } from '../http2/field-list.ts'
import type { Responses } from './responses.ts'

/** The heads of the responses of one backend in HTTP/2. */
export interface Http2Responses {
  readonly ok: FieldList
  readonly failed: FieldList
  /** The interim response for Expect: 100-continue. */
  readonly continue: FieldList
}

/** The same heads as in HTTP/1.1. */
export function http2Responses({
  backend,
  body,
}: Pick<Responses, 'backend' | 'body'>): Http2Responses {
  const head = (status: number): FieldList =>
    listOf([
      [':status', String(status)],
      ['x-backend', String(backend)],
      ['content-type', 'text/plain'],
      ['content-length', String(body.length)],
    ])
  return { ok: head(200), failed: head(500), continue: listOf([[':status', '100']]) }
}

function listOf(fields: readonly (readonly [string, string])[]): FieldList {
  const list = newFieldList()
  for (const [name, value] of fields) addField(list, name, value)
  return list
}
