import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { certificateOf, privateKey } from './certificates.ts'

/** A request as a strict backend understood it. */
export interface Recorded {
  readonly method: string
  readonly target: string
  readonly rawHeaders: readonly string[]
  readonly headers: IncomingMessage['headers']
  readonly trailers: IncomingMessage['trailers']
  readonly body: string
}

/** A request whose head came; its body as far as it came. */
export interface Begun extends Omit<Recorded, 'trailers'> {
  readonly complete: boolean
}

/** A backend on Node's own strict parser that keeps every request it read in full. */
export interface RecordingBackend extends AsyncDisposable {
  readonly port: number
  readonly requests: Recorded[]
  /** How many connections it took. */
  readonly connections: () => number
  /** All requests, those that did not come in full among them. */
  readonly begun: Begun[]
  /** What it could not read, by the parser's code. */
  readonly faults: string[]
  /** Empties its records. */
  forget(): void
}

/** Codes of what is no fault of the bytes: a connection that ends. */
const harmless = ['ECONNRESET', 'EPIPE', 'HPE_INVALID_EOF_STATE']

/** What Node's parser refuses and a proxy may pass on: methods it does not know. */
const strictness = ['HPE_INVALID_METHOD']

/** Why the bytes are at fault that Node's parser could not read. */
function faultIn(code: string, bytes: string): string | undefined {
  if (harmless.includes(code)) return undefined
  const sound = strictness.includes(code) && /^[!-~]+ [!-~]+ HTTP\/1\.1\r\n/.test(bytes)
  return sound ? undefined : `${code} ${bytes}`
}

/** Responds by `respond` once a request is complete; 200 with the body `ok` without one. */
export async function recordingBackend(
  respond: (request: Recorded, response: ServerResponse) => void = (_, response) =>
    response.end('ok'),
  { cert }: { readonly cert?: 'backend' | 'other' } = {},
): Promise<RecordingBackend> {
  const requests: Recorded[] = []
  let connections = 0
  const begun: Begun[] = []
  const faults: string[] = []
  const listener: RequestListener = (request, response) => {
    const { method = '', url: target = '', rawHeaders, headers } = request
    const one = { method, target, rawHeaders, headers, body: '', complete: false }
    begun.push(one)
    request.setEncoding('latin1')
    request.on('data', (chunk: string) => {
      one.body += chunk
    })
    request.on('end', () => {
      one.complete = true
      const { body } = one
      const recorded = { method, target, rawHeaders, headers, trailers: request.trailers, body }
      requests.push(recorded)
      respond(recorded, response)
    })
  }
  const options = { maxHeaderSize: 1 << 20 }
  const server =
    cert === undefined
      ? createServer(options, listener)
      : createSecureServer(
          { ...options, key: privateKey, cert: readFileSync(certificateOf(cert)) },
          listener,
        )
  server.on('connection', () => connections++)
  const given = new WeakSet<object>()
  server.on('clientError', (error: NodeJS.ErrnoException & { rawPacket?: Buffer }, socket) => {
    const { code = error.message, rawPacket } = error
    // Once it could not read something, it can read nothing of what comes behind.
    const first = !given.has(socket)
    given.add(socket)
    const fault = faultIn(code, rawPacket?.toString('latin1') ?? '')
    if (first && fault !== undefined) faults.push(fault)
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
    else socket.destroy()
  })
  server.maxHeadersCount = 0
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    connections: () => connections,
    begun,
    faults,
    forget() {
      requests.length = 0
      begun.length = 0
      faults.length = 0
    },
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
    },
  }
}
