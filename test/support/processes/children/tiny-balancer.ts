import { Agent, createServer, request } from 'node:http'

/** A balancer of a few lines: its port, the backends separated by commas, and `--burn MS` of CPU on each request. */
const [port = '', list = '', , burn = '0'] = process.argv.slice(2)
const backends = list.split(',')
const agent = new Agent({ keepAlive: true })
let turn = 0

createServer((incoming, outgoing) => {
  const end = performance.now() + Number(burn)
  while (performance.now() < end);
  const url = new URL(incoming.url ?? '/', backends[turn++ % backends.length])
  const { method, headers } = incoming
  incoming.pipe(
    request(url, { method, headers, agent }, (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers)
      response.pipe(outgoing)
    }).on('error', () => outgoing.destroy()),
  )
}).listen(Number(port), '127.0.0.1')
