import { addField, type FieldList, newFieldList } from '../../http2/field-list.ts'
import { UsageError } from '../../kit/errors.ts'
import type { RequestPlan } from '../../plan/plan.ts'
import { bodyOf, requestFields, withContent } from '../../plan/request-fields.ts'

/** Fields that are for one connection of HTTP/1.1, and make a message of HTTP/2 malformed (RFC 9113, 8.2.2). */
export const http1Only: readonly string[] = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]

/** A request in HTTP/2: that of a load is made once, and every stream carries the same one. */
export interface Http2Request {
  readonly fields: FieldList
  /** Empty: none is sent. */
  readonly body: Buffer
}

/**
 * The request of a load, with the fields that it has in HTTP/1.1: Host is `:authority` (RFC 9113, 8.3.1).
 *
 * @throws {UsageError} a field cannot be sent in HTTP/2
 */
export function http2Request(request: RequestPlan, url: URL): Http2Request {
  const body = bodyOf(request)
  const given = requestFields(request, url).map(
    ([name, value]) => [name.toLowerCase(), value] as const,
  )
  const wrong = given.find(([name]) => http1Only.includes(name))
  if (wrong !== undefined) {
    throw new UsageError(
      `--header "${wrong[0]}" cannot be sent in HTTP/2`,
      'omit it, or omit --http2',
    )
  }
  const [, authority = url.host] = given.find(([name]) => name === 'host') ?? []
  const hasLength = body.length > 0 || withContent.includes(request.method)
  const fields = newFieldList()
  for (const [name, value] of [
    [':method', request.method],
    [':scheme', url.protocol.slice(0, -1)],
    [':authority', authority],
    [':path', request.path],
    ...given.filter(([name]) => name !== 'host'),
    ...(hasLength ? [['content-length', String(body.length)] as const] : []),
  ] as const) {
    addField(fields, name, value)
  }
  return { fields, body }
}
