import type { RequestPlan } from '../../plan/plan.ts'
import { bodyOf, requestFields, withContent } from '../../plan/request-fields.ts'

/**
 * The bytes of the request of a load, made once: every connection of every driver writes the same ones. User and
 * password of the URL become an Authorization field (RFC 7617).
 */
export function requestBytes(request: RequestPlan, url: URL): Buffer {
  const { method, path } = request
  const body = bodyOf(request)
  const fields = [
    ...requestFields(request, url),
    ...(body.length > 0 || withContent.includes(method)
      ? [['Content-Length', String(body.length)]]
      : []),
  ]
  const lines = [`${method} ${path} HTTP/1.1`, ...fields.map((field) => field.join(': '))]
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body])
}
