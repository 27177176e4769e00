import type { StepResponse } from '../../driver/journey/client.ts'
import { type Cookie, parseCookie } from './cookie-jar.ts'
import { jsonPath } from './json-path.ts'

/** The request of a response, as k6 shows it. */
export interface SentRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

/** How the body of a response is shown: k6's `responseType`. */
export type ResponseType = 'text' | 'binary' | 'none'

/** k6's `Response`. Phases of a request that the driver does not time are 0. */
export class K6Response {
  readonly url: string
  readonly status: number
  readonly status_text: string
  readonly error: string
  readonly error_code: number
  readonly headers: Readonly<Record<string, string>>
  readonly cookies: Readonly<Record<string, Cookie[]>>
  readonly timings: Readonly<Record<string, number>>
  readonly request: SentRequest
  readonly proto: string
  readonly remote_ip = ''
  readonly remote_port = 0
  readonly #bytes: Buffer
  readonly #type: ResponseType
  #text: string | undefined
  #json: { readonly value: unknown } | undefined

  constructor(request: SentRequest, response: StepResponse, type: ResponseType) {
    this.url = request.url
    this.request = request
    this.status = response.status
    this.status_text = response.status === 0 ? '' : String(response.status)
    this.proto = response.protocol === 'HTTP/2' ? 'HTTP/2.0' : (response.protocol ?? '')
    this.error = response.error ?? ''
    this.error_code = errorCode(response)
    this.headers = canonicalHeaders(response.headers)
    this.cookies = cookiesIn(response.headers)
    this.timings = timingsOf(response.durationMs)
    this.#bytes = response.body
    this.#type = type
  }

  get body(): string | ArrayBuffer | null {
    if (this.#type === 'none' || this.status === 0) return null
    if (this.#type === 'text') return this.#decoded()
    const { buffer, byteOffset, byteLength } = this.#bytes
    return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer
  }

  /** @throws {Error} the body is no JSON, as in k6 */
  json(path?: string): unknown {
    if (this.#type === 'none') throw new Error('the body was discarded: it has no JSON')
    this.#json ??= { value: parsed(this.#decoded(), this.url) }
    return path === undefined ? this.#json.value : jsonPath(this.#json.value, path)
  }

  #decoded(): string {
    this.#text ??= this.#bytes.toString('utf8')
    return this.#text
  }
}

function parsed(text: string, url: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`the response of ${url} is no JSON: ${(error as Error).message}`)
  }
}

/** k6's documented codes: 1000 + status for 4xx and 5xx, 1050 for time-outs, 1212 for refused connections, 1000 for others. */
function errorCode({ status, error }: StepResponse): number {
  if (status >= 400) return 1000 + status
  if (status !== 0) return 0
  if (/time-?out|ETIMEDOUT/i.test(error ?? '')) return 1050
  return /ECONNREFUSED/.test(error ?? '') ? 1212 : 1000
}

/** Names as k6 shows them: `Content-Type`. */
function canonicalHeaders(headers: StepResponse['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase().replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase()),
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  )
}

/** The cookies that a response sets, by name. */
export function cookiesIn(headers: StepResponse['headers']): Record<string, Cookie[]> {
  const found: Record<string, Cookie[]> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (name.toLowerCase() !== 'set-cookie') continue
    for (const cookie of [value].flat().map(parseCookie)) {
      if (cookie === undefined) continue
      const same = found[cookie.name] ?? []
      found[cookie.name] = same
      same.push(cookie)
    }
  }
  return found
}

function timingsOf(duration: number): Record<string, number> {
  return {
    duration,
    waiting: duration,
    blocked: 0,
    looking_up: 0,
    connecting: 0,
    tls_handshaking: 0,
    sending: 0,
    receiving: 0,
  }
}
