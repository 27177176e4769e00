import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { UsageError } from '../../../../src/kit/errors.ts'
import { notify, serveRequests } from '../../../../src/kit/rpc.ts'

// A child with a handler for each test: the other end of src/lab/process.ts.
const server = createServer((_, response) => response.end('here'))

serveRequests({
  async start() {
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    process.stdout.write('listening\n')
    return { port: (server.address() as AddressInfo).port }
  },
  echo: (what: unknown) => what,
  announce: (what: unknown) => notify('announced', what),
  misuse() {
    throw new UsageError('no such algorithm "fastest"', 'Did you mean "first"?')
  },
  die() {
    process.stderr.write('the disk is full\n')
    process.exit(3)
  },
  refuseAndLeave() {
    setImmediate(() => process.exit(2))
    throw new UsageError('port 1 is taken', 'Choose another.')
  },
  hang: () => new Promise(() => undefined),
  stop: () => server.close(),
})
