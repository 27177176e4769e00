import { createHash, createHmac, randomBytes } from 'node:crypto'

type Bytes = string | ArrayBuffer
type Output = 'hex' | 'base64' | 'base64url' | 'base64rawurl' | 'rawstd' | 'binary'

/** The stand-in for `k6/encoding`: base64 in its four forms (RFC 4648). */
export function encodingModule(): Record<string, unknown> {
  return {
    b64encode: (input: Bytes, form = 'std') => {
      const encoded = bytes(input).toString(form.endsWith('url') ? 'base64url' : 'base64')
      if (form === 'rawstd') return encoded.replace(/=+$/, '')
      return form === 'url' ? encoded.padEnd(Math.ceil(encoded.length / 4) * 4, '=') : encoded
    },
    b64decode: (input: string, form = 'std', format?: string) => {
      const decoded = Buffer.from(input, form.endsWith('url') ? 'base64url' : 'base64')
      return format === 's' ? decoded.toString('utf8') : arrayBuffer(decoded)
    },
  }
}

/** The stand-in for `k6/crypto`: digests and message authentication codes. */
export function cryptoModule(): Record<string, unknown> {
  const digest = (algorithm: string) => (input: Bytes, output: Output) =>
    encode(createHash(algorithm).update(bytes(input)).digest(), output)
  const hasher = (hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>) => ({
    update: (input: Bytes) => {
      hash.update(bytes(input))
    },
    digest: (output: Output) => encode(hash.digest(), output),
  })
  return {
    ...Object.fromEntries(
      ['md5', 'sha1', 'sha256', 'sha384', 'sha512'].map((name) => [name, digest(name)]),
    ),
    createHash: (algorithm: string) => hasher(createHash(algorithm)),
    createHMAC: (algorithm: string, secret: Bytes) => hasher(createHmac(algorithm, bytes(secret))),
    hmac: (algorithm: string, secret: Bytes, input: Bytes, output: Output) =>
      encode(createHmac(algorithm, bytes(secret)).update(bytes(input)).digest(), output),
    randomBytes: (length: number) => arrayBuffer(randomBytes(length)),
  }
}

function encode(digest: Buffer, output: Output): string | ArrayBuffer {
  switch (output) {
    case 'base64':
      return digest.toString('base64')
    case 'rawstd':
      return digest.toString('base64').replace(/=+$/, '')
    case 'base64url':
    case 'base64rawurl':
      return digest.toString('base64url')
    case 'binary':
      return arrayBuffer(digest)
    default:
      return digest.toString('hex')
  }
}

function bytes(input: Bytes): Buffer {
  return typeof input === 'string' ? Buffer.from(input) : Buffer.from(input)
}

function arrayBuffer(buffer: Buffer): ArrayBuffer {
  return new Uint8Array(buffer).buffer
}
