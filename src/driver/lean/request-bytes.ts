import type { RequestPlan } from '../../plan/plan.ts'
import { bodyOf } from '../../plan/request-fields.ts'

/** Methods whose requests have a length even without content (RFC 9110, 8.6). */
const withContent = ['POST', 'PUT', 'PATCH']

/**
 * The bytes of the request of a load, made once: every connection of every driver writes the same ones. User and
 * password of the URL become an Authorization field (RFC 7617).
 */
export function requestBytes(request: RequestPlan, url: URL): Buffer {
  const { method, path, headers = {} } = request
  const body = bodyOf(request)
  const names = Object.keys(headers).map((name) => name.toLowerCase())
  const fields = [
    ...(names.includes('host') ? [] : [['Host', url.host]]),
    ...(names.includes('authorization') ? [] : authorization(url)),
    ...Object.entries(headers),
    ...(body.length > 0 || withContent.includes(method)
      ? [['Content-Length', String(body.length)]]
      : []),
  ]
  const lines = [`${method} ${path} HTTP/1.1`, ...fields.map((field) => field.join(': '))]
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body])
}

function authorization({ username, password }: URL): string[][] {
  if (username === '' && password === '') return []
  const pair = [username, password].map(decodeURIComponent).join(':')
  return [['Authorization', `Basic ${Buffer.from(pair).toString('base64')}`]]
}
