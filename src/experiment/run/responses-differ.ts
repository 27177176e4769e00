import type { FirstResponse } from '../../lab/first-response.ts'

/** Fields of an answer that change what it costs, or what a client does next. */
const fields = ['content-type', 'content-encoding', 'set-cookie']

/**
 * In what an answer through a target differs from that of the same backend asked directly; nothing where the two
 * cost the same to read. Fields that balancers add to say who they are, such as `Server` and `Via`, may differ.
 */
export function responsesDiffer(through: FirstResponse, bare: FirstResponse): string[] {
  const facts = [
    ['HTTP version', (one: FirstResponse) => one.httpVersion],
    ['status', (one: FirstResponse) => String(one.status)],
    ['framing', framing],
    ['after the answer, the connection', connection],
    ...fields.map(
      (name) => [name, (one: FirstResponse) => String(one.headers[name] ?? 'none')] as const,
    ),
    ['length of the body', (one: FirstResponse) => `${one.body.length} bytes`],
  ] as const
  const different = facts.flatMap(([name, of]) => {
    const [theirs, own] = [of(through), of(bare)]
    return theirs === own ? [] : [`${name}: ${theirs}, not ${own}`]
  })
  const sameLength = through.body.length === bare.body.length
  return sameLength && !through.body.equals(bare.body)
    ? [...different, 'its body has other bytes']
    : different
}

function framing({ headers }: FirstResponse): string {
  return headers['transfer-encoding'] === undefined ? 'a content-length' : 'chunks'
}

function connection({ headers }: FirstResponse): string {
  return /\bclose\b/i.test(String(headers.connection ?? '')) ? 'closes' : 'stays open'
}
