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

/** A backend on Node's own strict parser that keeps every request it read in full. */
export interface RecordingBackend extends AsyncDisposable {
  readonly port: number
  readonly requests: Recorded[]
  /** How many connections it took. */
  readonly connections: () => number
}

/** Answers by `respond` once a request is complete; 200 with the body `ok` without one. */
export async function recordingBackend(
  respond: (request: Recorded, response: ServerResponse) => void = (_, response) =>
    response.end('ok'),
  { cert }: { readonly cert?: 'backend' | 'other' } = {},
): Promise<RecordingBackend> {
  const requests: Recorded[] = []
  let connections = 0
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url: target = '', rawHeaders, headers, trailers } = request
      const body = Buffer.concat(chunks).toString('latin1')
      const recorded = { method, target, rawHeaders, headers, trailers, body }
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
  server.maxHeadersCount = 0
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
    },
  }
}
