import { hiddenMark } from '../../kit/secrets.ts'
import type { Reason } from '../../result/reason.ts'
import type { FirstResponse } from '../../targets/first-response.ts'

/** Fields of a response that change what it costs, or what a client does next. */
const fields = ['content-type', 'content-encoding']

/**
 * In what a response through a target differs from that of the same backend without it; empty where the two
 * cost the same to read. Fields by which balancers identify themselves, such as `Server` and `Via`, may differ.
 */
export function responsesDiffer(through: FirstResponse, bare: FirstResponse): Reason[] {
  const facts = [
    ['HTTP version', (one: FirstResponse) => one.httpVersion],
    ['status', (one: FirstResponse) => String(one.status)],
    ['framing', framing],
    ['the connection after the response', connection],
    ...fields.map((name) => [name, fieldOf(name)] as const),
    ['set-cookie', cookies],
    ['the body', (one: FirstResponse) => `${one.body.length} bytes`],
  ] as const
  const different = facts.flatMap(([field, of]): Reason[] => {
    const values = { field, through: of(through), direct: of(bare) }
    return values.through === values.direct ? [] : [{ code: 'response-field', values }]
  })
  const sameLength = through.body.length === bare.body.length
  return sameLength && !through.body.equals(bare.body)
    ? [...different, { code: 'response-body', values: {} }]
    : different
}

function fieldOf(name: string): (one: FirstResponse) => string {
  return ({ headers }) => String(headers[name] ?? 'none')
}

/** The names and attributes of the cookies, without their values, which may identify a user. */
function cookies({ headers }: FirstResponse): string {
  const set = [headers['set-cookie'] ?? []].flat()
  const named = set.map((cookie) => cookie.replace(/=[^;]*/, `=${hiddenMark}`))
  return named.length === 0 ? 'none' : named.join(', ')
}

function framing({ headers }: FirstResponse): string {
  return headers['transfer-encoding'] === undefined ? 'content-length' : 'chunked'
}

function connection({ headers }: FirstResponse): string {
  return /\bclose\b/i.test(String(headers.connection ?? '')) ? 'closed' : 'kept open'
}
