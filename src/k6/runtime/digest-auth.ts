import { createHash, randomBytes } from 'node:crypto'

/** A request that is authenticated. */
interface DigestRequest {
  readonly method: string
  readonly url: URL
  /** The field WWW-Authenticate of the response that asked for it. */
  readonly challenge: string
  /** Client nonce, for tests. */
  readonly cnonce?: string
}

const hashes: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-256': 'sha256',
}

/**
 * The field Authorization that responds to a challenge of digest authentication (RFC 7616, 3.4), with the user and the
 * password of the URL; undefined where the challenge is none of digest, or has an unknown algorithm.
 */
export function digestAuthorization({
  method,
  url,
  challenge,
  cnonce = randomBytes(8).toString('hex'),
}: DigestRequest): string | undefined {
  if (!/^digest\s/i.test(challenge)) return undefined
  const params = paramsOf(challenge.slice('digest '.length))
  const { realm = '', nonce = '', opaque, algorithm = 'MD5' } = params
  const hash = hashes[algorithm.toUpperCase()]
  if (hash === undefined) return undefined
  const digest = (text: string) => createHash(hash).update(text).digest('hex')
  const [user, password] = [url.username, url.password].map(decodeURIComponent)
  const uri = url.pathname + url.search
  const qop = params.qop?.split(',').some((one) => one.trim() === 'auth') ? 'auth' : undefined
  const [secret, request] = [digest(`${user}:${realm}:${password}`), digest(`${method}:${uri}`)]
  const count = '00000001'
  const response =
    qop === undefined
      ? digest(`${secret}:${nonce}:${request}`)
      : digest(`${secret}:${nonce}:${count}:${cnonce}:${qop}:${request}`)
  const fields = [
    ...[`username="${user}"`, `realm="${realm}"`, `nonce="${nonce}"`, `uri="${uri}"`],
    ...[`algorithm=${algorithm}`, `response="${response}"`],
    ...(qop === undefined ? [] : [`qop=${qop}`, `nc=${count}`, `cnonce="${cnonce}"`]),
    ...(opaque === undefined ? [] : [`opaque="${opaque}"`]),
  ]
  return `Digest ${fields.join(', ')}`
}

/** The parameters of a challenge, by name in lower case. */
function paramsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/(\w+)\s*=\s*(?:"([^"]*)"|([^\s,]+))/g)].map(
      ([, name = '', quoted, bare]) => [name.toLowerCase(), quoted ?? bare ?? ''],
    ),
  )
}
