import { duration } from '../../kit/duration.ts'
import type { CookieJar } from './cookie-jar.ts'
import type { ResponseType } from './response.ts'

/** The `params` of a request of `k6/http`. */
export interface RequestParams {
  readonly headers?: Readonly<Record<string, unknown>>
  readonly cookies?: Readonly<Record<string, string | { value: string; replace?: boolean }>>
  readonly jar?: CookieJar
  readonly tags?: Readonly<Record<string, string>>
  readonly timeout?: string | number
  readonly redirects?: number
  readonly responseType?: ResponseType
  readonly responseCallback?: unknown
  readonly auth?: string
}

/** `http.url` of a template: the URL, and a name that all URLs of the template share. */
export class NamedUrl {
  readonly url: string
  readonly name: string

  constructor(url: string, name: string) {
    this.url = url
    this.name = name
  }

  toString(): string {
    return this.url
  }
}

/** `http.file`: a file in a form. */
export class FormFile {
  readonly data: string | ArrayBuffer
  readonly filename: string
  readonly content_type: string

  constructor(data: string | ArrayBuffer, filename?: string, contentType?: string) {
    this.data = data
    this.filename = filename ?? String(Date.now())
    this.content_type = contentType ?? 'application/octet-stream'
  }
}

/** Milliseconds of k6's `timeout`: a number of ms, or a duration such as `10s`; 60 s without one. */
export function timeoutMs(timeout: string | number | undefined): number {
  if (timeout === undefined) return 60_000
  if (typeof timeout === 'number') return timeout
  const seconds = duration(timeout)
  if (seconds !== undefined) return seconds * 1000
  if (Number.isFinite(Number(timeout))) return Number(timeout)
  throw new Error(`the time-out "${timeout}" is no duration: write '10s' or a number of ms`)
}

/** A body as bytes or text, and the content type that it implies. */
export interface EncodedBody {
  readonly body?: string | Buffer
  readonly contentType?: string
}

/** Encodes a body as k6 does: objects become forms, with files multipart ones (RFC 7578). */
export function encodeBody(body: unknown): EncodedBody {
  if (body === null || body === undefined) return {}
  if (typeof body === 'string') return { body }
  if (body instanceof ArrayBuffer) return { body: Buffer.from(body) }
  if (ArrayBuffer.isView(body))
    return { body: Buffer.from(body.buffer, body.byteOffset, body.byteLength) }
  if (typeof body !== 'object') return { body: String(body) }
  const fields = Object.entries(body)
  if (fields.some(([, value]) => value instanceof FormFile)) return multipart(fields)
  const form = new URLSearchParams()
  for (const [name, value] of fields)
    for (const one of [value].flat()) form.append(name, String(one))
  return { body: form.toString(), contentType: 'application/x-www-form-urlencoded' }
}

function multipart(fields: readonly (readonly [string, unknown])[]): EncodedBody {
  const boundary = `lb${crypto.randomUUID()}`
  const parts = fields.flatMap(([name, value]) => {
    const isFile = value instanceof FormFile
    const about = isFile
      ? `; filename="${value.filename}"\r\nContent-Type: ${value.content_type}`
      : ''
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${about}\r\n\r\n`
    return [Buffer.from(head), bytesOf(isFile ? value.data : value), Buffer.from('\r\n')]
  })
  return {
    body: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]),
    contentType: `multipart/form-data; boundary=${boundary}`,
  }
}

function bytesOf(value: unknown): Buffer {
  return value instanceof ArrayBuffer ? Buffer.from(value) : Buffer.from(String(value))
}
