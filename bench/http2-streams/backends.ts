import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { listOfPairs } from '../../test/balancer/http2/support/field-pairs.ts'
import { ourServer } from '../../test/balancer/http2/support/over-socket.ts'

const body = Buffer.from('response')

/** Two backends, one in HTTP/1.1 and one in HTTP/2, which respond as soon as they have the head of a request. */
export async function earlyBackends() {
  const http1 = createServer((request, response) => {
    request.on('error', () => undefined)
    request.resume()
    response.end(body)
  })
  http1.listen(0, '127.0.0.1')
  await once(http1, 'listening')
  const http2 = await ourServer((over) => ({
    headers(stream) {
      const { connection } = over()
      connection.sendHeaders(stream, listOfPairs([[':status', '200']]), false)
      connection.sendData(stream, body, true)
    },
    data: (stream, bytes) => over().connection.consume(stream, bytes.length),
  }))
  return {
    urls: [
      `http://127.0.0.1:${(http1.address() as AddressInfo).port}`,
      `h2c://127.0.0.1:${http2.port}`,
    ],
    async [Symbol.asyncDispose]() {
      http1.close()
      http1.closeAllConnections()
      await http2[Symbol.asyncDispose]()
    },
  }
}
