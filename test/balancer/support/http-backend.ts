import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A backend that serves requests with a listener. */
export interface HttpBackend extends AsyncDisposable {
  readonly url: string
  readonly port: number
}

/** Starts a backend on `port`, or on any that is free. */
export async function httpBackend(listener: RequestListener, port = 0): Promise<HttpBackend> {
  const server = createServer(listener).listen(port, '127.0.0.1')
  await once(server, 'listening')
  const { port: taken } = server.address() as AddressInfo
  return {
    port: taken,
    url: `http://127.0.0.1:${taken}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}
