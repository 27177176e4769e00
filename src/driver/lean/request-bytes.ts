import type { RequestPlan } from '../../plan/plan.ts'
import { bodyOf } from '../../plan/request-fields.ts'

/** Methods whose requests have a length even without content (RFC 9110, 8.6). */
export const withContent: readonly string[] = ['POST', 'PUT', 'PATCH']

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

/** The header fields of that request, without its length. */
export function requestFields({ headers = {} }: RequestPlan, url: URL): [string, string][] {
  const names = Object.keys(headers).map((name) => name.toLowerCase())
  return [
    ...(names.includes('host') ? [] : [['Host', url.host] satisfies [string, string]]),
    ...(names.includes('authorization') ? [] : authorization(url)),
    ...Object.entries(headers),
  ]
}

function authorization({ username, password }: URL): [string, string][] {
  if (username === '' && password === '') return []
  const pair = [username, password].map(decodeURIComponent).join(':')
  return [['Authorization', `Basic ${Buffer.from(pair).toString('base64')}`]]
}
