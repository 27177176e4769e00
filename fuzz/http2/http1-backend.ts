import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { clientOf } from '../seal.ts'
import type { FuzzBackends } from './fuzz-backends.ts'
import { type PlannedResponse, plannedResponse } from './planned-response.ts'

/** A backend that speaks HTTP/1.1, on Node's strict parser. */
export async function http1Backend({ reached, faults }: Pick<FuzzBackends, 'reached' | 'faults'>) {
  const server = createServer({ maxHeaderSize: 1 << 20 }, (request, response) => {
    const { method = '', url: target = '', headers } = request
    const line = { address: clientOf(headers['x-forwarded-for']), method, target }
    const one = { ...line, body: '', complete: false }
    reached.push(one)
    const plan = plannedResponse(line)
    if (plan.early) respond(plan, request, response)
    request.setEncoding('latin1')
    request.on('data', (chunk: string) => {
      one.body += chunk
    })
    request.on('end', () => {
      one.complete = true
      if (!plan.early) respond(plan, request, response)
    })
    request.on('error', () => undefined)
    response.on('error', () => undefined)
  })
  server.maxHeadersCount = 0
  server.on('clientError', (error: NodeJS.ErrnoException & { rawPacket?: Buffer }, socket) => {
    const { code = error.message, rawPacket } = error
    // A connection that ends is no fault of its bytes; methods that Node does not know may be passed on.
    const harmless = ['ECONNRESET', 'EPIPE', 'HPE_INVALID_EOF_STATE', 'HPE_INVALID_METHOD']
    if (!harmless.includes(code)) faults.push(`${code} ${rawPacket?.toString('latin1') ?? ''}`)
    socket.destroy()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function respond(plan: PlannedResponse, request: IncomingMessage, response: ServerResponse): void {
  const { kind, status, seal, body } = plan
  response.setHeader('X-Seal', seal)
  if (kind === 'interim') response.writeEarlyHints({ link: '</style.css>; rel=preload' })
  if (kind === 'no-content') response.writeHead(status).end()
  else if (plan.cut) {
    response.writeHead(status, { 'content-length': body.length })
    response.write(body.slice(0, body.length / 2), () => request.socket.destroy())
  } else if (plan.trailers) {
    response.writeHead(status, { trailer: 'x-sum' })
    response.write(body)
    response.addTrailers({ 'x-sum': String(body.length) })
    response.end()
  } else if (kind === 'chunked') {
    response.write(body.slice(0, 5))
    setImmediate(() => response.end(body.slice(5)))
  } else response.end(body)
}
